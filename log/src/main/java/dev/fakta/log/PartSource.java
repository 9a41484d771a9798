// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.engine.LogSource;
import dev.fakta.log.engine.SpreadLog;
import java.time.Duration;
import java.util.List;

/// A microsystem's log, or one place of it, with the numbers that its partitions have in a
/// [JoinedLog].
record PartSource(JoinedLog.Part part, LogSource source) implements LogSource {

    static List<PartSource> of(JoinedLog.Part part) {
        List<LogSource> sources =
                part.log() instanceof SpreadLog spread
                        ? spread.sources()
                        : List.of(new WholeLog(part.log()));
        return sources.stream().map(source -> new PartSource(part, source)).toList();
    }

    @Override
    public int first() {
        return part.first() + source.first();
    }

    @Override
    public int end() {
        return part.first() + source.end();
    }

    @Override
    public Positions heads() {
        return source.heads().shifted(part.first());
    }

    @Override
    public LogReader reader(Positions after) {
        LogReader reader = source.reader(after.shifted(-part.first()));
        return part.first() == 0 ? reader : new RenumberedReader(part, reader);
    }

    @Override
    public boolean isAway() {
        return source.isAway();
    }

    @Override
    public Duration poll() {
        return source.poll();
    }

    @Override
    public void follow(Runnable follower) {
        source.follow(follower);
    }

    @Override
    public void unfollow(Runnable follower) {
        source.unfollow(follower);
    }

    @Override
    public String toString() {
        return "%s of %s".formatted(source, part.microsystem());
    }

    /// A log that is in one place.
    private record WholeLog(EventLog log) implements LogSource {

        /// A log in a database may miss that another process has written.
        private static final Duration POLL = Duration.ofSeconds(1);

        @Override
        public int first() {
            return 0;
        }

        @Override
        public int end() {
            return log.partitions();
        }

        @Override
        public Positions heads() {
            return log.heads();
        }

        @Override
        public LogReader reader(Positions after) {
            return log.reader(after);
        }

        @Override
        public boolean isAway() {
            return false;
        }

        @Override
        public Duration poll() {
            return POLL;
        }

        @Override
        public void follow(Runnable follower) {
            log.follow(follower);
        }

        @Override
        public void unfollow(Runnable follower) {
            log.unfollow(follower);
        }

        @Override
        public String toString() {
            return "the log";
        }
    }

    private record RenumberedReader(JoinedLog.Part part, LogReader reader) implements LogReader {

        @Override
        public List<LogRecord> next(int limit, Duration wait) {
            return reader.next(limit, wait).stream().map(part::renumbered).toList();
        }

        @Override
        public Positions positions() {
            return reader.positions().shifted(part.first());
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
