// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// One database of a [RangedLog]. While it is away, see [DatabaseBreaker], calls fail at once, so
/// that no thread that others need waits for it; a probe finds out when it is back.
final class LogDatabase implements AutoCloseable {

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

    /// For what does not call the database.
    PostgresLog log() {
        return log;
    }

    /// Whether it counts as away, see [DatabaseBreaker].
    boolean isAway() {
        return breaker.isOpen();
    }

    /// Calls the database.
    ///
    /// @throws LogException `UNAVAILABLE` at once while it is away
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

    /// Asks until it answers: nobody else does.
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

    /// A database that did not answer when the log was opened is looked at now.
    private void verify() {
        if (!isVerified) {
            Founding.verify(range, connections, id);
            isVerified = true;
        }
    }

    @Override
    public void close() {
        isClosed = true;
        log.close();
    }
}
