// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import static dev.fakta.testkit.SagaScenario.scenario;

import dev.fakta.orders.campaign.Campaign.Command.EndReservations;
import dev.fakta.orders.campaign.Campaign.Command.Use.Wanted;
import dev.fakta.orders.campaign.Campaign.Event.RedemptionSettled;
import dev.fakta.orders.campaign.Campaign.Refusal;
import dev.fakta.orders.money.Money;
import dev.fakta.testkit.SagaScenario;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CampaignUpkeepTest {

    /// The scenario begins at noon.
    private static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");

    private static final Duration QUARTER = Duration.ofMinutes(15);
    private static final Money ONE = Money.of(1, "EUR");

    private static SagaScenario<Void, CampaignUpkeep> upkeep() {
        return scenario(CampaignUpkeep.SAGA, "sun");
    }

    private static RedemptionSettled until(int minutes) {
        return until(at(minutes));
    }

    private static RedemptionSettled until(Instant until) {
        return new RedemptionSettled(
                "o", "c", "SUN", 1, Wanted.NOTHING, Wanted.SET_ASIDE, ONE, until, null);
    }

    private static Instant at(int minutes) {
        return NOON.plus(Duration.ofMinutes(minutes));
    }

    @Test
    void reservations_are_ended_at_the_end_of_their_quarter_of_an_hour() {
        upkeep().when(until(20))
                .when(until(14))
                .whenTimePasses(QUARTER)
                .thenSends(new EndReservations(at(15)))
                .whenRefused(CampaignUpkeep.END, Refusal.NOTHING_OVER)
                .thenSendsNothing()
                .whenTimePasses(QUARTER)
                .thenSends(new EndReservations(at(30)))
                .whenRefused(CampaignUpkeep.END, Refusal.NOTHING_OVER)
                .whenTimePasses(Duration.ofDays(3_650))
                .thenSendsNothing();
    }

    @Test
    void reservations_that_end_in_one_quarter_of_an_hour_have_one_timer() {
        upkeep().when(until(16))
                .thenWakes("sun " + at(30), Duration.ofMinutes(30))
                .when(until(30))
                .when(until(31))
                .thenWakes("sun " + at(45), Duration.ofMinutes(45))
                .whenTimePasses(Duration.ofMinutes(30))
                .thenSends(new EndReservations(at(30)));
    }

    @Test
    void more_than_are_ended_at_once_are_ended_in_several_turns() {
        upkeep().when(until(5))
                .whenTimePasses(QUARTER)
                .thenSends(new EndReservations(at(15)))
                .whenAccepted(CampaignUpkeep.END)
                .thenSends(new EndReservations(at(15)));
    }

    @Test
    void after_a_rest_it_begins_anew() {
        upkeep().when(until(5))
                .whenTimePasses(QUARTER)
                .whenRefused(CampaignUpkeep.END, Refusal.NOTHING_OVER)
                .whenTimePasses(Duration.ofDays(1))
                .when(until(24 * 60 + 20))
                .whenTimePasses(QUARTER)
                .thenSends(new EndReservations(at(24 * 60 + 30)));
    }

    @Test
    void a_reservation_for_good_is_no_fault() {
        upkeep().when(until(Instant.MAX)).thenSendsNothing();
    }
}
