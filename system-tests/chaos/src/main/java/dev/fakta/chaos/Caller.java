// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls the cluster as a careful client does: a try that breaks, takes too long or is answered
/// with 429 or 5xx is made again, on another node and under the same key, until the time is up.
final class Caller implements AutoCloseable {

    /// How long one try may take: longer than a gateway waits for a partition.
    private static final Duration TRY = Duration.ofSeconds(12);

    private static final int SHOWN = 200;
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration REFUSED_PAUSE = Duration.ofMillis(50);
    private static final Duration NO_NODE_PAUSE = Duration.ofMillis(20);

    private final List<URI> nodes;
    private final Balancer balancer;
    private final History history;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .build();

    Caller(List<URI> nodes, Balancer balancer, History history) {
        this.nodes = List.copyOf(nodes);
        this.balancer = balancer;
        this.history = history;
    }

    /// What to call.
    ///
    /// @param headers by name
    /// @param body `null` for none
    record Request(String method, String path, Map<String, String> headers, @Nullable String body) {
        Request {
            headers = Map.copyOf(headers);
        }

        static Request get(String path) {
            return new Request("GET", path, Map.of(), null);
        }

        static Request post(String path, String key, String body) {
            return new Request("POST", path, Map.of("Idempotency-Key", key), body);
        }

        HttpRequest to(URI node) {
            HttpRequest.Builder builder =
                    HttpRequest.newBuilder(node.resolve(path))
                            .timeout(TRY)
                            .header("Authorization", "Bearer " + ClusterUnderTest.ADMIN_KEY);
            headers.forEach(builder::header);
            return body == null
                    ? builder.method(method, BodyPublishers.noBody()).build()
                    : builder.header("Content-Type", "application/json")
                            .method(method, BodyPublishers.ofString(body))
                            .build();
        }
    }

    /// What the cluster said in the end.
    record Answer(int status, long revision, String token, String body, int node) {
        static Answer of(HttpResponse<String> response, int node) {
            String tag = response.headers().firstValue("ETag").orElse("");
            return new Answer(
                    response.statusCode(),
                    tag.isEmpty() ? -1 : Long.parseLong(tag.replace("\"", "")),
                    response.headers().firstValue("Fakta-Token").orElse(""),
                    response.body(),
                    node);
        }

        @Override
        public String toString() {
            return "%d from %s, revision %d, token %s, %s"
                    .formatted(
                            status,
                            ClusterUnderTest.name(node),
                            revision,
                            token,
                            body.substring(0, Math.min(body.length(), SHOWN)));
        }
    }

    /// Calls until there is a good answer, or a refusal for good.
    ///
    /// @return `null` when there was none in time, or the thread was interrupted
    @Nullable Answer call(Request request, Duration atMost) {
        long until = history.now() + atMost.toNanos();
        while (history.now() < until && !Thread.currentThread().isInterrupted()) {
            Integer node = balancer.next();
            if (node == null) {
                Pause.of(NO_NODE_PAUSE);
                continue;
            }
            Answer answer = attempt(request, node);
            if (answer != null) {
                return answer;
            }
        }
        return null;
    }

    /// One try on one node; `null` when it makes sense to try again.
    @Nullable Answer attempt(Request request, int node) {
        String what = request.method() + " " + request.path();
        try {
            HttpResponse<String> response =
                    client.send(request.to(nodes.get(node)), BodyHandlers.ofString());
            if (response.statusCode() < 500 && response.statusCode() != 429) {
                return Answer.of(response, node);
            }
            history.add(
                    new History.Miss(
                            history.now(),
                            node,
                            response.statusCode(),
                            what + " " + response.body()));
            Pause.of(REFUSED_PAUSE);
        } catch (HttpTimeoutException e) {
            history.add(new History.Miss(history.now(), node, 0, what + " " + e.getMessage()));
        } catch (IOException e) {
            balancer.suspect(node);
            history.add(new History.Miss(history.now(), node, 0, what + " " + e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
