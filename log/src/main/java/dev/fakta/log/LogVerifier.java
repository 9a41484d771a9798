// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.LogException.Category;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Proves that the files of a [SegmentLog] are what was written: walks all frames from the first,
/// checks CRC, hash chain and numbers, that offsets and epochs of each partition and revisions of
/// each stream have no gap, and that every back pointer leads to the record before. Changes
/// nothing.
///
/// Needs up to 100 bytes of heap per stream.
public final class LogVerifier {

    private final List<Segment> segments;
    private final Checkpoint covered;
    private final PartitionStates partitions;
    private final StreamTable newest = new StreamTable();
    private long mark;
    private long frames;
    private long events;
    private long claims;
    private long snapshots;
    private long streams;
    private long bytes;

    private LogVerifier(List<Segment> segments, Checkpoint covered) {
        this.segments = segments;
        this.covered = covered;
        this.partitions = PartitionStates.none(segments.getFirst().partitions());
    }

    /// Verifies the log in a directory that no [SegmentLog] has open.
    ///
    /// @throws LogException `UNAVAILABLE` when one has, when there is no log, when it is of a newer
    ///   format, or the disk fails
    public static VerifyReport verify(Path directory) {
        try (DirectoryLock _ = DirectoryLock.take(directory);
                Arena arena = Arena.ofShared()) {
            List<Segment> segments = Recovery.list(directory, arena);
            if (segments.isEmpty()) {
                throw new LogException(Category.UNAVAILABLE, "there is no log in " + directory);
            }
            Segment unbegun = Recovery.takeUnbegun(segments);
            if (segments.isEmpty() && unbegun != null) {
                throw unbegun.fault();
            }
            return verify(directory, segments, unbegun);
        } catch (LogException e) {
            return new VerifyReport(0, 0, 0, 0, 0, 0, 0, 0, Optional.of(fault(e)));
        } catch (IOException e) {
            throw Disk.failure("cannot verify the log in " + directory, e);
        }
    }

    private static VerifyReport verify(
            Path directory, List<Segment> segments, @Nullable Segment unbegun) throws IOException {
        Checkpoint covered =
                Manifest.read(directory).map(Manifest::checkpoint).orElse(Checkpoint.none(1));
        LogWalk walk = new LogWalk(segments, 1, AcknowledgedEnd.read(directory));
        LogVerifier verifier = new LogVerifier(segments, covered);
        return verifier.report(walk, verifier.walk(walk, unbegun));
    }

    private static VerifyReport.Fault fault(LogException e) {
        if (e.getCause() instanceof Damage damage) {
            return damage.fault();
        }
        throw e;
    }

    private Optional<VerifyReport.Fault> walk(LogWalk walk, @Nullable Segment unbegun) {
        try {
            while (walk.next()) {
                Recovery.failIfOther(walk, covered);
                checkFrame(walk.segment(), walk.at());
                frames++;
                bytes += walk.end() - walk.at();
            }
            if (walk.sequence() < covered.sequence()) {
                String what = Recovery.whatEndsEarly(walk.sequence(), covered.sequence());
                throw walk.segment().corrupt(walk.end(), what);
            }
            if (unbegun != null && !unbegun.isUnbegun(reached(walk))) {
                throw unbegun.fault();
            }
            return Optional.empty();
        } catch (LogException e) {
            return Optional.of(fault(e));
        }
    }

    private Checkpoint reached(LogWalk walk) {
        long end = Location.of(walk.segment().number(), walk.end());
        return new Checkpoint(walk.sequence(), end, walk.hash(), mark, partitions);
    }

    private void checkFrame(Segment segment, int at) {
        MemorySegment file = segment.bytes();
        int end = at + Frame.length(file, at);
        int entry = at + Frame.HEADER;
        for (int i = Frame.entries(file, at); i > 0; i--) {
            if (entry + Entry.HEADER > end || entry + (long) Entry.length(file, entry) > end) {
                throw segment.corrupt(entry, "an entry is longer than its frame");
            }
            check(segment, entry, "partition", Entry.partition(file, entry) < heads().length);
            switch (Entry.kind(file, entry)) {
                case Entry.EVENTS -> checkEvents(segment, entry);
                case Entry.CLAIM -> checkClaim(segment, entry);
                case Entry.SNAPSHOT -> checkSnapshot(segment, entry);
                case Entry.MARK -> checkMark(segment, entry, at);
                default -> throw segment.corrupt(entry, "an entry is of no known kind");
            }
            entry += Entry.length(file, entry);
        }
        check(segment, entry, "length of a frame", entry == end);
    }

    private long[] heads() {
        return partitions.heads();
    }

    private static void check(Segment segment, long at, String what, boolean isRight) {
        if (!isRight) {
            throw segment.corrupt(at, "the %s is wrong".formatted(what));
        }
    }

    private void checkEvents(Segment segment, int entry) {
        MemorySegment file = segment.bytes();
        int partition = Entry.partition(file, entry);
        int end = entry + Entry.length(file, entry);
        int at = entry + Entry.HEADER;
        check(segment, entry, "epoch", Entry.epoch(file, entry) == partitions.epochs()[partition]);
        for (int i = Entry.count(file, entry); i > 0; i--) {
            check(segment, at, "length of an event", EventBytes.isWhole(file, at, end - at));
            heads()[partition]++;
            checkEvent(segment, at, partition);
            at += EventBytes.length(file, at);
        }
        check(segment, at, "length of an append", at == end);
    }

    private void checkEvent(Segment segment, int at, int partition) {
        MemorySegment file = segment.bytes();
        long hash = EventBytes.hash(file, at);
        long key = StreamTable.key(hash);
        MemorySegment name = EventBytes.streamName(file, at);
        long revision = EventBytes.revision(file, at);
        check(segment, at, "CRC of an event", EventBytes.isIntact(file, at));
        check(segment, at, "offset", EventBytes.offset(file, at) == heads()[partition]);
        check(
                segment,
                at,
                "stream hash",
                hash == StreamHash.of(Layouts.getBytes(name, 0, (int) name.byteSize())));
        check(segment, at, "partition", Long.remainderUnsigned(hash, heads().length) == partition);
        check(segment, at, "back pointer", EventBytes.previous(file, at) == newest.event(key));
        check(segment, at, "revision", revision == lastRevision(key, name) + 1);
        newest.putEvent(key, Location.of(segment.number(), at));
        streams += revision == 1 ? 1 : 0;
        events++;
    }

    private long lastRevision(long key, MemorySegment name) {
        long location = newest.event(key);
        while (location != Location.NONE) {
            MemorySegment file = segments.get(Location.segment(location) - 1).bytes();
            int at = Location.at(location);
            if (EventBytes.isOf(file, at, name)) {
                return EventBytes.revision(file, at);
            }
            location = EventBytes.previous(file, at);
        }
        return 0;
    }

    private void checkClaim(Segment segment, int entry) {
        MemorySegment file = segment.bytes();
        int partition = Entry.partition(file, entry);
        long offset = ++heads()[partition];
        long epoch = ++partitions.epochs()[partition];
        check(segment, entry, "offset of a claim", Entry.number(file, entry) == offset);
        check(segment, entry, "epoch of a claim", Entry.epoch(file, entry) == epoch);
        claims++;
    }

    private void checkSnapshot(Segment segment, int entry) {
        MemorySegment file = segment.bytes();
        long key = StreamTable.key(Entry.snapshotHash(file, entry));
        long before = newest.snapshot(key);
        long room = file.byteSize() - entry;
        check(segment, entry, "CRC of a snapshot", Entry.isIntactSnapshot(file, entry, room));
        check(segment, entry, "back pointer of a snapshot", Entry.number(file, entry) == before);
        MemorySegment name = Entry.snapshotName(file, entry);
        long last = lastRevision(key, name);
        check(
                segment,
                entry,
                "revision of a snapshot",
                Entry.snapshot(file, entry).revision() <= last);
        newest.putSnapshot(key, Location.of(segment.number(), entry));
        snapshots++;
    }

    private void checkMark(Segment segment, int entry, int frame) {
        MemorySegment file = segment.bytes();
        long before = Location.segment(mark) == segment.number() ? mark : Location.NONE;
        check(segment, entry, "back pointer of a mark", Entry.number(file, entry) == before);
        for (int i = 0; i < heads().length; i++) {
            check(segment, entry, "head in a mark", Entry.markedHead(file, entry, i) == heads()[i]);
        }
        mark = Location.of(segment.number(), frame);
    }

    private VerifyReport report(LogWalk walk, Optional<VerifyReport.Fault> fault) {
        long unfinished = fault.isPresent() ? 0 : walk.torn().map(Torn::bytes).orElse(0L);
        return new VerifyReport(
                partitions.heads().length,
                frames,
                events,
                claims,
                snapshots,
                streams,
                bytes,
                unfinished,
                fault);
    }
}
