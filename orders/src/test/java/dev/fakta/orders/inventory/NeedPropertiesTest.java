// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import static net.jqwik.api.Arbitraries.frequencyOf;
import static net.jqwik.api.Arbitraries.integers;
import static net.jqwik.api.Arbitraries.longs;
import static net.jqwik.api.Combinators.combine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Decision;
import dev.fakta.orders.Histories;
import dev.fakta.orders.inventory.StockItem.Command;
import dev.fakta.orders.inventory.StockItem.Command.Need;
import dev.fakta.orders.inventory.StockItem.Event;
import dev.fakta.orders.inventory.StockItem.Standing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/// What holds of stock after any needs, repeated, late and in any order.
class NeedPropertiesTest {

    private static final Instant START = Instant.parse("2026-07-01T12:00:00Z");

    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    void stock_keeps_its_promises_whatever_is_needed(
            @ForAll @Size(max = 80) List<@From("commands") Command> commands) {
        Histories.run(
                StockItem.AGGREGATE,
                commands,
                (stock, events) -> {
                    StockItemPropertiesTest.sumsAreThoseOfTheReservations(stock);
                    assertThat(stock.missing()).as("reserved and not there").isZero();
                    assertThat(stock.isUnserved()).as("waits while units are free").isFalse();
                    endsAreThoseOfTheReservations(stock);
                    Follower.of(events).knows(stock);
                });
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void lines_with_needs_and_lines_of_before_share_one_stock(
            @ForAll @Size(max = 80) List<@From("mixed") Command> commands) {
        Histories.run(
                StockItem.AGGREGATE,
                commands,
                (stock, _) -> {
                    StockItemPropertiesTest.sumsAreThoseOfTheReservations(stock);
                    assertThat(stock.missing()).as("reserved and not there").isZero();
                    assertThat(stock.isUnserved()).as("waits while units are free").isFalse();
                });
    }

    @Provide
    static Arbitrary<Command> mixed() {
        return Arbitraries.oneOf(commands(), StockItemPropertiesTest.commands());
    }

    private static void endsAreThoseOfTheReservations(StockItem stock) {
        Map<String, Instant> ends = new HashMap<>();
        stock.reservations().ends().byMinute().values().forEach(ends::putAll);
        Map<String, @Nullable Instant> expected = new HashMap<>();
        for (Reservation one : stock.reservations().live().values()) {
            if (!one.isConfirmed()) {
                expected.put(one.key(), one.expiresAt());
            }
            assertThat(stock.reservations().ended().lines()).doesNotContainKey(one.key());
        }
        assertThat(ends).isEqualTo(expected);
        for (Instant end : ends.values()) {
            assertThat(stock.endsUntil()).isNotNull();
            assertThat(end).isBeforeOrEqualTo(stock.endsUntil());
        }
    }

    /// Somebody who hears the events, and keeps what each says last.
    private static final class Follower {
        private final Map<String, Standing> lines = new HashMap<>();
        private final Map<String, Long> refused = new HashMap<>();
        private final Map<String, Long> left = new HashMap<>();
        private long onHand;
        private long reserved;
        private long waiting;
        private long missing;

        static Follower of(List<Event> events) {
            Follower follower = new Follower();
            events.forEach(follower::hear);
            return follower;
        }

        private void hear(Event event) {
            switch (event) {
                case Event.StockCounted e -> onHand = e.onHand();
                case Event.StockReceived e -> onHand += e.quantity();
                case Event.StockAdjusted e -> onHand += e.change();
                case Event.StockRestocked e -> onHand += e.quantity();
                case Event.StockWrittenOff e -> onHand -= e.quantity();
                case Event.StockLeft e -> {
                    onHand -= e.quantity();
                    long all = left.merge(key(e.order(), e.line()), e.quantity(), Long::sum);
                    assertThat(all).as("each unit leaves once").isEqualTo(e.left());
                }
                case Event.StockStandingChanged e -> {
                    reserved = e.reservedInAll();
                    waiting = e.waitingInAll();
                    lines.put(key(e.order(), e.line()), standing(e));
                }
                case Event.StockRefused e -> refused.put(key(e.order(), e.line()), e.units());
                case Event.StockFellShort e -> missing = e.units();
                case Event _ -> {}
            }
        }

        private static Standing standing(Event.StockStandingChanged e) {
            return new Standing(
                    e.revision(),
                    e.reserved(),
                    e.waiting(),
                    e.refused(),
                    e.left(),
                    e.until() == null);
        }

        private void knows(StockItem stock) {
            assertThat(stock.onHand()).isEqualTo(onHand);
            assertThat(stock.shortUnits()).isEqualTo(missing).isEqualTo(Math.max(0, -onHand));
            assertThat(stock.reservations().reserved()).isEqualTo(reserved);
            assertThat(stock.reservations().backordered()).isEqualTo(waiting);
            lines.forEach((key, standing) -> knows(stock, key, standing));
        }

        private void knows(StockItem stock, String key, Standing standing) {
            int mark = key.lastIndexOf('/');
            int line = Integer.parseInt(key.substring(mark + 1));
            assertThat(stock.standing(key.substring(0, mark), line)).isEqualTo(standing);
            assertThat(refused.getOrDefault(key, 0L)).isEqualTo(standing.refused());
            assertThat(left.getOrDefault(key, 0L)).isEqualTo(standing.left());
        }
    }

    private static String key(String order, int line) {
        return Reservation.key(order, line);
    }

    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    void each_need_is_answered_in_full_and_has_one_effect(
            @ForAll @Size(max = 60) List<@From("commands") Command> commands) {
        StockItem stock = StockItem.AGGREGATE.initial();
        for (Command command : commands) {
            StockItem after = after(stock, command);
            if (command instanceof Need need) {
                assertThat(after(after, need)).as("the same wish again").isEqualTo(after);
                isAnswered(need, stock, after);
            }
            stock = after;
        }
    }

    private static void isAnswered(Need need, StockItem before, StockItem after) {
        Standing known = standing(before, need);
        Standing answer = standing(after, need);
        if (need.revision() < known.revision()) {
            assertThat(after).as("an older revision").isEqualTo(before);
            return;
        }
        assertThat(answer.revision()).isEqualTo(need.revision());
        assertThat(answer.left()).isEqualTo(Math.max(need.left(), known.left()));
        assertThat(after.onHand()).isEqualTo(before.onHand() - (answer.left() - known.left()));
        long answered = answer.reserved() + answer.waiting() + answer.refused();
        if (answered != need.units()) {
            assertThat(answered).isZero();
            assertThat(need.until()).as("the time of the wish").isBeforeOrEqualTo(need.now());
        }
        if (answer.refused() > 0) {
            assertThat(after.available()).as("refused while units are free").isZero();
        }
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void wishes_in_any_order_end_with_the_newest(
            @ForAll @Size(min = 1, max = 8) List<@From("wishes") Wish> wishes,
            @ForAll Random random) {
        StockItem stock = after(StockItem.AGGREGATE.initial(), new Command.Count("tea", null, 50L));
        List<Need> needs = told(wishes);
        List<Need> shuffled = new ArrayList<>(needs);
        shuffled.addAll(needs);
        Collections.shuffle(shuffled, random);
        StockItem inOrder = stock;
        for (Need need : needs) {
            inOrder = after(inOrder, need);
        }
        StockItem anyOrder = stock;
        for (Need need : shuffled) {
            anyOrder = after(anyOrder, need);
        }
        assertThat(anyOrder.standing("a", 0)).isEqualTo(inOrder.standing("a", 0));
        assertThat(anyOrder.onHand()).isEqualTo(inOrder.onHand());
        assertThat(anyOrder.available()).isEqualTo(inOrder.available());
    }

    /// What changes in the life of a line: what it needs, and what has left meanwhile.
    record Wish(long units, long leaving) {}

    private static List<Need> told(List<Wish> wishes) {
        List<Need> needs = new ArrayList<>();
        long left = 0;
        for (Wish wish : wishes) {
            left += wish.leaving();
            long revision = needs.size() + 1;
            needs.add(new Need("a", 0, revision, wish.units(), left, null, START));
        }
        return needs;
    }

    private static Standing standing(StockItem stock, Need need) {
        return stock.standing(
                Objects.requireNonNull(need.order()), Objects.requireNonNull(need.line()));
    }

    /// A command that is refused changes nothing; a need never is.
    private static StockItem after(StockItem stock, Command command) {
        return switch (StockItem.AGGREGATE.decide(stock, command)) {
            case Decision.Accepted<Event>(var events) -> {
                StockItem after = stock;
                for (Event event : events) {
                    after = StockItem.AGGREGATE.evolve(after, event);
                }
                yield after;
            }
            case Decision.Rejected<Event>(var rejection) -> {
                assertThat(command).as(rejection.detail()).isNotInstanceOf(Need.class);
                yield stock;
            }
        };
    }

    @Provide
    static Arbitrary<Wish> wishes() {
        return combine(longs().between(0, 5), longs().between(0, 2)).as(Wish::new);
    }

    @Provide
    static Arbitrary<Command> commands() {
        Arbitrary<Long> units = longs().between(0, 9);
        Arbitrary<Long> some = longs().between(1, 9);
        Arbitrary<@Nullable String> references = Arbitraries.of("r1", "r2").injectNull(0.5);
        Arbitrary<Instant> times = integers().between(0, 4_000).map(START::plusSeconds);
        return frequencyOf(
                Tuple.of(
                        20,
                        combine(
                                        Arbitraries.of("a", "b", "c"),
                                        Arbitraries.of(0, 1),
                                        longs().between(1, 9),
                                        units,
                                        longs().between(0, 4),
                                        times.injectNull(0.4),
                                        times)
                                .as(Need::new)),
                Tuple.of(2, units.map(n -> new Command.Count("tea", null, n))),
                Tuple.of(3, combine(some, references).as(Command.Receive::new)),
                Tuple.of(1, combine(some, references).as(Command.Restock::new)),
                Tuple.of(1, combine(some, references, references).as(Command.WriteOff::new)),
                Tuple.of(
                        1,
                        combine(longs().between(-5, 5), references, references)
                                .as(Command.Adjust::new)),
                Tuple.of(1, longs().between(0, 3).map(Command.ChangeSafetyStock::new)),
                Tuple.of(2, Arbitraries.of(true, false).map(Command.AllowBackorders::new)),
                Tuple.of(2, times.map(Command.EndReservations::new)),
                Tuple.of(1, Arbitraries.just(new Command.FillBackorders())));
    }
}
