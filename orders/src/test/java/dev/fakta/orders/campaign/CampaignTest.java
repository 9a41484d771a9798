// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import static dev.fakta.orders.campaign.Definitions.amount;
import static dev.fakta.orders.campaign.Definitions.percentage;
import static dev.fakta.orders.campaign.Definitions.units;
import static dev.fakta.testkit.Given.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.campaign.Campaign.Command.Activate;
import dev.fakta.orders.campaign.Campaign.Command.AddCodes;
import dev.fakta.orders.campaign.Campaign.Command.Pause;
import dev.fakta.orders.campaign.Campaign.Event.CampaignActivated;
import dev.fakta.orders.campaign.Campaign.Event.CampaignCodesAdded;
import dev.fakta.orders.campaign.Campaign.Event.CampaignDefined;
import dev.fakta.orders.campaign.Campaign.Event.CampaignPaused;
import dev.fakta.orders.campaign.Campaign.Refusal;
import dev.fakta.orders.campaign.CampaignCode.Command.AssignCode;
import dev.fakta.orders.campaign.CampaignCode.Event.CodeAssigned;
import dev.fakta.orders.campaign.Rules.Kind;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.money.Rate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CampaignTest {

    static final CampaignDefined DEFINED = percentage("10").codes("SUMMER26").defined();

    @Nested
    class Defining {
        @Test
        void a_new_campaign_is_active_and_its_codes_are_in_capitals() {
            given(Campaign.AGGREGATE)
                    .when(percentage("10").codes(" summer26 ", "SUMMER26").command())
                    .then(DEFINED)
                    .andState(campaign -> assertThat(campaign.active()).isTrue());
        }

        @Test
        void saying_the_same_again_changes_nothing() {
            given(Campaign.AGGREGATE, DEFINED)
                    .when(percentage("10.0").codes("SUMMER26").command())
                    .thenNothing();
        }

        @Test
        void a_campaign_can_be_defined_anew_and_stays_paused() {
            given(Campaign.AGGREGATE, DEFINED, new CampaignPaused())
                    .when(percentage("10").codes("WINTER26").command())
                    .then(new CampaignDefined(DEFINED.rules(), List.of("WINTER26"), false));
        }

        @Test
        void a_campaign_keeps_what_was_said() {
            Instant noon = Instant.parse("2026-07-01T12:00:00Z");
            Rules rules =
                    units(2, 1)
                            .window(noon, null)
                            .uses(100L, 1L)
                            .minSubtotal(eur(5))
                            .only(List.of("tea"), List.of("cups"))
                            .exclusive()
                            .rules();
            assertThat(rules)
                    .isEqualTo(
                            new Rules(
                                    Kind.BUY_X_GET_Y,
                                    Rate.ZERO,
                                    null,
                                    2,
                                    1,
                                    noon,
                                    null,
                                    100L,
                                    1L,
                                    null,
                                    eur(5),
                                    List.of("tea"),
                                    List.of("cups"),
                                    true));
        }

        @Test
        void a_definition_says_what_its_kind_needs() {
            refuse(Definitions.of(null), Refusal.KIND_UNKNOWN);
            refuse(Definitions.of("half-off"), Refusal.KIND_UNKNOWN);
            refuse(Definitions.of("percentage"), Refusal.PERCENT_INVALID);
            refuse(percentage("0"), Refusal.PERCENT_INVALID);
            refuse(percentage("100.5"), Refusal.PERCENT_INVALID);
            refuse(percentage("1.00001"), Refusal.PERCENT_INVALID);
            refuse(Definitions.of("fixed-amount"), Refusal.AMOUNT_INVALID);
            refuse(amount("fixed-amount", eur(0)), Refusal.AMOUNT_INVALID);
            refuse(amount("fixed-price", eur(-1)), Refusal.AMOUNT_INVALID);
            refuse(Definitions.of("buy-x-get-y"), Refusal.UNITS_INVALID);
            refuse(units(0, 1), Refusal.UNITS_INVALID);
            refuse(units(1, 1001), Refusal.UNITS_INVALID);
        }

        @Test
        void codes_windows_limits_and_restrictions_are_checked() {
            Definitions shipping = Definitions.of("free-shipping");
            Instant noon = Instant.parse("2026-07-01T12:00:00Z");
            refuse(shipping.codes("NOT A CODE"), Refusal.CODES_INVALID);
            refuse(shipping.codes("X".repeat(41)), Refusal.CODES_INVALID);
            refuse(shipping.window(noon, noon), Refusal.WINDOW_INVALID);
            refuse(shipping.window(Instant.MIN, null), Refusal.WINDOW_INVALID);
            refuse(shipping.window(null, Instant.MAX), Refusal.WINDOW_INVALID);
            refuse(shipping.uses(0L, null), Refusal.LIMIT_INVALID);
            refuse(shipping.uses(null, 0L), Refusal.LIMIT_INVALID);
            refuse(shipping.minSubtotal(eur(-1)), Refusal.SUBTOTAL_INVALID);
            refuse(
                    shipping.only(Arrays.asList("tea", null), List.of()),
                    Refusal.RESTRICTION_INVALID);
            refuse(
                    shipping.only(List.of(), Collections.nCopies(1001, "x")),
                    Refusal.RESTRICTION_INVALID);
        }

        private void refuse(Definitions definition, Refusal refusal) {
            given(Campaign.AGGREGATE).when(definition.command()).thenRejected(refusal);
            assertThat(refusal.detail()).endsWith(".");
        }
    }

    @Nested
    class Restrictions {
        @Test
        void without_a_restriction_everything_takes_part() {
            assertThat(DEFINED.rules().restricted()).isFalse();
            assertThat(DEFINED.rules().covers("tea", List.of())).isTrue();
        }

        @Test
        void a_sku_or_a_category_has_to_fit() {
            Rules rules =
                    Definitions.of("free-shipping").only(List.of("tea"), List.of("cups")).rules();
            assertThat(rules.covers("tea", List.of())).isTrue();
            assertThat(rules.covers("mug", List.of("china", "cups"))).isTrue();
            assertThat(rules.covers("mug", List.of("china"))).isFalse();
        }
    }

    @Nested
    class PausingAndActivating {
        @Test
        void a_campaign_is_paused_and_activated_once() {
            given(Campaign.AGGREGATE, DEFINED)
                    .when(new Activate())
                    .thenNothing()
                    .when(new Pause())
                    .then(new CampaignPaused())
                    .when(new Pause())
                    .thenNothing()
                    .when(new Activate())
                    .then(new CampaignActivated())
                    .andState(campaign -> assertThat(campaign.active()).isTrue());
        }

        @Test
        void an_unknown_campaign_is_refused() {
            given(Campaign.AGGREGATE).when(new Pause()).thenRejected(Refusal.UNKNOWN_CAMPAIGN);
            given(Campaign.AGGREGATE).when(new Activate()).thenRejected(Refusal.UNKNOWN_CAMPAIGN);
            given(Campaign.AGGREGATE)
                    .when(new AddCodes(List.of("X")))
                    .thenRejected(Refusal.UNKNOWN_CAMPAIGN);
        }
    }

    @Nested
    class AddingCodes {
        @Test
        void only_new_codes_are_added() {
            given(Campaign.AGGREGATE, DEFINED)
                    .when(new AddCodes(List.of("summer26", "sun")))
                    .then(new CampaignCodesAdded(List.of("SUN")))
                    .andState(c -> assertThat(c.codes()).containsExactly("SUMMER26", "SUN"))
                    .when(new AddCodes(List.of("SUN")))
                    .thenNothing();
        }

        @Test
        void codes_have_to_be_codes_and_not_too_many() {
            List<@Nullable String> many = new ArrayList<>();
            for (int number = 0; number < 10_000; number++) {
                many.add("C" + number);
            }
            refuse(new AddCodes(null));
            refuse(new AddCodes(List.of("ä")));
            refuse(new AddCodes(many));
        }

        private void refuse(AddCodes command) {
            given(Campaign.AGGREGATE, DEFINED).when(command).thenRejected(Refusal.CODES_INVALID);
        }
    }

    @Nested
    class Codes {
        @Test
        void a_code_belongs_to_one_campaign() {
            given(CampaignCode.AGGREGATE)
                    .when(new AssignCode("summer"))
                    .then(new CodeAssigned("summer"))
                    .when(new AssignCode("summer"))
                    .thenNothing()
                    .when(new AssignCode("winter"))
                    .thenRejected(CampaignCode.Refusal.CODE_TAKEN);
        }

        @Test
        void a_code_is_assigned_to_a_campaign() {
            given(CampaignCode.AGGREGATE)
                    .when(new AssignCode(" "))
                    .thenRejected(CampaignCode.Refusal.CAMPAIGN_MISSING);
        }

        @Test
        void a_code_is_letters_digits_and_dashes_in_capitals() {
            assertThat(CampaignCode.normal(" sun_2-b ")).isEqualTo("SUN_2-B");
            assertThat(CampaignCode.normal("")).isNull();
            assertThat(CampaignCode.normal("a b")).isNull();
        }
    }

    private static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }
}
