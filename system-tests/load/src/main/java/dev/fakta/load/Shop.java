// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The server as its clients see it, who know nothing of kills: a request that gets no answer is
/// sent again under its key until it gets one, or its time is up. Any thread may call; a call
/// blocks.
final class Shop implements AutoCloseable {

    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long PAUSE_MILLIS = 100;

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(ANSWER)
                    .build();
    private volatile @Nullable URI base;

    /// @param status none of those that ask to come again
    record Answer(int status, JsonNode body) {}

    /// Where the server is now; `null`: nowhere.
    void isAt(@Nullable URI uri) {
        base = uri;
    }

    /// @param key makes it one request, however often it is sent
    Answer send(String method, String path, String key, ObjectNode body)
            throws IOException, InterruptedException {
        return send(
                path,
                request ->
                        request.header("Content-Type", "application/json")
                                .header("Idempotency-Key", key)
                                .method(method, BodyPublishers.ofString(body.toString())));
    }

    /// @throws IOException when the answer is none with status 200
    JsonNode get(String path) throws IOException, InterruptedException {
        return JsonMapper.shared().readTree(text(path));
    }

    /// @throws IOException when the answer is none with status 200
    String text(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = exchange(path, HttpRequest.Builder::GET);
        if (answer.statusCode() != 200) {
            throw new IOException(
                    "GET %s: %d %s".formatted(path, answer.statusCode(), answer.body()));
        }
        return answer.body();
    }

    /// Fills in what a request is.
    private interface Filling {
        HttpRequest.Builder fill(HttpRequest.Builder request);
    }

    private Answer send(String path, Filling filling) throws IOException, InterruptedException {
        HttpResponse<String> answer = exchange(path, filling);
        return new Answer(answer.statusCode(), JsonMapper.shared().readTree(answer.body()));
    }

    private HttpResponse<String> exchange(String path, Filling filling)
            throws IOException, InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        String why = "the server is down";
        while (System.nanoTime() < until) {
            URI at = base;
            if (at != null) {
                try {
                    HttpRequest request =
                            filling.fill(HttpRequest.newBuilder(at.resolve(path)).timeout(ANSWER))
                                    .build();
                    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
                    if (response.statusCode() != 429 && response.statusCode() != 503) {
                        return response;
                    }
                    why = response.statusCode() + " " + response.body();
                } catch (IOException e) {
                    why = String.valueOf(e);
                }
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        throw new IOException("%s: no answer within %s: %s".formatted(path, PATIENCE, why));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
