// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.domain.SagaState.Status;
import dev.fakta.log.ClaimRecord;
import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.HybridTime;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Positions;
import dev.fakta.postgres.server.LocalPorts;
import dev.fakta.runtime.core.ClockWatch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nodes that meet a clock which is far ahead of their own.
final class ClockAheadTest {

    private static final Duration SOON = Duration.ofMinutes(2);
    private static final Duration DECADES = Duration.ofDays(30_000);
    private static final int PARTITIONS = 16;

    @TempDir Path directory;
    private final EventLog log = MemoryLog.create(PARTITIONS);
    private final List<Node> nodes = new ArrayList<>();
    private final int seed = LocalPorts.free();

    private Node start(String name, Duration ahead) {
        return start(name, ahead, Wish.MICROSYSTEM);
    }

    private Node start(String name, Duration ahead, Microsystem microsystem) {
        var cluster =
                ClusterSettings.of(
                        "127.0.0.1",
                        nodes.isEmpty() ? seed : 0,
                        List.of("127.0.0.1:" + seed),
                        EnumSet.allOf(Role.class));
        Node node =
                Node.start(
                        NodeSettings.embedded(directory.resolve(name)).inCluster(name, cluster),
                        microsystem,
                        log,
                        InstantSource.offset(InstantSource.system(), ahead));
        nodes.add(node);
        await().atMost(SOON).until(() -> node.missing().isEmpty());
        return node;
    }

    @AfterEach
    void stop() {
        nodes.reversed().forEach(Node::close);
        log.close();
    }

    private static void wish(Node node, String id) {
        var make = new Wish.Make(List.of("a" + id, "b" + id, "c" + id), 1, 0);
        assertThat(node.await(node.send(Wish.AGGREGATE, id, make, Cause.fresh())))
                .isInstanceOf(Reply.Accepted.class);
        await().atMost(SOON)
                .until(
                        () ->
                                node.state(Wish.SAGA.aggregate(), id).state().status()
                                        == Status.COMPLETED);
    }

    private List<LogRecord> records() {
        List<LogRecord> records = new ArrayList<>();
        Positions heads = log.heads();
        try (LogReader reader = log.reader(Positions.start(PARTITIONS))) {
            while (!reader.positions().covers(heads)) {
                records.addAll(reader.next(1_000, Duration.ofMillis(100)));
            }
        }
        return records;
    }

    private Map<Integer, String> owners() {
        Map<Integer, String> owners = new HashMap<>();
        for (LogRecord record : records()) {
            if (record instanceof ClaimRecord claim) {
                owners.put(claim.partition(), claim.node());
            }
        }
        return owners;
    }

    /// The id of a wish whose partition a node has.
    private String idOf(String name) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> name + i)
                .filter(id -> name.equals(owners().get(log.partitionOf("wish/" + id))))
                .findFirst()
                .orElseThrow();
    }

    /// The events that a node has recorded, by the claims before them.
    private List<EventRecord> recordedBy(String name) {
        Map<Integer, String> owners = new HashMap<>();
        List<EventRecord> events = new ArrayList<>();
        for (LogRecord record : records()) {
            switch (record) {
                case ClaimRecord claim -> owners.put(claim.partition(), claim.node());
                case EventRecord event -> {
                    if (name.equals(owners.get(event.partition()))) {
                        events.add(event);
                    }
                }
            }
        }
        return events;
    }

    @Test
    void a_node_whose_clock_is_decades_ahead_marks_no_partition_of_another_node() {
        Node right = start("right", Duration.ZERO);
        try (LoggedLines lines = new LoggedLines(ClockWatch.class.getName(), "clock of right")) {
            Node wrong = start("wrong", DECADES);
            await().atMost(SOON).until(() -> wrong.load().activePartitions() > 0);
            for (int i = 0; i < 20; i++) {
                wish(right, "r" + i);
                wish(wrong, "w" + i);
            }
            Instant bound = InstantSource.system().instant().plus(HybridTime.FURTHEST);
            assertThat(recordedBy("wrong"))
                    .isNotEmpty()
                    .allMatch(event -> HybridTime.instant(event.time()).isAfter(bound));
            assertThat(recordedBy("right"))
                    .isNotEmpty()
                    .allMatch(event -> HybridTime.instant(event.time()).isBefore(bound));
            assertThat(lines.has("s ahead of the clock of right")).isTrue();
            assertThat(right.load().clockAheadSeconds())
                    .isGreaterThan(DECADES.minusHours(1).toSeconds());
            assertThat(wrong.load().clockAheadSeconds()).isZero();
        }
    }

    @Test
    void a_partition_with_records_that_are_far_ahead_stays_usable_and_its_node_says_so() {
        Node wrong = start("wrong", DECADES);
        wish(wrong, "before");
        nodes.remove(wrong);
        wrong.close();
        try (LoggedLines lines = new LoggedLines(ClockWatch.class.getName(), "clock of later")) {
            Node later = start("later", Duration.ZERO);
            wish(later, "after");
            Map<Integer, Long> newest = new HashMap<>();
            for (LogRecord record : records()) {
                Long before = newest.put(record.partition(), record.time());
                assertThat(record.time()).isGreaterThan(before == null ? 0 : before);
            }
            assertThat(lines.has("the newest record of partition")).isTrue();
            assertThat(later.load().clockAheadSeconds()).isPositive();
        }
    }

    /// It reads a wish of the node that is ahead, and sends to a partition of its own node: no
    /// command comes from another node.
    @Test
    void a_node_says_that_what_its_processor_has_read_is_far_ahead() {
        Processor<String, Wish.Make> copying =
                Processor.named("copying")
                        .taking(String.class)
                        .sendingTo(Wish.AGGREGATE)
                        .processing(
                                (other, context) -> {
                                    context.read(Wish.AGGREGATE, other);
                                    return new Processor.Outcome.Send<>(
                                            new Wish.Make(List.of(), 1, 0));
                                });
        Microsystem microsystem = Microsystem.named("wishes").with(Wish.AGGREGATE).with(copying);
        Node right = start("right", Duration.ZERO, microsystem);
        Node wrong = start("wrong", Duration.ofHours(1), microsystem);
        await().atMost(SOON)
                .until(() -> owners().containsValue("wrong") && owners().containsValue("right"));
        String ahead = idOf("wrong");
        var make = new Wish.Make(List.of(), 1, 0);
        var made = wrong.await(wrong.send(Wish.AGGREGATE, ahead, make, Cause.fresh()));
        assertThat(made).isInstanceOf(Reply.Accepted.class);
        assertThat(right.load().clockAheadSeconds()).isZero();
        Reply<Wish> copied = right.process(copying, idOf("right"), ahead, Cause.fresh());
        assertThat(copied).isInstanceOf(Reply.Accepted.class);
        assertThat(right.load().clockAheadSeconds()).isGreaterThan(3_000);
        assertThat(time(copied)).isGreaterThan(time(made));
    }

    private static long time(Reply<Wish> reply) {
        return reply instanceof Reply.Accepted<Wish>(var found) ? found.time() : 0;
    }

    @Nested
    class Watching {

        private Instant now = Instant.parse("2026-06-01T12:00:00Z");
        private final InstantSource clock = () -> now;

        private long ahead(Duration time) {
            return HybridTime.of(now.plus(time));
        }

        @Test
        void a_minute_ahead_is_no_alarm() {
            ClockWatch watch = new ClockWatch("minute", clock);
            try (LoggedLines lines = new LoggedLines(ClockWatch.class.getName(), "of minute")) {
                watch.met(ahead(ClockWatch.NOTICED), "it");
                assertThat(lines.count()).isZero();
            }
            assertThat(watch.secondsAhead()).isZero();
        }

        @Test
        void it_warns_once_a_minute_with_names_and_by_how_much() {
            ClockWatch watch = new ClockWatch("north", clock);
            try (LoggedLines lines = new LoggedLines(ClockWatch.class.getName(), "of north")) {
                for (int i = 0; i < 100; i++) {
                    watch.met(ahead(Duration.ofMinutes(5)), "what node south says");
                }
                assertThat(lines.count()).isEqualTo(1);
                assertThat(lines.has("what node south says is 300 s ahead of the clock of north"))
                        .isTrue();
                now = now.plus(Duration.ofMinutes(1));
                watch.met(ahead(Duration.ofMinutes(5)), "what node south says");
                assertThat(lines.count()).isEqualTo(2);
            }
        }

        @Test
        void the_alarm_ends_when_the_clock_comes_near() {
            ClockWatch watch = new ClockWatch("near", clock);
            watch.met(ahead(Duration.ofMinutes(5)), "it");
            watch.met(ahead(Duration.ofMinutes(2)), "it");
            assertThat(watch.secondsAhead()).isEqualTo(300);
            now = now.plus(Duration.ofMinutes(3));
            assertThat(watch.secondsAhead()).isEqualTo(120);
            now = now.plus(Duration.ofMinutes(1));
            assertThat(watch.secondsAhead()).isZero();
        }
    }
}
