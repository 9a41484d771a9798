// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.SagaState.Status;
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
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// A saga in a cluster whose nodes share their views in a real PostgreSQL: its runner moves, and
/// everything is done once.
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class SagaTakeOverTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final EventLog log = MemoryLog.create(16);
    private final ViewPlace place = new ViewPlace.Database(ViewDatabases.create());
    private final List<Node> nodes = new ArrayList<>();
    private final Random random = new Random(3);
    private final int seed = LocalPorts.free();

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
                            Wish.MICROSYSTEM,
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

    private void wish(int number) {
        Node node = nodes.get(number % nodes.size());
        var make = new Wish.Make(List.of("a" + number % 7, "all"), 1, random.nextInt(200));
        assertThat(node.await(node.send(Wish.AGGREGATE, "w" + number, make, Cause.fresh())))
                .isInstanceOf(Reply.Accepted.class);
    }

    private void awaitGranted(int wishes) {
        Node node = nodes.getFirst();
        await().atMost(SOON)
                .until(() -> IntStream.range(0, wishes).allMatch(i -> isGranted(node, "w" + i)));
        assertThat(node.state(Tally.AGGREGATE, "all").state().sum()).isEqualTo(wishes);
        assertThat(node.state(Tally.AGGREGATE, "finished").state().sum()).isEqualTo(wishes);
    }

    private static boolean isGranted(Node node, String id) {
        return node.state(Wish.SAGA.aggregate(), id).state().status() == Status.COMPLETED;
    }

    private long running() {
        return nodes.stream().filter(node -> node.sagas().runs(Wish.SAGA.name())).count();
    }

    @Test
    void the_runner_moves_when_its_node_leaves_and_every_wish_is_granted_once() {
        start(3);
        int wishes = 0;
        while (nodes.size() > 1) {
            await().atMost(SOON).until(() -> running() == 1);
            for (int i = 0; i < 40; i++) {
                wish(wishes++);
            }
            Node runner =
                    nodes.stream()
                            .filter(node -> node.sagas().runs(Wish.SAGA.name()))
                            .findFirst()
                            .orElseThrow();
            nodes.remove(runner);
            runner.close();
        }
        awaitGranted(wishes);
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(nodes.getFirst().sagas(Wish.SAGA, null, "", 10))
                                        .isEmpty());
    }

    @Test
    void runners_that_take_the_saga_from_each_other_grant_every_wish_once() {
        start(2);
        int wishes = 0;
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 5; i++) {
                wish(wishes++);
            }
            Node taker = nodes.get(random.nextInt(2));
            taker.sagas().run((_, _) -> true, new Targets(taker));
            await().pollDelay(Duration.ofMillis(random.nextInt(1, 150))).until(() -> true);
        }
        awaitGranted(wishes);
        await().atMost(SOON).until(() -> running() == 1); // a fenced one notices by itself
    }

    /// What a node gives its own sagas.
    private record Targets(Node node) implements SagaSession.SagaTargets {
        @Override
        public CompletionStage<Reply<Object>> send(
                Aggregate<Object, Object, Object> to, String id, Object command, Cause cause) {
            return node.send(to, id, command, cause);
        }

        @Override
        public CompletionStage<Reply<Object>> process(
                String processor, String id, Object request, Cause cause) {
            throw new CodecException("these sagas go through no processor");
        }

        @Override
        @SuppressWarnings("unchecked")
        public CompletionStage<Reply<Object>> state(Aggregate<?, ?, ?> of, String id) {
            return CompletableFuture.completedFuture(
                    new Reply.Accepted<>(node.state((Aggregate<?, ?, Object>) of, id)));
        }
    }
}
