// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static dev.fakta.orders.payments.Wishes.asked;
import static dev.fakta.orders.payments.Wishes.back;
import static dev.fakta.orders.payments.Wishes.captured;
import static dev.fakta.orders.payments.Wishes.eur;
import static dev.fakta.orders.payments.Wishes.givenBack;
import static dev.fakta.orders.payments.Wishes.held;
import static dev.fakta.orders.payments.Wishes.is;
import static dev.fakta.orders.payments.Wishes.live;
import static dev.fakta.orders.payments.Wishes.paid;
import static dev.fakta.orders.payments.Wishes.refunded;
import static dev.fakta.orders.payments.Wishes.refunding;
import static dev.fakta.orders.payments.Wishes.settle;
import static dev.fakta.orders.payments.Wishes.taken;
import static dev.fakta.orders.payments.Wishes.taking;
import static dev.fakta.orders.payments.Wishes.voiding;
import static dev.fakta.orders.payments.Wishes.wish;
import static dev.fakta.testkit.Given.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment.Command;
import dev.fakta.orders.payments.Payment.Command.AskAgain;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordCaptureFailed;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordDispute;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordDisputeClosed;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordRefundFailed;
import dev.fakta.orders.payments.Payment.Command.Settle;
import dev.fakta.orders.payments.Payment.Event.DisputeClosed;
import dev.fakta.orders.payments.Payment.Event.DisputeOpened;
import dev.fakta.orders.payments.Payment.Event.PaymentCaptureFailed;
import dev.fakta.orders.payments.Payment.Event.PaymentOvercharged;
import dev.fakta.orders.payments.Payment.Event.PaymentRefundFailed;
import dev.fakta.orders.payments.Payment.Event.PaymentRefundedBeyond;
import dev.fakta.orders.payments.Payment.Event.PaymentVoidFailed;
import dev.fakta.orders.payments.Payment.Event.PaymentVoided;
import dev.fakta.orders.payments.Payment.Event.RefundRequested;
import dev.fakta.orders.payments.Payment.Refusal;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What a payment gives back as its order wishes, and what it makes of contradictions.
class SettlementRefundsTest {

    @Nested
    class GivingBack {
        @Test
        void each_reason_is_given_back_once_and_one_after_the_other() {
            paid(100)
                    .when(settle(2, 100, 100, back("R1", 20), back("R2", 30)))
                    .then(wish(2, 100, 100, back("R1", 20), back("R2", 30)), refunding(1, "R1", 20))
                    .when(settle(3, 100, 100, back("R2", 30), back("R1", 20)))
                    .then(wish(3, 100, 100, back("R2", 30), back("R1", 20)))
                    .when(refunded(1, 20))
                    .then(givenBack(1, 20), refunding(2, "R2", 30))
                    .when(refunded(2, 30))
                    .then(givenBack(2, 30))
                    .andState(is(s -> assertThat(s.refunded()).isEqualTo(50)))
                    .andState(
                            is(
                                    s ->
                                            assertThat(s.refundedFor())
                                                    .containsExactly(
                                                            back("R1", 20), back("R2", 30))));
        }

        @Test
        void what_grows_is_given_back_by_the_difference_and_what_shrinks_is_left() {
            paid(100)
                    .when(settle(2, 100, 100, back("R1", 20)))
                    .when(refunded(1, 20))
                    .when(settle(3, 100, 100, back("R1", 35)))
                    .then(wish(3, 100, 100, back("R1", 35)), refunding(2, "R1", 15))
                    .when(refunded(2, 15))
                    .when(settle(4, 100, 100, back("R1", 5)))
                    .then(wish(4, 100, 100, back("R1", 5)));
        }

        @Test
        void what_is_not_taken_yet_is_given_back_as_soon_as_it_is() {
            live(100, 0)
                    .when(settle(2, 100, 60, back("R1", 80)))
                    .then(wish(2, 100, 60, back("R1", 80)), taking(1, 1, 60))
                    .when(captured(1, 60))
                    .then(taken(1, 60), refunding(1, "R1", 60))
                    .when(refunded(1, 60))
                    .then(givenBack(1, 60))
                    .when(settle(3, 100, 100, back("R1", 80)))
                    .when(captured(2, 40))
                    .then(taken(2, 40), refunding(2, "R1", 20));
        }

        @Test
        void a_refund_that_failed_waits_and_holds_up_no_other() {
            paid(100)
                    .when(settle(2, 100, 100, back("R1", 20), back("R2", 30)))
                    .when(new RecordRefundFailed(1, "down", null))
                    .then(new PaymentRefundFailed(1, "down", 1, null), refunding(2, "R2", 30))
                    .when(refunded(2, 30))
                    .when(new AskAgain(Kind.REFUND, 1))
                    .then(refunding(3, "R1", 20))
                    .when(refunded(3, 20))
                    .when(new AskAgain(Kind.REFUND, 1))
                    .thenNothing();
        }

        @Test
        void a_refund_is_not_asked_for_again_while_another_is_in_flight() {
            paid(100)
                    .when(settle(2, 100, 100, back("R1", 20), back("R2", 30)))
                    .when(new RecordRefundFailed(1, "down", null))
                    .when(new AskAgain(Kind.REFUND, 1))
                    .thenRejected(Refusal.OPERATION_IN_FLIGHT);
        }

        @Test
        void a_refund_is_not_asked_for_again_while_nothing_is_left_to_give_back() {
            paid(100)
                    .when(settle(2, 100, 100, back("R1", 100), back("R2", 100)))
                    .when(new RecordRefundFailed(1, "down", null))
                    .when(refunded(2, 100))
                    .when(new AskAgain(Kind.REFUND, 1))
                    .thenRejected(Refusal.EXCEEDS_CAPTURED);
        }

        @Test
        void a_refund_that_fails_ten_times_waits_for_people() {
            var failing = paid(100).when(settle(2, 100, 100, back("R1", 20)));
            for (int number = 1; number < 10; number++) {
                failing =
                        failing.when(new RecordRefundFailed(number, "down", null))
                                .then(new PaymentRefundFailed(number, "down", number, null))
                                .andState(is(s -> assertThat(s.failing()).isEmpty()))
                                .when(new AskAgain(Kind.REFUND, number));
            }
            failing.when(new RecordRefundFailed(10, "down", null))
                    .then(new PaymentRefundFailed(10, "down", 10, null))
                    .andState(is(s -> assertThat(s.failing()).containsExactly("R1")))
                    .when(new AskAgain(Kind.REFUND, 10))
                    .then(refunding(11, "R1", 20))
                    .when(refunded(11, 20))
                    .andState(is(s -> assertThat(s.failing()).isEmpty()));
        }

        @Test
        void a_refund_that_failed_and_came_after_all_takes_the_place_of_the_one_that_fails() {
            paid(100)
                    .when(settle(2, 100, 100, back("R1", 20)))
                    .when(new RecordRefundFailed(1, "down", null))
                    .when(new AskAgain(Kind.REFUND, 1))
                    .when(refunded(1, 20))
                    .then(new PaymentRefundedBeyond(1, eur(20), "back", null))
                    .when(new RecordRefundFailed(2, "no", null))
                    .then(new PaymentRefundFailed(2, "no", 1, null), givenBack(1, 20))
                    .andState(is(s -> assertThat(s.refunded()).isEqualTo(20)));
        }

        @Test
        void a_refund_that_failed_and_came_after_all_is_not_asked_for_again() {
            paid(100)
                    .when(settle(2, 100, 100, back("R1", 20)))
                    .when(new RecordRefundFailed(1, "down", null))
                    .when(refunded(1, 20))
                    .then(givenBack(1, 20))
                    .when(new AskAgain(Kind.REFUND, 1))
                    .thenNothing();
        }
    }

    @Nested
    class Contradicting {
        @Test
        void a_capture_that_came_after_all_is_returned_by_the_payment_and_is_in_no_sum() {
            given(
                            Payment.AGGREGATE,
                            wish(1, 100, 100, 2),
                            asked(1, 100, 100),
                            held(1, 100),
                            taking(1, 1, 100),
                            new PaymentCaptureFailed(1, "", null),
                            voiding(1, 1, 100),
                            new PaymentVoided(1, "void", null),
                            asked(2, 100, 100),
                            held(2, 100),
                            taking(2, 2, 100),
                            taken(2, 100))
                    .when(captured(1, 100))
                    .then(
                            new PaymentOvercharged(1, eur(100), "cap", null),
                            new RefundRequested(1, "overcharge-1", 1, eur(100)))
                    .when(new RecordRefundFailed(1, "down", null))
                    .then(new PaymentRefundFailed(1, "down", 1, null))
                    .when(new AskAgain(Kind.REFUND, 1))
                    .then(new RefundRequested(2, "overcharge-1", 1, eur(100)))
                    .when(refunded(2, 100))
                    .andState(is(s -> assertThat(s.captured()).isEqualTo(100)))
                    .andState(is(s -> assertThat(s.refunded()).isZero()))
                    .andState(is(s -> assertThat(s.refundedFor()).isEmpty()));
        }

        @Test
        void
                a_capture_that_came_after_all_is_returned_though_more_is_secured_than_is_to_be_taken() {
            given(
                            Payment.AGGREGATE,
                            wish(1, 100, 50, 2),
                            asked(1, 100, 100),
                            held(1, 100),
                            taking(1, 1, 50),
                            new PaymentCaptureFailed(1, "", null),
                            voiding(1, 1, 100),
                            new PaymentVoidFailed(1, "", 1, null),
                            asked(2, 100, 100),
                            held(2, 100),
                            taking(2, 2, 50),
                            taken(2, 50))
                    .when(captured(1, 50))
                    .then(
                            new PaymentOvercharged(1, eur(50), "cap", null),
                            new RefundRequested(1, "overcharge-1", 1, eur(50)));
        }

        @Test
        void what_was_given_back_twice_by_mistake_is_left_to_people_when_more_is_owed() {
            paid(100)
                    .when(settle(2, 100, 100, back("R1", 20)))
                    .when(new RecordRefundFailed(1, "down", null))
                    .when(new AskAgain(Kind.REFUND, 1))
                    .when(refunded(1, 20))
                    .when(refunded(2, 20))
                    .then(givenBack(2, 20))
                    .when(settle(3, 100, 100, back("R1", 30)))
                    .then(wish(3, 100, 100, back("R1", 30)))
                    .andState(is(s -> assertThat(s.failing()).containsExactly("R1")))
                    .when(settle(4, 100, 100, back("R1", 40)))
                    .then(wish(4, 100, 100, back("R1", 40)), givenBack(1, 20))
                    .andState(is(s -> assertThat(s.failing()).isEmpty()));
        }

        @Test
        void a_capture_that_came_after_all_and_is_still_wanted_is_kept() {
            live(100, 60)
                    .when(new RecordCaptureFailed(1, "", null))
                    .then(new PaymentCaptureFailed(1, "", null), voiding(1, 1, 100))
                    .when(captured(1, 60))
                    .then(taken(1, 60));
        }
    }

    @Nested
    class Wishing {
        @Test
        void an_older_wish_and_the_same_wish_change_nothing() {
            given(Payment.AGGREGATE)
                    .when(settle(5, 100, 0, 1))
                    .then(wish(5, 100, 0, 1), asked(1, 100, 100))
                    .when(settle(5, 100, 0, 1))
                    .thenNothing()
                    .when(settle(4, 900, 900, 2))
                    .thenNothing()
                    .andState(is(s -> assertThat(s.revision()).isEqualTo(5)));
        }

        @Test
        void a_payment_that_its_order_settles_is_asked_by_nobody_else() {
            var settled = live(100, 0);
            settled.when(new Command.Capture("s1", eur(5))).thenRejected(Refusal.SETTLED_BY_ORDER);
            settled.when(new Command.Refund("r", eur(5))).thenRejected(Refusal.SETTLED_BY_ORDER);
            settled.when(new Command.VoidPayment()).thenRejected(Refusal.SETTLED_BY_ORDER);
            settled.when(new Command.RequestAuthorization("o1", eur(9), eur(9), "card", "t"))
                    .thenRejected(Refusal.SETTLED_BY_ORDER);
        }

        @Test
        void a_wish_that_makes_no_sense_is_refused() {
            refuse(settle(1, 5, 6, 1), Refusal.WISH_INVALID);
            refuse(settle(1, 10_000_000_000_000_001L, 0, 1), Refusal.WISH_INVALID);
            refuse(settle(-1, 5, 5, 1), Refusal.WISH_INVALID);
            refuse(settle(1, 5, 5, back("R", 1), back("R", 2)), Refusal.REFUNDS_INVALID);
            refuse(settle(1, 5, 5, back("overcharge-1", 1)), Refusal.REFUNDS_INVALID);
            refuse(settle(1, 5, 5, back("R", -1)), Refusal.REFUNDS_INVALID);
            refuse(settle(1, 5, 5, -1), Refusal.CARD_INVALID);
            refuse(new AskAgain(Kind.CAPTURE, 1), Refusal.KIND_NOT_REPEATED);
            refuse(new AskAgain(Kind.VOID, 1), Refusal.UNKNOWN_PAYMENT);
            live(5, 0)
                    .when(new Settle("o2", 2, eur(1).currency(), 5, 5, List.of(), null))
                    .thenRejected(Refusal.ORDER_DIFFERS);
            live(5, 0)
                    .when(new Settle("o1", 2, Money.of(1, "USD").currency(), 5, 5, List.of(), null))
                    .thenRejected(Refusal.CURRENCY_DIFFERS);
        }

        private void refuse(Command command, Refusal refusal) {
            given(Payment.AGGREGATE).when(command).thenRejected(refusal);
        }
    }

    @Nested
    class Disputing {
        @Test
        void what_is_disputed_is_contested_until_it_is_won_back() {
            paid(100)
                    .when(new RecordDispute("d1", eur(60), "not mine", null))
                    .then(new DisputeOpened("d1", eur(60), "not mine", null))
                    .andState(is(s -> assertThat(s.contested()).isEqualTo(60)))
                    .when(new RecordDisputeClosed("d1", true, "e2"))
                    .then(new DisputeClosed("d1", true, "e2"))
                    .andState(is(s -> assertThat(s.contested()).isZero()))
                    .when(new RecordDisputeClosed("d1", true, "e3"))
                    .thenNothing();
        }

        @Test
        void what_is_lost_stays_contested() {
            paid(100)
                    .when(new RecordDispute("d1", eur(60), "", null))
                    .when(new RecordDisputeClosed("d1", false, null))
                    .then(new DisputeClosed("d1", false, null))
                    .andState(is(s -> assertThat(s.contested()).isEqualTo(60)));
        }

        @Test
        void an_end_that_is_told_before_the_beginning_counts() {
            paid(100)
                    .when(new RecordDisputeClosed("d1", true, "e2"))
                    .then(new DisputeClosed("d1", true, "e2"))
                    .when(new RecordDispute("d1", eur(60), "", "e1"))
                    .then(new DisputeOpened("d1", eur(60), "", "e1"))
                    .andState(is(s -> assertThat(s.contested()).isZero()));
        }
    }
}
