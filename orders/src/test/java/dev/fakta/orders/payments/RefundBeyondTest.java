// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static dev.fakta.orders.payments.Wishes.back;
import static dev.fakta.orders.payments.Wishes.eur;
import static dev.fakta.orders.payments.Wishes.paid;
import static dev.fakta.orders.payments.Wishes.refunded;
import static dev.fakta.orders.payments.Wishes.refunding;
import static dev.fakta.orders.payments.Wishes.settle;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment.Command;
import dev.fakta.orders.payments.Payment.Command.AskAgain;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordRefundFailed;
import dev.fakta.orders.payments.Payment.Command.SettleRefund;
import dev.fakta.orders.payments.Payment.Event;
import dev.fakta.orders.payments.Payment.Event.PaymentRefundSettled;
import dev.fakta.orders.payments.Payment.Refusal;
import dev.fakta.testkit.Then;
import org.junit.jupiter.api.Test;

/// A refund that the provider made twice, which only people can settle.
class RefundBeyondTest {

    private static final SettleRefund SETTLED = new SettleRefund(1, " transferred back ");

    /// The first refund of 20 was said to have failed, and was made beside the second one.
    private static Then<Command, Event, Payment> beyond() {
        return paid(100)
                .when(settle(2, 100, 100, back("R1", 20)))
                .when(new RecordRefundFailed(1, "down", null))
                .when(new AskAgain(Kind.REFUND, 1))
                .when(refunded(2, 20))
                .when(refunded(1, 20));
    }

    @Test
    void people_say_how_it_was_settled_and_no_sum_changes() {
        beyond().andState(RefundBeyondTest::hasGivenBackTwenty)
                .when(SETTLED)
                .then(new PaymentRefundSettled(1, eur(20), "transferred back"))
                .andState(RefundBeyondTest::hasGivenBackTwenty)
                .when(SETTLED)
                .thenNothing();
    }

    private static void hasGivenBackTwenty(Payment payment) {
        assertThat(payment.refunded()).isEqualTo(20);
        assertThat(payment.captured()).isEqualTo(100);
        assertThat(payment.standing().refundedFor()).containsExactly(back("R1", 20));
    }

    @Test
    void what_is_owed_later_is_asked_for_again_once_it_is_settled() {
        beyond().when(settle(3, 100, 100, back("R1", 35)))
                .andState(payment -> assertThat(payment.standing().failing()).containsExactly("R1"))
                .when(SETTLED)
                .then(
                        new PaymentRefundSettled(1, eur(20), "transferred back"),
                        refunding(3, "R1", 15))
                .when(refunded(3, 15))
                .andState(payment -> assertThat(payment.refunded()).isEqualTo(35))
                .andState(payment -> assertThat(payment.standing().failing()).isEmpty());
    }

    @Test
    void what_was_settled_does_not_take_the_place_of_a_refund_that_is_owed() {
        beyond().when(SETTLED)
                .when(settle(3, 100, 100, back("R1", 40)))
                .andState(payment -> assertThat(payment.refunded()).isEqualTo(20))
                .andState(
                        payment ->
                                assertThat(payment.inFlight(Kind.REFUND))
                                        .extracting(Operation::amount)
                                        .isEqualTo(eur(20)));
    }

    @Test
    void only_a_refund_that_was_one_too_many_is_settled() {
        beyond().when(new SettleRefund(2, "x")).thenRejected(Refusal.NOT_BEYOND);
        beyond().when(new SettleRefund(9, "x")).thenRejected(Refusal.UNKNOWN_OPERATION);
        beyond().when(new SettleRefund(1, " ")).thenRejected(Refusal.REASON_MISSING);
        beyond().when(new SettleRefund(1, null)).thenRejected(Refusal.REASON_MISSING);
        beyond().when(new SettleRefund(1, "x".repeat(201))).thenRejected(Refusal.REASON_MISSING);
    }
}
