// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static dev.fakta.orders.payments.Wishes.back;
import static dev.fakta.orders.payments.Wishes.live;
import static dev.fakta.orders.payments.Wishes.paid;
import static dev.fakta.orders.payments.Wishes.refunded;
import static dev.fakta.orders.payments.Wishes.refunding;
import static dev.fakta.orders.payments.Wishes.settle;
import static dev.fakta.orders.payments.Wishes.voiding;

import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment.Command.AskAgain;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordCaptureFailed;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordRefundFailed;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordVoidFailed;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordVoided;
import dev.fakta.orders.payments.Payment.Refusal;
import org.junit.jupiter.api.Test;

/// What people have asked again of what failed.
class RepetitionTest {

    private static final AskAgain ALL = new AskAgain(null, null);

    @Test
    void nothing_is_asked_again_when_nothing_has_failed() {
        paid(100).when(ALL).thenRejected(Refusal.NOTHING_FAILED);
        live(100, 100).when(ALL).thenRejected(Refusal.NOTHING_FAILED);
    }

    @Test
    void a_refund_that_failed_is_asked_again_until_it_is_made() {
        paid(100)
                .when(settle(2, 100, 100, back("R1", 20)))
                .when(new RecordRefundFailed(1, "down", null))
                .when(ALL)
                .then(refunding(2, "R1", 20))
                .when(refunded(2, 20))
                .when(ALL)
                .thenRejected(Refusal.NOTHING_FAILED);
    }

    @Test
    void a_refund_that_is_not_owed_any_more_is_not_asked_again() {
        paid(100)
                .when(settle(2, 100, 100, back("R1", 20)))
                .when(new RecordRefundFailed(1, "down", null))
                .when(settle(3, 100, 100, back("R1", 0)))
                .when(ALL)
                .thenRejected(Refusal.NOTHING_FAILED);
    }

    @Test
    void a_refund_waits_for_the_one_in_flight() {
        paid(100)
                .when(settle(2, 100, 100, back("R1", 20), back("R2", 30)))
                .when(new RecordRefundFailed(1, "down", null))
                .when(ALL)
                .thenRejected(Refusal.OPERATION_IN_FLIGHT);
    }

    @Test
    void a_void_that_failed_is_asked_again() {
        live(100, 0)
                .when(settle(2, 0, 0, 1))
                .when(new RecordVoidFailed(1, "down", null))
                .when(ALL)
                .then(voiding(2, 1, 100))
                .when(ALL)
                .thenRejected(Refusal.OPERATION_IN_FLIGHT);
    }

    @Test
    void a_capture_that_failed_is_asked_again_while_its_promise_stands() {
        live(100, 100)
                .when(new RecordCaptureFailed(1, "down", null))
                .when(new RecordVoidFailed(1, "down", null))
                .when(ALL)
                .then(new Payment.Event.CaptureRequested(2, 1, "take-1", Wishes.eur(100)));
        live(100, 100)
                .when(new RecordCaptureFailed(1, "down", null))
                .when(new RecordVoided(1, "v", null))
                .when(ALL)
                .thenRejected(Refusal.CARD_FAILED);
    }

    @Test
    void a_capture_that_is_not_wanted_any_more_is_not_asked_again() {
        live(100, 100)
                .when(new RecordCaptureFailed(1, "down", null))
                .when(new RecordVoided(1, "v", null))
                .when(settle(2, 0, 0, 1))
                .when(ALL)
                .thenRejected(Refusal.NOTHING_FAILED);
    }

    @Test
    void one_operation_is_named_whole() {
        paid(100).when(new AskAgain(Kind.REFUND, null)).thenRejected(Refusal.KIND_NOT_REPEATED);
        paid(100).when(new AskAgain(null, 1)).thenRejected(Refusal.KIND_NOT_REPEATED);
        paid(100).when(new AskAgain(Kind.REFUND, 1)).thenRejected(Refusal.UNKNOWN_OPERATION);
    }
}
