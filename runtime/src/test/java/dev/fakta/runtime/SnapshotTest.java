// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import dev.fakta.log.Snapshot;
import dev.fakta.log.Writer;
import dev.fakta.runtime.core.AggregateReader;
import dev.fakta.runtime.core.CommandWindow;
import dev.fakta.runtime.core.EventCodec;
import dev.fakta.runtime.partition.Resident;
import dev.fakta.runtime.partition.SnapshotQueue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// G4 and G6: snapshots are an aid, and never fail a command.
class SnapshotTest {

    private static final int ODD = -1;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// A text of a size; with the size [#ODD] it is no JSON.
    record Text(String text, int grown) {
        @Override
        public String text() {
            if (text.equals("odd")) {
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
                    .startingAs(new Text("", 0))
                    .deciding((Text _, Grow grow) -> Decision.accept(new Grown(grow.size())))
                    .evolving(
                            (Text text, Grown grown) ->
                                    new Text(
                                            grown.size() == ODD ? "odd" : "x".repeat(grown.size()),
                                            text.grown() + 1))
                    .event("text-grown", Grown.class);

    @SuppressWarnings("unchecked")
    private static final Aggregate<Object, Object, Object> ERASED =
            (Aggregate<Object, Object, Object>) (Aggregate<?, ?, ?>) TEXTS;

    private static final Microsystem SYSTEM = Microsystem.named("texts").with(TEXTS);

    @TempDir Path directory;
    private final EventLog log = MemoryLog.create(1);
    private final EventCodec codec = new EventCodec(Microsystems.of(SYSTEM));

    @AfterEach
    void close() {
        log.close();
    }

    /// A node that makes a snapshot at every second event.
    private Node node() {
        NodeSettings usual = NodeSettings.embedded(directory);
        return Node.start(
                new NodeSettings(
                        "snapshots",
                        usual.cluster(),
                        usual.views(),
                        2,
                        100,
                        2,
                        usual.answerWithin(),
                        100,
                        10),
                SYSTEM,
                log,
                InstantSource.system());
    }

    private static Versioned<Text> grow(Node node, String id, int size) {
        Reply<Text> reply = node.await(node.send(TEXTS, id, new Grow(size), Cause.fresh()));
        assertThat(reply).isInstanceOf(Reply.Accepted.class);
        return ((Reply.Accepted<Text>) reply).aggregate();
    }

    private void assertSkipped(int size) {
        try (Node node = node()) {
            grow(node, "a", 1);
            assertThat(grow(node, "a", size).revision()).isEqualTo(2);
            assertThat(grow(node, "b", 3).revision()).isEqualTo(1);
            assertThat(grow(node, "a", 3).state()).isEqualTo(new Text("xxx", 3));
            await().atMost(PATIENCE).until(() -> node.load().snapshotsSkipped() == 1);
            assertThat(log.latestSnapshot("text/a")).isEmpty();
            long claims = log.heads().offset(0) - 4;
            assertThat(claims).isEqualTo(1); // the partition has never been started again
        }
    }

    @Test
    void a_state_that_is_too_large_is_answered_and_has_no_snapshot() {
        assertSkipped(NewEvent.LARGEST_PAYLOAD + 1);
    }

    @Test
    void a_state_that_is_no_JSON_is_answered_and_has_no_snapshot() {
        assertSkipped(ODD);
    }

    @Test
    void a_large_state_is_written_down_less_often() {
        try (Node node = node()) {
            grow(node, "large", 100_000);
            grow(node, "large", 100_000);
            awaitSnapshot("large", 2);
            for (int i = 0; i < 100; i++) {
                grow(node, "large", 100_000);
            }
            grow(node, "small", 1);
            grow(node, "small", 1);
            awaitSnapshot("small", 2); // which is made behind those of the same partition
            assertThat(log.latestSnapshot("text/large").orElseThrow().revision()).isEqualTo(2);
            for (int i = 0; i < 300; i++) {
                grow(node, "large", 100_000);
            }
            awaitSnapshot("large", 390);
        }
    }

    private void awaitSnapshot(String id, long revision) {
        await().atMost(PATIENCE)
                .until(
                        () ->
                                log.latestSnapshot("text/" + id)
                                        .filter(found -> found.revision() >= revision)
                                        .isPresent());
    }

    @Test
    void a_snapshot_is_used_and_says_what_the_events_say() {
        try (Node node = node()) {
            grow(node, "a", 7);
            grow(node, "a", 8);
            await().atMost(PATIENCE).until(() -> log.latestSnapshot("text/a").isPresent());
            grow(node, "a", 9);
        }
        var whole = new AggregateReader(log, codec).load(ERASED, "a");
        var rest = new AggregateReader(withoutEvents(2), codec).load(ERASED, "a");
        assertThat(rest.aggregate()).isEqualTo(whole.aggregate());
        assertThat(rest.window().oldestFirst()).isEqualTo(whole.window().oldestFirst());
        assertThat(codec.snapshots().skipped()).isZero();
    }

    /// The log without the first events of each stream.
    private EventLog withoutEvents(int first) {
        return new WrappedLog(log) {
            @Override
            public List<EventRecord> readStream(String stream, long fromRevision, int limit) {
                return super.readStream(stream, Math.max(first + 1, fromRevision), limit);
            }
        };
    }

    private void assertPassedOver(EventLog damaged, long skipped) {
        var read = new AggregateReader(damaged, codec).load(ERASED, "a");
        assertThat(read.aggregate().state()).isEqualTo(new Text("xxxx", 2));
        assertThat(codec.snapshots().skipped()).isEqualTo(skipped);
    }

    private EventLog withSnapshot(String payload) {
        return new WrappedLog(log) {
            @Override
            public Optional<Snapshot> latestSnapshot(String stream) {
                return Optional.of(
                        new Snapshot(stream, 2, payload.getBytes(StandardCharsets.UTF_8)));
            }
        };
    }

    @Test
    void a_snapshot_that_cannot_be_used_is_passed_over() {
        String made;
        try (Node node = node()) {
            grow(node, "a", 3);
            grow(node, "a", 4);
            await().atMost(PATIENCE).until(() -> log.latestSnapshot("text/a").isPresent());
            made =
                    new String(
                            log.latestSnapshot("text/a").orElseThrow().payload(),
                            StandardCharsets.UTF_8);
        }
        assertPassedOver(log, 0);
        assertPassedOver(withSnapshot("{\"version\":1,\"state\":{},\"commands\":[]}"), 0);
        assertPassedOver(withSnapshot(made.replace("\"version\":1", "\"version\":2")), 0);
        assertPassedOver(
                withSnapshot(made.replaceFirst("\"shape\":\"....", "\"shape\":\"none")), 0);
        assertPassedOver(withSnapshot(made.replaceFirst("\"shape\":\"[^\"]*\",", "")), 0);
        assertPassedOver(withSnapshot(made.substring(0, made.length() - 3)), 1);
        assertPassedOver(withSnapshot("no head\n" + made), 2);
        assertPassedOver(
                new WrappedLog(log) {
                    @Override
                    public Optional<Snapshot> latestSnapshot(String stream) {
                        throw new LogException(Category.CORRUPT, "as the test wants it");
                    }
                },
                3);
    }

    @Test
    void snapshots_are_made_by_the_executor_and_of_the_newest_state_only() {
        ArrayDeque<Runnable> given = new ArrayDeque<>();
        List<Snapshot> made = new ArrayList<>();
        SnapshotQueue queue =
                new SnapshotQueue(
                        codec.snapshots(), given::add, (_, snapshot) -> made.add(snapshot));
        Writer writer = log.claim(0, "test");
        Resident resident = new Resident(ERASED, "a");
        for (int revision = 2; revision <= 6; revision += 2) {
            Versioned<Object> state =
                    new Versioned<>(
                            "a", new Text("", revision), revision, Positions.of(0, revision), 0);
            queue.add(writer, resident, state, CommandWindow.Kept.NOTHING);
        }
        assertThat(made).isEmpty();
        assertThat(given).hasSize(1);
        given.remove().run();
        assertThat(made).map(Snapshot::revision).containsExactly(6L);
        assertThat(Objects.requireNonNull(codec.snapshots().read(ERASED, made.getFirst())).state())
                .isEqualTo(new Text("", 6));
    }
}
