// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static dev.fakta.testkit.AlarmScenario.scenario;
import static dev.fakta.testkit.Surroundings.surroundings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment.Command.AskAgain;
import dev.fakta.orders.payments.Payment.Command.ExpireAuthorization;
import dev.fakta.orders.payments.Payment.Event;
import dev.fakta.orders.payments.Payment.Refusal;
import dev.fakta.testkit.AlarmScenario;
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
    private static final PaymentUpkeep.Expire EXPIRY = new PaymentUpkeep.Expire(1);

    private static AlarmScenario begun() {
        return scenario(PaymentUpkeep.CLOCK);
    }

    @Nested
    class Expiring {
        @Test
        void an_authorization_is_ended_at_its_time_by_our_own_clock() {
            // region scenario
            scenario(PaymentUpkeep.CLOCK)
                    .whenIn("p", HELD)
                    .thenSendsNothing()
                    .thenRings("expire", "p-authorization-1", WEEK)
                    .whenTimePasses(WEEK)
                    .thenSends("p", EXPIRY)
                    .thenNothingIsSet();
            // endregion
            var authorized =
                    surroundings()
                            .with(
                                    Payment.AGGREGATE,
                                    "p",
                                    new Event.AuthorizationRequested("o", TEN, 1, TEN, "card", "t"),
                                    HELD)
                            .sendingTo("p");
            authorized
                    .process(PaymentUpkeep.EXPIRING, EXPIRY)
                    .thenSends(new ExpireAuthorization(1, END)); // however late it is
        }

        @Test
        void one_that_a_capture_is_in_flight_of_is_ended_later() {
            begun().whenIn("p", HELD)
                    .whenTimePasses(WEEK)
                    .whenRefused(Refusal.OPERATION_IN_FLIGHT)
                    .whenTimePasses(PAUSE)
                    .thenSends("p", EXPIRY);
        }

        @Test
        void one_that_the_provider_ended_is_left_alone() {
            begun().whenIn("p", HELD)
                    .whenIn("p", new Event.AuthorizationExpired(1, TEN))
                    .thenNothingIsSet();
        }
    }

    @Nested
    class AskingAgain {
        @Test
        void a_refund_is_asked_for_again_after_a_pause_that_doubles() {
            begun().whenIn("p", new Event.PaymentRefundFailed(1, "down", 1, null))
                    .whenTimePasses(PAUSE)
                    .thenSends("p", new AskAgain(Kind.REFUND, 1))
                    .whenIn("p", new Event.PaymentRefundFailed(2, "down", 2, null))
                    .thenRings("ask-again", "p-refund-2", PAUSE.multipliedBy(2));
        }

        @Test
        void a_void_is_asked_for_again_in_the_same_way() {
            begun().whenIn("p", new Event.PaymentVoidFailed(1, "down", 1, null))
                    .whenTimePasses(PAUSE)
                    .thenSends("p", new AskAgain(Kind.VOID, 1));
        }

        @Test
        void after_ten_failures_nothing_more_is_asked() {
            int most = Holdings.MOST_TRIES;
            begun().whenIn("p", new Event.PaymentRefundFailed(most - 1, "down", most - 1, null))
                    .thenRings("ask-again", "p-refund-9", Duration.ofDays(1))
                    .whenTimePasses(Duration.ofDays(1))
                    .whenIn("p", new Event.PaymentRefundFailed(most, "down", most, null))
                    .thenNothingIsSet();
        }

        @Test
        void failures_count_in_a_row_and_for_one_reason_or_authorization() {
            Payment payment = Payment.AGGREGATE.initial();
            payment = refunded(payment, 1, "R1", 1);
            payment = refunded(payment, 2, "R2", 1);
            payment = refunded(payment, 3, "R1", 2);
            payment = asked(payment, 4, "R1");
            payment = evolved(payment, new Event.PaymentRefunded(4, TEN, "ref", null));
            payment = refunded(payment, 5, "R1", 1);
            payment = voided(payment, 1, 4, 1);
            payment = voided(payment, 2, 5, 1);
            voided(payment, 3, 4, 2);
        }

        private static Payment asked(Payment payment, int number, String reason) {
            return evolved(payment, new Event.RefundRequested(number, reason, 0, TEN));
        }

        private static Payment refunded(Payment before, int number, String reason, int failures) {
            Payment payment = asked(before, number, reason);
            assertThat(new Holdings(payment).failuresWith(Kind.REFUND, number)).isEqualTo(failures);
            return evolved(payment, new Event.PaymentRefundFailed(number, "down", failures, null));
        }

        private static Payment voided(Payment before, int number, int authorization, int failures) {
            Payment payment = evolved(before, new Event.VoidRequested(number, authorization, TEN));
            assertThat(new Holdings(payment).failuresWith(Kind.VOID, number)).isEqualTo(failures);
            return evolved(payment, new Event.PaymentVoidFailed(number, "down", failures, null));
        }

        private static Payment evolved(Payment payment, Event event) {
            return Payment.AGGREGATE.evolve(payment, event);
        }

        @Test
        void it_waits_while_another_is_in_flight_and_while_there_is_nothing_to_give_back() {
            begun().whenIn("p", new Event.PaymentRefundFailed(1, "down", 1, null))
                    .whenTimePasses(PAUSE)
                    .whenRefused(Refusal.OPERATION_IN_FLIGHT)
                    .whenTimePasses(PAUSE)
                    .thenSends("p", new AskAgain(Kind.REFUND, 1))
                    .whenRefused(Refusal.EXCEEDS_CAPTURED)
                    .thenRings("ask-again", "p-refund-1", Duration.ofDays(1));
        }
    }
}
