// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static dev.fakta.testkit.SagaScenario.scenario;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.SagaState;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment.Command.AskAgain;
import dev.fakta.orders.payments.Payment.Command.ExpireAuthorization;
import dev.fakta.orders.payments.Payment.Event;
import dev.fakta.orders.payments.Payment.Refusal;
import dev.fakta.testkit.SagaScenario;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What a payment needs time for, in virtual time.
class PaymentUpkeepTest {

    private static final Money TEN = Money.of(1_000, "EUR");
    private static final Instant END = Instant.parse("2026-07-08T12:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration PAUSE = Duration.ofMinutes(10);
    private static final Event HELD = new Event.PaymentAuthorized(1, TEN, "ref", END, null);

    private static SagaScenario<PaymentUpkeep.Event, PaymentUpkeep> begun() {
        return scenario(PaymentUpkeep.SAGA, "p");
    }

    private static Event refund(int number, String reason) {
        return new Event.RefundRequested(number, reason, 0, TEN);
    }

    private static Event refundFailed(int number) {
        return new Event.PaymentRefundFailed(number, "down", null);
    }

    @Test
    void it_begins_with_the_first_authorization() {
        begun().when(HELD).thenSendsNothing().thenWakes("expire-1", WEEK);
    }

    @Test
    void it_waits_for_years_without_being_stuck() {
        begun().when(HELD)
                .whenTimePasses(Duration.ofDays(9_999))
                .thenSends(new ExpireAuthorization(1, END))
                .whenAccepted("expire")
                .whenTimePasses(Duration.ofDays(9_999))
                .thenIs(SagaState.Status.LIVE);
    }

    @Nested
    class Expiring {
        @Test
        void an_authorization_is_ended_at_its_time_by_our_own_clock() {
            begun().when(HELD)
                    .thenSendsNothing()
                    .thenWakes("expire-1", WEEK)
                    .whenTimePasses(WEEK)
                    .thenSends(new ExpireAuthorization(1, END))
                    .whenAccepted("expire")
                    .thenSendsNothing();
        }

        @Test
        void one_that_a_capture_is_in_flight_of_is_ended_later() {
            begun().when(HELD)
                    .whenTimePasses(WEEK)
                    .whenRefused("expire", Refusal.OPERATION_IN_FLIGHT)
                    .thenSendsNothing()
                    .whenTimePasses(PAUSE)
                    .thenSends(new ExpireAuthorization(1, END));
        }

        @Test
        void one_that_the_provider_ended_is_left_alone() {
            begun().when(HELD)
                    .when(new Event.AuthorizationExpired(1, TEN))
                    .whenTimePasses(WEEK)
                    .thenSendsNothing();
        }
    }

    @Nested
    class AskingAgain {
        @Test
        void a_refund_is_asked_for_again_after_a_pause_that_doubles() {
            begun().when(refund(1, "R1"))
                    .when(refundFailed(1))
                    .thenWakes("refund-1", PAUSE)
                    .whenTimePasses(PAUSE)
                    .thenSends(new AskAgain(Kind.REFUND, 1))
                    .whenAccepted("ask-again")
                    .when(refund(2, "R1"))
                    .when(refundFailed(2))
                    .thenWakes("refund-2", PAUSE.multipliedBy(2));
        }

        @Test
        void a_void_is_asked_for_again_in_the_same_way() {
            begun().when(new Event.VoidRequested(1, 4, TEN))
                    .when(new Event.PaymentVoidFailed(1, "down", null))
                    .whenTimePasses(PAUSE)
                    .thenSends(new AskAgain(Kind.VOID, 1));
        }

        @Test
        void after_ten_failures_nothing_more_is_asked() {
            var failing = begun();
            for (int number = 1; number < Holdings.MOST_TRIES; number++) {
                failing =
                        failing.when(refund(number, "R1"))
                                .when(refundFailed(number))
                                .whenTimePasses(Duration.ofDays(1))
                                .thenSends(new AskAgain(Kind.REFUND, number))
                                .whenAccepted("ask-again");
            }
            failing.when(refund(10, "R1"))
                    .when(refundFailed(10))
                    .whenTimePasses(Duration.ofDays(100))
                    .thenSendsNothing();
        }

        @Test
        void failures_of_one_reason_do_not_count_for_another_nor_beyond_a_success() {
            begun().when(refund(1, "R1"))
                    .when(refundFailed(1))
                    .when(refund(2, "R2"))
                    .when(refundFailed(2))
                    .thenWakes("refund-2", PAUSE)
                    .when(refund(3, "R3"))
                    .when(new Event.PaymentRefunded(3, TEN, "ref", null))
                    .andState(upkeep -> assertThat(upkeep.tries()).isEmpty())
                    .when(refund(4, "R1"))
                    .when(refundFailed(4))
                    .thenWakes("refund-4", PAUSE);
        }

        @Test
        void it_waits_while_another_is_in_flight_and_while_there_is_nothing_to_give_back() {
            begun().when(refund(1, "R1"))
                    .when(refundFailed(1))
                    .whenTimePasses(PAUSE)
                    .whenRefused("ask-again", Refusal.OPERATION_IN_FLIGHT)
                    .whenTimePasses(PAUSE)
                    .thenSends(new AskAgain(Kind.REFUND, 1))
                    .whenRefused("ask-again", Refusal.EXCEEDS_CAPTURED)
                    .thenWakes("refund-1", Duration.ofDays(1));
        }
    }
}
