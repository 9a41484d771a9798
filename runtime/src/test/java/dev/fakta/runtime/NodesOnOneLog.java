// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.postgres.server.LocalPorts;
import dev.fakta.postgres.server.ThrowawayPostgres;
import dev.fakta.runtime.sagas.SagaSession;
import dev.fakta.views.ViewPlace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// A cluster on one log, whose nodes share their views in a real PostgreSQL.
final class NodesOnOneLog implements AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final EventLog log = MemoryLog.create(16);
    private final ViewPlace place = new ViewPlace.Database(ThrowawayPostgres.database());
    private final List<Node> nodes = new ArrayList<>();
    private final int seed = LocalPorts.free();
    private final Microsystem microsystem;

    NodesOnOneLog(Microsystem microsystem) {
        this.microsystem = microsystem;
    }

    /// Starts so many, and waits until all are ready.
    void start(int count) {
        for (int i = 0; i < count; i++) {
            int port = nodes.isEmpty() ? seed : 0;
            var cluster =
                    ClusterSettings.of(
                            "127.0.0.1",
                            port,
                            List.of("127.0.0.1:" + seed),
                            EnumSet.allOf(Role.class));
            nodes.add(
                    Node.start(
                            NodeSettings.embedded(Path.of("none"))
                                    .withViews(place)
                                    .inCluster("node-" + i, cluster),
                            microsystem,
                            log,
                            InstantSource.system()));
        }
        await().atMost(SOON).until(() -> nodes.stream().allMatch(node -> node.missing().isEmpty()));
    }

    /// Those that have not left, in the order of their start.
    List<Node> all() {
        return nodes;
    }

    /// Those that run the saga or courier of this name.
    List<Node> running(String name) {
        return nodes.stream().filter(node -> node.sagas().runs(name)).toList();
    }

    void leave(Node node) {
        nodes.remove(node);
        node.close();
    }

    /// Has a node take the sagas and couriers, whoever runs them.
    static void takeAll(Node taker) {
        taker.sagas().run((_, _) -> true, new Targets(taker));
    }

    /// What a node gives its own sagas and couriers.
    private record Targets(Node node) implements SagaSession.SagaTargets {
        @Override
        public CompletionStage<Reply<Object>> send(
                Aggregate<Object, Object, Object> to, String id, Object command, Cause cause) {
            return node.send(to, id, command, cause);
        }

        @Override
        public CompletionStage<Reply<Object>> tell(
                Aggregate<Object, Object, Object> saga, String id, Object command, Cause cause) {
            return node.send(saga, id, command, cause);
        }

        @Override
        public CompletionStage<Reply<Object>> process(
                String processor, String id, Object request, Cause cause) {
            var found =
                    node.microsystems().processors().stream()
                            .filter(one -> one.name().equals(processor))
                            .findFirst()
                            .orElseThrow();
            return CompletableFuture.supplyAsync(
                    () -> node.process(erased(found), id, request, cause));
        }

        @SuppressWarnings("unchecked")
        private static Processor<Object, Object> erased(Processor<?, ?> processor) {
            return (Processor<Object, Object>) processor;
        }

        @Override
        @SuppressWarnings("unchecked")
        public CompletionStage<Reply<Object>> state(Aggregate<?, ?, ?> of, String id) {
            return CompletableFuture.completedFuture(
                    new Reply.Accepted<>(node.state((Aggregate<?, ?, Object>) of, id)));
        }
    }

    @Override
    public void close() {
        nodes.reversed().forEach(Node::close);
        log.close();
    }
}
