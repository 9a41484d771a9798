// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import static net.jqwik.api.Arbitraries.frequencyOf;
import static net.jqwik.api.Combinators.combine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.Histories;
import dev.fakta.orders.inventory.StockItem.Command;
import dev.fakta.orders.inventory.StockItem.Event;
import dev.fakta.orders.inventory.StockItem.Standing;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

/// What holds of stock after any commands, nonsense included.
class StockItemPropertiesTest {

    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    void stock_keeps_its_promises_whatever_it_is_told(
            @ForAll @Size(max = 80) List<@From("commands") Command> commands) {
        Histories.run(
                StockItem.AGGREGATE,
                commands,
                (stock, events) -> {
                    sumsAreThoseOfTheReservations(stock);
                    endsAreThoseOfTheReservations(stock);
                    assertThat(stock.missing()).as("reserved and not there").isZero();
                    assertThat(stock.isUnserved()).as("waits while units are free").isFalse();
                    Follower.of(events).knows(stock);
                });
    }

    private static void sumsAreThoseOfTheReservations(StockItem stock) {
        long reserved = 0;
        long backordered = 0;
        Map<Long, String> waiting = new HashMap<>();
        for (Reservation one : stock.reservations().live().values()) {
            assertThat(one.reserved()).isNotNegative();
            assertThat(one.backordered()).isNotNegative();
            assertThat(one.open()).isPositive();
            reserved += one.reserved();
            backordered += one.backordered();
            if (one.backordered() > 0) {
                waiting.put(one.turn(), one.key());
                assertThat(one.turn())
                        .isGreaterThanOrEqualTo(stock.reservations().firstWaiting())
                        .isLessThan(stock.reservations().nextTurn());
            }
        }
        assertThat(stock.reservations().reserved()).isEqualTo(reserved);
        assertThat(stock.reservations().backordered()).isEqualTo(backordered);
        assertThat(stock.reservations().waiting()).isEqualTo(waiting);
    }

    private static void endsAreThoseOfTheReservations(StockItem stock) {
        Map<String, Instant> ends = new HashMap<>();
        stock.reservations().ends().byMinute().values().forEach(ends::putAll);
        Map<String, Instant> expected = new HashMap<>();
        for (Reservation one : stock.reservations().live().values()) {
            Instant until = one.until();
            if (until != null) {
                expected.put(one.key(), until);
            }
            assertThat(stock.reservations().ended().lines()).doesNotContainKey(one.key());
        }
        assertThat(ends).isEqualTo(expected);
        for (Instant end : ends.values()) {
            assertThat(stock.nextEnd()).isNotNull();
            assertThat(stock.nextEnd()).isBeforeOrEqualTo(Quarter.endOf(end));
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
                    leave(Reservation.key(e.order(), e.line()), e);
                }
                case Event.StockStandingChanged e -> {
                    reserved = e.reservedInAll();
                    waiting = e.waitingInAll();
                    stand(Reservation.key(e.order(), e.line()), e);
                }
                case Event.StockRefused e ->
                        refused.put(Reservation.key(e.order(), e.line()), e.units());
                case Event.StockFellShort e -> missing = e.units();
                case Event.SafetyStockChanged _,
                        Event.BackordersAllowed _,
                        Event.StockEndsAwaited _,
                        Event.StockServingInterrupted _,
                        Event.StockEndingInterrupted _ -> {}
            }
        }

        /// Of a line that the item knows, exactly those leave that have not left before. An order
        /// may know of more.
        private void leave(String line, Event.StockLeft e) {
            long before = left.getOrDefault(line, 0L);
            assertThat(e.quantity()).isBetween(1L, e.left() - before);
            left.put(line, e.left());
        }

        private void stand(String line, Event.StockStandingChanged e) {
            assertThat(e.left()).isGreaterThanOrEqualTo(left.getOrDefault(line, 0L));
            left.put(line, e.left());
            lines.put(
                    line,
                    new Standing(
                            e.revision(),
                            e.reserved(),
                            e.waiting(),
                            e.refused(),
                            e.left(),
                            e.until()));
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
        }
    }

    @Provide
    static Arbitrary<Command> commands() {
        return frequencyOf(Tuple.of(5, NeedPropertiesTest.sound()), Tuple.of(1, nonsense()));
    }

    private static Arbitrary<Command> nonsense() {
        Arbitrary<@Nullable String> texts = Arbitraries.of("a", "").injectNull(0.2);
        Arbitrary<@Nullable Integer> lines = Arbitraries.of(0, -1).injectNull(0.2);
        Arbitrary<@Nullable Long> units = Arbitraries.longs().between(-1, 9).injectNull(0.2);
        Arbitrary<@Nullable Instant> times =
                Arbitraries.of(NeedPropertiesTest.START, Instant.MAX).injectNull(0.2);
        return Arbitraries.oneOf(
                combine(texts, texts, units).as(Command.Count::new),
                combine(units, texts).as(Command.Receive::new),
                combine(units, texts, texts).as(Command.Adjust::new),
                combine(units, texts).as(Command.Restock::new),
                combine(units, texts, texts).as(Command.WriteOff::new),
                units.map(Command.ChangeSafetyStock::new),
                Arbitraries.of(true, false).injectNull(0.2).map(Command.AllowBackorders::new),
                times.map(Command.EndReservations::new),
                combine(texts, lines, units, units, units, units, times, times)
                        .as(Command.Need::new));
    }
}
