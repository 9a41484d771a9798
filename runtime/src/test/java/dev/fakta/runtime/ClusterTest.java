// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.postgres.server.LocalPorts;
import dev.fakta.runtime.Tally.Command.Add;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Nodes with sockets of their own in one JVM, on one log.
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class ClusterTest {

    private static final int PARTITIONS = 64;
    private static final int LOTS = 1_000_000;
    private static final Duration SOON = Duration.ofSeconds(90);

    @TempDir Path directory;
    private final EventLog log = MemoryLog.create(PARTITIONS);
    private final List<Node> nodes = new ArrayList<>();
    private final List<Semaphore> held = new ArrayList<>();
    private final AtomicInteger processed = new AtomicInteger();
    private final int seed = LocalPorts.free();

    record Request(long amount) {}

    private final Processor<Request, Tally.Command> doubling =
            Processor.named("doubling")
                    .taking(Request.class)
                    .sendingTo(Tally.AGGREGATE)
                    .processing(
                            (request, _) -> {
                                processed.incrementAndGet();
                                return new Processor.Outcome.Send<>(new Add(2 * request.amount()));
                            });

    private final Microsystem tallies =
            Microsystem.named("tallies").with(Tally.AGGREGATE).with(doubling);

    private Node start(Set<Role> roles) {
        return start(roles, log);
    }

    private Node start(Set<Role> roles, EventLog log) {
        int port = nodes.isEmpty() ? seed : 0;
        var cluster = ClusterSettings.of("127.0.0.1", port, List.of("127.0.0.1:" + seed), roles);
        Node node =
                Node.start(
                        NodeSettings.embedded(directory.resolve("views"))
                                .inCluster("node-" + nodes.size(), cluster),
                        tallies,
                        log,
                        InstantSource.system());
        nodes.add(node);
        return node;
    }

    private Node start() {
        return start(EnumSet.allOf(Role.class));
    }

    private void stop(Node node) {
        nodes.remove(node);
        node.close();
    }

    /// Every partition has one owner, and every node a share.
    private void awaitPlaced() {
        await().atMost(SOON).until(this::isPlaced);
    }

    private boolean isPlaced() {
        var shares =
                nodes.stream()
                        .mapToInt(node -> node.status().activePartitions())
                        .summaryStatistics();
        return shares.getSum() == PARTITIONS && shares.getMin() > 0;
    }

    @AfterEach
    void stopAll() {
        held.forEach(claims -> claims.release(LOTS)); // a partition may be claimed once more
        nodes.reversed().forEach(Node::close);
        log.close();
    }

    private static Reply<Tally> add(Node node, String id, long amount) {
        return node.await(node.send(Tally.AGGREGATE, id, new Add(amount), Cause.fresh()));
    }

    private static Tally accepted(Reply<Tally> reply) {
        assertThat(reply).isInstanceOf(Reply.Accepted.class);
        return ((Reply.Accepted<Tally>) reply).aggregate().state();
    }

    /// As nodes do that have found each other: all know all, in the same order.
    @RepeatedTest(3)
    void nodes_that_start_at_once_found_one_cluster() throws Exception {
        List<Integer> ports = List.of(seed, LocalPorts.free(), LocalPorts.free());
        List<String> all = ports.stream().map(port -> "127.0.0.1:" + port).sorted().toList();
        try (ExecutorService threads = Executors.newCachedThreadPool()) { // see Node.start
            List<Future<Node>> starting = new ArrayList<>();
            for (int port : ports) {
                var cluster = ClusterSettings.of("127.0.0.1", port, all, EnumSet.allOf(Role.class));
                NodeSettings settings =
                        NodeSettings.embedded(directory.resolve("views"))
                                .inCluster("node-" + port, cluster);
                starting.add(
                        threads.submit(
                                () -> Node.start(settings, tallies, log, InstantSource.system())));
            }
            for (Future<Node> node : starting) {
                nodes.add(node.get(1, TimeUnit.MINUTES));
            }
        }
        await().atMost(SOON)
                .until(() -> nodes.stream().allMatch(node -> node.status().nodes() == 3));
        awaitPlaced();
    }

    @Test
    void every_node_reaches_every_aggregate() {
        start();
        start();
        start();
        awaitPlaced();
        for (int i = 0; i < 30; i++) {
            for (Node node : nodes) {
                add(node, "tally-" + i, 1);
            }
            assertThat(nodes.get(i % 3).state(Tally.AGGREGATE, "tally-" + i).state().sum())
                    .isEqualTo(3);
        }
        assertThat(nodes).allMatch(node -> node.status().nodes() == 3);
    }

    /// A log whose claims end one by one, as these are released.
    private EventLog holding(Semaphore claims) {
        held.add(claims);
        InvocationHandler handler =
                (_, method, arguments) -> {
                    if (method.getName().equals("claim")) {
                        claims.acquire();
                    }
                    try {
                        return method.invoke(log, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                };
        return (EventLog)
                Proxy.newProxyInstance(
                        EventLog.class.getClassLoader(), new Class<?>[] {EventLog.class}, handler);
    }

    @Test
    void a_node_is_ready_when_its_last_claim_has_ended() {
        Semaphore claims = new Semaphore(PARTITIONS - 1);
        Node node = start(EnumSet.allOf(Role.class), holding(claims));
        await().atMost(SOON)
                .until(() -> claims.availablePermits() == 0 && claims.hasQueuedThreads());
        assertThat(node.status().isReady()).isFalse();
        await().atMost(SOON).until(() -> node.missing().contains("has not taken its share"));
        claims.release();
        await().atMost(SOON).until(() -> node.missing().isEmpty());
        assertThat(node.status().isReady()).isTrue();
    }

    @Test
    void a_node_that_joins_is_ready_when_its_share_has_moved_and_no_command_is_refused() {
        Node first = start();
        await().atMost(SOON).until(() -> first.missing().isEmpty());
        Semaphore claims = new Semaphore(0);
        Node second = start(EnumSet.allOf(Role.class), holding(claims));
        await().atMost(SOON).until(claims::hasQueuedThreads);
        assertThat(second.missing()).isNotEmpty();
        List<CompletableFuture<Reply<Tally>>> replies = new ArrayList<>();
        for (int i = 0; i < 2 * PARTITIONS; i++) {
            replies.add(
                    first.send(Tally.AGGREGATE, "t" + i, new Add(1), Cause.fresh())
                            .toCompletableFuture());
        }
        assertThat(second.missing()).isNotEmpty();
        claims.release(PARTITIONS);
        await().atMost(SOON).until(() -> second.missing().isEmpty());
        replies.forEach(reply -> accepted(reply.join()));
        for (int i = 0; i < 2 * PARTITIONS; i++) {
            accepted(add(second, "t" + i, 1));
        }
    }

    @Test
    void a_node_that_joins_follows_its_share_before_it_takes_it() {
        Node first = start();
        await().atMost(SOON).until(() -> first.status().activePartitions() == PARTITIONS);
        for (int i = 0; i < 30; i++) {
            accepted(add(first, "tally-" + i, 1));
        }
        Node second = start();
        await().atMost(SOON).until(() -> second.status().passivePartitions() == PARTITIONS);
        assertThat(second.status().activePartitions()).isZero();
        assertThat(first.status().activePartitions()).isEqualTo(PARTITIONS);
        awaitPlaced();
        for (int i = 0; i < 30; i++) {
            assertThat(accepted(add(second, "tally-" + i, 1)).sum()).isEqualTo(2);
        }
    }

    @Test
    void passive_copies_are_compared_with_their_active_ones() {
        start();
        start();
        awaitPlaced();
        await().atMost(SOON)
                .until(
                        () ->
                                nodes.stream()
                                        .allMatch(node -> node.status().passivePartitions() > 0));
        for (int i = 0; i < 200; i++) {
            accepted(add(nodes.getFirst(), "tally-" + i, i));
        }
        await().atMost(SOON)
                .until(() -> nodes.stream().allMatch(node -> node.status().comparedImages() > 10));
        assertThat(nodes).allMatch(node -> node.status().differingImages() == 0);
    }

    @Test
    void a_refusal_by_another_node_has_its_name_and_reason() {
        start(EnumSet.of(Role.AGGREGATE));
        Node gateway = start(EnumSet.of(Role.GATEWAY, Role.PROCESSOR));
        assertThat(add(gateway, "a", Tally.LIMIT + 1))
                .isInstanceOfSatisfying(
                        Reply.Rejected.class,
                        rejected -> {
                            assertThat(rejected.rejection().name())
                                    .isEqualTo(Tally.Refusal.OVER_LIMIT.name());
                            assertThat(rejected.rejection().detail())
                                    .isEqualTo(Tally.Refusal.OVER_LIMIT.detail());
                        });
        assertThat(gateway.status().activePartitions()).isZero();
    }

    @Test
    void a_command_sent_twice_to_another_node_has_one_effect() {
        start(EnumSet.of(Role.AGGREGATE));
        Node gateway = start(EnumSet.of(Role.GATEWAY));
        Cause cause = Cause.of(UUID.randomUUID(), 1, "");
        accepted(gateway.await(gateway.send(Tally.AGGREGATE, "a", new Add(5), cause)));
        assertThat(gateway.await(gateway.send(Tally.AGGREGATE, "a", new Add(5), cause)))
                .isInstanceOfSatisfying(
                        Reply.Repeated.class, again -> assertThat(again.revision()).isEqualTo(1));
        assertThat(gateway.state(Tally.AGGREGATE, "a").state().sum()).isEqualTo(5);
    }

    @Test
    void a_processor_runs_on_a_node_that_has_the_role() {
        start(EnumSet.of(Role.AGGREGATE, Role.PROCESSOR));
        Node gateway = start(EnumSet.of(Role.GATEWAY));
        Reply<Tally> reply = gateway.process(doubling, "a", new Request(4), Cause.fresh());
        assertThat(accepted(reply).sum()).isEqualTo(8);
        assertThat(processed).hasValue(1);
    }

    @Test
    void a_node_that_leaves_hands_its_partitions_over_and_nobody_notices() {
        start();
        Node second = start();
        Node third = start();
        awaitPlaced();
        AtomicInteger sent = new AtomicInteger();
        List<Reply<Tally>> others = new ArrayList<>();
        Thread client =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    while (!Thread.currentThread().isInterrupted()) {
                                        int number = sent.getAndIncrement();
                                        Reply<Tally> reply =
                                                add(nodes.getFirst(), "t-" + number % 50, 1);
                                        if (!(reply instanceof Reply.Accepted)
                                                && !(reply instanceof Reply.Repeated)) {
                                            others.add(reply);
                                        }
                                        LockSupport.parkNanos(200_000);
                                    }
                                });
        await().atMost(SOON).until(() -> sent.get() > 200);
        stop(second);
        awaitPlaced();
        stop(third);
        awaitPlaced();
        int before = sent.get();
        await().atMost(SOON).until(() -> sent.get() > before + 200);
        client.interrupt();
        await().atMost(SOON).until(() -> !client.isAlive());
        others.removeIf(reply -> reply.toString().contains("interrupted"));
        assertThat(others).isEmpty();
        long sum = 0;
        for (int i = 0; i < 50; i++) {
            sum += nodes.getFirst().state(Tally.AGGREGATE, "t-" + i).state().sum();
        }
        assertThat(sum).isBetween(sent.get() - 1L, (long) sent.get());
    }
}
