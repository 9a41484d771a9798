// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Courier;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.postgres.server.LocalPorts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What nodes know of how long new work would have to wait.
class NodeBacklogTest {

    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int LOTS = 1_000_000;

    @TempDir Path directory;
    private final EventLog log = MemoryLog.create(4);
    private final int seed = LocalPorts.free();
    private final List<Node> nodes = new ArrayList<>();

    /// Each errand takes one.
    private final Semaphore errands = new Semaphore(0);

    private final Courier courier =
            Courier.named("slow-courier")
                    .carrying(
                            Processor.named("fill-slowly")
                                    .taking(Shelf.Fill.class)
                                    .sendingTo(Shelf.AGGREGATE)
                                    .processing((_, context) -> fill(context)),
                            new Shelf.Fill())
                    .on(Shelf.Event.ShelfWanted.class, (_, at) -> at.id());

    private Outcome<Shelf.Command> fill(Processor.Context context) {
        errands.acquireUninterruptibly();
        long wanted = context.state(Shelf.AGGREGATE, context.id()).wanted();
        return new Outcome.Send<>(new Shelf.Command.RecordHeld(wanted));
    }

    /// One errand at a time.
    private Node start(Set<Role> roles) {
        String name = "node-" + nodes.size();
        var cluster =
                ClusterSettings.of(
                        "127.0.0.1",
                        nodes.isEmpty() ? seed : 0,
                        List.of("127.0.0.1:" + seed),
                        roles);
        Node node =
                Node.start(
                        NodeSettings.embedded(directory.resolve(name))
                                .inCluster(name, cluster)
                                .withProcessorsAtOnce(4),
                        Shelf.microsystem(courier),
                        log,
                        InstantSource.system());
        nodes.add(node);
        return node;
    }

    @AfterEach
    void stop() {
        errands.release(LOTS);
        nodes.reversed().forEach(Node::close);
        log.close();
    }

    private static void want(Node node, String shelf) {
        assertThat(
                        node.await(
                                node.send(
                                        Shelf.AGGREGATE,
                                        shelf,
                                        new Shelf.Command.Want(1),
                                        Cause.fresh())))
                .isInstanceOf(Reply.Accepted.class);
    }

    private static void awaitBacklog(Node node) {
        await().atMost(SOON).until(() -> node.backlog().compareTo(Duration.ofMillis(300)) > 0);
    }

    private static void awaitNone(Node node) {
        await().atMost(SOON).until(() -> node.backlog().isZero());
    }

    @Test
    void what_waits_for_its_turn_is_a_backlog_on_every_node_until_it_is_done() {
        Node acting = start(EnumSet.allOf(Role.class));
        Node asking = start(EnumSet.of(Role.GATEWAY));
        await().atMost(SOON).until(() -> acting.missing().isEmpty());
        await().atMost(SOON).until(() -> asking.status().nodes() == 2);
        want(acting, "a");
        await().atMost(SOON).until(errands::hasQueuedThreads);
        assertThat(acting.backlog()).isZero();
        want(acting, "b");
        awaitBacklog(acting);
        awaitBacklog(asking);
        assertThat(asking.load().backlogSeconds()).isZero();
        assertThat(acting.load().backlogSeconds()).isPositive();
        errands.release(LOTS);
        awaitNone(acting);
        awaitNone(asking);
        await().atMost(SOON).until(() -> acting.state(Shelf.AGGREGATE, "b").state().held() == 1);
    }
}
