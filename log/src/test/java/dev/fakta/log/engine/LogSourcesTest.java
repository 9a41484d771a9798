// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fakta.log.ClaimRecord;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two sources over a network with one partition each, of which one does not do what it should.
@Timeout(90)
final class LogSourcesTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final Growth growth = new Growth();
    private final Source good = new Source(0);
    private final Source odd = new Source(1);
    private final LogSources sources = new LogSources(List.of(good, odd), true);

    @AfterEach
    void close() {
        odd.answers.countDown();
        sources.close();
    }

    @Test
    void a_source_that_is_late_is_passed_over_and_its_records_come_later() {
        try (LogReader reader = sources.reader(Positions.start(2))) {
            odd.holds = true;
            assertThat(reader.next(10, LONG)).containsExactly(good.record(1));
            assertThat(reader.positions()).isEqualTo(Positions.start(2).with(0, 1));
            odd.answers.countDown();
            assertThat(reader.next(10, LONG)).containsExactly(odd.record(1));
            assertThat(reader.positions()).isEqualTo(Positions.start(2).with(0, 1).with(1, 1));
        }
    }

    @Test
    void a_damaged_source_is_reported_once_there_is_nothing_else_to_give() {
        odd.failure = new LogException(Category.CORRUPT, "damaged");
        try (LogReader reader = sources.reader(Positions.start(2))) {
            assertThat(reader.next(10, LONG)).containsExactly(good.record(1));
            assertThatExceptionOfType(LogException.class)
                    .isThrownBy(() -> reader.next(10, LONG))
                    .withMessageContaining("damaged");
        }
        assertFails(Category.CORRUPT);
    }

    @Test
    void a_source_that_fails_for_now_is_passed_over_until_every_source_fails() {
        odd.failure = new LogException(Category.UNAVAILABLE, "away");
        assertThat(sources.heads()).isEqualTo(Positions.of(0, 1));
        try (LogReader reader = sources.reader(Positions.start(2))) {
            assertThat(reader.next(10, LONG)).containsExactly(good.record(1));
            assertThat(reader.next(10, Duration.ZERO)).isEmpty();
            good.failure = new LogException(Category.TIMEOUT, "late");
            assertThatExceptionOfType(LogException.class).isThrownBy(() -> reader.next(10, LONG));
        }
        assertFails(Category.TIMEOUT, Category.UNAVAILABLE);
    }

    @Test
    void nobody_waits_for_a_source_that_is_known_to_be_away() {
        odd.isAway = true;
        odd.holds = true;
        assertThat(sources.heads()).isEqualTo(Positions.of(0, 1));
        assertThat(sources.away()).isEqualTo(1);
    }

    @Test
    void every_source_gets_its_share_of_the_room() {
        good.committed = 10;
        odd.committed = 10;
        try (LogReader reader = sources.reader(Positions.start(2))) {
            assertThat(reader.next(4, LONG))
                    .extracting(LogRecord::partition)
                    .containsExactly(0, 0, 1, 1);
            assertThat(reader.positions()).isEqualTo(Positions.start(2).with(0, 2).with(1, 2));
        }
    }

    private void assertFails(Category... categories) {
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(sources::heads)
                .satisfies(failure -> assertThat(failure.category()).isIn((Object[]) categories));
    }

    /// Has claims only, from offset 1 to the one that is committed.
    private final class Source implements LogSource {

        final CountDownLatch answers = new CountDownLatch(1);
        final int partition;
        volatile long committed = 1;
        volatile boolean holds;
        volatile boolean isAway;
        volatile @Nullable LogException failure;

        Source(int partition) {
            this.partition = partition;
        }

        LogRecord record(long offset) {
            return new ClaimRecord(partition, offset, offset, "n", offset);
        }

        private <T> T answer(Supplier<T> answer) {
            LogException reason = failure;
            if (reason != null) {
                throw reason;
            }
            if (holds) {
                try {
                    answers.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return answer.get();
        }

        @Override
        public int first() {
            return partition;
        }

        @Override
        public int end() {
            return partition + 1;
        }

        @Override
        public Positions heads() {
            return answer(() -> Positions.of(partition, committed));
        }

        @Override
        public LogReader reader(Positions after) {
            return new Reader(this, after.offset(partition));
        }

        @Override
        public boolean isAway() {
            return isAway;
        }

        @Override
        public Duration poll() {
            return Duration.ofMillis(20);
        }

        @Override
        public void follow(Runnable follower) {
            growth.follow(follower);
        }

        @Override
        public void unfollow(Runnable follower) {
            growth.unfollow(follower);
        }
    }

    private static final class Reader implements LogReader {
        private final Source source;
        private volatile long reached;

        Reader(Source source, long reached) {
            this.source = source;
            this.reached = reached;
        }

        @Override
        public List<LogRecord> next(int limit, Duration wait) {
            return source.answer(
                    () -> {
                        List<LogRecord> found = new ArrayList<>();
                        while (reached < source.committed && found.size() < limit) {
                            reached++;
                            found.add(source.record(reached));
                        }
                        return found;
                    });
        }

        @Override
        public Positions positions() {
            return Positions.of(source.partition, reached);
        }

        @Override
        public void close() {}
    }
}
