// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import static net.jqwik.api.Arbitraries.frequencyOf;
import static net.jqwik.api.Combinators.combine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.Histories;
import dev.fakta.orders.inventory.StockItem.Command;
import dev.fakta.orders.inventory.StockItem.Event;
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

/// What holds of stock after any commands.
class StockItemPropertiesTest {

    private static final Instant START = Instant.parse("2026-07-01T12:00:00Z");

    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    void stock_keeps_its_promises_whatever_it_is_told(
            @ForAll @Size(max = 80) List<@From("commands") Command> commands) {
        Histories.run(
                StockItem.AGGREGATE,
                commands,
                (stock, events) -> {
                    sumsAreThoseOfTheReservations(stock);
                    Ledger ledger = Ledger.of(events);
                    assertThat(stock.onHand()).isEqualTo(ledger.onHand).isNotNegative();
                    assertThat(stock.reservations().reserved())
                            .isEqualTo(ledger.sum(ledger.reserved))
                            .isLessThanOrEqualTo(stock.onHand());
                    assertThat(stock.reservations().backordered())
                            .isEqualTo(ledger.sum(ledger.waiting));
                    assertThat(stock.free() == 0 || ledger.sum(ledger.waiting) == 0)
                            .as("nobody waits while units are free")
                            .isTrue();
                });
    }

    static void sumsAreThoseOfTheReservations(StockItem stock) {
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

    /// The same told by the events alone.
    private static final class Ledger {
        private long onHand;
        private final Map<String, Long> reserved = new HashMap<>();
        private final Map<String, Long> waiting = new HashMap<>();

        static Ledger of(List<Event> events) {
            Ledger ledger = new Ledger();
            events.forEach(ledger::add);
            return ledger;
        }

        long sum(Map<String, Long> units) {
            return units.values().stream().mapToLong(Long::longValue).sum();
        }

        private void add(Event event) {
            switch (event) {
                case Event.StockCounted e -> onHand = e.onHand();
                case Event.StockReceived e -> onHand += e.quantity();
                case Event.StockAdjusted e -> onHand += e.change();
                case Event.StockRestocked e -> onHand += e.quantity();
                case Event.StockWrittenOff e -> onHand -= e.quantity();
                case Event.StockReserved e -> move(e.order(), e.line(), e.quantity(), 0);
                case Event.StockBackordered e -> move(e.order(), e.line(), 0, e.quantity());
                case Event.StockBackorderFilled e ->
                        move(e.order(), e.line(), e.quantity(), -e.quantity());
                case Event.StockDisplaced e ->
                        move(e.order(), e.line(), -e.quantity(), e.quantity());
                case Event.StockReleased e ->
                        move(e.order(), e.line(), -e.reserved(), -e.backordered());
                case Event.StockReservationExpired e ->
                        move(e.order(), e.line(), -e.reserved(), -e.backordered());
                case Event.StockShipped e -> {
                    onHand -= e.quantity();
                    move(e.order(), e.line(), -e.quantity(), 0);
                }
                case Event.StockLeft _, Event.StockStandingChanged _, Event.StockRefused _ ->
                        throw new AssertionError("no line has a need here: " + event);
                case Event.SafetyStockChanged _,
                        Event.BackordersAllowed _,
                        Event.StockReservationExtended _,
                        Event.StockReservationConfirmed _,
                        Event.StockFellShort _,
                        Event.StockEndsAwaited _,
                        Event.StockServingInterrupted _,
                        Event.StockEndingInterrupted _ -> {}
            }
        }

        private void move(String order, int line, long moreReserved, long moreWaiting) {
            String key = order + "/" + line;
            assertThat(reserved.merge(key, moreReserved, Long::sum)).isNotNegative();
            assertThat(waiting.merge(key, moreWaiting, Long::sum)).isNotNegative();
        }
    }

    @Provide
    static Arbitrary<Command> commands() {
        Arbitrary<@Nullable String> orders = Arbitraries.of("a", "b", "c", "").injectNull(0.02);
        Arbitrary<@Nullable Integer> lines = Arbitraries.of(0, 1, -1).injectNull(0.02);
        Arbitrary<@Nullable Long> units = Arbitraries.longs().between(-1, 9).injectNull(0.02);
        Arbitrary<@Nullable String> references =
                Arbitraries.of("r1", "r2", "r3", "").injectNull(0.4);
        Arbitrary<@Nullable Instant> times =
                Arbitraries.integers().between(0, 5).map(START::plusSeconds).injectNull(0.02);
        return frequencyOf(
                Tuple.of(1, units.map(n -> new Command.Count("tea", null, n))),
                Tuple.of(4, combine(units, references).as(Command.Receive::new)),
                Tuple.of(
                        1,
                        combine(Arbitraries.longs().between(-5, 5), references, references)
                                .as(Command.Adjust::new)),
                Tuple.of(1, combine(units, references).as(Command.Restock::new)),
                Tuple.of(1, combine(units, references, references).as(Command.WriteOff::new)),
                Tuple.of(1, units.map(Command.ChangeSafetyStock::new)),
                Tuple.of(1, Arbitraries.just(new Command.FillBackorders())),
                Tuple.of(
                        1,
                        Arbitraries.of(true, false)
                                .injectNull(0.02)
                                .map(Command.AllowBackorders::new)),
                Tuple.of(
                        10,
                        combine(orders, lines, units, times, Arbitraries.of(true, false))
                                .as(Command.Reserve::new)),
                Tuple.of(1, combine(orders, lines, times).as(Command.ExtendReservation::new)),
                Tuple.of(
                        4,
                        combine(orders, lines, units.injectNull(0.7))
                                .as(Command.ConfirmReservation::new)),
                Tuple.of(3, combine(orders, lines, units).as(Command.ReleaseReservation::new)),
                Tuple.of(2, combine(orders, lines, times).as(Command.ExpireReservation::new)),
                Tuple.of(5, combine(orders, lines, references, units).as(Command.Ship::new)));
    }
}
