// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.AppendChecks;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One commit in the making: decides which of its requests are written. Pure: [#unknown] names the
/// revisions that must be looked up in the database, and [#decide] takes the answer.
final class CommitPlan {

    /// A stream and a revision of it.
    record Revision(String stream, long number) {}

    /// An append with what became of it.
    static final class PlannedAppend {
        final PostgresRequest.Append append;
        @Nullable LogException failure;

        PlannedAppend(PostgresRequest.Append append) {
            this.append = append;
        }

        int partition() {
            return append.writer().partition();
        }
    }

    private final List<PostgresRequest> requests;
    private final List<PlannedAppend> entries = new ArrayList<>();
    private final Map<String, PostgresRequest.Put> snapshots = new LinkedHashMap<>();

    /// @param requests appends and snapshots, in their order
    CommitPlan(List<PostgresRequest> requests) {
        this.requests = requests;
    }

    /// The revisions that must be looked up in the database.
    Set<Revision> unknown() {
        Set<String> met = new HashSet<>();
        Set<Revision> unknown = new HashSet<>();
        for (PostgresRequest request : requests) {
            switch (request) {
                case PostgresRequest.Append append -> {
                    for (NewEvent event : append.events()) {
                        boolean isFirst =
                                met.add(event.stream())
                                        && append.writer().lastRevision(event.stream()) == null;
                        if (isFirst && event.revision() > 1) {
                            unknown.add(new Revision(event.stream(), event.revision() - 1));
                        }
                    }
                }
                case PostgresRequest.Put(PostgresWriter writer, Snapshot snapshot, _) -> {
                    if (!met.contains(snapshot.stream())
                            && writer.lastRevision(snapshot.stream()) == null) {
                        unknown.add(new Revision(snapshot.stream(), snapshot.revision()));
                    }
                }
                case PostgresRequest.Claim _ ->
                        throw new AssertionError("a claim is committed alone");
            }
        }
        return unknown;
    }

    /// Admits each append whose revisions follow on its streams, and each snapshot that is not
    /// ahead of its stream.
    ///
    /// @param there the revisions of [#unknown] that the database holds
    void decide(Set<Revision> there) {
        Map<String, Long> reached = new HashMap<>();
        for (PostgresRequest request : requests) {
            switch (request) {
                case PostgresRequest.Append append -> {
                    PlannedAppend entry = new PlannedAppend(append);
                    entry.failure = decide(append, there, reached);
                    entries.add(entry);
                }
                case PostgresRequest.Put put -> {
                    if (isReached(put, there, reached)) {
                        snapshots.put(put.snapshot().stream(), put);
                    }
                }
                case PostgresRequest.Claim _ ->
                        throw new AssertionError("a claim is committed alone");
            }
        }
    }

    private static @Nullable LogException decide(
            PostgresRequest.Append append, Set<Revision> there, Map<String, Long> reached) {
        for (NewEvent event : append.events()) {
            Long last = reached.get(event.stream());
            if (last == null) {
                last = append.writer().lastRevision(event.stream());
            }
            long before = event.revision() - 1;
            if (last == null) { // for the first event of a stream the unique key decides
                boolean follows =
                        before == 0 || there.contains(new Revision(event.stream(), before));
                if (!follows) {
                    return new LogException(
                            Category.CONFLICT,
                            "revision %d of stream '%s' does not follow its last one"
                                    .formatted(event.revision(), event.stream()));
                }
            } else if (last != before) {
                return AppendChecks.conflict(event, last + 1);
            }
            reached.put(event.stream(), event.revision());
        }
        return null;
    }

    private static boolean isReached(
            PostgresRequest.Put put, Set<Revision> there, Map<String, Long> reached) {
        Snapshot snapshot = put.snapshot();
        Long last = reached.get(snapshot.stream());
        if (last == null) {
            last = put.writer().lastRevision(snapshot.stream());
        }
        return last == null
                ? there.contains(new Revision(snapshot.stream(), snapshot.revision()))
                : snapshot.revision() <= last;
    }

    /// The appends, in the order in which they were given.
    List<PlannedAppend> entries() {
        return entries;
    }

    /// The appends to write: those that have not failed, and are not behind a failed append of the
    /// same writer. They are in the order of partitions, so that no two logs take the same keys in
    /// different orders, and within a partition in the order of offsets.
    List<PlannedAppend> toWrite() {
        Set<PostgresWriter> failed = new HashSet<>();
        List<PlannedAppend> good = new ArrayList<>(entries.size());
        for (PlannedAppend entry : entries) {
            if (entry.failure != null) {
                failed.add(entry.append.writer());
            } else if (!failed.contains(entry.append.writer())) {
                good.add(entry);
            }
        }
        good.sort(Comparator.comparingInt(PlannedAppend::partition));
        return good;
    }

    /// The snapshots to store, one for each stream; none of a writer that failed.
    List<PostgresRequest.Put> snapshots() {
        return snapshots.values().stream().filter(put -> put.writer().failure() == null).toList();
    }

    /// Answers all appends, in their order.
    void settle() {
        Map<PostgresWriter, LogException> failed = new HashMap<>();
        for (PlannedAppend entry : entries) {
            PostgresRequest.Append append = entry.append;
            LogException failure = failed.get(append.writer());
            if (failure == null) {
                failure = entry.failure;
            }
            if (failure == null) {
                append.writer().noteDurable(append.events());
                append.done().complete(append.end());
            } else {
                failed.put(append.writer(), failure);
                append.fail(failure);
            }
        }
    }
}
