// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Chooses nodes as a load balancer does: in turn, those only that say that they are ready. It asks
/// each of them often; one that breaks a connection is left out until it says so again.
final class Balancer implements AutoCloseable {

    private static final Duration EVERY = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final List<URI> nodes;
    private final AtomicIntegerArray isReady;
    private final AtomicIntegerArray partitions;
    private final AtomicIntegerArray known;
    private final AtomicInteger turn = new AtomicInteger();
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(PATIENCE)
                    .build();
    private volatile boolean isClosed;

    private Balancer(List<URI> nodes) {
        this.nodes = List.copyOf(nodes);
        this.isReady = new AtomicIntegerArray(nodes.size());
        this.partitions = new AtomicIntegerArray(nodes.size());
        this.known = new AtomicIntegerArray(nodes.size());
    }

    static Balancer over(List<URI> nodes) {
        Balancer balancer = new Balancer(nodes);
        for (int node = 0; node < nodes.size(); node++) {
            int number = node;
            Thread.ofVirtual().name("health-" + node).start(() -> balancer.watch(number));
        }
        return balancer;
    }

    private void watch(int node) {
        HttpRequest question =
                HttpRequest.newBuilder(nodes.get(node).resolve("/health/ready"))
                        .timeout(PATIENCE)
                        .build();
        while (!isClosed) {
            isReady.set(node, isUp(node, question) ? 1 : 0);
            Pause.of(EVERY);
        }
    }

    private boolean isUp(int node, HttpRequest question) {
        try {
            HttpResponse<String> answer = client.send(question, BodyHandlers.ofString());
            JsonNode body = JsonMapper.shared().readTree(answer.body());
            partitions.set(node, body.path("activePartitions").asInt(0));
            known.set(node, body.path("nodes").asInt(0));
            return answer.statusCode() == 200;
        } catch (IOException | JacksonException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// The next node in turn; `null` when none is ready.
    @Nullable Integer next() {
        int first = turn.getAndIncrement();
        for (int i = 0; i < nodes.size(); i++) {
            int node = Math.floorMod(first + i, nodes.size());
            if (isReady(node)) {
                return node;
            }
        }
        return null;
    }

    boolean isReady(int node) {
        return isReady.get(node) == 1;
    }

    /// Whether all nodes are, all know each other, and each partition is active on one of them. A
    /// node that the others have given up may not know it yet.
    boolean isWhole() {
        int active = 0;
        for (int node = 0; node < nodes.size(); node++) {
            if (!isReady(node) || known.get(node) != nodes.size()) {
                return false;
            }
            active += partitions.get(node);
        }
        return active == ClusterUnderTest.ALL_PARTITIONS;
    }

    /// For messages: what each node says.
    String state() {
        return IntStream.range(0, nodes.size())
                .mapToObj(
                        node ->
                                "%s: %s, knows %d nodes, %d partitions"
                                        .formatted(
                                                ClusterUnderTest.name(node),
                                                isReady(node) ? "ready" : "not ready",
                                                known.get(node),
                                                partitions.get(node)))
                .collect(Collectors.joining("; "));
    }

    /// Leaves a node out until it says again that it is ready.
    void suspect(int node) {
        isReady.set(node, 0);
    }

    @Override
    public void close() {
        isClosed = true;
        client.shutdownNow();
    }
}
