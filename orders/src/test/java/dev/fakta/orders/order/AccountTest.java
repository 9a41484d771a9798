// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.orders.order.OrderCommands.ALL;
import static dev.fakta.orders.order.OrderCommands.CREATED;
import static dev.fakta.orders.order.OrderCommands.GRAND;
import static dev.fakta.orders.order.OrderCommands.NOON;
import static dev.fakta.orders.order.OrderCommands.authorized;
import static dev.fakta.orders.order.OrderCommands.captured;
import static dev.fakta.orders.order.OrderCommands.contested;
import static dev.fakta.orders.order.OrderCommands.declined;
import static dev.fakta.orders.order.OrderCommands.ended;
import static dev.fakta.orders.order.OrderCommands.eur;
import static dev.fakta.orders.order.OrderCommands.heard;
import static dev.fakta.orders.order.OrderCommands.pending;
import static dev.fakta.orders.order.OrderCommands.units;
import static dev.fakta.orders.order.OrderWays.ASKED;
import static dev.fakta.orders.order.OrderWays.CONFIRMED;
import static dev.fakta.orders.order.OrderWays.DELIVERED;
import static dev.fakta.orders.order.OrderWays.SHIPPED;
import static dev.fakta.orders.order.OrderWays.after;
import static dev.fakta.orders.order.OrderWays.and;
import static dev.fakta.orders.order.OrderWays.state;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.Axes.Payment;
import dev.fakta.orders.order.MoneyStanding.OfCards;
import dev.fakta.orders.order.MoneyStanding.Outcome;
import dev.fakta.orders.order.MoneyWish.Card;
import dev.fakta.orders.order.MoneyWish.GiveBack;
import dev.fakta.orders.order.Order.Attention;
import dev.fakta.orders.order.Order.Command;
import dev.fakta.orders.order.Order.Command.ReleaseHold;
import dev.fakta.orders.order.Order.Command.RequestCancellation;
import dev.fakta.orders.order.Order.Event.OrderAttentionRequested;
import dev.fakta.orders.order.Order.Refusal;
import dev.fakta.orders.order.PaymentFacts.Command.GrantCredit;
import dev.fakta.orders.order.PaymentFacts.Command.Pay;
import dev.fakta.orders.order.PaymentFacts.Event.OrderCreditGranted;
import dev.fakta.orders.order.ReturnFacts.Command.RecordReturnClosed;
import dev.fakta.orders.order.ReturnFacts.Command.RecordReturnRequested;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDelivered;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDispatched;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentLost;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentPlanned;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What an order's money comes to, and what the order wants of it: an order of two tea and three
/// cups, most of whose ways went wrong once.
class AccountTest {

    private static final long TEA = OrderCommands.teaValue().minor();
    private static final long CUPS = CREATED.lines().get(1).total().minor();
    private static final long SHIPPING = CREATED.shipping().total().minor();

    /// What is taken when the tea leaves first.
    private static final long FIRST = TEA + SHIPPING;

    /// The tea has left, and what it costs was taken; the cups wait for stock.
    private static final List<Command> TEA_LEFT =
            and(
                    CONFIRMED,
                    new RecordShipmentPlanned("s1", units(0, 2)),
                    new RecordShipmentDispatched("s1", "T1"),
                    captured(GRAND - FIRST, FIRST, 0),
                    new RecordShipmentDelivered("s1", List.of(), NOON));

    private static final List<Command> TEA_CAME_BACK =
            and(
                    TEA_LEFT,
                    new RecordReturnRequested("r1", units(0, 2)),
                    new RecordReturnClosed("r1", units(0, 2)));

    private static Command grant(String id, long minor) {
        return new GrantCredit(id, eur(minor), "goodwill");
    }

    private static List<Command> cupsLeave(List<Command> before) {
        return and(
                before,
                new RecordShipmentPlanned("s2", units(1, 3)),
                new RecordShipmentDispatched("s2", "T2"));
    }

    private static List<Command> dearer(List<Command> before) {
        return and(
                before,
                new Edits.Command.ProposeEdit(List.of(), List.of(OrderCommands.spare())),
                new Edits.Command.ApplyEdit());
    }

    @Nested
    class Earning {
        @Test
        void the_whole_is_due_and_set_aside_and_nothing_is_earned_before_something_leaves() {
            Account account = state(CONFIRMED).account();
            assertThat(account.due()).isEqualTo(GRAND);
            assertThat(account.earned()).isZero();
            assertThat(account.wish().secure()).isEqualTo(GRAND);
            assertThat(account.wish().take()).isZero();
        }

        @Test
        void nothing_is_wanted_of_a_payment_before_it_is_asked_for() {
            assertThat(state(ASKED.subList(0, 1)).moneyWish()).isEqualTo(MoneyWish.NOTHING);
        }

        @Test
        void what_leaves_is_earned_with_the_shipping_and_the_rest_stays_set_aside() {
            Order order = state(TEA_LEFT);
            assertThat(order.account().earned()).isEqualTo(FIRST);
            assertThat(order.moneyWish().take()).isEqualTo(FIRST);
            assertThat(order.moneyWish().secure()).isEqualTo(GRAND);
            assertThat(state(cupsLeave(TEA_LEFT)).moneyWish().take()).isEqualTo(GRAND);
        }

        @Test
        void a_lost_parcel_that_is_sent_again_keeps_what_was_taken() {
            List<Command> lost = and(SHIPPED, new RecordShipmentLost("s1"));
            List<Command> again = and(lost, new RecordShipmentPlanned("s2", ALL));
            List<Command> left = and(again, new RecordShipmentDispatched("s2", "T2"));
            for (List<Command> commands : List.of(lost, again, left)) {
                Order order = state(commands);
                assertThat(order.account().earned()).isEqualTo(GRAND);
                assertThat(order.money().asked()).isZero();
                assertThat(order.moneyWish().take()).isEqualTo(GRAND);
            }
        }

        @Test
        void lost_units_that_are_not_sent_again_are_given_back() {
            Order order =
                    state(
                            SHIPPED,
                            new RecordShipmentLost("s1"),
                            new Command.CancelLines(new ArrayList<>(units(0, 2)), null));
            assertThat(order.moneyWish().refunds())
                    .containsExactly(new GiveBack("cancelled lines", TEA));
        }
    }

    @Nested
    class Returning {
        @Test // a02
        void what_comes_back_before_the_rest_has_left_is_refunded_at_once() {
            Order order = state(TEA_CAME_BACK);
            assertThat(order.refundFor("r1", units(0, 2))).isEqualTo(eur(TEA));
            assertThat(order.moneyWish().refunds()).containsExactly(new GiveBack("return r1", TEA));
            assertThat(order.due()).isEqualTo(CUPS + SHIPPING);
        }

        @Test
        void the_rest_of_an_order_is_paid_although_something_came_back() {
            Order order = state(cupsLeave(and(TEA_CAME_BACK, captured(GRAND - FIRST, FIRST, TEA))));
            assertThat(order.moneyWish().take()).isEqualTo(GRAND);
            assertThat(order.isSecured()).isTrue();
        }

        @Test // 1.1
        void two_returns_that_are_closed_at_once_are_both_refunded_whichever_is_first() {
            List<Command> both =
                    and(
                            DELIVERED,
                            new RecordReturnRequested("r1", units(0, 2)),
                            new RecordReturnRequested("r2", units(1, 3)));
            Order order =
                    state(
                            both,
                            new RecordReturnClosed("r2", units(1, 3)),
                            new RecordReturnClosed("r1", units(0, 2)));
            assertThat(order.refundFor("r2", units(1, 3))).isEqualTo(eur(CUPS));
            assertThat(order.refundFor("r1", units(0, 2))).isEqualTo(eur(TEA + SHIPPING));
            assertThat(order.money().asked()).isEqualTo(GRAND);
        }

        @Test
        void what_comes_back_before_it_was_paid_is_neither_taken_nor_refunded() {
            List<Command> unpaid =
                    and(
                            CONFIRMED,
                            new RecordShipmentPlanned("s1", ALL),
                            new RecordShipmentDispatched("s1", "T"),
                            new RecordShipmentDelivered("s1", List.of(), NOON),
                            new RecordReturnRequested("r1", units(0, 2)),
                            new RecordReturnClosed("r1", units(0, 2)));
            assertThat(state(unpaid).money().asked()).isZero();
            assertThat(state(unpaid).moneyWish().take()).isEqualTo(GRAND - TEA);
        }
    }

    @Nested
    class Granting {
        @Test // a01, 1.4a
        void goodwill_between_two_shipments_is_given_back_and_not_taken_again() {
            List<Command> granted = and(TEA_LEFT, grant("g1", 1000));
            assertThat(state(granted).moneyWish().refunds())
                    .containsExactly(new GiveBack("credit g1", 1000));
            List<Command> refunded = and(granted, captured(GRAND - FIRST, FIRST, 1000));
            Order left = state(cupsLeave(refunded));
            assertThat(left.moneyWish().take()).isEqualTo(GRAND);
            Order paid =
                    state(
                            cupsLeave(refunded),
                            captured(0, GRAND, 1000),
                            new RecordShipmentDelivered("s2", List.of(), NOON));
            assertThat(paid.lifecycle()).isEqualTo(Axes.Lifecycle.COMPLETED);
            assertThat(paid.money().kept()).isEqualTo(paid.due()).isEqualTo(GRAND - 1000);
            assertThat(paid.money().asked()).isEqualTo(1000);
        }

        @Test // 1.4b
        void goodwill_stays_goodwill_when_lines_are_cancelled() {
            List<Command> granted =
                    and(
                            TEA_LEFT,
                            grant("g1", 500),
                            captured(GRAND - FIRST, FIRST, 500),
                            new Command.CancelLines(new ArrayList<>(units(1, 1)), null));
            Order order = state(cupsOfTwoLeave(granted));
            assertThat(order.moneyWish().take() - order.money().asked()).isEqualTo(order.due());
            assertThat(order.money().asked()).isEqualTo(500);
        }

        private static List<Command> cupsOfTwoLeave(List<Command> before) {
            return and(
                    before,
                    new RecordShipmentPlanned("s2", units(1, 2)),
                    new RecordShipmentDispatched("s2", "T2"));
        }

        @Test // 1.4c
        void what_comes_back_after_goodwill_is_refunded_in_full() {
            Order order =
                    state(
                            DELIVERED,
                            grant("g1", 500),
                            captured(0, GRAND, 500),
                            new RecordReturnRequested("r1", units(0, 2)),
                            new RecordReturnClosed("r1", units(0, 2)));
            assertThat(order.refundFor("r1", units(0, 2))).isEqualTo(eur(TEA));
        }

        @Test
        void when_everything_comes_back_goodwill_is_not_paid_twice() {
            Order order =
                    state(
                            DELIVERED,
                            grant("g1", 500),
                            new RecordReturnRequested("r1", ALL),
                            new RecordReturnClosed("r1", ALL));
            assertThat(order.due()).isZero();
            assertThat(order.money().asked()).isEqualTo(GRAND);
        }

        @Test
        void a_credit_before_anything_was_taken_lowers_what_is_set_aside() {
            Order order = state(CONFIRMED, grant("g1", 1000));
            assertThat(order.moneyWish().secure()).isEqualTo(GRAND - 1000);
            assertThat(order.moneyWish().refunds()).isEmpty();
        }

        @Test
        void two_credits_are_two_refunds() {
            Order order = state(DELIVERED, grant("g1", 100), grant("g2", 100));
            assertThat(order.account().credits()).isEqualTo(200);
            assertThat(order.moneyWish().refunds())
                    .containsExactly(
                            new GiveBack("credit g1", 100), new GiveBack("credit g2", 100));
        }

        @Test
        void a_credit_counts_once_and_its_id_has_one_amount() {
            after(and(DELIVERED, grant("g1", 100)))
                    .when(grant("g1", 100))
                    .thenNothing()
                    .when(grant("g1", 101))
                    .thenRejected(Refusal.CREDIT_KNOWN);
        }

        @Test
        void all_that_is_due_may_be_granted_and_not_more() {
            after(DELIVERED).when(grant("g1", GRAND + 1)).thenRejected(Refusal.CREDIT_EXCEEDS_DUE);
            Order order = state(DELIVERED, grant("g1", GRAND));
            assertThat(order.due()).isZero();
            assertThat(order.money().asked()).isEqualTo(GRAND);
            after(and(DELIVERED, grant("g1", GRAND)))
                    .when(grant("g2", 1))
                    .thenRejected(Refusal.NOTHING_OWED);
        }

        @Test
        void an_order_that_costs_nothing_any_more_needs_no_money_to_leave() {
            Order order =
                    state(
                            ASKED.subList(0, 1),
                            grant("g1", GRAND),
                            OrderCommands.firm(OrderCommands.CREATED),
                            new RecordShipmentPlanned("s", ALL),
                            new RecordShipmentDispatched("s", "T"),
                            new RecordShipmentDelivered("s", List.of(), NOON));
            assertThat(order.lifecycle()).isEqualTo(Axes.Lifecycle.COMPLETED);
            assertThat(order.moneyWish().take()).isZero();
        }

        @Test
        void a_credit_has_an_id_an_amount_and_a_reason_that_fit() {
            after(DELIVERED).when(grant("", 1)).thenRejected(Refusal.CREDIT_ID_INVALID);
            assertThat(state(DELIVERED, grant("x".repeat(93), 1)).account().credits()).isOne();
            after(DELIVERED).when(grant("x".repeat(94), 1)).thenRejected(Refusal.CREDIT_ID_INVALID);
            after(DELIVERED).when(grant("g", 0)).thenRejected(Refusal.AMOUNT_INVALID);
            after(DELIVERED)
                    .when(new GrantCredit("g", eur(1), "x".repeat(2001)))
                    .thenRejected(Refusal.TEXT_INVALID);
            after(CONFIRMED)
                    .when(new GrantCredit("g", eur(1), " sorry "))
                    .then(
                            new OrderCreditGranted(
                                    "g",
                                    eur(1),
                                    "sorry",
                                    state(CONFIRMED)
                                            .standing()
                                            .telling(Standing.Counterpart.MONEY)
                                            .telling(Standing.Counterpart.SHIPPING)));
        }

        @Test
        void nothing_is_granted_to_an_order_that_was_not_taken() {
            after(and(CONFIRMED, new RequestCancellation(null)))
                    .when(grant("g1", 1))
                    .thenRejected(Refusal.ORDER_CANCELLED);
        }
    }

    @Nested
    class Collecting {
        private static final Pay ANOTHER = new Pay("card", "tok_2");

        @Test // 1.2
        void a_double_capture_that_the_payment_returns_by_itself_is_no_refund_of_the_order() {
            after(DELIVERED).when(captured(0, GRAND, 0)).thenNothing();
            Order order =
                    state(
                            DELIVERED,
                            new RecordReturnRequested("r1", ALL),
                            new RecordReturnClosed("r1", ALL));
            assertThat(order.refundFor("r1", ALL)).isEqualTo(eur(GRAND));
            assertThat(order.moneyWish().refunds())
                    .containsExactly(new GiveBack("return r1", GRAND));
        }

        @Test // 1.3
        void a_late_authorization_of_a_declined_card_does_not_take_away_the_good_one() {
            List<Command> paid = and(ASKED, declined(1), ANOTHER, authorized(2, GRAND));
            Order order =
                    state(
                            paid,
                            authorized(2, 2 * GRAND),
                            authorized(2, GRAND),
                            OrderCommands.firm(OrderCommands.CREATED),
                            new RecordShipmentPlanned("s", ALL),
                            new RecordShipmentDispatched("s", "T"));
            assertThat(order.payment()).isEqualTo(Payment.AUTHORIZED);
            assertThat(order.moneyWish().take()).isEqualTo(GRAND);
        }

        @Test
        void a_decline_beside_another_good_card_is_concluded_once() {
            Command standing = second(GRAND, Outcome.DECLINED);
            after(and(ASKED, declined(1), ANOTHER, standing))
                    .when(standing)
                    .thenNothing()
                    .andState(order -> assertThat(order.payment()).isEqualTo(Payment.AUTHORIZED));
        }

        @Test
        void an_attempt_that_is_still_under_way_is_not_taken_for_one_that_was_not_enough() {
            Command standing = second(1000, Outcome.PENDING);
            after(and(ASKED, declined(1), ANOTHER, standing))
                    .when(standing)
                    .thenNothing()
                    .andState(order -> assertThat(order.money().card().attempt()).isEqualTo(2));
        }

        /// A standing of the second attempt.
        private static Command second(long setAside, Outcome outcome) {
            return heard(new OfCards(setAside, 0, 0, 0, 2, outcome, List.of()));
        }

        @Test // 1.5, 1.6
        void a_promise_that_is_not_kept_is_asked_for_once_more_and_then_people_decide() {
            List<Command> left =
                    and(
                            CONFIRMED,
                            new RecordShipmentPlanned("s1", ALL),
                            new RecordShipmentDispatched("s1", "T"),
                            ended(1, Outcome.CAPTURE_FAILED));
            assertThat(state(left).moneyWish().card())
                    .isEqualTo(new Card(2, "card", Placing.SEALED));
            List<Command> again = and(left, authorized(2, GRAND), ended(2, Outcome.CAPTURE_FAILED));
            assertThat(state(again).money().card().attempt()).isEqualTo(2);
            assertThat(state(again).isHeldFor(HoldKind.PAYMENT_RISK)).isTrue();
            after(again).when(ended(2, Outcome.CAPTURE_FAILED)).thenNothing();
            assertThat(
                            state(again, new ReleaseHold("PAYMENT_RISK", Placing.NOON))
                                    .money()
                                    .card()
                                    .attempt())
                    .isEqualTo(3);
            Order saved = state(again, ANOTHER, authorized(3, GRAND));
            assertThat(saved.isHeldFor(HoldKind.PAYMENT_RISK)).isFalse();
            assertThat(saved.moneyWish().take()).isEqualTo(GRAND);
            assertThat(saved.moneyWish().card()).isEqualTo(new Card(3, "card", "tok_2"));
        }

        @Test // 1.6
        void a_promise_that_ends_in_its_time_is_asked_for_as_long_as_the_order_waits() {
            List<Command> waits = CONFIRMED;
            for (int attempt = 1; attempt <= 5; attempt++) {
                waits = and(waits, ended(attempt, Outcome.EXPIRED), authorized(attempt + 1, GRAND));
            }
            assertThat(state(waits).holds()).isEmpty();
            assertThat(state(waits).isSecured()).isTrue();
        }

        @Test // 1.7
        void the_newest_card_is_tried_again_and_not_the_one_that_was_declined() {
            Order order =
                    state(
                            ASKED,
                            declined(1),
                            ANOTHER,
                            authorized(2, GRAND),
                            ended(2, Outcome.EXPIRED));
            assertThat(order.moneyWish().card()).isEqualTo(new Card(3, "card", "tok_2"));
        }

        @Test // 1.8
        void a_void_while_the_provider_is_asked_confirms_nothing() {
            List<Command> voided = and(ASKED, pending(1), ended(1, Outcome.VOIDED));
            assertThat(state(voided, OrderCommands.firm(OrderCommands.CREATED)).lifecycle())
                    .isEqualTo(Axes.Lifecycle.CREATED);
            assertThat(state(voided).moneyWish().card())
                    .isEqualTo(new Card(2, "card", Placing.SEALED));
            Order twice = state(voided, ended(2, Outcome.VOIDED));
            assertThat(twice.isHeldFor(HoldKind.PAYMENT_RISK)).isTrue();
        }

        @Test // 1.12
        void a_refund_that_has_failed_for_good_is_for_people() {
            Command failing =
                    heard(new OfCards(0, GRAND, 0, 0, 1, Outcome.AUTHORIZED, List.of("credit g1")));
            after(and(DELIVERED, grant("g1", 100)))
                    .when(failing)
                    .then(
                            new OrderAttentionRequested(
                                    new Attention(Attention.Topic.REFUND_FAILED, "credit g1")))
                    .when(failing)
                    .thenNothing();
        }

        @Test
        void a_refund_that_works_after_all_needs_nobody_any_more() {
            Attention failed = new Attention(Attention.Topic.REFUND_FAILED, "credit g1");
            after(
                            and(
                                    DELIVERED,
                                    grant("g1", 100),
                                    heard(
                                            new OfCards(
                                                    0,
                                                    GRAND,
                                                    0,
                                                    0,
                                                    1,
                                                    Outcome.AUTHORIZED,
                                                    List.of("credit g1")))))
                    .when(captured(0, GRAND, 100))
                    .andState(order -> assertThat(order.attentions()).doesNotContain(failed));
        }

        @Test
        void a_dearer_edit_has_the_difference_set_aside_and_a_decline_holds_the_order() {
            List<Command> dearer = dearer(CONFIRMED);
            Order order = state(dearer);
            assertThat(order.isSecured()).isFalse();
            assertThat(order.moneyWish().secure()).isEqualTo(GRAND + 500);
            assertThat(order.moneyWish().card()).isEqualTo(new Card(2, "card", Placing.SEALED));
            assertThat(state(dearer, second(GRAND + 500, Outcome.AUTHORIZED)).isSecured()).isTrue();
            List<Command> refused = and(dearer, second(GRAND, Outcome.DECLINED));
            assertThat(state(refused).isHeldFor(HoldKind.PAYMENT_RISK)).isTrue();
            Order other =
                    state(
                            refused,
                            ANOTHER,
                            heard(
                                    new OfCards(
                                            GRAND + 500,
                                            0,
                                            0,
                                            0,
                                            3,
                                            Outcome.AUTHORIZED,
                                            List.of())));
            assertThat(other.holds()).isEmpty();
        }

        @Test
        void an_attempt_that_only_took_the_place_of_an_earlier_one_was_not_enough() {
            Order order = state(dearer(CONFIRMED), second(GRAND, Outcome.AUTHORIZED));
            assertThat(order.money().card().attempt()).isEqualTo(3);
            assertThat(order.moneyWish().secure()).isEqualTo(GRAND + 500);
        }

        @Test
        void a_second_edit_has_the_card_tried_once_more() {
            List<Command> once = and(dearer(CONFIRMED), second(GRAND + 500, Outcome.AUTHORIZED));
            Order order = state(dearer(once));
            assertThat(order.money().card().attempt()).isEqualTo(3);
        }

        @Test // a20
        void an_edit_after_a_refund_is_paid_in_full() {
            List<Command> back = and(TEA_CAME_BACK, captured(GRAND - FIRST, FIRST, TEA));
            List<Command> dearer = dearer(back);
            Order order = state(dearer);
            assertThat(order.due()).isEqualTo(CUPS + SHIPPING + 500);
            assertThat(order.isSecured()).isFalse();
            assertThat(order.moneyWish().secure()).isEqualTo(GRAND + 500);
            List<Command> secured =
                    and(
                            dearer,
                            heard(
                                    new OfCards(
                                            GRAND + 500 - FIRST,
                                            FIRST,
                                            TEA,
                                            0,
                                            2,
                                            Outcome.AUTHORIZED,
                                            List.of())),
                            new RecordShipmentPlanned("s2", units(1, 3)),
                            new RecordShipmentDispatched("s2", "T2"),
                            new RecordShipmentPlanned("s3", units(2, 1)),
                            new RecordShipmentDispatched("s3", "T3"));
            MoneyWish wish = state(secured).moneyWish();
            assertThat(wish.take()).isEqualTo(GRAND + 500);
            assertThat(wish.take() - TEA).isEqualTo(order.due());
        }
    }

    @Nested
    class Disputing {
        private final List<Command> disputed = and(DELIVERED, contested(0, GRAND, 0, GRAND));

        @Test
        void nothing_is_given_back_of_what_a_bank_wants_back() {
            Order order =
                    state(
                            disputed,
                            new RecordReturnRequested("r1", ALL),
                            new RecordReturnClosed("r1", ALL));
            assertThat(order.payment()).isEqualTo(Payment.DISPUTED);
            assertThat(order.refundFor("r1", ALL)).isEqualTo(eur(0));
            assertThat(order.moneyWish().refunds()).isEmpty();
        }

        @Test
        void a_dispute_that_is_won_changes_nothing_and_what_was_owed_meanwhile_is_given_back() {
            Order won = state(disputed, captured(0, GRAND, 0));
            assertThat(won.payment()).isEqualTo(Payment.CAPTURED);
            assertThat(won.money().asked()).isZero();
            Order returned =
                    state(
                            disputed,
                            new RecordReturnRequested("r1", units(0, 2)),
                            new RecordReturnClosed("r1", units(0, 2)),
                            captured(0, GRAND, 0));
            assertThat(returned.moneyWish().refunds())
                    .containsExactly(new GiveBack("surplus", TEA));
        }

        @Test
        void a_dispute_that_is_lost_stays_and_nothing_is_taken_again() {
            assertThat(state(disputed).moneyWish().take()).isEqualTo(GRAND);
            after(disputed).when(contested(0, GRAND, 0, GRAND)).thenNothing();
        }
    }
}
