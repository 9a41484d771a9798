// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// Sends requests to the public HTTP API and retries where that can help: 429 and 503 after the
/// time that `Retry-After` names, and a lost connection after a pause that doubles. Every request
/// carries an idempotency key, so sending it again is safe. Any thread may call it; a call blocks.
final class ApiClient implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private final URI base;
    private final DemoLimits limits;
    private final Deadline deadline;
    private final JsonMapper json;
    private final HttpClient http;

    ApiClient(URI base, DemoLimits limits, Deadline deadline, JsonMapper json) {
        this.base = base;
        this.limits = limits;
        this.deadline = deadline;
        this.json = json;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT)
                        .build();
    }

    Outcome send(Sending sending) throws InterruptedException {
        String reason = "not sent";
        for (int attempt = 1; attempt <= limits.attempts() && !deadline.isOver(); attempt++) {
            Duration pause = doubled(attempt);
            try {
                HttpResponse<byte[]> response =
                        http.send(request(sending), BodyHandlers.ofByteArray());
                if (!isRetryable(response.statusCode())) {
                    return outcome(sending, response);
                }
                reason = Problem.describe(json, response.statusCode(), response.body());
                pause = retryAfter(response, pause);
            } catch (IOException e) {
                reason = "no answer: " + e;
            }
            if (attempt < limits.attempts()) {
                deadline.pause(shorter(pause, limits.longestWait()));
            }
        }
        String end = deadline.isOver() ? "the time was over" : limits.attempts() + " attempts";
        return new Outcome.Failed(sending.subject(), reason + " (" + end + ")");
    }

    @Override
    public void close() {
        http.close();
    }

    private HttpRequest request(Sending sending) {
        Duration left = deadline.left().plusMillis(1); // HttpRequest refuses a time of 0
        HttpRequest.Builder request =
                HttpRequest.newBuilder(base.resolve(sending.path())).timeout(shorter(left, ANSWER));
        Object body = sending.body();
        if (body == null) {
            return request.GET().build();
        }
        return request.header("Content-Type", "application/json")
                .header("Idempotency-Key", sending.key())
                .method(sending.method(), BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
                .build();
    }

    private Outcome outcome(Sending sending, HttpResponse<byte[]> response) {
        int status = response.statusCode();
        if (status < 200 || status > 299) {
            return new Outcome.Failed(
                    sending.subject(), Problem.describe(json, status, response.body()));
        }
        try {
            return new Outcome.Accepted(sending.subject(), body(response));
        } catch (JacksonException e) {
            return new Outcome.Failed(
                    sending.subject(), status + ", but no JSON: " + e.getOriginalMessage());
        }
    }

    private JsonNode body(HttpResponse<byte[]> response) {
        return response.body().length == 0
                ? MissingNode.getInstance()
                : json.readTree(response.body());
    }

    private static boolean isRetryable(int status) {
        return status == 429 || status == 503;
    }

    private static Duration doubled(int attempt) {
        return FIRST_PAUSE.multipliedBy(1L << Math.min(attempt - 1, 16));
    }

    /// The seconds that the answer asks for; the other form of the header, a date, is not used by
    /// this API and counts as absent.
    private static Duration retryAfter(HttpResponse<?> response, Duration otherwise) {
        try {
            OptionalLong seconds = response.headers().firstValueAsLong("Retry-After");
            return seconds.isPresent() && seconds.getAsLong() >= 0
                    ? Duration.ofSeconds(seconds.getAsLong())
                    : otherwise;
        } catch (NumberFormatException _) {
            return otherwise;
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
