// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamIndexTest {

    private static final Checkpoint NONE = Checkpoint.none(3);

    @TempDir Path directory;
    private final FaultyDisk disk = new FaultyDisk();
    private final ExecutorService background = Executors.newCachedThreadPool();
    private final Map<Long, Long> events = new HashMap<>();
    private final Map<Long, Long> snapshots = new HashMap<>();
    private final Random random = new Random(7);
    private StreamIndex index;
    private long sequence;

    @BeforeEach
    void open() throws IOException {
        index = StreamIndex.open(directory, disk, background, NONE);
    }

    @AfterEach
    void close() {
        index.stop();
        background.close();
        index.close();
    }

    private LogState state() {
        sequence++;
        return new LogState(
                new Checkpoint(sequence, sequence, Frame.noHash(), 0, NONE.partitions()), index);
    }

    private void fill(int count) {
        for (int i = 0; i < count; i++) {
            long hash = random.nextInt(4) == 0 ? random.nextInt(50) : random.nextLong();
            long location = random.nextLong(1, Long.MAX_VALUE);
            if (random.nextInt(3) == 0) {
                snapshots.put(StreamTable.key(hash), location);
                index.putSnapshot(hash, location);
            } else {
                events.put(StreamTable.key(hash), location);
                index.putEvent(hash, location);
            }
        }
    }

    private void assertComplete() {
        events.forEach((hash, at) -> assertThat(index.newestEvent(hash)).isEqualTo(at));
        snapshots.forEach((hash, at) -> assertThat(index.newestSnapshot(hash)).isEqualTo(at));
        events.keySet().forEach(hash -> assertThat(index.surelyAbsent(hash)).isFalse());
        for (int i = 0; i < 1000; i++) {
            assertThat(index.newestEvent(random.nextLong())).isZero();
        }
    }

    @Test
    void the_newest_locations_are_found_in_every_layer() throws IOException {
        for (int i = 0; i < 12; i++) {
            fill(1 + random.nextInt(3000));
            index.checkpointNow(state());
        }
        fill(500);
        assertComplete();
    }

    @Test
    void what_is_covered_is_there_after_reopening() throws IOException {
        fill(5000);
        index.checkpointNow(state());
        fill(100);
        index.checkpointNow(state());
        index.close();
        index = StreamIndex.open(directory, disk, background, NONE);
        assertThat(index.covered().sequence()).isEqualTo(2);
        assertComplete();
    }

    @Test
    void runs_are_merged_so_that_few_stay_while_readers_go_on_undisturbed() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        fill(2000);
        Map<Long, Long> first = Map.copyOf(events);
        try (ExecutorService readers = Executors.newSingleThreadExecutor()) {
            Future<?> reading = readers.submit(() -> readUntil(done, first));
            for (int i = 0; i < 400; i++) {
                int changed = index.changed();
                index.checkpoint(state());
                fill(changed == 0 ? 10 : 200);
            }
            done.set(true);
            reading.get();
        }
        assertComplete();
        index.stop();
        background.close();
        index.checkpointNow(state());
        assertComplete();
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> runs = files.filter(f -> f.toString().endsWith(".run")).toList();
            assertThat(runs).hasSizeLessThan(20);
        }
    }

    private void readUntil(AtomicBoolean done, Map<Long, Long> known) {
        while (!done.get()) {
            for (long hash : known.keySet()) {
                assertThat(index.newestEvent(hash)).isPositive();
                assertThat(index.surelyAbsent(hash)).isFalse();
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
            }
        }
    }

    @Test
    void a_checkpoint_that_fails_is_written_later_and_loses_nothing() throws Exception {
        fill(1000);
        disk.failForces(1);
        index.checkpoint(state());
        background.shutdown();
        assertThat(background.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(index.covered().sequence()).isZero();
        assertComplete();
        fill(100);
        index.checkpointNow(state());
        assertThat(index.covered().sequence()).isEqualTo(2);
        assertComplete();
    }

    @Test
    void about_one_absent_stream_in_a_hundred_is_not_surely_absent() throws IOException {
        fill(20_000);
        index.checkpointNow(state());
        int unsure = 0;
        for (int i = 0; i < 20_000; i++) {
            unsure += index.surelyAbsent(random.nextLong()) ? 0 : 1;
        }
        assertThat(unsure).isBetween(20, 600);
    }
}
