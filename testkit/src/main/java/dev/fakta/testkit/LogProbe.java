// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/// What the conformance suite asks of a log again and again.
final class LogProbe {

    private LogProbe() {}

    /// The number-th stream name that belongs to a partition. Every other one is of another kind.
    static String streamIn(EventLog log, int partition, int number) {
        for (int i = 0; ; i++) {
            String kind = i % 2 == 0 ? EventLogConformance.KIND : EventLogConformance.OTHER_KIND;
            String name = kind + "/" + number + "-" + i;
            if (log.partitionOf(name) == partition) {
                return name;
            }
        }
    }

    static List<LogRecord> readAll(EventLog log) {
        Positions heads = log.heads();
        Positions start = Positions.start(log.partitions());
        return read(log, start, (int) start.behind(heads));
    }

    static List<LogRecord> read(EventLog log, Positions after, int count) {
        List<LogRecord> records = new ArrayList<>();
        try (LogReader reader = log.reader(after)) {
            while (records.size() < count) {
                List<LogRecord> next = reader.next(count - records.size(), ReadingConformance.LONG);
                assertThat(next).as("the records that are committed").isNotEmpty();
                records.addAll(next);
            }
            assertThat(reader.next(1, Duration.ZERO)).isEmpty();
        }
        return records;
    }

    static void assertGapFree(List<LogRecord> records, int partitions) {
        Map<Integer, Long> offsets = new HashMap<>();
        Map<String, Long> revisions = new HashMap<>();
        for (LogRecord record : records) {
            assertThat(record.offset()).isEqualTo(offsets.merge(record.partition(), 1L, Long::sum));
            if (record instanceof EventRecord(_, _, NewEvent event)) {
                assertThat(event.revision())
                        .isEqualTo(revisions.merge(event.stream(), 1L, Long::sum));
            }
        }
        assertThat(offsets).hasSize(partitions);
    }

    interface Indexed<T> {
        Callable<T> work(int index);
    }

    static <T> List<T> inParallel(int count, Indexed<T> work) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                futures.add(threads.submit(work.work(i)));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get(ReadingConformance.LONG.toSeconds(), TimeUnit.SECONDS));
            }
            return results;
        }
    }

    static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(ReadingConformance.LONG.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    static void unused(CompletionStage<Long> stage) {
        assertThat(stage).isNotNull();
    }

    static void assertFails(CompletionStage<Long> stage, Category category) {
        CompletableFuture<Long> future = stage.toCompletableFuture();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> future.get(ReadingConformance.LONG.toSeconds(), TimeUnit.SECONDS))
                .satisfies(e -> assertCategory(e.getCause(), category));
    }

    static void assertThrows(ThrowingCallable call, Category category) {
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(call)
                .satisfies(e -> assertCategory(e, category));
    }

    static void assertCategory(@Nullable Throwable failure, Category category) {
        assertThat(failure).isInstanceOf(LogException.class);
        assertThat(failure instanceof LogException e ? e.category() : null).isEqualTo(category);
    }
}
