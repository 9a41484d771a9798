// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.AppendChecks;
import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogException;
import dev.fakta.log.LogReader;
import dev.fakta.log.Positions;
import dev.fakta.log.Snapshot;
import dev.fakta.log.Writer;
import dev.fakta.log.engine.CommitQueue;
import dev.fakta.log.engine.Growth;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// The log in a PostgreSQL database, for many processes. Each opens its own `PostgresLog`; which of
/// them may append to a partition is decided by claims alone.
public final class PostgresLog implements EventLog {

    /*
     *   callers' threads          log thread                           PostgreSQL
     *   PostgresWriter  -->  CommitQueue --> CommitPlan --> Rows --->  event: key (partition_no, offset),
     *   checks              bounded in      revisions       one COPY    unique (stream, revision)
     *                       bytes           in memory
     *                                          |
     *                                          +--> Notifications ---> notify, after the commit
     *   PostgresReader  <--  Growth  <--  Notifications  <-----------  listen
     *
     * The offset is not given out by the database: the writer counts, and the primary key lets only
     * one row stand at each offset. A claim takes the offset that the old writer would write next,
     * so the old writer's next insert meets the key: that is the whole fence. There is no sequence,
     * no lock that is held, and nothing that a reader could overtake: a reader sees offset n only
     * when all before it are committed, since offset n was inserted on top of them.
     *
     * All partitions that this process owns share one connection and one statement per commit (Rows),
     * as they share one force in a SegmentLog. A violation of a key fails that statement whole, and
     * then partitions are written one by one, so that only the fenced one fails (Committer). A
     * connection that ends in the middle leaves an open question; WriterConnection answers it.
     *
     * A statement runs alone in its transaction, so that no transaction waits for us. Every wait has a
     * limit: for a connection, in the server (statement_timeout), on the socket, in the queue.
     *
     * Alternatives refused: a sequence for positions (readers must then wait for gaps that may never
     * fill); a lock per partition held by a session (says nothing about a session that believes it
     * still has it); logical decoding (an operator must grant and watch it, and a slot keeps files);
     * an insert of arrays by unnest (half as fast as COPY, see Rows).
     */

    private static final System.Logger LOG = System.getLogger(PostgresLog.class.getName());

    /// A replica hears of a record later than the notification comes.
    private static final Duration REPLICA_POLL = Duration.ofMillis(50);

    /// Short, as it is what a take-over waits for; the primary is asked twice as often while there
    /// is anything to answer from memory, for all partitions of the process at once.
    static final Duration LEASE = Duration.ofMillis(200);

    private static final long RECENT_BYTES = 4L << 20;

    private final PostgresLogSettings settings;
    private final CommitQueue<PostgresRequest> queue;
    private final WriterConnection writing;
    private final Thread logThread;
    private final Growth growth = new Growth();
    private final RecentRecords recent = new RecentRecords(RECENT_BYTES);
    private final Notifications notifications;
    private final Database primary;
    private final Database replica;
    private final Reads reads;
    private final Notes notes;
    private volatile boolean closed;

    /// Opens the log, and makes or updates its tables.
    ///
    /// @throws LogException `UNAVAILABLE` when the database cannot be reached, does not let us make
    ///   tables, or has a format that a newer program made
    /// @throws IllegalArgumentException when the log has another number of partitions, or only some
    ///   of them are in this database ([RangedLog])
    /// @throws IllegalStateException when the clocks of this node and the database differ by more
    ///   than [DatabaseClock#REFUSED]
    public static PostgresLog open(PostgresLogSettings settings) {
        return open(settings, System.getenv(), InstantSource.system());
    }

    static PostgresLog open(
            PostgresLogSettings settings, Map<String, String> environment, InstantSource clock) {
        Connections connections = Connections.toPrimary(settings.url(), environment);
        try (Connection connection = connections.open(settings.commitLimit(), Connections.MAKING)) {
            new DatabaseClock(clock).requireAlike(connection, connections.place());
            Schema.found(connection, connections.place(), HeldRange.whole(settings.partitions()))
                    .requireWhole(connections.place(), settings.partitions());
        } catch (SQLException e) {
            throw Failures.of("cannot open the log in " + connections.place(), e);
        }
        return new PostgresLog(settings, connections, environment, clock);
    }

    /// One database of a [RangedLog], which has looked at its tables, or looks before it calls.
    static PostgresLog part(
            PostgresLogSettings settings,
            Connections connections,
            Map<String, String> environment) {
        return new PostgresLog(settings, connections, environment, InstantSource.system());
    }

    /// How often a waiting reader looks by itself.
    Duration pollEvery() {
        return replica != primary && settings.poll().compareTo(REPLICA_POLL) > 0
                ? REPLICA_POLL
                : settings.poll();
    }

    private PostgresLog(
            PostgresLogSettings settings,
            Connections connections,
            Map<String, String> environment,
            InstantSource clock) {
        this.settings = settings;
        this.queue = new CommitQueue<>(settings.queueBytes(), Duration.ZERO, PostgresRequest::fits);
        this.writing = new WriterConnection(connections, queue, settings.commitLimit());
        this.notifications = new Notifications(connections, growth, recent::distrust, queue);
        int size = settings.readConnections();
        Duration limit = settings.readLimit();
        this.primary = new Database(connections, "fakta-log", size, limit);
        String other = settings.replicaUrl();
        this.replica =
                other == null
                        ? primary
                        : new Database(
                                Connections.toAny(other, environment),
                                "fakta-log-replica",
                                size,
                                limit);
        this.reads = new Reads(primary, settings.partitions());
        this.notes = new Notes(primary);
        Committer committer =
                new Committer(
                        this,
                        settings,
                        queue,
                        writing,
                        new Ownership(clock),
                        recent,
                        notifications::onCommit);
        this.logThread = Thread.ofPlatform().name("fakta-log").daemon().unstarted(committer);
        logThread.start();
        notifications.start();
    }

    @Override
    public int partitions() {
        return settings.partitions();
    }

    @Override
    public Writer claim(int partition, String node) {
        Objects.checkIndex(partition, settings.partitions());
        AppendChecks.node(node);
        Utf8.checkName("node", node);
        failOnLogThread();
        CompletableFuture<PostgresWriter> done = new CompletableFuture<>();
        long deadline = System.nanoTime() + settings.commitLimit().toNanos();
        boolean _ = queue.offer(new PostgresRequest.Claim(partition, node, deadline, done));
        return CommitQueue.await(done);
    }

    /// Asks the primary, in one query.
    @Override
    public Set<Writer> stillOwners(Collection<Writer> writers) {
        failWhenClosed();
        int[] partitions = writers.stream().mapToInt(Writer::partition).toArray();
        Map<Integer, Long> newest =
                primary.read(connection -> Ownership.epochs(connection, partitions));
        Set<Writer> owners = new HashSet<>();
        for (Writer writer : writers) {
            long epoch = newest.getOrDefault(writer.partition(), 0L);
            if (epoch == writer.epoch() && !writer.isFenced()) {
                owners.add(writer);
            } else if (epoch > writer.epoch() && writer instanceof PostgresWriter ours) {
                ours.failWith(AppendChecks.fenced(writer.partition(), writer.epoch(), epoch));
            }
        }
        return owners;
    }

    @Override
    public Duration lease() {
        return LEASE;
    }

    private void failOnLogThread() {
        if (Thread.currentThread() == logThread) {
            throw new IllegalStateException(
                    "a stage of the log must not wait for the log: it would wait for itself");
        }
    }

    @Override
    public Positions heads() {
        failWhenClosed();
        return reads.heads();
    }

    /// Reads from the replica, when there is one.
    @Override
    public LogReader reader(Positions after) {
        for (int partition : after.partitions()) {
            Objects.checkIndex(partition, settings.partitions());
        }
        failWhenClosed();
        return new PostgresReader(replica, recent, growth, pollEvery(), after);
    }

    @Override
    public List<EventRecord> readStream(String stream, long fromRevision, int limit) {
        failWhenClosed();
        return reads.stream(stream, fromRevision, limit);
    }

    /// Never: to know would need a query, and that is what the caller wants to spare.
    @Override
    public boolean surelyAbsent(String stream) {
        failWhenClosed();
        return false;
    }

    @Override
    public Optional<Snapshot> latestSnapshot(String stream) {
        failWhenClosed();
        return reads.latestSnapshot(stream);
    }

    @Override
    public Optional<String> note(String name) {
        return datedNote(name).map(Notes.Note::text);
    }

    Optional<Notes.Note> datedNote(String name) {
        AppendChecks.noteName(name);
        failWhenClosed();
        return notes.read(name);
    }

    @Override
    public void putNote(String name, String text) {
        AppendChecks.note(name, text);
        failWhenClosed();
        notes.write(name, text);
    }

    @Override
    public String noteOnce(String name, String text) {
        AppendChecks.note(name, text);
        failWhenClosed();
        return notes.once(name, text);
    }

    @Override
    public boolean isRemote() {
        return true;
    }

    @Override
    public void follow(Runnable follower) {
        growth.follow(follower);
    }

    @Override
    public void unfollow(Runnable follower) {
        growth.unfollow(follower);
    }

    private void failWhenClosed() {
        if (closed) {
            throw CommitQueue.closed();
        }
    }

    /// Waits for a commit that is on its way, but no longer than the commit limit.
    @Override
    public synchronized void close() {
        failOnLogThread();
        if (closed) {
            return;
        }
        closed = true;
        queue.close();
        joinLogThread();
        notifications.close();
        replica.close();
        primary.close();
        growth.run();
    }

    private void joinLogThread() {
        try {
            if (!logThread.join(settings.commitLimit())) {
                LOG.log(Level.WARNING, "a commit takes too long for a closing log: cut off");
                writing.abort();
                boolean _ = logThread.join(settings.commitLimit());
            }
        } catch (InterruptedException _) {
            writing.abort();
            Thread.currentThread().interrupt();
        }
    }
}
