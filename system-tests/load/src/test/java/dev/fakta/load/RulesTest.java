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

    private static final String TEA = "stock-item/tea@main";
    private static final String STANDING =
            "{'order':'%s','line':1,'reserved':%d,'left':%d,'reservedInAll':%d}";
    private static final String LEFT =
            "{'order':'%s','line':1,'quantity':%d,'ofReserved':%d,'left':%d}";

    private static List<String> wrong(Rule rule, Fact... facts) {
        List.of(facts).forEach(rule::see);
        assertThat(rule.looked()).as("it looked at something").isPositive();
        return rule.wrong();
    }

    private static Fact counted(long onHand) {
        return counted(UUID.randomUUID(), onHand);
    }

    private static Fact counted(UUID command, long onHand) {
        return fact(command, TEA, "stock-counted", "{'onHand':%d}".formatted(onHand));
    }

    /// A line of the order has these units, of so many that all lines have.
    private static Fact stands(String order, long reserved, long inAll) {
        return stands(UUID.randomUUID(), order, reserved, 0, inAll);
    }

    private static Fact stands(UUID command, String order, long reserved, long left, long inAll) {
        String data = STANDING.formatted(order, reserved, left, inAll);
        return fact(command, TEA, "stock-standing-changed", data);
    }

    /// Units of the order have left, all of which were reserved for it.
    private static Fact left(UUID command, String order, long units, long inAll) {
        return fact(command, TEA, "stock-left", LEFT.formatted(order, units, units, inAll));
    }

    private static Fact said(UUID command, String name, String data) {
        return fact(command, TEA, name, data);
    }

    /// An order is told what it had of a code and has now.
    private static Fact settled(String order, String customer, String was, String is) {
        return fact(
                "campaign/c",
                "redemption-settled",
                "{'order':'%s','customer':'%s','code':'ONCE','was':'%s','is':'%s'}"
                        .formatted(order, customer, was, is));
    }

    private static Fact aside(String order, String customer) {
        return settled(order, customer, "NOTHING", "SET_ASIDE");
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

        private final UUID once = UUID.randomUUID();
        private final UUID again = UUID.randomUUID();

        @Test
        void units_given_back_can_be_promised_again_and_leave() {
            assertThat(
                            wrong(
                                    new NoOversell(),
                                    counted(1),
                                    stands("a", 1, 1),
                                    stands("a", 0, 0),
                                    stands("b", 1, 1),
                                    left(once, "b", 1, 1),
                                    stands(once, "b", 0, 1, 0)))
                    .isEmpty();
        }

        @Test
        void the_last_unit_promised_twice_is_found() {
            assertThat(wrong(new NoOversell(), counted(1), stands("a", 1, 1), stands("b", 1, 2)))
                    .singleElement()
                    .asString()
                    .contains("tea@main: 1 on hand and 2 reserved");
        }

        @Test
        void what_a_later_command_puts_right_is_found_all_the_same() {
            assertThat(wrong(new NoOversell(), stands("a", 1, 1), counted(1), stands("a", 0, 0)))
                    .hasSize(1);
        }

        @Test
        void who_loses_units_is_said_after_the_loss_by_the_same_command() {
            assertThat(
                            wrong(
                                    new NoOversell(),
                                    counted(1),
                                    stands("a", 1, 1),
                                    counted(once, 0),
                                    stands(once, "a", 0, 0, 0)))
                    .isEmpty();
        }

        @Test
        void a_unit_that_leaves_twice_is_found() {
            assertThat(
                            wrong(
                                    new NoOversell(),
                                    counted(5),
                                    stands("a", 2, 2),
                                    left(once, "a", 1, 1),
                                    left(again, "a", 1, 1)))
                    .containsExactly("tea@main: 2 units of a line 1 left one by one, and 1 in all");
        }

        @Test
        void units_that_leave_a_line_which_does_not_have_them_are_found() {
            assertThat(wrong(new NoOversell(), counted(5), left(once, "a", 1, 1)))
                    .contains("tea@main: 1 units left a line 1 that it did not have");
        }

        @Test
        void a_line_that_says_something_else_than_has_left_is_found() {
            assertThat(wrong(new NoOversell(), counted(5), stands(once, "a", 0, 1, 0)))
                    .containsExactly("tea@main: a line 1 says that 1 units have left, and 0 have");
        }

        @Test
        void a_sum_that_is_not_that_of_the_lines_is_found() {
            assertThat(wrong(new NoOversell(), counted(5), stands("a", 1, 2)))
                    .singleElement()
                    .asString()
                    .startsWith("tea@main: 1 reserved, and 2 in all");
        }

        @Test
        void an_item_may_be_short_when_it_says_so_and_no_shorter() {
            String two = "{'order':'a','line':1,'quantity':2,'ofReserved':0,'left':2}";
            Fact[] all = {
                counted(1),
                said(once, "stock-left", two),
                said(once, "stock-fell-short", "{'units':1}")
            };
            assertThat(wrong(new NoOversell(), all)).isEmpty();
            assertThat(wrong(new NoOversell(), all[0], all[1])).hasSize(1);
        }

        @Test
        void an_item_that_goes_on_later_says_how_many_units_are_missing() {
            Fact[] all = {
                counted(2),
                stands("a", 2, 2),
                counted(once, 0),
                stands(once, "a", 1, 0, 1),
                said(once, "stock-serving-interrupted", "{'free':0,'missing':1}")
            };
            assertThat(wrong(new NoOversell(), all)).isEmpty();
            assertThat(wrong(new NoOversell(), all[0], all[1], all[2], all[3])).hasSize(1);
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
                                    aside("a", "ada"),
                                    settled("a", "ada", "SET_ASIDE", "NOTHING"),
                                    aside("b", "bob")))
                    .isEmpty();
        }

        @Test
        void a_use_beyond_the_limit_is_found() {
            assertThat(
                            wrong(
                                    new CodesWithinLimits(),
                                    limits("'maxUses':1"),
                                    aside("a", "ada"),
                                    settled("a", "ada", "SET_ASIDE", "REDEEMED"),
                                    aside("b", "bob")))
                    .containsExactly("c: use 2 of 1");
        }

        @Test
        void a_customers_use_beyond_the_limit_is_found() {
            assertThat(
                            wrong(
                                    new CodesWithinLimits(),
                                    limits("'maxUses':null,'maxUsesPerCustomer':1"),
                                    aside("a", "ada"),
                                    aside("b", "bob"),
                                    aside("c", "ada")))
                    .containsExactly("c: use 2 of 1 by ada");
        }

        @Test
        void what_an_order_is_told_of_a_code_counts_once() {
            assertThat(
                            wrong(
                                    new CodesWithinLimits(),
                                    limits("'maxUses':1"),
                                    aside("a", "ada"),
                                    settled("a", "ada", "SET_ASIDE", "REDEEMED"),
                                    settled("a", "ada", "REDEEMED", "NOTHING"),
                                    aside("b", "bob")))
                    .isEmpty();
            assertThat(
                            wrong(
                                    new CodesWithinLimits(),
                                    limits("'maxUses':1"),
                                    settled("a", "ada", "NOTHING", "REDEEMED"),
                                    aside("b", "bob")))
                    .containsExactly("c: use 2 of 1");
        }

        @Test
        void an_orders_second_use_of_a_code_is_found() {
            assertThat(wrong(new CodesWithinLimits(), aside("a", "ada"), aside("a", "ada")))
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
                                    stands("o", 1, 1),
                                    aside("o", "ada"),
                                    order("order-created"),
                                    order("order-rejected")))
                    .containsExactly("o keeps ONCE of c", "o line 1 keeps tea@main");
        }

        @Test
        void what_nobody_ordered_is_found() {
            assertThat(wrong(new NothingLeftBehind(), stands("ghost", 1, 1)))
                    .containsExactly("ghost line 1 keeps tea@main");
        }

        @Test
        void what_a_live_order_keeps_and_what_was_given_back_is_fine() {
            assertThat(
                            wrong(
                                    new NothingLeftBehind(),
                                    order("order-created"),
                                    stands("o", 1, 1),
                                    stands("p", 1, 2),
                                    stands("p", 0, 1)))
                    .isEmpty();
        }

        @Test
        void a_code_that_an_ended_order_was_told_to_have_set_aside_is_found() {
            assertThat(
                            wrong(
                                    new NothingLeftBehind(),
                                    order("order-created"),
                                    aside("o", "ada"),
                                    order("order-rejected")))
                    .containsExactly("o keeps ONCE of c");
            assertThat(
                            wrong(
                                    new NothingLeftBehind(),
                                    order("order-created"),
                                    aside("o", "ada"),
                                    settled("o", "ada", "SET_ASIDE", "REDEEMED"),
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
