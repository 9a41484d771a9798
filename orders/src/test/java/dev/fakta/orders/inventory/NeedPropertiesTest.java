// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import static net.jqwik.api.Arbitraries.frequencyOf;
import static net.jqwik.api.Arbitraries.integers;
import static net.jqwik.api.Arbitraries.longs;
import static net.jqwik.api.Combinators.combine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Decision;
import dev.fakta.orders.inventory.StockItem.Command;
import dev.fakta.orders.inventory.StockItem.Command.Need;
import dev.fakta.orders.inventory.StockItem.Event;
import dev.fakta.orders.inventory.StockItem.Standing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

/// What holds of any needs, repeated, late, in any order, and of lines that were forgotten.
class NeedPropertiesTest {

    static final Instant START = Instant.parse("2026-07-01T12:00:00Z");
    private static final long FULL = 50;

    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    void each_need_is_answered_in_full_and_has_one_effect(
            @ForAll @Size(max = 60) List<@From("sound") Command> commands) {
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
        long booked = Math.max(need.booked(), known.left());
        assertThat(after.onHand()).isEqualTo(before.onHand() - Math.max(0, need.left() - booked));
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
        List<Need> needs = told(wishes);
        List<Need> shuffled = new ArrayList<>(needs);
        shuffled.addAll(needs);
        Collections.shuffle(shuffled, random);
        StockItem inOrder = full();
        for (Need need : needs) {
            inOrder = after(inOrder, need);
        }
        StockItem anyOrder = full();
        for (Need need : shuffled) {
            anyOrder = after(anyOrder, need);
        }
        assertThat(anyOrder.standing("a", 0)).isEqualTo(inOrder.standing("a", 0));
        assertThat(anyOrder.onHand()).isEqualTo(inOrder.onHand());
        assertThat(anyOrder.available()).isEqualTo(inOrder.available());
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void each_unit_leaves_once_even_of_a_line_that_the_item_has_forgotten(
            @ForAll @Size(min = 1, max = 8) List<@From("wishes") Wish> wishes) {
        StockItem stock = full();
        long booked = 0;
        for (Need told : told(wishes)) {
            Need need = knowing(booked, told);
            stock = after(stock, need);
            booked = stock.standing("a", 0).left();
            assertThat(booked).isEqualTo(need.left());
            assertThat(stock.onHand()).isEqualTo(FULL - booked);
            assertThat(stock.reservations().reserved()).isEqualTo(need.units());
            stock = forgetful(stock);
        }
    }

    private static Need knowing(long booked, Need need) {
        return new Need(
                need.order(),
                need.line(),
                need.revision(),
                need.units(),
                need.left(),
                booked,
                need.until(),
                need.now());
    }

    /// The item after so many lines have ended that it has forgotten all that had ended before.
    private static StockItem forgetful(StockItem stock) {
        Reservations known = stock.reservations();
        return new StockItem(
                stock.counted(),
                stock.onHand(),
                stock.safetyStock(),
                stock.backorders(),
                new Reservations(
                        known.live(),
                        known.waiting(),
                        known.reserved(),
                        known.backordered(),
                        known.nextTurn(),
                        known.firstWaiting(),
                        known.ends(),
                        EndedLines.NONE),
                stock.movements(),
                stock.nextEnd());
    }

    private static StockItem full() {
        return after(StockItem.AGGREGATE.initial(), new Command.Count("tea", null, FULL));
    }

    /// What changes in the life of a line: what it needs, and what has left meanwhile.
    record Wish(long units, long leaving) {}

    private static List<Need> told(List<Wish> wishes) {
        List<Need> needs = new ArrayList<>();
        long left = 0;
        for (Wish wish : wishes) {
            left += wish.leaving();
            long revision = needs.size() + 1;
            needs.add(new Need("a", 0, revision, wish.units(), left, 0L, null, START));
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
    static Arbitrary<Command> sound() {
        Arbitrary<Long> units = longs().between(0, 9);
        Arbitrary<Long> some = longs().between(1, 9);
        Arbitrary<@Nullable String> references = Arbitraries.of("r1", "r2").injectNull(0.5);
        return frequencyOf(
                Tuple.of(20, needs()),
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
                Tuple.of(2, times().map(Command.EndReservations::new)),
                Tuple.of(1, Arbitraries.just(new Command.FillBackorders())));
    }

    private static Arbitrary<Instant> times() {
        return integers().between(0, 4_000).map(START::plusSeconds);
    }

    private static Arbitrary<Command> needs() {
        Arbitrary<Long> left = longs().between(0, 4);
        return combine(
                        Arbitraries.of("a", "b", "c"),
                        Arbitraries.of(0, 1),
                        longs().between(1, 9),
                        longs().between(0, 9),
                        left,
                        left,
                        times().injectNull(0.4),
                        times())
                .as(
                        (order, line, revision, units, one, other, until, now) ->
                                new Need(
                                        order,
                                        line,
                                        revision,
                                        units,
                                        Math.max(one, other),
                                        Math.min(one, other),
                                        until,
                                        now));
    }
}
