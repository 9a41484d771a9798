// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.engine.Claimed;
import java.lang.foreign.MemorySegment;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One frame in the making: admits requests in their order, each against the committed state and
/// the requests admitted before it, and answers all of them when the frame is durable or has
/// failed. Used by the log thread only.
final class FrameBuilder {

    private record Outcome(
            SegmentRequest request,
            long offset,
            long epoch,
            long time,
            @Nullable LogException failure) {

        static Outcome failed(SegmentRequest request, LogException failure) {
            return new Outcome(request, 0, 0, 0, failure);
        }
    }

    private final LogState state;
    private final StreamReads streams;
    private final InstantSource clock;
    private final PartitionStates tentative;
    private final Map<String, Long> revisions = new HashMap<>();
    private final List<byte[]> entries = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final StreamTable placed = new StreamTable();
    private int bytes;

    FrameBuilder(LogState state, StreamReads streams, InstantSource clock) {
        this.state = state;
        this.streams = streams;
        this.clock = clock;
        this.tentative = state.partitions().copy();
    }

    void begin() {
        tentative.set(state.partitions());
        revisions.clear();
        entries.clear();
        outcomes.clear();
        placed.clear();
        bytes = 0;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /// The length of all entries together, in bytes.
    int bytes() {
        return bytes;
    }

    void admit(SegmentRequest request) {
        try {
            switch (request) {
                case SegmentRequest.Append append -> admitAppend(append);
                case SegmentRequest.Claim claim -> admitClaim(claim);
                case SegmentRequest.Put put -> admitSnapshot(put);
            }
        } catch (LogException e) {
            refuse(request, e);
        }
    }

    private void refuse(SegmentRequest request, LogException failure) {
        if (request instanceof SegmentRequest.Append append) {
            append.writer().failWith(failure);
        }
        outcomes.add(Outcome.failed(request, failure));
    }

    private void accept(SegmentRequest request, byte[] entry, long offset, long epoch, long time) {
        entries.add(entry);
        bytes += entry.length;
        outcomes.add(new Outcome(request, offset, epoch, time, null));
    }

    private void admitAppend(SegmentRequest.Append append) {
        SegmentWriter writer = append.writer();
        int partition = writer.partition();
        failUnlessOwner(writer);
        if (append.events().isEmpty()) {
            outcomes.add(
                    new Outcome(append, tentative.heads()[partition], writer.epoch(), 0, null));
            return;
        }
        checkRevisions(append);
        byte[] entry = append.entry();
        long offset = tentative.heads()[partition];
        Entry.putNumber(entry, 0, offset + 1);
        Entry.putEpoch(entry, 0, writer.epoch());
        long time = tentative.times()[partition];
        for (int at = Entry.HEADER; at < entry.length; at += Layouts.getInt(entry, at)) {
            EventBytes.putOffset(entry, at, ++offset);
            time = Math.max(time, EventBytes.time(entry, at));
        }
        tentative.heads()[partition] = offset;
        tentative.times()[partition] = time;
        accept(append, entry, offset, writer.epoch(), time);
    }

    private void failUnlessOwner(SegmentWriter writer) {
        LogException earlier = writer.failure();
        if (earlier != null) {
            throw earlier;
        }
        long newest = tentative.epochs()[writer.partition()];
        if (newest != writer.epoch()) {
            throw AppendChecks.fenced(writer.partition(), writer.epoch(), newest);
        }
    }

    private void checkRevisions(SegmentRequest.Append append) {
        byte[] entry = append.entry();
        int at = Entry.HEADER;
        for (int i = 0; i < append.events().size(); i++) {
            NewEvent event = append.events().get(i);
            long expected = lastRevision(event.stream(), entry, at) + 1;
            if (event.revision() != expected) {
                for (NewEvent undone : append.events().subList(0, i).reversed()) {
                    revisions.put(undone.stream(), undone.revision() - 1);
                }
                throw AppendChecks.conflict(event, expected);
            }
            revisions.put(event.stream(), expected);
            at += Layouts.getInt(entry, at);
        }
    }

    private long lastRevision(String stream, byte[] entry, int at) {
        Long admitted = revisions.get(stream);
        return admitted != null
                ? admitted
                : streams.lastRevision(
                        EventBytes.hash(entry, at), EventBytes.streamName(entry, at));
    }

    private void admitClaim(SegmentRequest.Claim claim) {
        int partition = claim.partition();
        long offset = tentative.heads()[partition] + 1;
        long epoch = tentative.epochs()[partition] + 1;
        long time = new HybridTime(clock, tentative.times()[partition]).next(0);
        tentative.heads()[partition] = offset;
        tentative.epochs()[partition] = epoch;
        tentative.times()[partition] = time;
        byte[] entry = Entry.claim(partition, offset, epoch, claim.node(), time);
        accept(claim, entry, offset, epoch, time);
    }

    private void admitSnapshot(SegmentRequest.Put put) {
        failUnlessOwner(put.writer());
        String stream = put.snapshot().stream();
        Long admitted = revisions.get(stream);
        long last =
                admitted != null
                        ? admitted
                        : streams.lastRevision(
                                StreamHash.of(stream), Entry.snapshotName(put.entry()));
        if (put.snapshot().revision() <= last) {
            Entry.putEpoch(put.entry(), 0, put.writer().epoch());
            accept(put, put.entry(), 0, put.writer().epoch(), 0);
        }
    }

    /// Writes all entries into the frame, at `to`, and sets their back pointers.
    ///
    /// @param location the location of the frame
    /// @return how many entries there are
    int write(byte[] frame, int to, long location) {
        int at = to;
        for (byte[] entry : entries) {
            link(entry, location + at);
            System.arraycopy(entry, 0, frame, at, entry.length);
            at += entry.length;
        }
        return entries.size();
    }

    private void link(byte[] entry, long location) {
        switch (Entry.kind(entry)) {
            case Entry.EVENTS -> {
                for (int at = Entry.HEADER; at < entry.length; at += Layouts.getInt(entry, at)) {
                    long hash = EventBytes.hash(entry, at);
                    EventBytes.putPrevious(entry, at, newestEvent(hash));
                    placed.putEvent(StreamTable.key(hash), location + at);
                }
            }
            case Entry.SNAPSHOT -> {
                long hash = Entry.snapshotHash(MemorySegment.ofArray(entry), 0);
                long before = placed.snapshot(StreamTable.key(hash));
                Entry.putNumber(
                        entry,
                        0,
                        before == Location.NONE ? streams.index().newestSnapshot(hash) : before);
                placed.putSnapshot(StreamTable.key(hash), location);
            }
            default -> {} // a claim points to nothing
        }
    }

    private long newestEvent(long hash) {
        long here = placed.event(StreamTable.key(hash));
        return here == Location.NONE ? streams.index().newestEvent(hash) : here;
    }

    /// The events of the frame, in the order in which they stand there; empty when the frame has a
    /// claim, because readers need no claim quickly.
    Optional<List<EventRecord>> events() {
        List<EventRecord> events = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            if (outcome.failure == null
                    && outcome.request instanceof SegmentRequest.Append append) {
                long offset = outcome.offset - append.events().size();
                for (NewEvent event : append.events()) {
                    events.add(new EventRecord(append.writer().partition(), ++offset, event));
                }
            } else if (outcome.failure == null && outcome.request instanceof SegmentRequest.Claim) {
                return Optional.empty();
            }
        }
        return Optional.of(events);
    }

    /// Notes that the frame could not be written: all requests admitted so far fail.
    void fail(LogException failure) {
        outcomes.replaceAll(
                outcome -> {
                    if (outcome.failure != null) {
                        return outcome;
                    }
                    if (outcome.request instanceof SegmentRequest.Append append) {
                        append.writer().failWith(failure);
                    }
                    return Outcome.failed(outcome.request, failure);
                });
    }

    /// Answers all requests, in order.
    void settle() {
        for (Outcome outcome : outcomes) {
            if (outcome.failure != null) {
                outcome.request.fail(outcome.failure);
                continue;
            }
            switch (outcome.request) {
                case SegmentRequest.Append append -> append.done().complete(outcome.offset);
                case SegmentRequest.Claim claim ->
                        claim.done()
                                .complete(
                                        new Claimed(
                                                claim.partition(),
                                                outcome.epoch,
                                                outcome.offset,
                                                outcome.time));
                case SegmentRequest.Put _ -> {} // nobody waits for a snapshot
            }
        }
        outcomes.clear();
    }
}
