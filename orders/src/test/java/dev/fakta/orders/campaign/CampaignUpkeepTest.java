// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import static dev.fakta.testkit.SagaScenario.scenario;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.campaign.Campaign.Command.EndReservations;
import dev.fakta.orders.campaign.Campaign.Command.Use.Wanted;
import dev.fakta.orders.campaign.Campaign.Event.RedemptionReserved;
import dev.fakta.orders.campaign.Campaign.Event.RedemptionSettled;
import dev.fakta.orders.campaign.Campaign.Refusal;
import dev.fakta.orders.campaign.CampaignUpkeep.Event;
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

    private static SagaScenario<Event, CampaignUpkeep> upkeep() {
        return scenario(CampaignUpkeep.SAGA, "sun");
    }

    private static RedemptionSettled until(int minutes) {
        Instant until = at(minutes);
        return new RedemptionSettled(
                "o", "c", "SUN", 1, Wanted.NOTHING, Wanted.SET_ASIDE, ONE, until, null);
    }

    private static Instant at(int minutes) {
        return NOON.plus(Duration.ofMinutes(minutes));
    }

    @Test
    void reservations_are_looked_at_every_quarter_of_an_hour_until_the_last_has_ended() {
        upkeep().when(until(20))
                .then(new Event.EndAwaited("sun", at(30)))
                .whenTimePasses(QUARTER)
                .thenSends(new EndReservations(at(15)))
                .whenRefused(CampaignUpkeep.END, Refusal.NOTHING_OVER)
                .thenSendsNothing()
                .whenTimePasses(QUARTER)
                .thenSends(new EndReservations(at(30)))
                .then(new Event.EndsPassed())
                .whenRefused(CampaignUpkeep.END, Refusal.NOTHING_OVER)
                .whenTimePasses(Duration.ofDays(3_650))
                .thenSendsNothing()
                .andState(upkeep -> assertThat(upkeep.latest()).isNull());
    }

    @Test
    void only_an_end_that_is_later_than_all_others_is_recorded() {
        upkeep().when(until(20))
                .when(until(30))
                .then()
                .when(until(5))
                .then()
                .when(until(31))
                .then(new Event.EndAwaited("sun", at(45)));
    }

    @Test
    void a_new_reservation_sets_no_second_timer() {
        upkeep().when(until(20))
                .when(until(100))
                .whenTimePasses(QUARTER)
                .thenSends(new EndReservations(at(15)));
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
                .then(new Event.EndAwaited("sun", at(24 * 60 + 30)))
                .whenTimePasses(QUARTER)
                .thenSends(new EndReservations(at(24 * 60 + 30)));
    }

    @Test
    void a_reservation_of_the_earlier_kind_ends_too() {
        upkeep().when(new RedemptionReserved("o", "c", "SUN", Instant.MAX, ONE))
                .whenTimePasses(QUARTER)
                .thenSends(new EndReservations(at(15)));
    }
}
