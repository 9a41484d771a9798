// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.provider;

import dev.fakta.orders.money.Money;
import dev.fakta.runtime.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The provider's server, over HTTP: JSON, and the key of each operation as `Idempotency-Key`.
///
/// It asks once and repeats nothing. A request that did not leave, for want of a connection or of a
/// turn, and one that was turned away before it was looked at (429) is [Answer.NotAsked]. Whatever
/// else is not a clear answer (a time-out, a broken connection, a 500, a body that says nothing) is
/// [Answer.Unknown], as the provider may have acted: whoever asks goes on with [#find].
public final class HttpProvider implements PaymentProvider, AutoCloseable {

    private static final int LONGEST_ANSWER = 64 << 10;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpProviderSettings settings;
    private final LateHttpClient http;
    private final Semaphore turns;

    public HttpProvider(HttpProviderSettings settings) {
        this.settings = settings;
        this.turns = new Semaphore(settings.mostInFlight());
        this.http = new LateHttpClient(settings.connectWithin());
        if ("https".equalsIgnoreCase(settings.url().getScheme())) {
            http.make();
        }
    }

    @Override
    public Answer authorize(String key, String payment, Money amount, String method, String token) {
        Map<String, Object> body = body(payment, amount);
        body.put("method", method);
        body.put("token", token);
        return post("/authorizations", key, body);
    }

    @Override
    public Answer capture(String key, String payment, String authorization, Money amount) {
        Map<String, Object> body = body(payment, amount);
        body.put("authorization", authorization);
        return post("/captures", key, body);
    }

    @Override
    public Answer cancel(String key, String payment, String authorization) {
        Map<String, Object> body = body(payment, null);
        body.put("authorization", authorization);
        return post("/voids", key, body);
    }

    @Override
    public Answer refund(String key, String payment, @Nullable String capture, Money amount) {
        Map<String, Object> body = body(payment, amount);
        if (capture != null) {
            body.put("capture", capture);
        }
        return post("/refunds", key, body);
    }

    @Override
    public Answer find(String key) {
        String path = "/operations/" + URLEncoder.encode(key, StandardCharsets.UTF_8);
        return send(request(path).GET(), "GET /operations", true);
    }

    private static Map<String, Object> body(String payment, @Nullable Money amount) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("payment", payment);
        if (amount != null) {
            body.put("amount", amount);
        }
        return body;
    }

    private Answer post(String path, String key, Map<String, Object> body) {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))),
                "POST " + path,
                false);
    }

    private HttpRequest.Builder request(String path) {
        String base = settings.url().toString().replaceAll("/+$", "");
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(settings.answerWithin());
    }

    /// @param name of its span, where there is a trace
    private Answer send(HttpRequest.Builder request, String name, boolean isLook) {
        // region span
        Span span = Tracing.call(name);
        if (!span.isRecording()) {
            return send(request.build(), isLook);
        }
        Answer answer =
                send(request.header("traceparent", Tracing.parent(span, "")).build(), isLook);
        if (!(answer instanceof Answer.Done || answer instanceof Answer.Declined)) {
            span.setStatus(StatusCode.ERROR, answer.getClass().getSimpleName());
        }
        span.end();
        return answer;
        // endregion
    }

    private Answer send(HttpRequest request, boolean isLook) {
        try {
            if (!turns.tryAcquire(settings.waitForTurn().toMillis(), TimeUnit.MILLISECONDS)) {
                return new Answer.NotAsked("too many requests to the provider are under way");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Answer.NotAsked("stopped before the provider was asked");
        }
        try {
            var limited = BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER);
            return answer(http.send(request, limited), isLook);
        } catch (HttpConnectTimeoutException | ConnectException e) {
            return new Answer.NotAsked("the provider cannot be reached: " + e);
        } catch (IOException e) {
            return new Answer.Unknown("no answer of the provider: " + e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Answer.Unknown("stopped before the provider answered");
        } finally {
            turns.release();
        }
    }

    private static Answer answer(HttpResponse<byte[]> response, boolean isLook) {
        return switch (response.statusCode()) {
            case 200, 201, 202 -> read(response.body());
            case 404 -> isLook ? new Answer.NoSuchKey() : odd(response);
            case 429 -> new Answer.NotAsked("the provider is asked too much");
            default -> odd(response);
        };
    }

    private static Answer odd(HttpResponse<byte[]> response) {
        return new Answer.Unknown("the provider answers " + response.statusCode());
    }

    private static Answer read(byte[] body) {
        try {
            JsonNode tree = JSON.readTree(body);
            return switch (tree.path("status").asString("")) {
                case "succeeded" ->
                        new Answer.Done(
                                tree.path("id").asString(),
                                JSON.treeToValue(tree.path("amount"), Money.class),
                                time(tree.path("expiresAt")));
                case "failed" -> new Answer.Declined(tree.path("reason").asString(""));
                case "pending" -> new Answer.Pending();
                case String other ->
                        new Answer.Unknown("the provider's status '%s'".formatted(other));
            };
        } catch (JacksonException | DateTimeException e) {
            return new Answer.Unknown("the provider's answer cannot be read: " + e.getMessage());
        }
    }

    private static @Nullable Instant time(JsonNode node) {
        return node.isString() ? Instant.parse(node.asString()) : null;
    }

    @Override
    public void close() {
        http.close();
    }
}
