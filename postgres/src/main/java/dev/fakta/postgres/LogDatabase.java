// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import dev.fakta.log.engine.LogSource;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// One database of a [RangedLog]. While the database is away, see [DatabaseBreaker], calls fail at
/// once, so that they keep no thread waiting that others need; a probe finds out when the database
/// is back.
final class LogDatabase implements LogSource, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(LogDatabase.class.getName());

    private static final long PROBE_NANOS = 500_000_000;

    private final DatabaseRange range;
    private final Connections connections;
    private final UUID id;
    private final PostgresLog log;
    private final DatabaseBreaker breaker = new DatabaseBreaker();
    private volatile boolean isVerified;
    private volatile boolean isClosed;

    LogDatabase(
            DatabaseRange range,
            Connections connections,
            UUID id,
            Map<String, String> environment) {
        this.range = range;
        this.connections = connections;
        this.id = id;
        this.log = PostgresLog.part(range.database(), connections, environment);
    }

    DatabaseRange range() {
        return range;
    }

    @Override
    public int first() {
        return range.first();
    }

    @Override
    public int end() {
        return range.last() + 1;
    }

    @Override
    public Positions heads() {
        return call(PostgresLog::heads).within(first(), end());
    }

    /// A reader whose calls are calls of this database.
    @Override
    public LogReader reader(Positions after) {
        return new GuardedReader(log.reader(after));
    }

    /// Whether the database counts as away, see [DatabaseBreaker].
    @Override
    public boolean isAway() {
        return breaker.isOpen();
    }

    @Override
    public Duration poll() {
        return log.pollEvery();
    }

    @Override
    public void follow(Runnable follower) {
        log.follow(follower);
    }

    @Override
    public void unfollow(Runnable follower) {
        log.unfollow(follower);
    }

    /// Calls the database.
    ///
    /// @throws LogException `UNAVAILABLE` at once while the database is away
    <T> T call(Function<PostgresLog, T> call) {
        if (breaker.isOpen()) {
            throw new LogException(Category.UNAVAILABLE, range + " does not answer");
        }
        return ask(call);
    }

    private <T> T ask(Function<PostgresLog, T> call) {
        try {
            verify();
            T answer = call.apply(log);
            if (breaker.onAnswer()) {
                LOG.log(Level.INFO, "{0} answers again", range);
            }
            return answer;
        } catch (LogException e) {
            if (breaker.onFailure(e)) {
                LOG.log(Level.WARNING, "{0} does not answer: {1}", range, e.getMessage());
                Thread.startVirtualThread(this::probe);
            }
            throw e;
        }
    }

    /// Asks the database until it answers, since nothing else asks it while it is away.
    private void probe() {
        while (breaker.isOpen() && !isClosed) {
            LockSupport.parkNanos(PROBE_NANOS);
            try {
                var _ = ask(PostgresLog::heads);
            } catch (RuntimeException e) {
                LOG.log(Level.DEBUG, "a probe fails", e);
            }
        }
    }

    /// Checks the tables of a database that did not answer when the log was opened.
    private void verify() {
        if (!isVerified) {
            LogFounding.verify(range, connections, id);
            isVerified = true;
        }
    }

    @Override
    public void close() {
        isClosed = true;
        log.close();
    }

    @Override
    public String toString() {
        return range.toString();
    }

    private final class GuardedReader implements LogReader {
        private final LogReader reader;

        GuardedReader(LogReader reader) {
            this.reader = reader;
        }

        @Override
        public List<LogRecord> next(int limit, Duration wait) {
            return call(_ -> reader.next(limit, wait));
        }

        @Override
        public Positions positions() {
            return reader.positions();
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
