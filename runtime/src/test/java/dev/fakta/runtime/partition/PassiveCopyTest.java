// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Microsystem;
import dev.fakta.log.EventLog;
import dev.fakta.log.HybridTime;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Metadata;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import dev.fakta.log.Writer;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Tally;
import dev.fakta.runtime.WrappedLog;
import dev.fakta.runtime.core.AggregateReader;
import dev.fakta.runtime.core.ClockWatch;
import dev.fakta.runtime.core.EventCodec;
import dev.fakta.runtime.core.NodeParts;
import dev.fakta.runtime.core.RecentEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// G4 for the passive copy: what it holds is what a fresh reading of the log gives.
class PassiveCopyTest {

    private static final Microsystem TALLIES = Microsystem.named("tallies").with(Tally.AGGREGATE);

    @SuppressWarnings("unchecked")
    private static final Aggregate<Object, Object, Object> AGGREGATE =
            (Aggregate<Object, Object, Object>) (Aggregate<?, ?, ?>) Tally.AGGREGATE;

    private final EventLog log = MemoryLog.create(1);
    private final NodeParts parts = parts(log);
    private final AggregateReader reader = new AggregateReader(log, parts.codec());
    private final Map<String, Long> revisions = new HashMap<>();
    private Writer writer = log.claim(0, "active");

    private static NodeParts parts(EventLog log) {
        return new NodeParts(
                NodeSettings.embedded(Path.of("unused")).withAggregatesInMemory(100),
                log,
                new EventCodec(Microsystems.of(TALLIES)),
                new RecentEvents(1),
                InstantSource.fixed(Instant.EPOCH),
                new ClockWatch("test", InstantSource.fixed(Instant.EPOCH)),
                Runnable::run,
                TALLIES.aggregates(),
                Microsystems.of(TALLIES));
    }

    @AfterEach
    void close() {
        log.close();
    }

    private void add(String id, long amount, UUID commandId) {
        long revision = revisions.merge(id, 1L, Long::sum);
        var metadata =
                new Metadata(
                        Cause.freshId(),
                        commandId,
                        1,
                        commandId,
                        commandId,
                        "",
                        "",
                        HybridTime.span(Duration.ofSeconds(revision)));
        writer.append(
                        List.of(
                                new NewEvent(
                                        "tally/" + id,
                                        revision,
                                        "tally-added",
                                        1,
                                        parts.codec().encode(new Tally.Event.Added(amount)),
                                        metadata)))
                .toCompletableFuture()
                .join();
    }

    private void follow(PassiveCopy copy) {
        try (var following = log.reader(Positions.of(0, copy.offset()))) {
            following.next(1_000, Duration.ZERO).forEach(copy::apply);
        }
    }

    private static Resident resident(@Nullable Image image, String id) {
        return Objects.requireNonNull(
                Objects.requireNonNull(image, "a warm image").find("tally/" + id), id);
    }

    private void assertHolds(@Nullable Image image, String id) {
        Resident resident = resident(image, id);
        AggregateReader.Loaded fresh = reader.load(AGGREGATE, id);
        assertThat(resident.committed).isEqualTo(fresh.aggregate());
        assertThat(resident.tentative).isEqualTo(fresh.aggregate().state());
        assertThat(resident.tentativeRevision).isEqualTo(fresh.aggregate().revision());
        assertThat(resident.window.oldestFirst()).isEqualTo(fresh.window().oldestFirst());
    }

    @Test
    void a_copy_equals_a_fresh_reading_after_any_events() {
        Random random = new Random(7);
        PassiveCopy copy = new PassiveCopy(0, 0, 0, parts);
        for (int round = 0; round < 50; round++) {
            for (int i = random.nextInt(20); i >= 0; i--) {
                add("t" + random.nextInt(10), random.nextInt(100), UUID.randomUUID());
            }
            if (random.nextBoolean()) {
                follow(copy);
            }
        }
        Writer taken = log.claim(0, "passive");
        Image image = copy.upTo(taken.head());
        revisions.keySet().forEach(id -> assertHolds(image, id));
    }

    @Test
    void a_copy_that_starts_late_reads_what_came_before_with_the_next_event() {
        UUID first = UUID.randomUUID();
        add("a", 1, first);
        add("b", 2, UUID.randomUUID());
        long head = log.heads().offset(0);
        PassiveCopy copy = new PassiveCopy(0, head, head, parts);
        add("a", 3, UUID.randomUUID());
        follow(copy);
        assertThat(copy.size()).isEqualTo(1);
        assertHolds(copy.upTo(log.heads().offset(0)), "a");
        Resident resident = resident(copy.upTo(log.heads().offset(0)), "a");
        assertThat(resident.window.find(first)).isNotNull();
    }

    @Test
    void a_new_aggregate_comes_in_by_its_events_alone() {
        add("new", 3, UUID.randomUUID());
        add("new", 4, UUID.randomUUID());
        try (EventLog empty = MemoryLog.create(1)) { // whoever reads it finds nothing
            PassiveCopy copy = new PassiveCopy(0, 0, 0, parts(empty));
            follow(copy);
            assertHolds(copy.upTo(copy.offset()), "new");
        }
    }

    @Test
    void a_take_over_sees_every_event_before_the_claim_and_none_after() {
        long head = log.heads().offset(0);
        PassiveCopy copy = new PassiveCopy(0, head, head, parts);
        add("a", 1, UUID.randomUUID());
        follow(copy);
        add("a", 2, UUID.randomUUID()); // durable, but not seen by the copy yet
        Writer taken = log.claim(0, "passive");
        assertHolds(copy.upTo(taken.head()), "a");
    }

    @Test
    void a_snapshot_ahead_of_what_was_followed_is_not_applied_twice() {
        add("a", 5, UUID.randomUUID()); // before the copy, which has to read "a" therefore
        long head = log.heads().offset(0);
        PassiveCopy copy = new PassiveCopy(0, head, head, parts);
        add("a", 1, UUID.randomUUID());
        add("a", 2, UUID.randomUUID());
        Resident ahead = new Resident(AGGREGATE, "a");
        ahead.take(reader.load(AGGREGATE, "a"));
        writer.putSnapshot(
                Objects.requireNonNull(
                        parts.codec()
                                .snapshots()
                                .write(
                                        AGGREGATE,
                                        reader.load(AGGREGATE, "a").aggregate(),
                                        ahead.window.kept(3))));
        follow(copy);
        assertHolds(copy.upTo(log.heads().offset(0)), "a");
    }

    @Test
    void a_copy_far_behind_is_not_waited_for() {
        assertThat(new PassiveCopy(0, 0, 0, parts).upTo(1_000_000)).isNull();
    }

    /// A log that cannot tell its heads, so many times.
    private static final class SilentLog extends WrappedLog {
        private final AtomicInteger silences;

        SilentLog(EventLog log, int silences) {
            super(log);
            this.silences = new AtomicInteger(silences);
        }

        @Override
        public Positions heads() {
            if (silences.getAndDecrement() > 0) {
                throw new LogException(Category.UNAVAILABLE, "as the test wants it");
            }
            return super.heads();
        }
    }

    @Test
    void copies_of_a_log_that_cannot_be_asked_are_not_warm_and_are_made_later() {
        add("a", 5, UUID.randomUUID());
        try (PassiveCopies copies = new PassiveCopies(parts(new SilentLog(log, 2)))) {
            copies.keep(Set.of(0));
            assertThat(copies.areWarm()).isFalse();
            assertThat(copies.count()).isZero();
            await().atMost(Duration.ofSeconds(30)).until(copies::areWarm);
            assertHolds(Objects.requireNonNull(copies.release(0)).upTo(log.heads().offset(0)), "a");
            assertThat(copies.isAlive()).isTrue();
        }
    }

    @Test
    void an_event_that_cannot_be_folded_drops_its_aggregate_only() {
        PassiveCopy copy = new PassiveCopy(0, 0, 0, parts);
        add("a", 1, UUID.randomUUID());
        add("b", Tally.UNFOLDABLE, UUID.randomUUID());
        follow(copy);
        assertThat(copy.size()).isEqualTo(1);
        assertHolds(copy.upTo(copy.offset()), "a");
    }

    @Test
    void the_copies_of_a_node_that_starts_hold_what_was_in_use_before() {
        for (int i = 0; i < 10; i++) {
            add("t" + i, i, UUID.randomUUID());
        }
        try (PassiveCopies copies = new PassiveCopies(parts)) {
            copies.keep(Set.of(0));
            await().atMost(Duration.ofSeconds(20)).until(copies::areWarm);
            PassiveCopy copy = Objects.requireNonNull(copies.release(0));
            assertThat(copy.size()).isEqualTo(10);
            assertHolds(copy.upTo(log.heads().offset(0)), "t7");
        }
    }
}
