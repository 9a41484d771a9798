// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// What all committed frames add up to: a fold over them, the same at run time and at recovery.
/// Belongs to the thread that appends; only the mark is read by others.
final class LogState {

    private final PartitionStates partitions;
    private final StreamIndex index;
    private long sequence;
    private long end;
    private byte[] hash;
    private volatile long mark;

    LogState(Checkpoint from, StreamIndex index) {
        this.partitions = from.partitions().copy();
        this.index = index;
        this.sequence = from.sequence();
        this.end = from.end();
        this.hash = from.hash();
        this.mark = from.mark();
    }

    PartitionStates partitions() {
        return partitions;
    }

    /// Of the last frame.
    long sequence() {
        return sequence;
    }

    /// The location behind the last frame.
    long end() {
        return end;
    }

    byte[] hash() {
        return hash;
    }

    /// The location of the last frame that begins with a mark, or 0.
    long mark() {
        return mark;
    }

    Checkpoint checkpoint() {
        return new Checkpoint(sequence, end, hash, mark, partitions.copy());
    }

    /// Takes in the next frame, an intact one.
    void apply(Segment segment, int at) {
        MemorySegment file = segment.bytes();
        int frameEnd = at + Frame.length(file, at);
        int entry = at + Frame.HEADER;
        for (int i = Frame.entries(file, at); i > 0; i--) {
            String fault = applyEntry(segment, file, entry, at);
            if (fault != null) {
                throw segment.corrupt(entry, fault);
            }
            entry += Entry.length(file, entry);
        }
        sequence = Frame.sequence(file, at);
        hash = Frame.hash(file, at);
        end = Location.of(segment.number(), frameEnd);
    }

    private @Nullable String applyEntry(Segment segment, MemorySegment file, int entry, int frame) {
        switch (Entry.kind(file, entry)) {
            case Entry.EVENTS -> {
                return applyEvents(segment.number(), file, entry);
            }
            case Entry.CLAIM -> {
                return applyClaim(file, entry);
            }
            case Entry.SNAPSHOT ->
                    index.putSnapshot(
                            Entry.snapshotHash(file, entry), Location.of(segment.number(), entry));
            case Entry.MARK -> mark = Location.of(segment.number(), frame);
            default -> {
                return "an entry has kind " + Entry.kind(file, entry);
            }
        }
        return null;
    }

    private @Nullable String applyEvents(int segment, MemorySegment file, int entry) {
        int partition = Entry.partition(file, entry);
        int at = entry + Entry.HEADER;
        long head = partitions.heads()[partition];
        for (int i = Entry.count(file, entry); i > 0; i--) {
            head++;
            if (EventBytes.offset(file, at) != head) {
                return "partition %d goes on with offset %d, not %d"
                        .formatted(partition, EventBytes.offset(file, at), head);
            }
            partitions.times()[partition] =
                    Math.max(partitions.times()[partition], EventBytes.time(file, at));
            index.putEvent(EventBytes.hash(file, at), Location.of(segment, at));
            at += EventBytes.length(file, at);
        }
        partitions.heads()[partition] = head;
        return null;
    }

    private @Nullable String applyClaim(MemorySegment file, int entry) {
        int partition = Entry.partition(file, entry);
        long offset = Entry.number(file, entry);
        if (offset != partitions.heads()[partition] + 1) {
            return "partition %d goes on with offset %d, not %d"
                    .formatted(partition, offset, partitions.heads()[partition] + 1);
        }
        partitions.heads()[partition] = offset;
        partitions.epochs()[partition] = Entry.epoch(file, entry);
        partitions.times()[partition] = Entry.claimTime(file, entry);
        return null;
    }
}
