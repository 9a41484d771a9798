// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import static dev.fakta.testkit.SagaScenario.scenario;

import dev.fakta.orders.inventory.StockItem.Command;
import dev.fakta.orders.inventory.StockItem.Event;
import dev.fakta.testkit.SagaScenario;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// It is noon when a scenario begins.
class StockUpkeepTest {

    private static final String ITEM = "green tea@main";
    private static final Duration QUARTER = Duration.ofMinutes(15);
    private static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");

    private static Instant quarters(int past) {
        return NOON.plus(QUARTER.multipliedBy(past));
    }

    private static SagaScenario<StockUpkeep.Awaited, StockUpkeep> awaiting(int quarters) {
        return scenario(StockUpkeep.SAGA, ITEM)
                .when(new Event.StockEndsAwaited(quarters(quarters)));
    }

    @Test
    void what_is_over_is_ended_every_quarter_hour_up_to_the_last_end() {
        awaiting(2)
                .then(new StockUpkeep.Awaited(quarters(2)))
                .whenTimePasses(QUARTER)
                .thenSends(new Command.EndReservations(quarters(1)))
                .whenAccepted(StockUpkeep.END)
                .whenTimePasses(QUARTER)
                .thenSends(new Command.EndReservations(quarters(2)))
                .then(new StockUpkeep.Awaited(null))
                .whenAccepted(StockUpkeep.END)
                .whenTimePasses(Duration.ofDays(3_650))
                .thenNothing();
    }

    @Test
    void a_later_end_is_waited_for_with_the_same_timer() {
        awaiting(1)
                .when(new Event.StockEndsAwaited(quarters(2)))
                .then(new StockUpkeep.Awaited(quarters(2)))
                .whenTimePasses(QUARTER)
                .thenSends(new Command.EndReservations(quarters(1)))
                .whenAccepted(StockUpkeep.END)
                .whenTimePasses(QUARTER)
                .thenSends(new Command.EndReservations(quarters(2)));
    }

    @Test
    void ends_are_waited_for_again_after_the_last_one_has_passed() {
        awaiting(1)
                .whenTimePasses(QUARTER)
                .whenAccepted(StockUpkeep.END)
                .whenTimePasses(QUARTER)
                .when(new Event.StockEndsAwaited(quarters(3)))
                .whenTimePasses(QUARTER)
                .thenSends(new Command.EndReservations(quarters(3)));
    }

    @Test
    void it_goes_on_to_end_what_one_decision_left() {
        awaiting(1)
                .when(new Event.StockEndingInterrupted(NOON.plusSeconds(1)))
                .thenSends(new Command.EndReservations(NOON.plusSeconds(1)));
    }

    @Test
    void it_goes_on_to_serve_whom_one_decision_left() {
        scenario(StockUpkeep.SAGA, ITEM)
                .when(new Event.StockServingInterrupted(4_000, 0))
                .thenSends(new Command.FillBackorders())
                .when(new Event.StockServingInterrupted(3_000, 0))
                .thenSends(new Command.FillBackorders());
    }
}
