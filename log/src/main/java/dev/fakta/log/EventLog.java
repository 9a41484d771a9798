// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// An append-only, partitioned log of events. All methods may be called by any thread.
///
/// Guarantees, for every implementation (`EventLogConformance` in the testkit holds each to them):
///
/// - Offsets of a partition and revisions of a stream count from 1 without a gap or a duplicate, in
///   commit order; a reader sees committed records only, in that order.
/// - An append is all or nothing, and durable when its stage completes.
/// - Every claim of a partition fences all earlier writers of it: their appends fail `FENCED`.
/// - After one failed append every later one of that writer fails, until a new claim.
///
/// Operating failures are [LogException]s with a category.
public interface EventLog extends AutoCloseable {

    /// The number of partitions, fixed when the log was created.
    int partitions();

    /// The partition of a stream: `xxh64(stream name in UTF-8, seed 0) mod partitions`, unsigned.
    /// Part of the format.
    default int partitionOf(String stream) {
        return (int) Long.remainderUnsigned(StreamHash.of(stream), partitions());
    }

    /// Takes a partition: records a claim with the next epoch at head + 1, durably, and answers its
    /// writer. Every earlier writer of the partition is fenced from then on.
    ///
    /// @param node the name of the claiming node, at most [NewEvent#LONGEST_NAME] bytes in UTF-8
    Writer claim(int partition, String node);

    /// Those of these writers of this log whose partition had no later claim at some moment during
    /// the call. One that is left out is fenced, and says so from then on ([Writer#isFenced]), or
    /// its database cannot say now. Waits for the log where other processes can claim.
    default Set<Writer> stillOwners(Collection<Writer> writers) {
        return writers.stream().filter(one -> !one.isFenced()).collect(Collectors.toSet());
    }

    /// How long a process may answer from memory for a partition of its own after the beginning of
    /// a call of [#stillOwners] that said so. Whoever claims a partition lets as much time pass
    /// before it answers, so that nobody is answered from what is old. Zero where no other process
    /// can claim: there [Writer#isFenced] says all.
    default Duration lease() {
        return Duration.ZERO;
    }

    /// The offset of the newest committed record of each partition. A log in several databases
    /// leaves out the partitions of a database that does not answer, and fails when no database
    /// answers.
    Positions heads();

    /// Reads the partitions that `after` names, each behind the offset that it gives, and follows
    /// them as they grow. The caller closes the reader; it serves one thread at a time.
    LogReader reader(Positions after);

    /// The committed events of a stream with revisions `fromRevision` and up, in order, at most
    /// `limit` of them; empty when there are none.
    List<EventRecord> readStream(String stream, long fromRevision, int limit);

    /// Whether the log can tell at once, without waiting for a disk or a network, that the stream
    /// has no event. `false` says nothing. Spares the partition a read for each new aggregate.
    boolean surelyAbsent(String stream);

    /// The newest snapshot of a stream, if there is one. A snapshot is never ahead of the stream's
    /// durable events.
    Optional<Snapshot> latestSnapshot(String stream);

    /// The note of this name, if the log has one. A note is a short text about the log itself that
    /// is no event, such as the shapes of its events. It may wait for the disk or the network.
    ///
    /// @param name as [#putNote]
    /// @throws LogException `CORRUPT`, with the file, when the note is not what was written
    Optional<String> note(String name);

    /// Writes a note in place of the one of this name, as a whole and durably. Of several processes
    /// that write it at the same time the last one counts.
    ///
    /// @param name lower-case words joined by `-` and `.`, at most 200 characters; in a [JoinedLog]
    ///   the word before the first `.` says which microsystem's log has the note
    /// @param text at most [AppendChecks#LARGEST_NOTE] bytes in UTF-8, without U+0000
    void putNote(String name, String text);

    /// Writes a note, durably, unless there is one of this name, and answers the one that there is
    /// now. Of several processes that write it at the same time the first one counts, for all.
    ///
    /// @param name as [#putNote]
    /// @param text as [#putNote]
    String noteOnce(String name, String text);

    /// Whether reads wait for a network, so that it pays to read several logs at once.
    default boolean isRemote() {
        return false;
    }

    /// How many of the databases that the log is in do not answer at present; 0 for a log that is
    /// in none. Waits for nothing.
    default int databasesAway() {
        return 0;
    }

    /// Calls `follower` whenever the log may have grown, or is closed, until [#unfollow]: so one
    /// thread can wait for several logs. A thread of the log makes the call; it must not be kept
    /// busy.
    void follow(Runnable follower);

    /// Ends a [#follow].
    void unfollow(Runnable follower);

    /// Fails appends and reads that wait (`CLOSED`), and releases all files, connections and
    /// threads. Idempotent. Every other call fails `CLOSED` from then on.
    @Override
    void close();
}
