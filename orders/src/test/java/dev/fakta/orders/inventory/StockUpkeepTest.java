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

    private static SagaScenario<Void, StockUpkeep> awaiting(int quarters) {
        return scenario(StockUpkeep.SAGA, ITEM)
                .when(new Event.StockEndsAwaited(quarters(quarters)));
    }

    @Test
    void what_is_over_is_ended_when_the_item_says() {
        awaiting(2)
                .whenTimePasses(QUARTER)
                .thenSendsNothing()
                .whenTimePasses(QUARTER)
                .thenSends(new Command.EndReservations(quarters(2)))
                .whenAccepted(StockUpkeep.END)
                .whenTimePasses(Duration.ofDays(3_650))
                .thenNothing();
    }

    @Test
    void an_earlier_end_is_waited_for_too() {
        awaiting(3)
                .when(new Event.StockEndsAwaited(quarters(1)))
                .whenTimePasses(QUARTER)
                .thenSends(new Command.EndReservations(quarters(1)))
                .whenAccepted(StockUpkeep.END)
                .when(new Event.StockEndsAwaited(quarters(3)))
                .whenTimePasses(QUARTER.multipliedBy(2))
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
