// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Aggregate;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.postgres.server.LocalPorts;
import dev.fakta.runtime.sagas.SagaSession;
import dev.fakta.runtime.views.ViewDatabases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// A courier in a cluster whose nodes share their views in a real PostgreSQL: its runner moves, and
/// what is wanted comes to be.
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("Shelf.isBroken")
class CourierTakeOverTest {

    /// An errand that is run once more waits for 30 s.
    private static final Duration SOON = Duration.ofSeconds(120);

    private static final int SHELVES = 20;

    private final EventLog log = MemoryLog.create(16);
    private final ViewPlace place = new ViewPlace.Database(ViewDatabases.create());
    private final List<Node> nodes = new ArrayList<>();
    private final Random random = new Random(3);
    private final int seed = LocalPorts.free();
    private final long[] wanted = new long[SHELVES];

    private void start(int count) {
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
                            Shelf.microsystem(Shelf.COURIER),
                            log,
                            InstantSource.system()));
        }
        await().atMost(SOON).until(() -> nodes.stream().allMatch(node -> node.missing().isEmpty()));
    }

    @AfterEach
    void stopAll() {
        nodes.reversed().forEach(Node::close);
        log.close();
    }

    private void wantSomething() {
        int shelf = random.nextInt(SHELVES);
        wanted[shelf] = random.nextInt(1, 100);
        Node node = nodes.get(random.nextInt(nodes.size()));
        var want = new Shelf.Command.Want(wanted[shelf]);
        assertThat(node.await(node.send(Shelf.AGGREGATE, "s" + shelf, want, Cause.fresh())))
                .isInstanceOf(Reply.Accepted.class);
    }

    private void awaitHeld() {
        Node node = nodes.getFirst();
        await().atMost(SOON)
                .until(
                        () ->
                                IntStream.range(0, SHELVES)
                                        .allMatch(
                                                i ->
                                                        node.state(Shelf.AGGREGATE, "s" + i)
                                                                        .state()
                                                                        .held()
                                                                == wanted[i]));
    }

    private List<Node> running() {
        return nodes.stream().filter(node -> node.sagas().runs("shelf-courier")).toList();
    }

    @Test
    void the_runner_moves_when_its_node_leaves() {
        start(3);
        while (nodes.size() > 1) {
            await().atMost(SOON).until(() -> running().size() == 1);
            for (int i = 0; i < 60; i++) {
                wantSomething();
            }
            Node runner = running().getFirst();
            nodes.remove(runner);
            runner.close();
        }
        awaitHeld();
        await().atMost(SOON)
                .until(() -> nodes.getFirst().errands(Shelf.COURIER, null, "", 10).isEmpty());
    }

    @Test
    void runners_that_take_the_courier_from_each_other_bring_what_is_wanted_last() {
        start(2);
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 5; i++) {
                wantSomething();
            }
            Node taker = nodes.get(random.nextInt(2));
            taker.sagas().run((_, _) -> true, new Targets(taker));
            await().pollDelay(Duration.ofMillis(random.nextInt(1, 150))).until(() -> true);
        }
        awaitHeld();
        await().atMost(SOON).until(() -> running().size() == 1); // a fenced one notices by itself
    }

    /// What a node gives its own couriers.
    private record Targets(Node node) implements SagaSession.SagaTargets {
        @Override
        public CompletionStage<Reply<Object>> send(
                Aggregate<Object, Object, Object> to, String id, Object command, Cause cause) {
            return node.send(to, id, command, cause);
        }

        @Override
        public CompletionStage<Reply<Object>> process(
                String processor, String id, Object request, Cause cause) {
            return CompletableFuture.supplyAsync(() -> node.run(Shelf.COURIER, id, cause));
        }

        @Override
        public CompletionStage<Reply<Object>> state(Aggregate<?, ?, ?> of, String id) {
            throw new UnsupportedOperationException();
        }
    }
}
