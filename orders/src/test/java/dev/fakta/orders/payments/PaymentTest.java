// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static dev.fakta.testkit.Given.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment.Command.Capture;
import dev.fakta.orders.payments.Payment.Command.ExpireAuthorization;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordAuthorized;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordCaptureFailed;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordCaptured;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordDeclined;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordDispute;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordOutcomeUnknown;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordRefundFailed;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordRefunded;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordVoidFailed;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordVoided;
import dev.fakta.orders.payments.Payment.Command.Refund;
import dev.fakta.orders.payments.Payment.Command.RequestAuthorization;
import dev.fakta.orders.payments.Payment.Command.VoidPayment;
import dev.fakta.orders.payments.Payment.Event;
import dev.fakta.orders.payments.Payment.Event.AuthorizationExpired;
import dev.fakta.orders.payments.Payment.Event.AuthorizationRequested;
import dev.fakta.orders.payments.Payment.Event.CaptureRequested;
import dev.fakta.orders.payments.Payment.Event.DisputeOpened;
import dev.fakta.orders.payments.Payment.Event.OutcomeUnknown;
import dev.fakta.orders.payments.Payment.Event.PaymentAuthorized;
import dev.fakta.orders.payments.Payment.Event.PaymentCancelled;
import dev.fakta.orders.payments.Payment.Event.PaymentCaptureFailed;
import dev.fakta.orders.payments.Payment.Event.PaymentCaptured;
import dev.fakta.orders.payments.Payment.Event.PaymentDeclined;
import dev.fakta.orders.payments.Payment.Event.PaymentOvercharged;
import dev.fakta.orders.payments.Payment.Event.PaymentRefundFailed;
import dev.fakta.orders.payments.Payment.Event.PaymentRefunded;
import dev.fakta.orders.payments.Payment.Event.PaymentRefundedBeyond;
import dev.fakta.orders.payments.Payment.Event.PaymentVoidFailed;
import dev.fakta.orders.payments.Payment.Event.PaymentVoided;
import dev.fakta.orders.payments.Payment.Event.RefundRequested;
import dev.fakta.orders.payments.Payment.Event.VoidRequested;
import dev.fakta.orders.payments.Payment.Refusal;
import dev.fakta.testkit.Given;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PaymentTest {

    private static final Instant END = Instant.parse("2026-07-08T12:00:00Z");
    private static final Money ALL = eur(100);
    private static final RequestAuthorization PAY =
            new RequestAuthorization("o1", ALL, ALL, "card", "tok_ok");
    private static final AuthorizationRequested ASKED = asked(1, ALL);
    private static final PaymentAuthorized HELD = held(1, ALL);
    private static final Given<Payment.Command, Event, Payment> LIVE =
            given(Payment.AGGREGATE, ASKED, HELD);

    @Nested
    class Authorizing {
        @Test
        void money_is_asked_for_and_promised_once() {
            given(Payment.AGGREGATE)
                    .when(PAY)
                    .then(ASKED)
                    .when(PAY)
                    .thenNothing()
                    .when(new RecordAuthorized(1, ALL, "ref", END, "e1"))
                    .then(new PaymentAuthorized(1, ALL, "ref", END, "e1"))
                    .when(new RecordAuthorized(1, ALL, "ref", END, "e2"))
                    .thenNothing()
                    .when(PAY)
                    .thenNothing()
                    .andState(payment -> assertThat(payment.authorized()).isEqualTo(100));
        }

        @Test
        void after_a_refusal_another_card_can_be_tried_under_another_key() {
            given(Payment.AGGREGATE, ASKED, new PaymentDeclined(1, "no funds", null))
                    .when(new RequestAuthorization("o1", ALL, ALL, "card", "tok_ok"))
                    .then(asked(2, ALL))
                    .andState(
                            payment ->
                                    assertThat(payment.operations())
                                            .extracting(one -> one.key("p7"))
                                            .containsExactly(
                                                    "p7-authorization-1", "p7-authorization-2"));
        }

        @Test
        void one_try_at_a_time_and_for_one_order_and_total() {
            given(Payment.AGGREGATE, ASKED)
                    .when(new RequestAuthorization("o1", ALL, ALL, "card", "tok_2"))
                    .thenRejected(Refusal.OPERATION_IN_FLIGHT);
            LIVE.when(new RequestAuthorization("o1", ALL, eur(5), "card", "tok_ok"))
                    .thenRejected(Refusal.ALREADY_AUTHORIZED);
            LIVE.when(new RequestAuthorization("o2", ALL, ALL, "card", "tok_ok"))
                    .thenRejected(Refusal.ORDER_DIFFERS);
            given(Payment.AGGREGATE)
                    .when(new RequestAuthorization("o1", ALL, eur(101), "card", "t"))
                    .thenRejected(Refusal.EXCEEDS_TOTAL);
        }

        @Test
        void a_lost_answer_keeps_it_in_flight_until_the_provider_was_asked() {
            given(Payment.AGGREGATE, ASKED)
                    .when(new RecordOutcomeUnknown(Kind.AUTHORIZATION, 1))
                    .then(new OutcomeUnknown(Kind.AUTHORIZATION, 1))
                    .when(new RecordOutcomeUnknown(Kind.AUTHORIZATION, 1))
                    .thenNothing()
                    .when(PAY)
                    .thenNothing()
                    .when(new RecordAuthorized(1, ALL, "ref", END, null))
                    .then(HELD)
                    .when(new RecordOutcomeUnknown(Kind.AUTHORIZATION, 1))
                    .thenNothing();
        }

        @Test
        void an_authorization_expires_when_its_time_is_over_and_can_be_had_anew() {
            LIVE.when(new ExpireAuthorization(1, END.minusMillis(1)))
                    .thenRejected(Refusal.NOT_EXPIRED);
            LIVE.when(new ExpireAuthorization(1, END))
                    .then(new AuthorizationExpired(1, ALL))
                    .when(new ExpireAuthorization(1, END))
                    .thenNothing()
                    .when(PAY)
                    .then(asked(2, ALL));
        }

        @Test
        void a_provider_that_contradicts_itself_is_told_so() {
            LIVE.when(new RecordDeclined(1, "changed my mind", "e9"))
                    .thenRejected(Refusal.OUTCOME_CONTRADICTED);
            given(Payment.AGGREGATE, ASKED)
                    .when(new RecordAuthorized(1, eur(99), "ref", END, null))
                    .thenRejected(Refusal.AMOUNT_DIFFERS);
            LIVE.when(new RecordAuthorized(2, ALL, "ref", END, null))
                    .thenRejected(Refusal.UNKNOWN_OPERATION);
        }
    }

    @Nested
    class Capturing {
        @Test
        void each_part_is_taken_once() {
            LIVE.when(new Capture("s1", eur(60)))
                    .then(new CaptureRequested(1, 1, "s1", eur(60)))
                    .when(new Capture("s1", eur(60)))
                    .thenNothing()
                    .when(new RecordCaptured(1, eur(60), "cap", "e1"))
                    .then(new PaymentCaptured(1, eur(60), "cap", "e1"))
                    .when(new RecordCaptured(1, eur(60), "cap", "e1"))
                    .thenNothing()
                    .when(new Capture("s1", eur(60)))
                    .thenNothing()
                    .when(new Capture("s2", eur(40)))
                    .then(new CaptureRequested(2, 1, "s2", eur(40)));
        }

        @Test
        void no_more_is_taken_than_is_authorized_and_one_part_after_the_other() {
            LIVE.when(new Capture("s1", eur(101))).thenRejected(Refusal.EXCEEDS_AUTHORIZED);
            given(Payment.AGGREGATE, ASKED)
                    .when(new Capture("s1", eur(1)))
                    .thenRejected(Refusal.NOT_AUTHORIZED);
            taking("s1", 60)
                    .when(new Capture("s2", eur(1)))
                    .thenRejected(Refusal.OPERATION_IN_FLIGHT);
            taken("s1", 60)
                    .when(new Capture("s2", eur(41)))
                    .thenRejected(Refusal.EXCEEDS_AUTHORIZED);
            taken("s1", 60).when(new Capture("s1", eur(40))).thenRejected(Refusal.PURPOSE_DIFFERS);
        }

        @Test
        void a_failed_capture_can_be_tried_again() {
            taking("s1", 60)
                    .when(new RecordCaptureFailed(1, "later", null))
                    .then(new PaymentCaptureFailed(1, "later", null))
                    .when(new RecordCaptureFailed(1, "later", null))
                    .thenNothing()
                    .when(new Capture("s1", eur(60)))
                    .then(new CaptureRequested(2, 1, "s1", eur(60)));
        }

        @Test
        void an_authorization_does_not_expire_under_a_capture() {
            taking("s1", 60)
                    .when(new ExpireAuthorization(1, END))
                    .thenRejected(Refusal.OPERATION_IN_FLIGHT);
        }
    }

    @Nested
    class Cancelling {
        @Test
        void what_is_authorized_is_given_back_and_nothing_more_is_taken() {
            LIVE.when(new VoidPayment())
                    .then(new PaymentCancelled(), new VoidRequested(1, 1, ALL))
                    .when(new VoidPayment())
                    .thenNothing()
                    .when(new RecordVoided(1, "void", "e1"))
                    .then(new PaymentVoided(1, "void", "e1"))
                    .andState(payment -> assertThat(payment.voided()).isEqualTo(100))
                    .when(new Capture("s1", eur(1)))
                    .thenRejected(Refusal.PAYMENT_CANCELLED);
        }

        @Test
        void only_the_rest_is_given_back_once_the_capture_in_flight_is_known() {
            taking("s1", 60)
                    .when(new VoidPayment())
                    .then(new PaymentCancelled())
                    .when(new RecordCaptured(1, eur(60), "cap", null))
                    .then(
                            new PaymentCaptured(1, eur(60), "cap", null),
                            new VoidRequested(1, 1, eur(40)));
        }

        @Test
        void an_authorization_that_comes_after_the_cancellation_is_voided() {
            given(Payment.AGGREGATE, ASKED)
                    .when(new VoidPayment())
                    .then(new PaymentCancelled())
                    .when(new RecordAuthorized(1, ALL, "ref", END, null))
                    .then(HELD, new VoidRequested(1, 1, ALL));
        }

        @Test
        void a_void_that_failed_is_asked_for_again_under_a_new_key() {
            LIVE.when(new VoidPayment())
                    .when(new RecordVoidFailed(1, "down", null))
                    .then(new PaymentVoidFailed(1, "down", 1, null))
                    .when(new VoidPayment())
                    .then(new VoidRequested(2, 1, ALL));
        }
    }

    @Nested
    class Refunding {
        @Test
        void what_was_taken_is_given_back_in_parts_each_of_them_once() {
            taken("s1", 60)
                    .when(new Refund("r1", eur(20)))
                    .then(new RefundRequested(1, "r1", 0, eur(20)))
                    .when(new RecordRefunded(1, eur(20), "back", "e1"))
                    .then(new PaymentRefunded(1, eur(20), "back", "e1"))
                    .when(new Refund("r1", eur(20)))
                    .thenNothing()
                    .when(new Refund("r2", eur(41)))
                    .thenRejected(Refusal.EXCEEDS_CAPTURED);
        }

        @Test
        void a_refund_that_failed_and_came_after_all_is_not_owed_twice() {
            taken("s1", 60)
                    .when(new Refund("r1", eur(60)))
                    .when(new RecordRefundFailed(1, "down", null))
                    .then(new PaymentRefundFailed(1, "down", 1, null))
                    .when(new Refund("r1", eur(60)))
                    .then(new RefundRequested(2, "r1", 0, eur(60)))
                    .when(new RecordRefunded(1, eur(60), "back", null))
                    .then(new PaymentRefundedBeyond(1, eur(60), "back", null))
                    .when(new RecordRefunded(2, eur(60), "back", null))
                    .then(new PaymentRefunded(2, eur(60), "back", null))
                    .andState(payment -> assertThat(payment.refunded()).isEqualTo(60));
        }
    }

    @Nested
    class Late {
        @Test
        void a_capture_that_failed_and_came_after_all_stands_if_nothing_took_its_place() {
            taking("s1", 60)
                    .when(new RecordCaptureFailed(1, "", null))
                    .when(new RecordCaptured(1, eur(60), "cap", null))
                    .then(new PaymentCaptured(1, eur(60), "cap", null));
        }

        @Test
        void a_part_that_was_taken_twice_is_refunded_once() {
            taking("s1", 50)
                    .when(new RecordCaptureFailed(1, "", null))
                    .when(new Capture("s1", eur(50)))
                    .when(new RecordCaptured(2, eur(50), "cap", null))
                    .when(new RecordCaptured(1, eur(50), "cap", "late"))
                    .then(
                            new PaymentOvercharged(1, eur(50), "cap", "late"),
                            new RefundRequested(1, "overcharge-1", 1, eur(50)))
                    .andState(payment -> assertThat(payment.overcharged()).isEqualTo(50))
                    .when(new RecordRefunded(1, eur(50), "back", null))
                    .andState(payment -> assertThat(payment.overcharged()).isZero())
                    .andState(payment -> assertThat(payment.captured()).isEqualTo(50));
        }

        @Test
        void a_capture_after_the_expiry_is_refunded() {
            taking("s1", 60)
                    .when(new RecordCaptureFailed(1, "", null))
                    .when(new ExpireAuthorization(1, END))
                    .when(new RecordCaptured(1, eur(60), "cap", null))
                    .then(
                            new PaymentOvercharged(1, eur(60), "cap", null),
                            new RefundRequested(1, "overcharge-1", 1, eur(60)))
                    .when(new RecordRefundFailed(1, "", null))
                    .when(new Refund("overcharge-1", eur(60)))
                    .then(new RefundRequested(2, "overcharge-1", 1, eur(60)));
        }

        @Test
        void of_two_authorizations_the_older_is_voided() {
            given(Payment.AGGREGATE, ASKED, new PaymentDeclined(1, "", null), asked(2, ALL))
                    .when(new RecordAuthorized(2, ALL, "ref", END, null))
                    .then(held(2, ALL))
                    .when(new RecordAuthorized(1, ALL, "ref", END, null))
                    .then(HELD, new VoidRequested(1, 1, ALL))
                    .when(new Capture("s1", ALL))
                    .then(new CaptureRequested(1, 2, "s1", ALL));
        }

        @Test
        void two_authorizations_do_not_pay_an_order_twice() {
            given(
                            Payment.AGGREGATE,
                            ASKED,
                            new PaymentDeclined(1, "", null),
                            asked(2, ALL),
                            HELD,
                            new CaptureRequested(1, 1, "s1", ALL),
                            new PaymentCaptured(1, ALL, "cap", null),
                            held(2, ALL))
                    .when(new Capture("s2", eur(1)))
                    .thenRejected(Refusal.EXCEEDS_TOTAL);
        }

        @Test
        void an_event_id_of_the_provider_counts_once() {
            given(Payment.AGGREGATE, ASKED, new PaymentAuthorized(1, ALL, "ref", END, "e1"))
                    .when(new Capture("s1", eur(60)))
                    .when(new RecordCaptured(1, eur(60), "cap", "e1"))
                    .thenNothing();
        }

        @Test
        void a_dispute_is_recorded_once() {
            taken("s1", 60)
                    .when(new RecordDispute("d1", eur(60), "not mine", null))
                    .then(new DisputeOpened("d1", eur(60), "not mine", null))
                    .when(new RecordDispute("d1", eur(60), "not mine", "e7"))
                    .thenNothing();
        }
    }

    @Test
    void a_command_says_all_that_is_needed() {
        refuse(new RequestAuthorization(null, ALL, ALL, "card", "t"), Refusal.ORDER_INVALID);
        refuse(new RequestAuthorization("o1", ALL, ALL, "", "t"), Refusal.METHOD_INVALID);
        refuse(new RequestAuthorization("o1", ALL, eur(0), "c", "t"), Refusal.AMOUNT_INVALID);
        refuse(new RequestAuthorization("o1", ALL, usd(5), "c", "t"), Refusal.CURRENCY_DIFFERS);
        refuse(new Capture(" ", ALL), Refusal.PURPOSE_INVALID);
        refuse(new Capture("s1", eur(-1)), Refusal.AMOUNT_INVALID);
        refuse(new RecordAuthorized(1, ALL, "r", null, null), Refusal.TIME_INVALID);
        refuse(new RecordCaptured(1, ALL, null, null), Refusal.REFERENCE_INVALID);
        refuse(new RecordDeclined(1, "x".repeat(201), null), Refusal.REASON_INVALID);
        refuse(new RecordOutcomeUnknown(null, 1), Refusal.KIND_MISSING);
        refuse(new VoidPayment(), Refusal.UNKNOWN_PAYMENT);
        LIVE.when(new Capture("s1", usd(5))).thenRejected(Refusal.CURRENCY_DIFFERS);
    }

    private static void refuse(Payment.Command command, Refusal refusal) {
        given(Payment.AGGREGATE).when(command).thenRejected(refusal);
    }

    private static Given<Payment.Command, Event, Payment> taking(String part, long minor) {
        return given(Payment.AGGREGATE, ASKED, HELD, new CaptureRequested(1, 1, part, eur(minor)));
    }

    private static Given<Payment.Command, Event, Payment> taken(String part, long minor) {
        return given(
                Payment.AGGREGATE,
                ASKED,
                HELD,
                new CaptureRequested(1, 1, part, eur(minor)),
                new PaymentCaptured(1, eur(minor), "cap", null));
    }

    private static AuthorizationRequested asked(int number, Money amount) {
        return new AuthorizationRequested("o1", ALL, number, amount, "card", "tok_ok");
    }

    private static PaymentAuthorized held(int number, Money amount) {
        return new PaymentAuthorized(number, amount, "ref", END, null);
    }

    private static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }

    private static Money usd(long minor) {
        return Money.of(minor, "USD");
    }
}
