// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A subscription runs on one node of a cluster, and goes on elsewhere.
class SubscriptionTakeOverTest {

    private static final Duration SOON = Duration.ofSeconds(90);

    private final Tickets tickets = new Tickets(true);
    private final Subscription subscription = Subscription.named("to-target").to(tickets::sink);

    private static String taken(Node node, int number) {
        String roll = "r" + number % 6;
        assertThat(
                        node.await(
                                node.send(
                                        Tickets.ROLL,
                                        roll,
                                        new Tickets.Take(number),
                                        Cause.fresh())))
                .isInstanceOf(Reply.Accepted.class);
        return "roll/" + roll + " " + number;
    }

    @Test
    void it_goes_on_where_it_stood_on_another_node() {
        List<String> expected = new ArrayList<>();
        try (NodesOnOneLog nodes = new NodesOnOneLog(Tickets.microsystem(subscription))) {
            nodes.start(3);
            for (int round = 0; round < 2; round++) {
                await().atMost(SOON).until(() -> nodes.running("to-target").size() == 1);
                Node runs = nodes.running("to-target").getFirst();
                for (int i = 1; i <= 30; i++) {
                    expected.add(taken(nodes.all().getFirst(), round * 30 + i));
                }
                nodes.leave(runs);
            }
            await().atMost(SOON)
                    .untilAsserted(
                            () ->
                                    assertThat(tickets.taken())
                                            .containsExactlyInAnyOrderElementsOf(expected));
        }
        assertThat(tickets.open()).isZero();
    }
}
