// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/// One database of a [RangedLog]. While it is silent, one call at a time tries it and all others
/// fail at once, so that no thread that others need waits for it.
final class Site implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Site.class.getName());

    private final DatabaseRange range;
    private final Connections connections;
    private final UUID id;
    private final PostgresLog log;
    private final AtomicBoolean isTrying = new AtomicBoolean();
    private volatile boolean isVerified;
    private volatile boolean isSilent;

    Site(DatabaseRange range, Connections connections, UUID id, Map<String, String> environment) {
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

    /// Whether the last call found that the database does not answer.
    boolean isSilent() {
        return isSilent;
    }

    /// Calls the database.
    ///
    /// @throws LogException `UNAVAILABLE` at once when it is silent and another call tries it
    <T> T call(Function<PostgresLog, T> call) {
        boolean isTry = isSilent;
        if (isTry && !isTrying.compareAndSet(false, true)) {
            throw new LogException(Category.UNAVAILABLE, range + " does not answer");
        }
        try {
            verify();
            T answer = call.apply(log);
            if (isSilent) {
                isSilent = false;
                LOG.log(Level.INFO, "{0} answers again", range);
            }
            return answer;
        } catch (LogException e) {
            note(e);
            throw e;
        } finally {
            if (isTry) {
                isTrying.set(false);
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

    private void note(LogException failure) {
        boolean isAway =
                failure.category() == Category.UNAVAILABLE
                        || failure.category() == Category.TIMEOUT;
        if (isAway && !isSilent) {
            isSilent = true;
            LOG.log(Level.WARNING, "{0} does not answer: {1}", range, failure.getMessage());
        }
    }

    @Override
    public void close() {
        log.close();
    }
}
