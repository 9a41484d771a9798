// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.AlarmChanges;
import dev.fakta.domain.AlarmClock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Alarm clocks in a cluster: their runner moves, and what was set rings all the same.
@ResourceLock("Booking.isBroken")
class AlarmTakeOverTest {

    private static final Duration SOON = Duration.ofSeconds(120);

    private static final AlarmClock CLOCK =
            AlarmClock.named("booking-clock")
                    .alarm(Booking.CLOCK.find("lapse"))
                    .on(
                            Booking.Event.BookingAsked.class,
                            (_, at) ->
                                    AlarmChanges.of(at.id()).ring("lapse", Duration.ofMillis(300)));

    private final NodesOnOneLog cluster = new NodesOnOneLog(Booking.microsystem(CLOCK));
    private int asked;

    @AfterEach
    void stopAll() {
        cluster.close();
    }

    private void ask(int count) {
        for (int i = 0; i < count; i++) {
            Node node =
                    cluster.all().get(ThreadLocalRandom.current().nextInt(cluster.all().size()));
            var reply =
                    node.send(
                            Booking.AGGREGATE,
                            "b" + asked++,
                            new Booking.Command.Ask(),
                            Cause.fresh());
            assertThat(node.await(reply)).isInstanceOf(Reply.Accepted.class);
        }
    }

    private void awaitLapsed() {
        Node node = cluster.all().getFirst();
        await().atMost(SOON)
                .until(
                        () ->
                                IntStream.range(0, asked)
                                        .allMatch(
                                                i ->
                                                        node.state(Booking.AGGREGATE, "b" + i)
                                                                        .state()
                                                                        .stage()
                                                                == Booking.Stage.LAPSED));
    }

    @Test
    void what_was_set_rings_though_the_runner_moves() {
        cluster.start(3);
        while (cluster.all().size() > 1) {
            await().atMost(SOON).until(() -> cluster.running(CLOCK.name()).size() == 1);
            ask(60);
            cluster.leave(cluster.running(CLOCK.name()).getFirst());
        }
        awaitLapsed();
    }

    @Test
    void what_was_set_rings_though_runners_take_the_clock_from_each_other() {
        cluster.start(2);
        for (int round = 0; round < 20; round++) {
            ask(20);
            NodesOnOneLog.takeAll(cluster.all().get(round % 2));
        }
        awaitLapsed();
        await().atMost(SOON).until(() -> cluster.running(CLOCK.name()).size() == 1);
    }
}
