// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import static dev.fakta.orders.campaign.Definitions.percentage;
import static dev.fakta.testkit.Given.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Decision;
import dev.fakta.orders.campaign.Campaign.Command;
import dev.fakta.orders.campaign.Campaign.Command.ConfirmRedemption;
import dev.fakta.orders.campaign.Campaign.Command.ExpireRedemption;
import dev.fakta.orders.campaign.Campaign.Command.ReleaseRedemption;
import dev.fakta.orders.campaign.Campaign.Command.ReserveRedemption;
import dev.fakta.orders.campaign.Campaign.Event;
import dev.fakta.orders.campaign.Campaign.Event.RedemptionConfirmed;
import dev.fakta.orders.campaign.Campaign.Event.RedemptionExpired;
import dev.fakta.orders.campaign.Campaign.Event.RedemptionReleased;
import dev.fakta.orders.campaign.Campaign.Event.RedemptionReserved;
import dev.fakta.orders.campaign.Campaign.Refusal;
import dev.fakta.orders.money.Money;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// The uses of a campaign, one by one and in any order.
class RedemptionsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");
    private static final Event DEFINED =
            percentage("10").codes("SUN", "SEA").uses(3L, 2L).budget(eur(1000)).defined();

    private static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }

    private static ReserveRedemption reserve(String order, String customer) {
        return new ReserveRedemption(order, customer, "SUN", NOON, eur(100));
    }

    private static RedemptionReserved reserved(String order, String customer) {
        return new RedemptionReserved(order, customer, "SUN", NOON, eur(100));
    }

    @Nested
    class Reserving {
        @Test
        void a_use_is_reserved_once_per_order_and_code() { // C3
            given(Campaign.AGGREGATE, DEFINED)
                    .when(reserve("o1", "ada"))
                    .then(reserved("o1", "ada"))
                    .when(reserve("o1", "ada"))
                    .thenNothing()
                    .when(new ReserveRedemption("o1", "ada", "SEA", NOON, eur(1)))
                    .then(new RedemptionReserved("o1", "ada", "SEA", NOON, eur(1)));
        }

        @Test
        void the_last_use_is_given_to_one_order_only() { // C1
            given(
                            Campaign.AGGREGATE,
                            DEFINED,
                            reserved("o1", "a"),
                            reserved("o2", "b"),
                            new RedemptionConfirmed("o2", "SUN"))
                    .when(reserve("o3", "c"))
                    .then(reserved("o3", "c"))
                    .when(reserve("o4", "d"))
                    .thenRejected(Refusal.USES_EXHAUSTED);
        }

        @Test
        void a_customer_has_no_more_uses_than_one_may_have() { // C2
            given(Campaign.AGGREGATE, DEFINED, reserved("o1", "a"), reserved("o2", "a"))
                    .when(reserve("o3", "a"))
                    .thenRejected(Refusal.CUSTOMER_USES_EXHAUSTED);
        }

        @Test
        void the_budget_is_not_overdrawn() { // C4
            given(
                            Campaign.AGGREGATE,
                            DEFINED,
                            new RedemptionReserved("o1", "a", "SUN", NOON, eur(950)))
                    .when(reserve("o2", "b"))
                    .thenRejected(Refusal.BUDGET_EXHAUSTED);
            given(Campaign.AGGREGATE, DEFINED)
                    .when(new ReserveRedemption("o", "a", "SUN", NOON, Money.of(1, "USD")))
                    .thenRejected(Refusal.DISCOUNT_INVALID);
        }

        @Test
        void a_paused_campaign_an_unknown_code_and_an_undefined_campaign_give_nothing() {
            given(Campaign.AGGREGATE, DEFINED, new Event.CampaignPaused())
                    .when(reserve("o", "a"))
                    .thenRejected(Refusal.CAMPAIGN_PAUSED);
            given(Campaign.AGGREGATE, DEFINED)
                    .when(new ReserveRedemption("o", "a", "RAIN", NOON, eur(1)))
                    .thenRejected(Refusal.CODE_UNKNOWN);
            given(Campaign.AGGREGATE)
                    .when(reserve("o", "a"))
                    .thenRejected(Refusal.UNKNOWN_CAMPAIGN);
        }
    }

    @Nested
    class Ending {
        @Test
        void a_reservation_is_confirmed_once() {
            given(Campaign.AGGREGATE, DEFINED, reserved("o1", "a"))
                    .when(new ConfirmRedemption("o1", "SUN"))
                    .then(new RedemptionConfirmed("o1", "SUN"))
                    .when(new ConfirmRedemption("o1", "SUN"))
                    .thenNothing()
                    .when(reserve("o1", "a"))
                    .thenNothing();
            given(Campaign.AGGREGATE, DEFINED)
                    .when(new ConfirmRedemption("o1", "SUN"))
                    .thenRejected(Refusal.REDEMPTION_UNKNOWN);
        }

        @Test
        void a_use_that_is_given_back_is_free_for_others() {
            given(Campaign.AGGREGATE, DEFINED, reserved("o1", "a"))
                    .when(new ReleaseRedemption("o1", "SUN"))
                    .then(new RedemptionReleased("o1", "SUN", false))
                    .andState(
                            campaign -> assertThat(campaign.redemptions().spentIn("EUR")).isZero())
                    .andState(campaign -> assertThat(campaign.redemptions().uses()).isZero())
                    .when(new ReleaseRedemption("o1", "SUN"))
                    .thenNothing();
        }

        @Test
        void a_confirmed_use_can_be_given_back_too() {
            given(
                            Campaign.AGGREGATE,
                            DEFINED,
                            reserved("o1", "a"),
                            new RedemptionConfirmed("o1", "SUN"))
                    .when(new ReleaseRedemption("o1", "SUN"))
                    .then(new RedemptionReleased("o1", "SUN", true))
                    .andState(campaign -> assertThat(campaign.redemptions().uses()).isZero())
                    .andState(campaign -> assertThat(campaign.redemptions().redeemed()).isZero())
                    .when(new ReleaseRedemption("o1", "SUN"))
                    .thenNothing();
        }

        @Test
        void a_reservation_expires_when_its_time_is_up_and_not_before() {
            given(Campaign.AGGREGATE, DEFINED, reserved("o1", "a"))
                    .when(new ExpireRedemption("o1", "SUN", NOON.minusMillis(1)))
                    .thenRejected(Refusal.REDEMPTION_NOT_EXPIRED);
            given(Campaign.AGGREGATE, DEFINED, reserved("o1", "a"))
                    .when(new ExpireRedemption("o1", "SUN", NOON))
                    .then(new RedemptionExpired("o1", "SUN"))
                    .when(new ConfirmRedemption("o1", "SUN"))
                    .thenRejected(Refusal.REDEMPTION_UNKNOWN);
        }

        @Test
        void a_confirmed_use_does_not_expire() {
            given(
                            Campaign.AGGREGATE,
                            DEFINED,
                            reserved("o1", "a"),
                            new RedemptionConfirmed("o1", "SUN"))
                    .when(new ExpireRedemption("o1", "SUN", NOON.plusSeconds(1)))
                    .thenNothing();
        }
    }

    @Nested
    class Redefining {
        @Test
        void a_limit_below_what_is_used_is_refused() {
            given(Campaign.AGGREGATE, DEFINED, reserved("o1", "a"), reserved("o2", "a"))
                    .when(percentage("10").codes("SUN").uses(1L, null).command())
                    .thenRejected(Refusal.LIMIT_BELOW_USES);
            given(Campaign.AGGREGATE, DEFINED, reserved("o1", "a"), reserved("o2", "a"))
                    .when(percentage("10").codes("SUN").uses(3L, 1L).command())
                    .thenRejected(Refusal.LIMIT_BELOW_USES);
            given(Campaign.AGGREGATE, DEFINED, reserved("o1", "a"))
                    .when(percentage("10").codes("SUN").budget(eur(99)).command())
                    .thenRejected(Refusal.LIMIT_BELOW_USES);
        }

        @Test
        void a_limit_per_customer_that_comes_later_counts_what_is_remembered() {
            Event unlimited = percentage("10").codes("SUN").defined();
            given(Campaign.AGGREGATE, unlimited, reserved("o1", "a"))
                    .when(percentage("10").codes("SUN").uses(null, 1L).command())
                    .then(percentage("10").codes("SUN").uses(null, 1L).defined())
                    .when(reserve("o2", "a"))
                    .thenRejected(Refusal.CUSTOMER_USES_EXHAUSTED);
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
            for (Event event :
                    List.of(reserved("o" + use, "c"), new RedemptionConfirmed("o" + use, "SUN"))) {
                campaign = Campaign.AGGREGATE.evolve(campaign, event);
            }
        }
        Redemptions redemptions = campaign.redemptions();
        assertThat(redemptions.uses()).isEqualTo(uses);
        assertThat(redemptions.recent().size() + redemptions.older().size())
                .isBetween(Redemptions.GENERATION, 2 * Redemptions.GENERATION);
        assertThat(redemptions.confirmed("o0/SUN")).isNull();
        assertThat(redemptions.confirmed("o" + (uses - 1) + "/SUN")).isNotNull();
        assertThat(redemptions.perCustomer()).isEmpty();
    }

    @Property(tries = 500)
    void limits_hold_after_any_sequence_of_commands(@ForAll("sequences") List<Command> commands) {
        Campaign campaign = Campaign.AGGREGATE.initial();
        List<Event> events = new ArrayList<>();
        for (Command command : commands) {
            for (Event event : decided(campaign, command)) {
                campaign = Campaign.AGGREGATE.evolve(campaign, event);
                events.add(event);
                assertThat(JSON.readValue(JSON.writeValueAsString(event), event.getClass()))
                        .isEqualTo(event);
            }
            holds(campaign);
            Count.of(events).agreesWith(campaign);
        }
        assertThat(JSON.readValue(JSON.writeValueAsString(campaign), Campaign.class))
                .isEqualTo(campaign);
    }

    private static List<Event> decided(Campaign campaign, Command command) {
        return switch (Campaign.AGGREGATE.decide(campaign, command)) {
            case Decision.Rejected<Event> _ -> List.of();
            case Decision.Accepted<Event>(var events) -> events;
        };
    }

    private static void holds(Campaign campaign) {
        Rules rules = campaign.rules();
        Redemptions redemptions = campaign.redemptions();
        if (rules == null) {
            assertThat(redemptions).isEqualTo(Redemptions.NONE);
            return;
        }
        if (rules.maxUses() != null) { // C1
            assertThat(redemptions.uses()).isLessThanOrEqualTo(rules.maxUses());
        }
        if (rules.maxUsesPerCustomer() != null) { // C2
            assertThat(redemptions.mostUsesByOne()).isLessThanOrEqualTo(rules.maxUsesPerCustomer());
        }
        if (rules.budget() != null) { // C4
            assertThat(redemptions.spentIn("EUR")).isLessThanOrEqualTo(rules.budget().minor());
        }
        assertThat(redemptions.spentIn("EUR")).isNotNegative();
    }

    @Provide
    Arbitrary<List<Command>> sequences() {
        Arbitrary<String> orders = Arbitraries.of("o1", "o2", "o3", "o4", "");
        Arbitrary<String> customers = Arbitraries.of("a", "b", "");
        Arbitrary<String> codes = Arbitraries.of("SUN", "SUN", "SEA", "RAIN");
        Arbitrary<Money> amounts =
                Arbitraries.of(
                        eur(100), eur(400), eur(-1), eur(Long.MAX_VALUE), Money.of(5, "USD"));
        Arbitrary<Command> uses =
                Combinators.combine(
                                Arbitraries.integers().between(0, 7),
                                orders,
                                customers,
                                codes,
                                amounts)
                        .as(
                                (kind, order, customer, code, amount) ->
                                        switch (kind) {
                                            case 0 -> new ReleaseRedemption(order, code);
                                            case 1 ->
                                                    new ExpireRedemption(
                                                            order, code, NOON.minusSeconds(1));
                                            case 2 -> new ExpireRedemption(order, code, NOON);
                                            case 3, 4 -> new ConfirmRedemption(order, code);
                                            default ->
                                                    new ReserveRedemption(
                                                            order, customer, code, NOON, amount);
                                        });
        Definitions sun = percentage("10").codes("SUN", "SEA");
        Arbitrary<Command> definitions =
                Arbitraries.of(
                        sun.uses(3L, 2L).budget(eur(1000)).command(),
                        sun.uses(2L, 1L).budget(eur(500)).command(),
                        sun.command(),
                        sun.uses(4L, null).command(),
                        new Command.Pause(),
                        new Command.Activate());
        return Arbitraries.frequencyOf(Tuple.of(6, uses), Tuple.of(1, definitions))
                .list()
                .ofMaxSize(40)
                .map(
                        list -> {
                            List<Command> all = new ArrayList<>();
                            all.add(sun.uses(3L, 2L).budget(eur(1000)).command());
                            all.addAll(list);
                            return all;
                        });
    }

    /// Uses counted from the events alone: the live ones, by order and code (C3).
    private record Count(Map<String, RedemptionReserved> live, long confirmed) {

        static Count of(List<Event> events) {
            Map<String, RedemptionReserved> live = new HashMap<>();
            long confirmed = 0;
            for (Event event : events) {
                switch (event) {
                    case RedemptionReserved e ->
                            assertThat(live.put(Redemptions.key(e.order(), e.code()), e)).isNull();
                    case RedemptionConfirmed _ -> confirmed++;
                    case RedemptionExpired(var order, var code) ->
                            Objects.requireNonNull(live.remove(Redemptions.key(order, code)));
                    case RedemptionReleased(var order, var code, var wasConfirmed) -> {
                        Objects.requireNonNull(live.remove(Redemptions.key(order, code)));
                        confirmed -= wasConfirmed ? 1 : 0;
                    }
                    case Event _ -> {}
                }
            }
            return new Count(live, confirmed);
        }

        void agreesWith(Campaign campaign) {
            Redemptions redemptions = campaign.redemptions();
            assertThat(redemptions.uses()).isEqualTo(live.size());
            assertThat(redemptions.redeemed()).isEqualTo(confirmed);
            assertThat(redemptions.spentIn("EUR"))
                    .isEqualTo(
                            live.values().stream()
                                    .filter(e -> e.amount().currency().toString().equals("EUR"))
                                    .mapToLong(e -> e.amount().minor())
                                    .sum());
            Rules rules = campaign.rules();
            if (rules != null && rules.maxUsesPerCustomer() != null) {
                assertThat(redemptions.usesBy("a"))
                        .isEqualTo(
                                live.values().stream()
                                        .filter(e -> e.customer().equals("a"))
                                        .count());
            }
        }
    }
}
