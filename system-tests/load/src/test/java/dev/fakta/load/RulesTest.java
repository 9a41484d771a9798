// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import static dev.fakta.load.Planted.fact;
import static dev.fakta.load.Planted.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Each rule finds the fault that is planted, and nothing where there is none.
final class RulesTest {

    private static final String RESERVED =
            "{'order':'%s','line':1,'quantity':1,'expiresAt':'2026-01-01T00:00:00Z'}";

    private static List<String> wrong(Rule rule, Fact... facts) {
        List.of(facts).forEach(rule::see);
        assertThat(rule.looked()).as("it looked at something").isPositive();
        return rule.wrong();
    }

    private static Fact counted(long onHand) {
        return fact("stock-item/tea@main", "stock-counted", "{'onHand':%d}".formatted(onHand));
    }

    private static Fact stock(String name, String order) {
        return fact("stock-item/tea@main", name, RESERVED.formatted(order));
    }

    private static Fact released(String order) {
        return fact(
                "stock-item/tea@main",
                "stock-released",
                "{'order':'%s','line':1,'reserved':1,'backordered':0}".formatted(order));
    }

    private static Fact campaign(String name, String order, String customer) {
        return fact(
                "campaign/c",
                name,
                "{'order':'%s','customer':'%s','code':'ONCE'}".formatted(order, customer));
    }

    private static Fact limits(String limits) {
        return fact("campaign/c", "campaign-defined", "{'rules':{%s}}".formatted(limits));
    }

    private static Fact payment(String name, int number, long minor) {
        return fact(
                "payment/p",
                name,
                "{'number':%d,'amount':{'minor':%d,'currency':'EUR'}}".formatted(number, minor));
    }

    private static Fact order(String name) {
        return fact("order/o", name, "{}");
    }

    @Nested
    final class Oversell {

        @Test
        void units_given_back_can_be_promised_again() {
            assertThat(
                            wrong(
                                    new NoOversell(),
                                    counted(1),
                                    stock("stock-reserved", "a"),
                                    released("a"),
                                    stock("stock-reserved", "b"),
                                    stock("stock-shipped", "b")))
                    .isEmpty();
        }

        @Test
        void the_last_unit_promised_twice_is_found() {
            assertThat(
                            wrong(
                                    new NoOversell(),
                                    counted(1),
                                    stock("stock-reserved", "a"),
                                    stock("stock-reserved", "b")))
                    .singleElement()
                    .asString()
                    .contains("tea@main: 1 on hand and 2 reserved");
        }

        @Test
        void what_a_later_command_puts_right_is_found_all_the_same() {
            assertThat(
                            wrong(
                                    new NoOversell(),
                                    stock("stock-reserved", "a"),
                                    counted(1),
                                    released("a")))
                    .hasSize(1);
        }

        @Test
        void who_loses_units_is_said_after_the_loss_by_the_same_command() {
            UUID recount = UUID.randomUUID();
            Fact none = fact(recount, "stock-item/tea@main", "stock-counted", "{'onHand':0}");
            Fact loses =
                    fact(
                            recount,
                            "stock-item/tea@main",
                            "stock-displaced",
                            RESERVED.formatted("a"));
            assertThat(
                            wrong(
                                    new NoOversell(),
                                    counted(1),
                                    stock("stock-reserved", "a"),
                                    none,
                                    loses))
                    .isEmpty();
        }

        @Test
        void a_reservation_released_twice_is_found() {
            assertThat(
                            wrong(
                                    new NoOversell(),
                                    counted(5),
                                    stock("stock-reserved", "a"),
                                    released("a"),
                                    released("a")))
                    .singleElement()
                    .asString()
                    .contains("a line 1 gave back 1 units that it did not have");
        }
    }

    @Nested
    final class Codes {

        @Test
        void a_use_given_back_can_be_had_again() {
            assertThat(
                            wrong(
                                    new CodesWithinLimits(),
                                    limits("'maxUses':1"),
                                    campaign("redemption-reserved", "a", "ada"),
                                    campaign("redemption-released", "a", "ada"),
                                    campaign("redemption-reserved", "b", "bob")))
                    .isEmpty();
        }

        @Test
        void a_use_beyond_the_limit_is_found() {
            assertThat(
                            wrong(
                                    new CodesWithinLimits(),
                                    limits("'maxUses':1"),
                                    campaign("redemption-reserved", "a", "ada"),
                                    campaign("redemption-confirmed", "a", "ada"),
                                    campaign("redemption-reserved", "b", "bob")))
                    .containsExactly("c: use 2 of 1");
        }

        @Test
        void a_customers_use_beyond_the_limit_is_found() {
            assertThat(
                            wrong(
                                    new CodesWithinLimits(),
                                    limits("'maxUses':null,'maxUsesPerCustomer':1"),
                                    campaign("redemption-reserved", "a", "ada"),
                                    campaign("redemption-reserved", "b", "bob"),
                                    campaign("redemption-reserved", "c", "ada")))
                    .containsExactly("c: use 2 of 1 by ada");
        }

        @Test
        void an_orders_second_use_of_a_code_is_found() {
            assertThat(
                            wrong(
                                    new CodesWithinLimits(),
                                    campaign("redemption-reserved", "a", "ada"),
                                    campaign("redemption-reserved", "a", "ada")))
                    .containsExactly("c: a with ONCE is reserved twice");
        }
    }

    @Nested
    final class Payments {

        private static final String LEDGER =
                "{'payments':[{'payment':'p','captured':%d,'refunded':%d}]}";

        private static List<String> against(String ledger) {
            return wrong(
                    new SameAsLedger(json(ledger)),
                    payment("payment-authorized", 1, 900),
                    payment("payment-captured", 1, 900),
                    payment("payment-refunded", 1, 200));
        }

        @Test
        void parts_that_add_up_are_fine() {
            assertThat(
                            wrong(
                                    new MovedOnce(),
                                    payment("payment-authorized", 1, 900),
                                    payment("payment-captured", 1, 400),
                                    payment("payment-captured", 2, 500),
                                    payment("payment-refunded", 1, 900)))
                    .isEmpty();
        }

        @Test
        void a_capture_recorded_twice_is_found() {
            assertThat(
                            wrong(
                                    new MovedOnce(),
                                    payment("payment-authorized", 1, 900),
                                    payment("payment-captured", 1, 400),
                                    payment("payment-captured", 1, 400)))
                    .containsExactly("p: payment-captured 1 twice");
        }

        @Test
        void a_capture_or_refund_that_the_provider_did_again_is_found() {
            assertThat(
                            wrong(
                                    new MovedOnce(),
                                    payment("payment-authorized", 1, 900),
                                    payment("payment-captured", 1, 100),
                                    payment("payment-overcharged", 2, 100),
                                    payment("payment-refunded", 1, 100),
                                    payment("payment-refunded-beyond", 2, 50)))
                    .containsExactly("p: was captured again", "p: was refunded again");
        }

        @Test
        void more_than_was_authorized_or_captured_is_found() {
            assertThat(
                            wrong(
                                    new MovedOnce(),
                                    payment("payment-authorized", 1, 100),
                                    payment("payment-captured", 1, 101),
                                    payment("payment-refunded", 1, 102)))
                    .containsExactly("p: 101 captured of 100", "p: 102 refunded of 101");
        }

        @Test
        void a_ledger_that_agrees_is_fine() {
            assertThat(against(LEDGER.formatted(900, 200))).isEmpty();
        }

        @Test
        void a_ledger_that_differs_by_a_cent_is_found() {
            assertThat(against(LEDGER.formatted(901, 200))).hasSize(1);
            assertThat(against(LEDGER.formatted(900, 199))).hasSize(1);
        }

        @Test
        void a_payment_that_only_the_ledger_has_is_found() {
            assertThat(
                            wrong(
                                    new SameAsLedger(json(LEDGER.formatted(5, 0))),
                                    order("order-created")))
                    .hasSize(1);
        }

        @Test
        void a_payment_that_the_ledger_has_not_is_found() {
            String other = "{'payments':[{'payment':'q','captured':0,'refunded':0}]}";
            assertThat(against(other)).singleElement().asString().startsWith("p: ");
        }

        @Test
        void an_answer_that_is_no_ledger_is_refused() {
            assertThatThrownBy(() -> new SameAsLedger(json("{}")))
                    .hasMessageContaining("the ledger has no payments");
        }
    }

    @Nested
    final class Ends {

        @Test
        void an_order_that_is_forgotten_is_found() {
            assertThat(wrong(new EndedOrTimed(Set.of()), order("order-created")))
                    .containsExactly("o has neither ended nor a timer");
        }

        @Test
        void an_order_with_a_timer_or_an_end_is_not() {
            assertThat(wrong(new EndedOrTimed(Set.of("o")), order("order-created"))).isEmpty();
            for (String end : EndedOrTimed.ENDS) {
                assertThat(wrong(new EndedOrTimed(Set.of()), order("order-created"), order(end)))
                        .isEmpty();
            }
        }

        @Test
        void units_and_codes_that_an_ended_order_keeps_are_found() {
            assertThat(
                            wrong(
                                    new NothingLeftBehind(),
                                    counted(1),
                                    stock("stock-reserved", "o"),
                                    campaign("redemption-reserved", "o", "ada"),
                                    order("order-created"),
                                    order("order-rejected")))
                    .containsExactly("o keeps ONCE of c", "o line 1 keeps tea@main");
        }

        @Test
        void what_nobody_ordered_is_found() {
            assertThat(wrong(new NothingLeftBehind(), stock("stock-reserved", "ghost")))
                    .containsExactly("ghost line 1 keeps tea@main");
        }

        @Test
        void what_a_live_order_keeps_and_what_was_given_back_is_fine() {
            assertThat(
                            wrong(
                                    new NothingLeftBehind(),
                                    order("order-created"),
                                    stock("stock-reserved", "o"),
                                    stock("stock-reserved", "p"),
                                    released("p")))
                    .isEmpty();
        }

        @Test
        void a_redeemed_code_of_a_completed_order_is_fine() {
            assertThat(
                            wrong(
                                    new NothingLeftBehind(),
                                    order("order-created"),
                                    campaign("redemption-reserved", "o", "ada"),
                                    campaign("redemption-confirmed", "o", "ada"),
                                    order("order-completed")))
                    .isEmpty();
        }
    }

    @Test
    void an_audit_says_what_it_has_not_seen() {
        Audit audit = new Audit(json("{'payments':[]}"), Set.of());
        audit.see(order("order-created"));

        assertThat(audit.wrong())
                .containsExactly(
                        "every order terminal or with a live timer:"
                                + " o has neither ended nor a timer");
        assertThat(audit.unproven())
                .hasSize(5)
                .doesNotContain("every order terminal or with a live timer");
    }

    @Test
    void a_fact_without_what_a_rule_looks_at_is_no_pass() {
        assertThatThrownBy(() -> new MovedOnce().see(fact("payment/p", "payment-captured", "{}")))
                .hasMessage("payment-captured of p: number is missing");
    }

    @Test
    void a_claim_is_no_fact() {
        assertThat(Fact.parse("{\"type\":\"fakta.partition-claimed\"}")).isEmpty();
    }
}
