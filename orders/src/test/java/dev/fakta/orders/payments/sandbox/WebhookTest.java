// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.SagaState;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Operation.Status;
import dev.fakta.orders.payments.Payment.Command;
import dev.fakta.orders.payments.provider.ProviderNotice;
import dev.fakta.orders.payments.provider.WebhookSecret;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The provider's webhooks: the sandbox's own, and some that it would never send.
@Order(1)
class WebhookTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir Path directory;
    private @Nullable Till open;
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        client.close();
        if (open != null) {
            open.close();
        }
    }

    private Till till() {
        Till now = open;
        if (now == null) {
            now = Till.deaf(directory);
            open = now;
        }
        return now;
    }

    private static String authorized(String event, String payment, long minor) {
        return JSON.writeValueAsString(
                Map.of(
                        "id",
                        event,
                        "type",
                        "authorization.succeeded",
                        "at",
                        "2026-07-01T12:00:00Z",
                        "payment",
                        payment,
                        "key",
                        payment + "-authorization-1",
                        "reference",
                        "op_77",
                        "amount",
                        Money.of(minor, "EUR"),
                        "expiresAt",
                        now().plus(Duration.ofDays(7)).toString()));
    }

    private static Instant now() {
        return InstantSource.system().instant();
    }

    private HttpResponse<String> deliver(String body) {
        return deliver(body, till().secret.sign(now(), body.getBytes(StandardCharsets.UTF_8)));
    }

    private HttpResponse<String> deliver(String body, @Nullable String signature) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(till().webhooks())
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body));
        if (signature != null) {
            request.header(WebhookSecret.HEADER, signature);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private long notices(String event) {
        return till().revision(ProviderNotice.AGGREGATE, event);
    }

    private void awaitDelivered() {
        await().atMost(Till.SOON)
                .untilAsserted(() -> assertThat(till().alarms(Till.NOTICES, null)).isEmpty());
    }

    @Test
    void
            a_webhook_that_comes_before_the_answer_settles_the_operation_and_the_answer_counts_no_more() {
        open = Till.hurried(directory);
        till().authorize("p", 1_000, "tok_timeout"); // the answer never comes
        assertThat(deliver(authorized("evt_1", "p", 1_000)).statusCode()).isEqualTo(200);
        till().awaitStatus("p", Kind.AUTHORIZATION, 1, Status.DONE);
        await().atMost(Till.SOON)
                .untilAsserted(() -> assertThat(till().alarms(Till.OPERATIONS, null)).isEmpty());
        assertThat(till().facts("p")).containsOnlyOnce("payment-authorized");
    }

    @Test
    void a_webhook_that_comes_after_the_answer_changes_nothing() {
        till().authorize("p", 1_000, "tok_ok");
        till().awaitStatus("p", Kind.AUTHORIZATION, 1, Status.DONE);
        assertThat(deliver(authorized("evt_1", "p", 1_000)).statusCode()).isEqualTo(200);
        awaitDelivered();
        assertThat(till().facts("p"))
                .containsExactly("payment-authorization-requested", "payment-authorized");
    }

    @Test
    void a_webhook_that_comes_twice_is_one_notice() {
        open = Till.hurried(directory);
        till().authorize("p", 1_000, "tok_timeout");
        for (int i = 0; i < 3; i++) {
            assertThat(deliver(authorized("evt_1", "p", 1_000)).statusCode()).isEqualTo(200);
        }
        till().awaitStatus("p", Kind.AUTHORIZATION, 1, Status.DONE);
        assertThat(notices("evt_1")).isEqualTo(1);
    }

    @Test
    void forged_webhooks_are_refused_and_leave_no_trace() {
        String body = authorized("evt_1", "p", 1_000);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String other = WebhookSecret.of(WebhookSecret.generate()).sign(now(), bytes);
        String good = till().secret.sign(now(), bytes);
        assertThat(deliver(body, null).statusCode()).isEqualTo(401);
        assertThat(deliver(body, "").statusCode()).isEqualTo(401);
        assertThat(deliver(body, "t=1,v1=00").statusCode()).isEqualTo(401);
        assertThat(deliver(body, other).statusCode()).isEqualTo(401);
        assertThat(deliver(authorized("evt_1", "p", 9_999), good).statusCode()).isEqualTo(401);
        HttpResponse<String> refused = deliver(body, other);
        assertThat(refused.headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        assertThat(refused.body()).contains("/problems/signature-invalid");
        assertThat(notices("evt_1")).isZero();
    }

    @Test
    void stale_webhooks_are_refused_however_well_they_are_signed() {
        String body = authorized("evt_1", "p", 1_000);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Duration tooLong = Duration.ofMinutes(5).plusSeconds(10);
        for (Instant time : new Instant[] {now().minus(tooLong), now().plus(tooLong)}) {
            HttpResponse<String> refused = deliver(body, till().secret.sign(time, bytes));
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.body()).contains("/problems/signature-stale");
        }
        Instant inTime = now().minus(Duration.ofMinutes(4));
        assertThat(deliver(body, till().secret.sign(inTime, bytes)).statusCode()).isEqualTo(200);
    }

    @Test
    void malformed_webhooks_are_refused_however_well_they_are_signed() {
        assertThat(deliver("{").statusCode()).isEqualTo(400);
        assertThat(deliver("[]").statusCode()).isEqualTo(400);
        assertThat(deliver("{}").statusCode()).isEqualTo(400);
        String good = authorized("evt_1", "p", 1_000);
        assertThat(deliver(good.replace("evt_1", "../evt")).statusCode()).isEqualTo(400);
        assertThat(deliver(good.replace("succeeded", "exploded")).statusCode()).isEqualTo(400);
        assertThat(deliver(good.replace("-authorization-1", "")).statusCode()).isEqualTo(400);
        assertThat(deliver(good.replace("authorization.s", "capture.s")).statusCode())
                .isEqualTo(400);
        assertThat(deliver(good.replace("EUR", "EURO")).statusCode()).isEqualTo(400);
        assertThat(deliver(good.replace("2026-07-01T", "tomorrow")).statusCode()).isEqualTo(400);
        assertThat(deliver("{\"id\":\"" + "x".repeat(40_000) + "\"}").statusCode()).isEqualTo(413);
        assertThat(notices("evt_1")).isZero();
    }

    @Test
    void a_notice_that_contradicts_what_was_told_waits_for_people() {
        till().authorize("p", 1_000, "tok_ok");
        till().awaitStatus("p", Kind.AUTHORIZATION, 1, Status.DONE);
        String failed =
                authorized("evt_2", "p", 1_000)
                        .replace("authorization.succeeded", "authorization.failed");
        assertThat(deliver(failed).statusCode()).isEqualTo(200);
        await().atMost(Till.SOON)
                .untilAsserted(
                        () ->
                                assertThat(till().alarms(Till.NOTICES, SagaState.Status.STUCK))
                                        .singleElement()
                                        .satisfies(
                                                row ->
                                                        assertThat(row.reason())
                                                                .contains("OUTCOME_CONTRADICTED")));
        assertThat(till().status("p", Kind.AUTHORIZATION, 1)).isEqualTo(Status.DONE);
        till().dismiss("evt_2");
        awaitDelivered();
    }

    @Test
    void the_sandbox_tells_of_expiries_and_disputes_by_webhook_alone() {
        open = Till.open(directory);
        till().authorize("e", 1_000, "tok_expires");
        till().awaitStatus("e", Kind.AUTHORIZATION, 1, Status.EXPIRED);
        till().authorize("d", 1_000, "tok_disputed");
        till().awaitStatus("d", Kind.AUTHORIZATION, 1, Status.DONE);
        till().accept("d", new Command.Capture("parcel", Money.of(400, "EUR")));
        await().atMost(Till.SOON).until(() -> !till().payment("d").disputes().isEmpty());
    }

    @Test
    void webhooks_that_nobody_took_are_sent_when_the_provider_is_back() {
        till().authorize("p", 1_000, "tok_late");
        await().atMost(Till.SOON).until(() -> till().payment("p").authorized() == 1_000);
        stop();
        open = Till.open(directory); // on the same ledger
        await().atMost(Till.SOON).until(() -> till().noticesOf("p") == 1);
    }
}
