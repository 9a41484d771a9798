// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.LogReader;
import dev.fakta.log.Positions;
import dev.fakta.log.Snapshot;
import dev.fakta.log.Writer;
import dev.fakta.log.engine.CommitQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The log in several PostgreSQL databases, each with a range of the partitions: for more commits
/// than one server can force to its disk. A partition is in one database, and so is each of its
/// streams; no transaction spans two.
///
/// When a database is away, its partitions fail as those of a [PostgresLog] do, after the first
/// failures at once; the others go on. A reader over several databases goes on with those that
/// answer, and [#heads] names those partitions only.
///
/// Each database says in `fakta_log` which log it belongs to and what it holds, so that other
/// ranges, mistaken URLs, and databases of another log are refused.
public final class RangedLog implements EventLog {

    /// How long those that answer wait for one that is late.
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private final int partitions;
    private final List<LogDatabase> parts = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean closed;

    /// Opens the log, and makes or updates its tables. A new log is made when all databases answer;
    /// later one that does is enough, and the others are opened when they do.
    ///
    /// @throws LogException `UNAVAILABLE` when no database can be reached, does not let us make
    ///   tables, or has a format that a newer program made
    /// @throws IllegalArgumentException when the databases hold other ranges, or different logs
    public static RangedLog open(RangedLogSettings settings) {
        return open(settings, System.getenv());
    }

    static RangedLog open(RangedLogSettings settings, Map<String, String> environment) {
        Map<DatabaseRange, Connections> databases = new LinkedHashMap<>();
        for (DatabaseRange range : settings.ranges()) {
            databases.put(range, Connections.toPrimary(range.database().url(), environment));
        }
        return new RangedLog(databases, Founding.of(databases), environment);
    }

    private RangedLog(
            Map<DatabaseRange, Connections> databases, UUID id, Map<String, String> environment) {
        this.partitions = databases.keySet().iterator().next().database().partitions();
        databases.forEach(
                (range, connections) ->
                        parts.add(new LogDatabase(range, connections, id, environment)));
    }

    @Override
    public int partitions() {
        return partitions;
    }

    @Override
    public Writer claim(int partition, String node) {
        return database(partition).call(log -> log.claim(partition, node));
    }

    private LogDatabase database(int partition) {
        Objects.checkIndex(partition, partitions);
        failWhenClosed();
        return parts.stream()
                .filter(database -> database.range().holds(partition))
                .findFirst()
                .orElseThrow();
    }

    private LogDatabase database(String stream) {
        return database(partitionOf(stream));
    }

    /// Asks all databases at once.
    @Override
    public Positions heads() {
        failWhenClosed();
        long until = System.nanoTime() + PATIENCE.toNanos();
        List<Future<Positions>> asked = new ArrayList<>();
        for (LogDatabase database : parts) {
            asked.add(ask(database));
        }
        Positions heads = Positions.NONE;
        LogException failure = new LogException(Category.TIMEOUT, "no database answers");
        for (int i = 0; i < parts.size(); i++) {
            LogDatabase database = parts.get(i);
            long left = database.isAway() ? 0 : until - System.nanoTime();
            try {
                Positions all = answer(asked.get(i), left);
                heads = all == null ? heads : heads.merge(held(database.range(), all));
            } catch (LogException e) {
                failure = e;
            }
        }
        if (heads.equals(Positions.NONE)) {
            throw closed ? CommitQueue.closed() : failure;
        }
        return heads;
    }

    private Future<Positions> ask(LogDatabase database) {
        try {
            return threads.submit(() -> database.call(PostgresLog::heads));
        } catch (RejectedExecutionException _) {
            throw CommitQueue.closed();
        }
    }

    private static Positions held(DatabaseRange range, Positions all) {
        Positions held = Positions.NONE;
        for (int partition = range.first(); partition <= range.last(); partition++) {
            held = held.with(partition, all.offset(partition));
        }
        return held;
    }

    /// Null when it does not come in time.
    private static @Nullable Positions answer(Future<Positions> asked, long nanos) {
        try {
            return asked.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return null;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof LogException known
                    ? known
                    : new LogException(Category.UNAVAILABLE, "cannot ask a database", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogException(Category.UNAVAILABLE, "interrupted", e);
        }
    }

    @Override
    public LogReader reader(Positions after) {
        List<LogDatabase> read = new ArrayList<>();
        for (int partition : after.partitions()) {
            LogDatabase database = database(partition);
            if (!read.contains(database)) {
                read.add(database);
            }
        }
        failWhenClosed();
        return read.isEmpty()
                ? parts.getFirst().log().reader(after)
                : new RangedReader(read, threads, after);
    }

    @Override
    public List<EventRecord> readStream(String stream, long fromRevision, int limit) {
        return database(stream).call(log -> log.readStream(stream, fromRevision, limit));
    }

    /// Never, as in a [PostgresLog].
    @Override
    public boolean surelyAbsent(String stream) {
        failWhenClosed();
        return false;
    }

    @Override
    public Optional<Snapshot> latestSnapshot(String stream) {
        return database(stream).call(log -> log.latestSnapshot(stream));
    }

    @Override
    public boolean isRemote() {
        return true;
    }

    @Override
    public int databasesAway() {
        return (int) parts.stream().filter(LogDatabase::isAway).count();
    }

    @Override
    public void follow(Runnable told) {
        parts.forEach(database -> database.log().follow(told));
    }

    @Override
    public void unfollow(Runnable told) {
        parts.forEach(database -> database.log().unfollow(told));
    }

    private void failWhenClosed() {
        if (closed) {
            throw CommitQueue.closed();
        }
    }

    /// Waits for commits that are on their way, but no longer than their limit.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        parts.forEach(database -> threads.execute(database::close));
        threads.close();
    }
}
