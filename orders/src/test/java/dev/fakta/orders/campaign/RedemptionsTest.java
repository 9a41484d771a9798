// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import static dev.fakta.orders.campaign.Campaign.Command.Use.Wanted.NOTHING;
import static dev.fakta.orders.campaign.Campaign.Command.Use.Wanted.REDEEMED;
import static dev.fakta.orders.campaign.Campaign.Command.Use.Wanted.SET_ASIDE;
import static dev.fakta.orders.campaign.Definitions.percentage;
import static dev.fakta.testkit.Given.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.campaign.Campaign.Command.Use;
import dev.fakta.orders.campaign.Campaign.Event;
import dev.fakta.orders.campaign.Campaign.Event.RedemptionSettled;
import dev.fakta.orders.campaign.Campaign.Refusal;
import dev.fakta.orders.money.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// How a campaign counts its uses, and what that means for its limits.
class RedemptionsTest {

    private static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");
    private static final Instant END = NOON.plusSeconds(60);
    private static final Event DEFINED =
            percentage("10").codes("SUN", "SEA").uses(3L, 2L).budget(eur(1000)).defined();

    private static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }

    private static Use wish(String order, String code, Money amount) {
        return new Use(order, "ada", code, 1L, SET_ASIDE, amount, END, NOON);
    }

    /// What an order of Ada's is told that had nothing before.
    private static RedemptionSettled settled(
            String order, String code, Use.Wanted is, Money amount, @Nullable Refusal refusal) {
        return new RedemptionSettled(
                order,
                "ada",
                code,
                1,
                NOTHING,
                is,
                amount,
                is == SET_ASIDE ? END : null,
                refusal == null ? null : refusal.name());
    }

    private static RedemptionSettled aside(String order) {
        return settled(order, "SUN", SET_ASIDE, eur(100), null);
    }

    @Nested
    class Counting {
        @Test
        void each_code_of_an_order_is_a_use_of_its_own() { // C3
            given(Campaign.AGGREGATE, DEFINED, aside("o1"))
                    .when(wish("o1", "SUN", eur(100)))
                    .thenNothing()
                    .when(wish("o1", "SEA", eur(1)))
                    .then(settled("o1", "SEA", SET_ASIDE, eur(1), null))
                    .andState(campaign -> assertThat(campaign.redemptions().uses()).isEqualTo(2));
        }

        @Test
        void a_customer_has_no_more_uses_than_one_may_have() { // C2
            given(Campaign.AGGREGATE, DEFINED, aside("o1"), aside("o2"))
                    .when(wish("o3", "SUN", eur(1)))
                    .then(settled("o3", "SUN", NOTHING, eur(1), Refusal.CUSTOMER_USES_EXHAUSTED));
        }

        @Test
        void a_budget_counts_no_other_currency() { // C4
            Money usd = Money.of(1, "USD");
            given(Campaign.AGGREGATE, DEFINED)
                    .when(wish("o1", "SUN", usd))
                    .then(settled("o1", "SUN", NOTHING, usd, Refusal.DISCOUNT_INVALID));
        }
    }

    @Nested
    class Redefining {
        @Test
        void a_limit_below_what_is_used_is_refused() {
            given(Campaign.AGGREGATE, DEFINED, aside("o1"), aside("o2"))
                    .when(percentage("10").codes("SUN").uses(1L, null).command())
                    .thenRejected(Refusal.LIMIT_BELOW_USES);
            given(Campaign.AGGREGATE, DEFINED, aside("o1"), aside("o2"))
                    .when(percentage("10").codes("SUN").uses(3L, 1L).command())
                    .thenRejected(Refusal.LIMIT_BELOW_USES);
            given(Campaign.AGGREGATE, DEFINED, aside("o1"))
                    .when(percentage("10").codes("SUN").budget(eur(99)).command())
                    .thenRejected(Refusal.LIMIT_BELOW_USES);
        }

        @Test
        void a_limit_per_customer_that_comes_later_counts_what_is_remembered() {
            Event unlimited = percentage("10").codes("SUN").defined();
            given(Campaign.AGGREGATE, unlimited, aside("o1"))
                    .when(percentage("10").codes("SUN").uses(null, 1L).command())
                    .then(percentage("10").codes("SUN").uses(null, 1L).defined())
                    .when(wish("o2", "SUN", eur(1)))
                    .then(settled("o2", "SUN", NOTHING, eur(1), Refusal.CUSTOMER_USES_EXHAUSTED));
        }

        @Test
        void a_budget_has_to_be_an_amount_above_zero() {
            given(Campaign.AGGREGATE)
                    .when(percentage("10").budget(eur(0)).command())
                    .thenRejected(Refusal.LIMIT_INVALID);
        }
    }

    @Test
    void many_uses_are_remembered_and_those_before_them_still_count() {
        Campaign campaign =
                Campaign.AGGREGATE.evolve(
                        Campaign.AGGREGATE.initial(), percentage("10").codes("SUN").defined());
        int uses = 3 * Redemptions.GENERATION;
        for (int use = 0; use < uses; use++) {
            campaign =
                    Campaign.AGGREGATE.evolve(
                            campaign, settled("o" + use, "SUN", REDEEMED, eur(100), null));
        }
        Redemptions redemptions = campaign.redemptions();
        assertThat(redemptions.uses()).isEqualTo(uses);
        assertThat(redemptions.recent().size() + redemptions.older().size())
                .isBetween(Redemptions.GENERATION, 2 * Redemptions.GENERATION);
        assertThat(redemptions.confirmed("o0/SUN")).isNull();
        assertThat(redemptions.confirmed("o" + (uses - 1) + "/SUN")).isNotNull();
        assertThat(redemptions.perCustomer()).isEmpty();
    }
}
