// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Alarm;
import dev.fakta.domain.AlarmChanges;
import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.Send;
import dev.fakta.log.EventLog;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.postgres.server.LocalPorts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A node that asks for a state which is too large for a message between nodes, or for none at all.
class LargeAnswerTest {

    private static final int LARGE = 5 << 20;

    /// The names of the threads that have made JSON of a state.
    private static final Set<String> WRITTEN_BY = ConcurrentHashMap.newKeySet();

    private static final Duration SOON = Duration.ofMinutes(1);

    /// A text of a size; with a size below 0 it is no JSON.
    record Text(int size, String text) {
        @Override
        public String text() {
            WRITTEN_BY.add(Thread.currentThread().getName());
            if (size < 0) {
                throw new IllegalStateException("no JSON");
            }
            return text;
        }
    }

    record Grow(int size) {}

    record Grown(int size) {}

    private static final Aggregate<Grow, Grown, Text> TEXTS =
            Aggregate.named("text")
                    .taking(Grow.class)
                    .startingAs(new Text(0, ""))
                    .deciding((Text _, Grow grow) -> Decision.accept(new Grown(grow.size())))
                    .evolving(
                            (Text _, Grown grown) ->
                                    new Text(grown.size(), "x".repeat(Math.max(0, grown.size()))))
                    .event("text-grown", Grown.class);

    /// Has a text "b" grow by one when "a" has shrunk to nothing.
    private static final AlarmClock CLOCK =
            AlarmClock.named("growth")
                    .alarm(Alarm.named("grow").sending(id -> Send.to(TEXTS, id, new Grow(1))))
                    .on(
                            Grown.class,
                            (grown, _) ->
                                    grown.size() == 0
                                            ? AlarmChanges.of("b").ring("grow", Duration.ZERO)
                                            : AlarmChanges.of("b"));

    @TempDir Path directory;
    private EventLog log;
    private final int seed = LocalPorts.free();
    private Node owner;
    private Node asking;

    @BeforeEach
    void start() {
        log =
                SegmentLog.open(
                        directory.resolve("log"), SegmentLogSettings.defaults().withPartitions(4));
        owner = start("owner", seed, EnumSet.complementOf(EnumSet.of(Role.SAGA)));
        asking = start("asking", 0, Set.of(Role.GATEWAY, Role.SAGA));
        await().atMost(SOON)
                .until(() -> asking.status().isWell() && owner.status().activePartitions() == 4);
    }

    private Node start(String name, int port, Set<Role> roles) {
        var cluster = ClusterSettings.of("127.0.0.1", port, List.of("127.0.0.1:" + seed), roles);
        return Node.start(
                NodeSettings.embedded(directory.resolve(name)).inCluster(name, cluster),
                Microsystem.named("texts").with(TEXTS).with(CLOCK),
                log,
                InstantSource.system());
    }

    @AfterEach
    void stop() {
        asking.close();
        owner.close();
        log.close();
    }

    private Reply<Text> grow(int size) {
        return asking.await(asking.send(TEXTS, "a", new Grow(size), Cause.fresh()));
    }

    @Test
    void a_command_whose_state_is_too_large_to_be_sent_is_known_to_be_carried_out() {
        assertThat(grow(LARGE))
                .isInstanceOfSatisfying(
                        Reply.Repeated.class, again -> assertThat(again.revision()).isEqualTo(1));
        assertThat(asking.state(TEXTS, "a").state().size()).isEqualTo(LARGE);
        assertThat(grow(1)).isInstanceOf(Reply.Accepted.class);
    }

    /// A saga needs to know whether its command was carried out, and nothing of the aggregate.
    @Test
    void what_a_saga_sends_to_another_node_is_answered_without_the_state() {
        Cause cause = Cause.fresh();
        assertThat(asking.await(asking.send(TEXTS, "a", new Grow(0), cause)))
                .isInstanceOf(Reply.Accepted.class);
        WRITTEN_BY.clear();
        await().atMost(SOON).until(() -> asking.events(TEXTS, "b", 1, 10).size() == 1);
        await().atMost(SOON)
                .until(
                        () ->
                                Listed.of(() -> asking.alarms(CLOCK, SagaState.Status.LIVE, "", 10))
                                        .isEmpty());
        assertThat(WRITTEN_BY).isEmpty();
    }

    /// While it does, no partition commits anything.
    @Test
    void the_thread_of_the_log_makes_no_JSON_of_a_state() {
        for (int i = 0; i < 50; i++) {
            assertThat(grow(1)).isInstanceOf(Reply.Accepted.class);
        }
        assertThat(WRITTEN_BY).isNotEmpty().noneMatch(name -> name.equals("fakta-log"));
    }

    @Test
    void a_command_whose_state_is_no_JSON_is_known_to_be_carried_out() {
        assertThat(grow(-1))
                .isInstanceOfSatisfying(
                        Reply.Repeated.class, again -> assertThat(again.revision()).isEqualTo(1));
        assertThat(asking.state(TEXTS, "a").state().size()).isEqualTo(-1);
    }
}
