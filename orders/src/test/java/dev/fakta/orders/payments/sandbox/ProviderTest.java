// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.SagaState;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Operation.Status;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.Payment.Command;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Payments that ask the sandbox: what is requested is asked for once, and what came of it becomes
/// a fact, whatever happens on the way. Most of it without webhooks, so that each way is seen
/// alone.
@Order(1)
class ProviderTest {

    @TempDir Path directory;
    private @Nullable Till till;

    private Till till() {
        Till open = till;
        if (open == null) {
            open = Till.deaf(directory);
            till = open;
        }
        return open;
    }

    @AfterEach
    void stop() {
        if (till != null) {
            till.close();
        }
    }

    private static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }

    private void authorized(String payment, String token) {
        till().authorize(payment, 1_000, token);
        till().awaitStatus(payment, Kind.AUTHORIZATION, 1, Status.DONE);
    }

    @Test
    void money_is_authorized_captured_in_parts_refunded_and_the_rest_given_back() {
        authorized("p", "tok_ok");
        till().accept("p", new Command.Capture("parcel-1", eur(300)));
        till().awaitStatus("p", Kind.CAPTURE, 1, Status.DONE);
        till().accept("p", new Command.Capture("parcel-2", eur(400)));
        till().awaitStatus("p", Kind.CAPTURE, 2, Status.DONE);
        till().accept("p", new Command.Refund("return-1", eur(250)));
        till().awaitStatus("p", Kind.REFUND, 1, Status.DONE);
        till().accept("p", new Command.VoidPayment());
        till().awaitStatus("p", Kind.VOID, 1, Status.DONE);
        assertThat(till().ledger("p"))
                .isEqualTo(new Account.Sums("p", "EUR", 1_000, 700, 300, 0, 250, 0));
        Payment payment = till().payment("p");
        assertThat(payment.captured()).isEqualTo(700);
        assertThat(payment.refunded()).isEqualTo(250);
        await().atMost(Till.SOON)
                .untilAsserted(() -> assertThat(till().alarms(Till.OPERATIONS, null)).isEmpty());
    }

    @Test
    void a_refused_card_is_a_fact_and_another_card_can_be_tried() {
        till().authorize("p", 1_000, "tok_insufficient_funds");
        till().awaitStatus("p", Kind.AUTHORIZATION, 1, Status.FAILED);
        till().authorize("p", 1_000, "tok_ok");
        till().awaitStatus("p", Kind.AUTHORIZATION, 2, Status.DONE);
        assertThat(till().ledger("p").authorized()).isEqualTo(1_000);
    }

    @Test
    void captures_and_refunds_that_the_provider_refuses_are_facts() {
        authorized("p", "tok_capture_fails");
        till().accept("p", new Command.Capture("parcel-1", eur(300)));
        till().awaitStatus("p", Kind.CAPTURE, 1, Status.FAILED);
        authorized("q", "tok_refund_fails");
        till().accept("q", new Command.Capture("parcel-1", eur(300)));
        till().awaitStatus("q", Kind.CAPTURE, 1, Status.DONE);
        till().accept("q", new Command.Refund("return-1", eur(300)));
        till().awaitStatus("q", Kind.REFUND, 1, Status.FAILED);
    }

    @Test
    void a_lost_answer_is_unknown_until_the_provider_was_asked_what_became_of_the_key() {
        till = Till.hurried(directory);
        authorized("p", "tok_timeout");
        assertThat(till().facts("p"))
                .containsExactly(
                        "payment-authorization-requested",
                        "payment-outcome-unknown",
                        "payment-authorized");
        assertThat(till().ledger("p").authorized()).isEqualTo(1_000);
    }

    @Test
    void a_capture_whose_answer_is_lost_is_made_once() {
        till = Till.hurried(directory);
        authorized("p", "tok_capture_timeout");
        till().accept("p", new Command.Capture("parcel-1", eur(300)));
        till().awaitStatus("p", Kind.CAPTURE, 1, Status.DONE);
        assertThat(till().facts("p")).contains("payment-outcome-unknown");
        assertThat(till().ledger("p").captured()).isEqualTo(300);
    }

    @Test
    void what_the_provider_does_not_know_is_asked_for_again_under_the_same_key() {
        till = Till.hurried(directory);
        authorized("p", "tok_timeout_before");
        assertThat(till().facts("p")).contains("payment-outcome-unknown");
        assertThat(till().ledger("p").authorized()).isEqualTo(1_000);
    }

    @Test
    void an_error_of_the_provider_is_an_unknown_outcome() {
        authorized("p", "tok_error");
        assertThat(till().facts("p")).contains("payment-outcome-unknown");
    }

    @Test
    void an_outcome_that_comes_late_is_found() {
        authorized("p", "tok_late");
        till().authorize("q", 1_000, "tok_late_declined");
        till().awaitStatus("q", Kind.AUTHORIZATION, 1, Status.FAILED);
    }

    @Test
    void a_provider_that_was_away_is_asked_when_it_is_back() {
        till().killSandbox();
        till().authorize("p", 1_000, "tok_ok");
        await().atMost(Till.SOON).until(() -> !till().alarms(Till.OPERATIONS, null).isEmpty());
        assertThat(till().status("p", Kind.AUTHORIZATION, 1)).isEqualTo(Status.REQUESTED);
        till().restartSandbox();
        till().awaitStatus("p", Kind.AUTHORIZATION, 1, Status.DONE);
        assertThat(till().facts("p"))
                .as("nothing was sent, so nothing was unknown")
                .doesNotContain("payment-outcome-unknown");
    }

    @Test
    void a_provider_that_dies_over_a_request_is_asked_what_it_did() {
        till = Till.hurried(directory);
        till().authorize("p", 1_000, "tok_timeout");
        await().atMost(Till.SOON).until(() -> till().ledgerEntries("p") == 1);
        till().killSandbox();
        till().awaitStatus("p", Kind.AUTHORIZATION, 1, Status.UNKNOWN);
        till().restartSandbox();
        till().awaitStatus("p", Kind.AUTHORIZATION, 1, Status.DONE);
        assertThat(till().ledger("p").authorized()).isEqualTo(1_000);
    }

    @Nested
    class WhenNobodyAnswers {

        @Test
        void an_operation_waits_for_an_operator_and_goes_on_when_it_is_retried() {
            Till impatient = Till.impatient(directory, 3);
            till = impatient;
            impatient.killSandbox();
            impatient.authorize("p", 1_000, "tok_ok");
            await().atMost(Till.SOON)
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    impatient.alarms(
                                                            Till.OPERATIONS,
                                                            SagaState.Status.STUCK))
                                            .singleElement()
                                            .satisfies(
                                                    row -> {
                                                        assertThat(row.id())
                                                                .isEqualTo("ask:p-authorization-1");
                                                        assertThat(row.reason())
                                                                .contains("cannot be reached");
                                                    }));
            impatient.restartSandbox();
            impatient.retry("ask:p-authorization-1");
            impatient.awaitStatus("p", Kind.AUTHORIZATION, 1, Status.DONE);
        }
    }
}
