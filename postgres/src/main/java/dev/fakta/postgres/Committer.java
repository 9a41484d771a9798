// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.AppendChecks;
import dev.fakta.log.EventLog;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.engine.Claimed;
import dev.fakta.log.engine.CommitQueue;
import dev.fakta.postgres.CommitPlan.PlannedAppend;
import dev.fakta.postgres.CommitPlan.Revision;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The log thread: takes the requests that wait for all partitions, writes them in one statement,
/// and answers them. While one commit is on its way, requests gather for the next one, so the more
/// there is to do, the more each commit carries.
final class Committer implements Runnable {

    private static final System.Logger LOG = System.getLogger(Committer.class.getName());

    private static final String FIND =
            """
            select r.stream, r.revision from unnest(?::text[], ?::bigint[]) as r (stream, revision)
            where exists (
              select from event e where e.stream = r.stream and e.revision = r.revision)
            """;
    private static final String PUT =
            """
            insert into snapshot (stream, revision, payload)
            select ?, ?, ?
            where exists (select from event where stream = ? and revision = ?)
              and ? = (select epoch from event
                       where partition_no = ? order by "offset" desc limit 1)
            on conflict (stream) do update
            set revision = excluded.revision, payload = excluded.payload
            where snapshot.revision <= excluded.revision
            """;

    private final EventLog log;
    private final PostgresLogSettings settings;
    private final CommitQueue<PostgresRequest> queue;
    private final WriterConnection connection;
    private final Ownership ownership;
    private final RecentRecords recent;
    private final Runnable onGrowth;
    private final @Nullable PostgresWriter[] owners;
    private final Rows rows = new Rows();

    /// @param recent gets the events of each append that is durable
    /// @param onGrowth runs after each commit, before its requests are answered
    Committer(
            EventLog log,
            PostgresLogSettings settings,
            CommitQueue<PostgresRequest> queue,
            WriterConnection connection,
            Ownership ownership,
            RecentRecords recent,
            Runnable onGrowth) {
        this.log = log;
        this.settings = settings;
        this.queue = queue;
        this.connection = connection;
        this.ownership = ownership;
        this.recent = recent;
        this.onGrowth = onGrowth;
        this.owners = new @Nullable PostgresWriter[settings.partitions()];
    }

    @Override
    public void run() {
        List<PostgresRequest> taken = queue.take(settings.batchBytes());
        while (!taken.isEmpty()) {
            boolean _ = Thread.interrupted(); // by a stage; nobody else interrupts the log thread
            try {
                commit(taken);
            } catch (RuntimeException | Error e) { // a fault of ours: answer, and go on
                LOG.log(Level.ERROR, "a commit failed unexpectedly", e);
                LogException failure =
                        e instanceof LogException known
                                ? known
                                : new LogException(Category.UNAVAILABLE, "a commit failed", e);
                taken.forEach(request -> request.fail(failure));
                connection.discard();
            }
            taken = queue.take(settings.batchBytes());
        }
        queue.failAll(CommitQueue.closed());
        connection.discard();
    }

    private void commit(List<PostgresRequest> taken) {
        List<PostgresRequest> inTime = new ArrayList<>(taken.size());
        long now = System.nanoTime();
        for (PostgresRequest request : taken) {
            LogException earlier =
                    request instanceof PostgresRequest.Append append
                            ? append.writer().failure()
                            : null;
            if (earlier != null) {
                request.fail(earlier);
            } else if (request.deadline() - now < 0) {
                request.fail(new LogException(Category.TIMEOUT, "waited too long for a commit"));
            } else {
                inTime.add(request);
            }
        }
        if (inTime.isEmpty()) {
            return;
        }
        if (inTime.getFirst() instanceof PostgresRequest.Claim) {
            claim(inTime.stream().map(PostgresRequest.Claim.class::cast).toList());
        } else {
            append(new CommitPlan(inTime));
        }
    }

    private void claim(List<PostgresRequest.Claim> claims) {
        Map<Integer, String> nodes = new LinkedHashMap<>();
        claims.forEach(claim -> nodes.put(claim.partition(), claim.node()));
        String what = "cannot claim " + (nodes.size() == 1 ? "partition " : "partitions ");
        try {
            Map<Integer, Claimed> claimed =
                    connection.run(
                            what + nodes.keySet(), (open, _) -> ownership.claim(open, nodes));
            claimed.values().forEach(one -> recent.forget(one.partition(), one.offset()));
            onGrowth.run();
            claims.forEach(claim -> answer(claim, claimed.get(claim.partition())));
        } catch (RowsRefused e) {
            LogException failure = WriterConnection.refused(what + nodes.keySet(), e);
            claims.forEach(claim -> claim.fail(failure));
        } catch (LogException e) {
            claims.forEach(claim -> claim.fail(e));
        }
    }

    private void answer(PostgresRequest.Claim claim, @Nullable Claimed claimed) {
        int partition = claim.partition();
        if (claimed == null) {
            claim.fail(Ownership.moved(partition));
            return;
        }
        PostgresWriter earlier = owners[partition];
        if (earlier != null) {
            earlier.failWith(AppendChecks.fenced(partition, earlier.epoch(), claimed.epoch()));
        }
        PostgresWriter writer = new PostgresWriter(log, queue, settings, claimed);
        owners[partition] = writer;
        claim.done().complete(writer);
    }

    private void append(CommitPlan plan) {
        try {
            plan.decide(find(plan.unknown()));
        } catch (LogException e) {
            plan.decide(Set.of());
            plan.entries().forEach(entry -> entry.failure = e);
        }
        failFenced(plan.entries());
        List<PlannedAppend> good = plan.toWrite();
        if (!good.isEmpty()) {
            write(good);
            good.stream().filter(entry -> entry.failure == null).forEach(this::remember);
            onGrowth.run();
        }
        store(plan.snapshots());
        plan.settle();
    }

    private void remember(PlannedAppend entry) {
        recent.add(entry.partition(), entry.append.offset(), entry.append.events());
    }

    /// Fails an append as `FENCED` when its writer is fenced, also where the stream seems to be in
    /// conflict: the newer writer has moved the stream on. An append without events meets no key,
    /// so only a query tells whether its writer is fenced.
    private void failFenced(List<PlannedAppend> entries) {
        for (PlannedAppend entry : entries) {
            boolean isConflict =
                    entry.failure != null && entry.failure.category() == Category.CONFLICT;
            if (isConflict || (entry.failure == null && entry.append.events().isEmpty())) {
                entry.failure = fencedOr(entry, entry.failure);
            }
        }
    }

    private @Nullable LogException fencedOr(PlannedAppend entry, @Nullable LogException otherwise) {
        PostgresWriter writer = entry.append.writer();
        try {
            OptionalLong newer =
                    connection.run(
                            "cannot look up the owner of partition " + writer.partition(),
                            (open, _) ->
                                    Ownership.newerThan(open, writer.partition(), writer.epoch()));
            return newer.isPresent()
                    ? AppendChecks.fenced(writer.partition(), writer.epoch(), newer.getAsLong())
                    : otherwise;
        } catch (RowsRefused e) {
            return WriterConnection.refused("cannot look up an owner", e);
        } catch (LogException e) {
            return e;
        }
    }

    /// Writes all appends in one statement. When the database refuses a row, writes them partition
    /// by partition, so that the other partitions do not suffer; and in a partition append by
    /// append, up to the one at fault.
    private void write(List<PlannedAppend> entries) {
        List<PlannedAppend> withEvents =
                entries.stream().filter(entry -> !entry.append.events().isEmpty()).toList();
        if (withEvents.isEmpty()) {
            return;
        }
        RowsRefused refused = tryToWrite(withEvents);
        if (refused == null) {
            return;
        }
        Collection<List<PlannedAppend>> parts = partition(withEvents);
        if (parts.size() > 1) {
            parts.forEach(this::write);
        } else if (withEvents.size() > 1) {
            writeOneByOne(withEvents);
        } else {
            PlannedAppend entry = withEvents.getFirst();
            entry.failure = fencedOr(entry, conflict(entry, refused));
        }
    }

    private static Collection<List<PlannedAppend>> partition(List<PlannedAppend> entries) {
        return entries.stream()
                .collect(
                        Collectors.groupingBy(
                                PlannedAppend::partition, TreeMap::new, Collectors.toList()))
                .values();
    }

    private void writeOneByOne(List<PlannedAppend> entries) {
        for (PlannedAppend entry : entries) {
            write(List.of(entry));
            if (entry.failure != null) {
                LogException failure = entry.failure;
                entries.stream()
                        .dropWhile(other -> other != entry)
                        .forEach(later -> later.failure = failure);
                return;
            }
        }
    }

    /// Writes all appends in one statement.
    ///
    /// @return what the database refused; null when it took the rows, or failed otherwise, which is
    ///   noted in the appends
    private @Nullable RowsRefused tryToWrite(List<PlannedAppend> entries) {
        rows.set(entries);
        try {
            connection.insert(rows);
            return null;
        } catch (RowsRefused e) {
            return e;
        } catch (LogException e) {
            entries.forEach(entry -> entry.failure = e);
            return null;
        }
    }

    private static LogException conflict(PlannedAppend entry, RowsRefused refused) {
        SQLException reason = refused.reason();
        return Failures.isViolation(reason)
                ? new LogException(
                        Category.CONFLICT,
                        "an event of partition %d is not the next one of its stream: %s"
                                .formatted(entry.partition(), reason.getMessage()),
                        reason)
                : Failures.of("the database takes none of the append", reason);
    }

    private Set<Revision> find(Set<Revision> revisions) {
        if (revisions.isEmpty()) {
            return Set.of();
        }
        BinaryArray streams = BinaryArray.ofTexts();
        BinaryArray numbers = BinaryArray.ofLongs();
        for (Revision revision : revisions) {
            streams.next().addText(revision.stream());
            numbers.next().addLong(revision.number());
        }
        try {
            return connection.run(
                    "cannot look up revisions", (open, _) -> find(open, streams, numbers));
        } catch (RowsRefused e) {
            throw WriterConnection.refused("cannot look up revisions", e);
        }
    }

    private static Set<Revision> find(Connection open, BinaryArray streams, BinaryArray numbers)
            throws SQLException {
        try (PreparedStatement statement = open.prepareStatement(FIND)) {
            statement.setObject(1, streams);
            statement.setObject(2, numbers);
            Set<Revision> found = new HashSet<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new Revision(row.getString(1), row.getLong(2)));
                }
            }
            return found;
        }
    }

    private void store(List<PostgresRequest.Put> snapshots) {
        if (snapshots.isEmpty()) {
            return;
        }
        try {
            connection.run("cannot store snapshots", (open, _) -> store(open, snapshots));
        } catch (RowsRefused | LogException e) {
            LOG.log(Level.DEBUG, "snapshots are dropped", e);
        }
    }

    private static int store(Connection open, List<PostgresRequest.Put> snapshots)
            throws SQLException {
        try (PreparedStatement statement = open.prepareStatement(PUT)) {
            for (PostgresRequest.Put put : snapshots) {
                String stream = put.snapshot().stream();
                statement.setString(1, stream);
                statement.setLong(2, put.snapshot().revision());
                statement.setBytes(3, put.snapshot().payload());
                statement.setString(4, stream);
                statement.setLong(5, put.snapshot().revision());
                statement.setLong(6, put.writer().epoch());
                statement.setInt(7, put.writer().partition());
                statement.addBatch();
            }
            return statement.executeBatch().length;
        }
    }
}
