// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Random;
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

    private final NodesOnOneLog cluster = new NodesOnOneLog(Shelf.microsystem(Shelf.COURIER));
    private final Random random = new Random(3);
    private final long[] wanted = new long[SHELVES];

    @AfterEach
    void stopAll() {
        cluster.close();
    }

    private void wantSomething() {
        int shelf = random.nextInt(SHELVES);
        wanted[shelf] = random.nextInt(1, 100);
        Node node = cluster.all().get(random.nextInt(cluster.all().size()));
        var want = new Shelf.Command.Want(wanted[shelf]);
        assertThat(node.await(node.send(Shelf.AGGREGATE, "s" + shelf, want, Cause.fresh())))
                .isInstanceOf(Reply.Accepted.class);
    }

    private void awaitHeld() {
        Node node = cluster.all().getFirst();
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

    @Test
    void the_runner_moves_when_its_node_leaves() {
        cluster.start(3);
        while (cluster.all().size() > 1) {
            await().atMost(SOON).until(() -> cluster.running(Shelf.COURIER.name()).size() == 1);
            for (int i = 0; i < 60; i++) {
                wantSomething();
            }
            Node runner = cluster.running(Shelf.COURIER.name()).getFirst();
            cluster.leave(runner);
        }
        awaitHeld();
        await().atMost(SOON)
                .until(
                        () ->
                                cluster.all()
                                        .getFirst()
                                        .errands(Shelf.COURIER, null, "", 10)
                                        .isEmpty());
    }

    @Test
    void runners_that_take_the_courier_from_each_other_bring_what_is_wanted_last() {
        cluster.start(2);
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 5; i++) {
                wantSomething();
            }
            Node taker = cluster.all().get(random.nextInt(2));
            NodesOnOneLog.takeAll(taker);
            await().pollDelay(Duration.ofMillis(random.nextInt(1, 150))).until(() -> true);
        }
        awaitHeld();
        await().atMost(SOON)
                .until(
                        () ->
                                cluster.running(Shelf.COURIER.name()).size()
                                        == 1); // a fenced one notices by itself
    }
}
