// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import static dev.fakta.log.Samples.done;
import static dev.fakta.log.Samples.event;
import static dev.fakta.log.Samples.stream;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Long streams, read page by page.
class StreamPagesTest {

    private static final SegmentLogSettings SETTINGS =
            SegmentLogSettings.defaults().withPartitions(4);
    private static final int EVENTS = 40_000;
    private static final int PAGE = 100;

    @TempDir Path directory;
    private SegmentLog log;
    private Writer writer;
    private String stream;

    @BeforeEach
    void open() {
        log = SegmentLog.open(directory, SETTINGS);
        writer = log.claim(0, "n");
        stream = stream(log, 0, 0);
        append(stream, 1, EVENTS);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private void append(String to, int from, int until) {
        List<NewEvent> events = new ArrayList<>();
        for (int revision = from; revision <= until; revision++) {
            events.add(event(to, revision, 2));
            if (events.size() == 1000 || revision == until) {
                done(writer.append(events));
                events.clear();
            }
        }
    }

    private void readInPages(String from, int until) {
        long next = 1;
        while (next <= until) {
            List<EventRecord> page = log.readStream(from, next, PAGE);
            assertThat(page).hasSize((int) Math.min(PAGE, until - next + 1));
            for (EventRecord record : page) {
                assertThat(record.event().revision()).isEqualTo(next++);
            }
        }
        assertThat(log.readStream(from, next, PAGE)).isEmpty();
    }

    @Test
    void a_stream_is_read_in_pages_with_a_few_looks_at_each_record() {
        readInPages(stream, EVENTS);
        assertThat(log.recordsVisited()).isBetween(2L * EVENTS, 4L * EVENTS);
    }

    @Test
    void a_second_reading_begins_where_the_first_has_been() {
        readInPages(stream, EVENTS);
        long before = log.recordsVisited();
        assertThat(log.readStream(stream, 1, PAGE)).hasSize(PAGE);
        assertThat(log.recordsVisited() - before).isLessThan(PAGE + EVENTS / 256L);
    }

    @Test
    void a_stream_that_grows_while_it_is_read_is_given_whole() {
        for (int round = 1; round <= 5; round++) {
            readInPages(stream, EVENTS + (round - 1) * 2000);
            append(stream, EVENTS + (round - 1) * 2000 + 1, EVENTS + round * 2000);
        }
        readInPages(stream, EVENTS + 10_000);
        assertThat(log.recordsVisited()).isLessThan(6 * 4L * (EVENTS + 10_000));
    }

    @Test
    void any_page_in_any_order_is_what_was_written() {
        Random random = new Random(3);
        for (int round = 0; round < 300; round++) {
            long from = random.nextInt(EVENTS + 200) - 50L;
            int limit = random.nextInt(round % 50 == 0 ? EVENTS : 300);
            List<EventRecord> page = log.readStream(stream, from, limit);
            long first = Math.max(1, from);
            assertThat(page).hasSize((int) Math.max(0, Math.min(limit, EVENTS - first + 1)));
            for (EventRecord record : page) {
                assertThat(record.event().revision()).isEqualTo(first++);
            }
        }
        assertThat(log.readStream(stream, Long.MAX_VALUE, 10)).isEmpty();
        assertThat(log.readStream(stream, Long.MIN_VALUE, Integer.MAX_VALUE)).hasSize(EVENTS);
    }

    @Test
    void what_is_remembered_is_bounded() {
        StreamTrails trails = new StreamTrails();
        for (int number = 0; number < 50; number++) {
            StreamTrails.Walk walk = new StreamTrails.Walk();
            for (int revision = 1_000_000; revision > 0; revision--) {
                walk.pass(revision, revision);
            }
            trails.add("s" + number, walk);
            trails.add("s" + number, walk);
        }
        assertThat(trails.places()).isBetween(16 * 400, 16 * 1024);
        assertThat(trails.from("s0", 1)).isNull();
        for (long revision = 1; revision < 990_000; revision += 10_000) {
            StreamTrails.Place place = trails.from("s49", revision);
            assertThat(place).isNotNull();
            assertThat(place.revision()).isBetween(revision, revision + 4 * 1024);
        }
    }
}
