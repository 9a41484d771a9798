// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import static dev.fakta.orders.campaign.Campaign.Command.Use.Wanted.NOTHING;
import static dev.fakta.orders.campaign.Campaign.Command.Use.Wanted.REDEEMED;
import static dev.fakta.orders.campaign.Campaign.Command.Use.Wanted.SET_ASIDE;
import static dev.fakta.orders.campaign.Definitions.percentage;
import static dev.fakta.testkit.Given.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.campaign.Campaign.Command.EndReservations;
import dev.fakta.orders.campaign.Campaign.Command.Use;
import dev.fakta.orders.campaign.Campaign.Event;
import dev.fakta.orders.campaign.Campaign.Event.CampaignPaused;
import dev.fakta.orders.campaign.Campaign.Event.RedemptionExpired;
import dev.fakta.orders.campaign.Campaign.Event.RedemptionSettled;
import dev.fakta.orders.campaign.Campaign.Refusal;
import dev.fakta.orders.campaign.Campaign.Standing;
import dev.fakta.orders.money.Money;
import dev.fakta.testkit.Given;
import dev.fakta.testkit.Then;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What orders want of a code, in absolute terms, and what they are told.
class UseTest {

    private static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");
    private static final Instant END = NOON.plusSeconds(60);
    private static final Event DEFINED =
            percentage("10").codes("SUN", "SEA").uses(2L, 1L).budget(eur(1000)).defined();

    private static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }

    /// An order's wish, told by the customer of the same name at noon.
    private static Use wish(String order, long revision, Use.Wanted wanted, long minor) {
        return new Use(order, order, "SUN", revision, wanted, eur(minor), END, NOON);
    }

    private static Use later(Use use, Instant until, Instant now) {
        return new Use(
                use.order(),
                use.customer(),
                use.code(),
                use.revision(),
                use.wanted(),
                use.amount(),
                until,
                now);
    }

    private static Use as(Use use, String customer) {
        return new Use(
                use.order(),
                customer,
                use.code(),
                use.revision(),
                use.wanted(),
                use.amount(),
                use.until(),
                use.now());
    }

    private static RedemptionSettled settled(
            String order,
            long revision,
            Use.Wanted was,
            Use.Wanted is,
            long minor,
            @Nullable Refusal refusal) {
        return new RedemptionSettled(
                order,
                order,
                "SUN",
                revision,
                was,
                is,
                eur(minor),
                is == SET_ASIDE ? END : null,
                refusal == null ? null : refusal.name());
    }

    private static RedemptionSettled aside(String order) {
        return settled(order, 1, NOTHING, SET_ASIDE, 100, null);
    }

    private static Given<Campaign.Command, Event, Campaign> campaign(Event... events) {
        Event[] all = new Event[events.length + 1];
        all[0] = DEFINED;
        System.arraycopy(events, 0, all, 1, events.length);
        return given(Campaign.AGGREGATE, all);
    }

    private static void stands(
            Then<Campaign.Command, Event, Campaign> then, String order, Standing standing) {
        then.andState(state -> assertThat(state.standing(order, "SUN")).isEqualTo(standing));
    }

    @Nested
    class Wanting {
        @Test
        void a_use_is_set_aside_redeemed_and_given_back_each_of_it_once() { // C3
            campaign()
                    .when(wish("a", 1, SET_ASIDE, 100))
                    .then(aside("a"))
                    .when(wish("a", 1, SET_ASIDE, 100))
                    .thenNothing()
                    .when(wish("a", 2, REDEEMED, 100))
                    .then(settled("a", 2, SET_ASIDE, REDEEMED, 100, null))
                    .when(wish("a", 2, REDEEMED, 100))
                    .thenNothing()
                    .when(wish("a", 3, NOTHING, 100))
                    .then(settled("a", 3, REDEEMED, NOTHING, 100, null))
                    .andState(campaign -> assertThat(campaign.redemptions().uses()).isZero())
                    .andState(
                            campaign -> assertThat(campaign.redemptions().spentIn("EUR")).isZero())
                    .when(wish("a", 3, NOTHING, 100))
                    .thenNothing();
        }

        @Test
        void a_use_is_redeemed_without_being_set_aside_before() {
            campaign()
                    .when(wish("a", 1, REDEEMED, 100))
                    .then(settled("a", 1, NOTHING, REDEEMED, 100, null))
                    .andState(c -> assertThat(c.redemptions().redeemed()).isEqualTo(1));
        }

        @Test
        void an_older_wish_changes_nothing_whatever_the_order_has_now() {
            campaign(aside("a"), settled("a", 5, SET_ASIDE, REDEEMED, 100, null))
                    .when(wish("a", 4, NOTHING, 100))
                    .thenNothing();
            campaign(settled("a", 5, NOTHING, NOTHING, 100, null))
                    .when(wish("a", 4, SET_ASIDE, 100))
                    .thenNothing();
        }

        @Test
        void a_wish_that_ended_by_itself_keeps_its_revision() {
            stands(
                    campaign(settled("a", 7, NOTHING, SET_ASIDE, 100, null))
                            .when(new EndReservations(END))
                            .then(new RedemptionExpired("a", "SUN")),
                    "a",
                    new Standing(7, NOTHING, false));
        }

        @Test
        void a_wish_for_nothing_is_remembered_though_there_was_nothing() {
            stands(
                    campaign()
                            .when(wish("a", 2, NOTHING, 0))
                            .then(settled("a", 2, NOTHING, NOTHING, 0, null)),
                    "a",
                    new Standing(2, NOTHING, false));
        }

        @Test
        void another_amount_is_what_the_budget_counts() {
            campaign(aside("a"))
                    .when(wish("a", 2, REDEEMED, 300))
                    .then(settled("a", 2, SET_ASIDE, REDEEMED, 300, null))
                    .when(wish("a", 3, REDEEMED, 50))
                    .then(settled("a", 3, REDEEMED, REDEEMED, 50, null))
                    .andState(
                            campaign ->
                                    assertThat(campaign.redemptions().spentIn("EUR"))
                                            .isEqualTo(50));
        }

        @Test
        void what_makes_no_sense_is_rejected() {
            Use wish = wish("a", 1, SET_ASIDE, 1);
            campaign().when(wish("", 1, REDEEMED, 1)).thenRejected(Refusal.ID_INVALID);
            campaign().when(wish("a", 0, REDEEMED, 1)).thenRejected(Refusal.USE_INVALID);
            campaign().when(wish("a", 1, REDEEMED, -1)).thenRejected(Refusal.DISCOUNT_INVALID);
            campaign()
                    .when(new Use("a", "a", "SUN", 1L, SET_ASIDE, eur(1), null, NOON))
                    .thenRejected(Refusal.USE_INVALID);
            given(Campaign.AGGREGATE).when(wish).thenRejected(Refusal.UNKNOWN_CAMPAIGN);
        }
    }

    @Nested
    class Refusing {
        @Test
        void what_the_limits_do_not_allow_is_an_answer() { // C1
            stands(
                    campaign(aside("a"), aside("b"))
                            .when(wish("c", 1, SET_ASIDE, 100))
                            .then(refused("c", 1, 100, Refusal.USES_EXHAUSTED)),
                    "c",
                    new Standing(1, NOTHING, true));
        }

        @Test
        void a_wish_that_is_refused_again_is_no_news_and_may_be_granted_later() {
            campaign(aside("a"), aside("b"), refused("c", 1, 100, Refusal.USES_EXHAUSTED))
                    .when(wish("c", 1, SET_ASIDE, 100))
                    .thenNothing()
                    .when(wish("a", 2, NOTHING, 100))
                    .then(settled("a", 2, SET_ASIDE, NOTHING, 100, null))
                    .when(wish("c", 1, SET_ASIDE, 100))
                    .then(settled("c", 1, NOTHING, SET_ASIDE, 100, null));
        }

        @Test
        void customers_budgets_pauses_and_codes_are_limits_too() {
            campaign(aside("a"))
                    .when(as(wish("b", 1, REDEEMED, 100), "a")) // C2
                    .then(
                            new RedemptionSettled(
                                    "b",
                                    "a",
                                    "SUN",
                                    1,
                                    NOTHING,
                                    NOTHING,
                                    eur(100),
                                    null,
                                    Refusal.CUSTOMER_USES_EXHAUSTED.name()));
            campaign(aside("a"))
                    .when(wish("b", 1, REDEEMED, 901)) // C4
                    .then(refused("b", 1, 901, Refusal.BUDGET_EXHAUSTED));
            campaign(new CampaignPaused())
                    .when(wish("b", 1, REDEEMED, 1))
                    .then(refused("b", 1, 1, Refusal.CAMPAIGN_PAUSED));
            given(Campaign.AGGREGATE, percentage("10").codes("SEA").defined())
                    .when(wish("b", 1, REDEEMED, 1))
                    .then(refused("b", 1, 1, Refusal.CODE_UNKNOWN));
        }

        @Test
        void a_use_keeps_its_place_when_the_campaign_is_paused() {
            campaign(aside("a"), new CampaignPaused())
                    .when(wish("a", 2, REDEEMED, 100))
                    .then(settled("a", 2, SET_ASIDE, REDEEMED, 100, null));
        }

        @Test
        void an_amount_that_the_budget_does_not_bear_leaves_the_use_as_it_was() {
            stands(
                    campaign(aside("a"))
                            .when(wish("a", 2, REDEEMED, 1001))
                            .then(
                                    settled(
                                            "a",
                                            2,
                                            SET_ASIDE,
                                            SET_ASIDE,
                                            100,
                                            Refusal.BUDGET_EXHAUSTED)),
                    "a",
                    new Standing(2, SET_ASIDE, true));
        }

        private static RedemptionSettled refused(
                String order, long revision, long minor, Refusal refusal) {
            return settled(order, revision, NOTHING, NOTHING, minor, refusal);
        }
    }

    @Nested
    class RunningOut {
        @Test
        void a_reservation_whose_time_is_over_takes_no_place_from_others() {
            campaign(aside("a"), aside("b"))
                    .when(later(wish("c", 1, SET_ASIDE, 950), END.plusSeconds(60), END))
                    .then(
                            new RedemptionExpired("a", "SUN"),
                            new RedemptionExpired("b", "SUN"),
                            new RedemptionSettled(
                                    "c",
                                    "c",
                                    "SUN",
                                    1,
                                    NOTHING,
                                    SET_ASIDE,
                                    eur(950),
                                    END.plusSeconds(60),
                                    null));
        }

        @Test
        void an_order_that_comes_too_late_competes_with_all_others() {
            campaign(aside("a"), new CampaignPaused())
                    .when(later(wish("a", 2, REDEEMED, 100), END, END))
                    .then(settled("a", 2, SET_ASIDE, NOTHING, 100, Refusal.CAMPAIGN_PAUSED));
            campaign(aside("a"))
                    .when(later(wish("a", 2, REDEEMED, 100), END, END))
                    .then(settled("a", 2, SET_ASIDE, REDEEMED, 100, null));
        }

        @Test
        void nothing_is_set_aside_until_a_time_that_is_over() {
            campaign()
                    .when(later(wish("a", 1, SET_ASIDE, 100), NOON, NOON))
                    .then(settled("a", 1, NOTHING, NOTHING, 100, Refusal.TIME_OVER));
        }

        @Test
        void reservations_that_are_over_are_ended_and_redeemed_uses_are_not() {
            campaign(aside("a"), settled("b", 1, NOTHING, REDEEMED, 100, null))
                    .when(new EndReservations(END.minusMillis(1)))
                    .thenRejected(Refusal.NOTHING_OVER);
            campaign(aside("a"), settled("b", 1, NOTHING, REDEEMED, 100, null))
                    .when(new EndReservations(END))
                    .then(new RedemptionExpired("a", "SUN"))
                    .when(new EndReservations(END))
                    .thenRejected(Refusal.NOTHING_OVER);
        }
    }
}
