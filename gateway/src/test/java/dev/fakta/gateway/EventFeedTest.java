// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.fakta.gateway.EventFeed.Batch;
import dev.fakta.gateway.EventFeed.Next;
import dev.fakta.log.CausalReader;
import dev.fakta.log.LogException;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Metadata;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import dev.fakta.log.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventFeedTest {

    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int PAYLOAD = 1_000;

    private final MemoryLog log = MemoryLog.create(1);
    private final Writer writer = log.claim(0, "node");
    private final AtomicInteger opened = new AtomicInteger();
    private long revision;

    @AfterEach
    void close() {
        log.close();
    }

    private EventFeed feed(long mostBytes) {
        return new EventFeed(
                () -> {
                    opened.incrementAndGet();
                    return new CausalReader(log, log.heads());
                },
                mostBytes);
    }

    private void append() {
        revision++;
        UUID id = new UUID(0, revision);
        Metadata why = new Metadata(id, id, 1, id, id, "", "", Long.MAX_VALUE / 2 + revision);
        NewEvent event = new NewEvent("a/1", revision, "noted", 1, new byte[PAYLOAD], why);
        long _ = writer.append(List.of(event)).toCompletableFuture().join();
    }

    private static List<Long> take(EventFeed.Client client, int count) {
        List<Long> revisions = new ArrayList<>();
        while (revisions.size() < count) {
            Next next = client.next(SOON);
            assertThat(next.isOvertaken()).isFalse();
            assertThat(next.batches()).as("in time").isNotEmpty();
            for (Batch batch : next.batches()) {
                batch.events().forEach(one -> revisions.add(one.record().event().revision()));
            }
        }
        return revisions;
    }

    @Test
    void all_clients_get_what_one_reader_reads() {
        EventFeed feed = feed(Long.MAX_VALUE);
        try (EventFeed.Client one = feed.join();
                EventFeed.Client two = feed.join()) {
            Positions now = log.heads();
            assertThat(one.begin(now)).isTrue();
            assertThat(two.begin(now)).isTrue();
            append();
            append();
            assertThat(take(one, 2)).containsExactly(1L, 2L);
            assertThat(take(two, 2)).containsExactly(1L, 2L);
            assertThat(opened).hasValue(1);
        }
    }

    @Test
    void a_client_begins_with_what_is_kept_and_no_earlier() {
        append();
        Positions early = Positions.of(0, 1); // before the event, behind the claim
        EventFeed feed = feed(Long.MAX_VALUE);
        try (EventFeed.Client first = feed.join()) {
            assertThat(first.begin(early)).as("what the feed has not read").isFalse();
            Positions now = log.heads();
            assertThat(first.begin(now)).isTrue();
            append();
            assertThat(take(first, 1)).containsExactly(2L);
            try (EventFeed.Client late = feed.join()) {
                assertThat(late.begin(now)).isTrue();
                assertThat(take(late, 1)).as("kept").containsExactly(2L);
            }
        }
    }

    @Test
    void a_client_that_is_behind_what_is_kept_is_overtaken_and_the_bound_holds() {
        EventFeed feed = feed(10L * PAYLOAD);
        try (EventFeed.Client slow = feed.join();
                EventFeed.Client quick = feed.join()) {
            Positions now = log.heads();
            assertThat(slow.begin(now)).isTrue();
            assertThat(quick.begin(now)).isTrue();
            for (int i = 0; i < 20; i++) {
                append();
                assertThat(take(quick, 1)).containsExactly(revision);
                assertThat(feed.bytes()).isLessThanOrEqualTo(10L * PAYLOAD);
            }
            assertThat(slow.next(SOON).isOvertaken()).isTrue();
        }
    }

    @Test
    void it_reads_only_while_there_are_clients() {
        EventFeed feed = feed(Long.MAX_VALUE);
        feed.join().close();
        await().atMost(SOON).until(() -> !feed.isRunning());
        append();
        try (EventFeed.Client next = feed.join()) {
            assertThat(opened).hasValue(2);
            assertThat(next.begin(log.heads())).isTrue();
            append();
            assertThat(take(next, 1)).containsExactly(2L);
        }
    }

    /// The feed has failed, and another client has it begin anew before this one has noticed.
    @Test
    void a_client_of_before_a_failure_is_overtaken_and_misses_nothing_in_silence() {
        MemoryLog failing = MemoryLog.create(1);
        EventFeed feed =
                new EventFeed(
                        () -> {
                            MemoryLog read = opened.getAndIncrement() == 0 ? failing : log;
                            return new CausalReader(read, read.heads());
                        },
                        Long.MAX_VALUE);
        try (EventFeed.Client early = feed.join()) {
            assertThat(early.begin(log.heads())).isTrue();
            failing.close();
            await().atMost(SOON).until(() -> !feed.isRunning());
            append();
            try (EventFeed.Client late = feed.join()) {
                assertThat(late.begin(log.heads())).isTrue();
                assertThat(early.next(SOON).isOvertaken()).isTrue();
                append();
                assertThat(take(late, 1)).containsExactly(2L);
            }
        }
    }

    @Test
    void clients_learn_that_the_log_has_failed() {
        EventFeed feed = feed(Long.MAX_VALUE);
        try (EventFeed.Client client = feed.join()) {
            assertThat(client.begin(log.heads())).isTrue();
            log.close();
            assertThatExceptionOfType(LogException.class).isThrownBy(() -> client.next(SOON));
        }
    }
}
