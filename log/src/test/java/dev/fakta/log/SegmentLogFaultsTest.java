// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import static dev.fakta.log.Samples.done;
import static dev.fakta.log.Samples.event;
import static dev.fakta.log.Samples.failure;
import static dev.fakta.log.Samples.readAll;
import static dev.fakta.log.Samples.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fakta.log.LogException.Category;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a [SegmentLog] does when the disk, or whoever uses it, fails.
@Timeout(60)
class SegmentLogFaultsTest {

    private static final SegmentLogSettings SETTINGS =
            SegmentLogSettings.defaults().withPartitions(4).withSegmentBytes(1 << 20);

    @TempDir Path directory;
    private final FaultyDisk disk = new FaultyDisk();
    private SegmentLog log;
    private String stream;

    @BeforeEach
    void open() {
        log = SegmentLog.open(directory, SETTINGS, disk);
        stream = stream(log, 0, 0);
    }

    @AfterEach
    void close() {
        log.close();
        assertThat(LogVerifier.verify(directory).fault()).isEmpty();
    }

    private void reopen() {
        log.close();
        log = SegmentLog.open(directory, SETTINGS, disk);
    }

    @Test
    void after_a_failed_force_nothing_of_the_frame_took_place() {
        Writer writer = log.claim(0, "n");
        done(writer.append(List.of(event(stream, 1, 100))));
        disk.failForces(1);
        CompletionStage<Long> failed = writer.append(List.of(event(stream, 2, 100)));
        assertThat(failure(failed).category()).isEqualTo(Category.UNAVAILABLE);
        assertThat(failure(writer.append(List.of(event(stream, 2, 100)))).category())
                .isEqualTo(Category.UNAVAILABLE);
        assertThat(log.readStream(stream, 1, 10)).hasSize(1);
        assertThat(done(log.claim(0, "n").append(List.of(event(stream, 2, 50))))).isEqualTo(4);
        reopen();
        assertThat(readAll(log)).hasSize(4);
        assertThat(log.readStream(stream, 2, 1).getFirst().event().payload()).hasSize(50);
    }

    @Test
    void after_a_failed_force_the_file_is_cut_at_its_durable_end() throws Exception {
        Writer writer = log.claim(0, "n");
        done(writer.append(List.of(event(stream, 1, 100))));
        Path first = SegmentFiles.file(directory, 1);
        long full = Files.size(first);
        disk.failForces(1);
        assertThat(failure(writer.append(List.of(event(stream, 2, 100))))).isNotNull();
        Writer next = log.claim(0, "n");
        assertThat(next.head()).isEqualTo(3);
        assertThat(Files.size(first)).isLessThan(full);
        assertThat(log.claim(0, "n").head()).isEqualTo(4);
        assertThat(readAll(log)).hasSize(4);
    }

    @Test
    void while_the_file_cannot_be_cut_nothing_is_written() {
        Writer writer = log.claim(0, "n");
        disk.failForces(1);
        disk.failTruncates(2);
        assertThat(failure(writer.append(List.of(event(stream, 1, 100))))).isNotNull();
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(LogException.class)
                    .isThrownBy(() -> log.claim(0, "n"))
                    .satisfies(e -> assertThat(e.category()).isEqualTo(Category.UNAVAILABLE));
        }
        assertThat(log.claim(0, "n").epoch()).isEqualTo(2);
    }

    @Test
    void a_short_write_leaves_nothing_behind() {
        Writer writer = log.claim(0, "n");
        done(writer.append(List.of(event(stream, 1, 100))));
        disk.cutWritesShort(1);
        assertThat(failure(writer.append(List.of(event(stream, 2, 20_000)))).category())
                .isEqualTo(Category.UNAVAILABLE);
        done(log.claim(0, "n").append(List.of(event(stream, 2, 10))));
        reopen();
        assertThat(log.readStream(stream, 1, 10)).hasSize(2);
    }

    @Test
    void a_failed_frame_fails_its_own_appends_and_the_pipelined_ones_behind_them_only() {
        Writer zero = log.claim(0, "n");
        Writer one = log.claim(1, "n");
        disk.failForces(1);
        List<CompletionStage<Long>> appends = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            appends.add(zero.append(List.of(event(stream, i, 1000))));
        }
        for (CompletionStage<Long> append : appends) {
            assertThat(failure(append).category()).isEqualTo(Category.UNAVAILABLE);
        }
        assertThat(done(one.append(List.of(event(stream(log, 1, 0), 1, 10))))).isEqualTo(2);
    }

    @Test
    void a_full_disk_fails_appends_with_full_and_writing_resumes_when_there_is_room() {
        Writer writer = log.claim(0, "n");
        disk.fill();
        long revision = 0;
        LogException failed = null;
        while (failed == null) {
            CompletionStage<Long> append =
                    writer.append(List.of(event(stream, revision + 1, 50_000)));
            try {
                done(append);
                revision++;
            } catch (CompletionException _) {
                failed = failure(append);
            }
        }
        assertThat(failed.category()).isEqualTo(Category.FULL);
        assertThat(log.readStream(stream, 1, 1000)).hasSize((int) revision);
        assertThat(readAll(log)).hasSize((int) revision + 1);
        disk.makeRoom();
        Writer again = log.claim(0, "n");
        done(again.append(List.of(event(stream, revision + 1, 50_000))));
        reopen();
        assertThat(log.readStream(stream, 1, 1000)).hasSize((int) revision + 1);
    }

    /// A pool that gets no more threads, as from a machine that has no more.
    private static final class Threadless extends ThreadPoolExecutor {
        private volatile boolean hasThreads = true;
        private final AtomicInteger begun = new AtomicInteger();

        Threadless() {
            super(0, 4, 1, TimeUnit.SECONDS, new SynchronousQueue<>());
        }

        @Override
        public void execute(Runnable task) {
            if (!hasThreads) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            begun.incrementAndGet();
            super.execute(task);
        }
    }

    @Test
    void a_machine_without_threads_costs_checkpoints_and_no_append() {
        log.close();
        Threadless background = new Threadless();
        log = SegmentLog.open(directory, SETTINGS.withCheckpoints(1, 1), disk, background);
        background.hasThreads = false;
        Writer writer = log.claim(0, "n");
        for (int i = 1; i <= 40; i++) { // through more than one segment
            done(writer.append(List.of(event(stream, i, 20_000))));
        }
        assertThat(log.claim(1, "n").epoch()).isEqualTo(1);
        int before = background.begun.get();
        background.hasThreads = true;
        done(writer.append(List.of(event(stream, 41, 10))));
        done(writer.append(List.of(event(stream, 42, 10)))); // the checkpoint is begun before it
        assertThat(background.begun.get()).isGreaterThan(before);
        reopen();
        assertThat(log.readStream(stream, 1, 100)).hasSize(42);
    }

    @Test
    void what_waits_together_is_forced_once() {
        Writer writer = log.claim(0, "n");
        CountDownLatch held = new CountDownLatch(1);
        disk.hold(held);
        int before = disk.forces();
        List<CompletionStage<Long>> appends = new ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            appends.add(writer.append(List.of(event(stream, i, 10))));
        }
        held.countDown();
        appends.forEach(Samples::done);
        assertThat(disk.forces() - before).isLessThanOrEqualTo(2);
    }

    @Test
    void a_full_queue_fails_an_append_at_once_and_after_the_ones_before_it() {
        log.close();
        log = SegmentLog.open(directory, SETTINGS.withQueueBytes(1 << 17), disk);
        Writer writer = log.claim(0, "n");
        CountDownLatch held = new CountDownLatch(1);
        disk.hold(held);
        List<CompletionStage<Long>> appends = new ArrayList<>();
        for (int i = 1; i <= 500; i++) {
            appends.add(writer.append(List.of(event(stream, i, 10_000))));
        }
        held.countDown();
        int durable = 0;
        LogException failed = null;
        for (CompletionStage<Long> append : appends) {
            try {
                done(append);
                assertThat(failed).isNull();
                durable++;
            } catch (CompletionException _) {
                failed = failure(append);
                assertThat(failed.category()).isEqualTo(Category.UNAVAILABLE);
            }
        }
        assertThat(failed).isNotNull();
        assertThat(log.readStream(stream, 1, 1000)).hasSize(durable);
        done(log.claim(0, "n").append(List.of(event(stream, durable + 1L, 10))));
    }

    @Test
    void an_append_that_is_too_large_is_refused_and_the_writer_goes_on() {
        Writer writer = log.claim(0, "n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> writer.append(List.of(event(stream, 1, 1 << 20))));
        assertThat(done(writer.append(List.of(event(stream, 1, 100_000))))).isEqualTo(2);
    }

    @Test
    void waiting_for_the_log_on_its_own_thread_is_refused() {
        Writer writer = log.claim(0, "n");
        CountDownLatch held = new CountDownLatch(1);
        disk.hold(held);
        CompletionStage<Long> waits =
                writer.append(List.of(event(stream, 1, 10)))
                        .thenApply(_ -> log.claim(1, "n").head());
        held.countDown();
        assertThat(waits.toCompletableFuture())
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withMessageContaining("wait for itself");
    }

    @Test
    void a_stage_that_interrupts_the_logs_thread_harms_no_later_append() {
        Writer writer = log.claim(0, "n");
        CountDownLatch held = new CountDownLatch(1);
        disk.hold(held);
        CompletionStage<Void> interrupted =
                writer.append(List.of(event(stream, 1, 10)))
                        .thenRun(() -> Thread.currentThread().interrupt());
        held.countDown();
        interrupted.toCompletableFuture().join();
        for (int i = 2; i < 10; i++) {
            done(writer.append(List.of(event(stream, i, 10))));
        }
    }

    @Test
    void an_interrupt_during_a_write_fails_it_and_writing_goes_on() {
        Writer writer = log.claim(0, "n");
        disk.interruptNextWrite();
        assertThat(failure(writer.append(List.of(event(stream, 1, 10)))).category())
                .isEqualTo(Category.UNAVAILABLE);
        done(log.claim(0, "n").append(List.of(event(stream, 1, 10))));
    }

    @Test
    void a_second_open_fails_and_names_the_directory() {
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> SegmentLog.open(directory, SETTINGS))
                .withMessageContaining(directory.toString())
                .satisfies(e -> assertThat(e.category()).isEqualTo(Category.UNAVAILABLE));
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> LogVerifier.verify(directory));
    }

    @Test
    void another_number_of_partitions_is_refused() {
        log.claim(3, "n");
        log.close();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SegmentLog.open(directory, SETTINGS.withPartitions(5)))
                .withMessageContaining("has 4 partitions, not 5");
        log = SegmentLog.openExisting(directory, SegmentLogSettings.defaults());
        assertThat(log.partitions()).isEqualTo(4);
    }
}
