// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.EventRecord;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.LogReader;
import dev.fakta.log.Positions;
import dev.fakta.log.Snapshot;
import dev.fakta.log.Writer;
import dev.fakta.log.engine.CommitQueue;
import dev.fakta.log.engine.LogSource;
import dev.fakta.log.engine.LogSources;
import dev.fakta.log.engine.Owners;
import dev.fakta.log.engine.SpreadLog;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

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
public final class RangedLog implements SpreadLog {

    private static final System.Logger LOG = System.getLogger(RangedLog.class.getName());

    private final int partitions;
    private final List<LogDatabase> parts = new ArrayList<>();
    private final LogSources sources;
    private volatile boolean closed;

    /// Opens the log, and makes or updates its tables. A new log is made when all databases answer;
    /// later one that does is enough, and the others are opened when they do.
    ///
    /// @throws LogException `UNAVAILABLE` when no database can be reached, does not let us make
    ///   tables, or has a format that a newer program made
    /// @throws IllegalArgumentException when the databases hold other ranges, or different logs
    /// @throws IllegalStateException as [PostgresLog#open]
    public static RangedLog open(RangedLogSettings settings) {
        return open(settings, System.getenv());
    }

    static RangedLog open(RangedLogSettings settings, Map<String, String> environment) {
        return open(settings, environment, InstantSource.system());
    }

    static RangedLog open(
            RangedLogSettings settings, Map<String, String> environment, InstantSource clock) {
        Map<DatabaseRange, Connections> databases = new LinkedHashMap<>();
        for (DatabaseRange range : settings.ranges()) {
            databases.put(range, Connections.toPrimary(range.database().url(), environment));
        }
        return new RangedLog(databases, LogFounding.of(databases, clock), environment);
    }

    private RangedLog(
            Map<DatabaseRange, Connections> databases, UUID id, Map<String, String> environment) {
        this.partitions = databases.keySet().iterator().next().database().partitions();
        databases.forEach(
                (range, connections) ->
                        parts.add(new LogDatabase(range, connections, id, environment)));
        this.sources = new LogSources(parts, true);
    }

    @Override
    public int partitions() {
        return partitions;
    }

    @Override
    public Writer claim(int partition, String node) {
        return database(partition).call(log -> log.claim(partition, node));
    }

    /// Asks all databases at once.
    @Override
    public Set<Writer> stillOwners(Collection<Writer> writers) {
        Map<LogDatabase, Map<Writer, Writer>> asked = new HashMap<>();
        for (Writer writer : writers) {
            asked.computeIfAbsent(database(writer.partition()), _ -> new HashMap<>())
                    .put(writer, writer);
        }
        return Owners.ask(
                asked, (database, own) -> database.call(log -> log.stillOwners(own)), true);
    }

    @Override
    public Duration lease() {
        return PostgresLog.LEASE;
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
        return sources.heads();
    }

    @Override
    public LogReader reader(Positions after) {
        for (int partition : after.partitions()) {
            Objects.checkIndex(partition, partitions);
        }
        failWhenClosed();
        return sources.reader(after);
    }

    @Override
    public List<LogSource> sources() {
        return List.copyOf(parts);
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

    /// The newest of those that the databases keep which answer: one that was away when the note
    /// was written has an older one, or none. The databases' clocks say which is the newest.
    ///
    /// @throws LogException `UNAVAILABLE` or `TIMEOUT` when no database answers
    @Override
    public Optional<String> note(String name) {
        failWhenClosed();
        return answers(log -> log.datedNote(name)).stream()
                .flatMap(Optional::stream)
                .max(Comparator.comparing(Notes.Note::writtenAt))
                .map(Notes.Note::text);
    }

    /// Writes it to every database that answers, so that a node which reaches only some of them
    /// finds it.
    ///
    /// @throws LogException `UNAVAILABLE` or `TIMEOUT` when no database answers
    @Override
    public void putNote(String name, String text) {
        failWhenClosed();
        var _ =
                answers(
                        log -> {
                            log.putNote(name, text);
                            return true;
                        });
    }

    /// The first database says which note counts, or two nodes that reach different ones could both
    /// be the first; the others get a copy, for a node that reaches only them.
    ///
    /// @throws LogException `UNAVAILABLE` or `TIMEOUT` when the first database does not answer
    @Override
    public String noteOnce(String name, String text) {
        failWhenClosed();
        String kept = parts.getFirst().call(log -> log.noteOnce(name, text));
        var _ = answers(log -> log.noteOnce(name, kept));
        return kept;
    }

    private <T> List<T> answers(Function<PostgresLog, T> question) {
        List<T> answers = new ArrayList<>();
        LogException away = new LogException(Category.UNAVAILABLE, "no database answers");
        for (LogDatabase part : parts) {
            try {
                answers.add(part.call(question));
            } catch (LogException e) {
                if (e.category() != Category.UNAVAILABLE && e.category() != Category.TIMEOUT) {
                    throw e;
                }
                LOG.log(Level.DEBUG, "{0} does not answer for a note", part);
                away = e;
            }
        }
        if (answers.isEmpty()) {
            throw away;
        }
        return answers;
    }

    @Override
    public boolean isRemote() {
        return true;
    }

    @Override
    public int databasesAway() {
        return sources.away();
    }

    @Override
    public void follow(Runnable follower) {
        sources.follow(follower);
    }

    @Override
    public void unfollow(Runnable follower) {
        sources.unfollow(follower);
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
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            parts.forEach(database -> threads.execute(database::close));
        }
        sources.close();
    }
}
