// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.SagaState.Status;
import java.time.Duration;
import java.util.List;
import java.util.Random;
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

    private final NodesOnOneLog cluster = new NodesOnOneLog(Wish.MICROSYSTEM);
    private final Random random = new Random(3);

    @AfterEach
    void stopAll() {
        cluster.close();
    }

    private void wish(int number) {
        Node node = cluster.all().get(number % cluster.all().size());
        var make = new Wish.Make(List.of("a" + number % 7, "all"), 1, random.nextInt(200));
        assertThat(node.await(node.send(Wish.AGGREGATE, "w" + number, make, Cause.fresh())))
                .isInstanceOf(Reply.Accepted.class);
    }

    private void awaitGranted(int wishes) {
        Node node = cluster.all().getFirst();
        await().atMost(SOON)
                .until(() -> IntStream.range(0, wishes).allMatch(i -> isGranted(node, "w" + i)));
        assertThat(node.state(Tally.AGGREGATE, "all").state().sum()).isEqualTo(wishes);
        assertThat(node.state(Tally.AGGREGATE, "finished").state().sum()).isEqualTo(wishes);
    }

    private static boolean isGranted(Node node, String id) {
        return node.state(Wish.SAGA.aggregate(), id).state().status() == Status.COMPLETED;
    }

    @Test
    void the_runner_moves_when_its_node_leaves_and_every_wish_is_granted_once() {
        cluster.start(3);
        int wishes = 0;
        while (cluster.all().size() > 1) {
            await().atMost(SOON).until(() -> cluster.running(Wish.SAGA.name()).size() == 1);
            for (int i = 0; i < 40; i++) {
                wish(wishes++);
            }
            Node runner = cluster.running(Wish.SAGA.name()).getFirst();
            cluster.leave(runner);
        }
        awaitGranted(wishes);
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(cluster.all().getFirst().sagas(Wish.SAGA, null, "", 10))
                                        .isEmpty());
    }

    @Test
    void runners_that_take_the_saga_from_each_other_grant_every_wish_once() {
        cluster.start(2);
        int wishes = 0;
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 5; i++) {
                wish(wishes++);
            }
            Node taker = cluster.all().get(random.nextInt(2));
            NodesOnOneLog.takeAll(taker);
            await().pollDelay(Duration.ofMillis(random.nextInt(1, 150))).until(() -> true);
        }
        awaitGranted(wishes);
        await().atMost(SOON)
                .until(
                        () ->
                                cluster.running(Wish.SAGA.name()).size()
                                        == 1); // a fenced one notices by itself
    }
}
