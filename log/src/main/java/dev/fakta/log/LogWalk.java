// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Walks all frames from the beginning of a segment to the end of the log, checking each: its CRC,
/// its number, and from some frame on the hash chain. Tells an unfinished write at the end from
/// damage: damage is a bad frame with a valid, later one behind it, or one that was acknowledged
/// ([AcknowledgedEnd]).
final class LogWalk {

    private static final int CHUNK = 1 << 16;
    private static final MemorySegment ZEROS = MemorySegment.ofArray(new byte[CHUNK]);

    private final List<Segment> segments;
    private final long chainedFrom;
    private final long acknowledged;
    private final MessageDigest sha = Frame.newDigest();
    private int current; // in the list
    private int at;
    private int nextAt;
    private long sequence;
    private byte[] hash;

    /// @param segments without a gap
    /// @param chainedFrom the number of the first frame whose hash is computed, not only compared
    /// @param acknowledged the location up to which frames must be there; 0 when it is not known
    /// @throws LogException `CORRUPT`; `UNAVAILABLE` when a segment is of a newer format
    LogWalk(List<Segment> segments, long chainedFrom, long acknowledged) {
        this.segments = segments;
        this.chainedFrom = chainedFrom;
        this.acknowledged = acknowledged;
        this.nextAt = segments.getFirst().begun().headerLength();
        this.sequence = segments.getFirst().firstSequence() - 1;
        this.hash = segments.getFirst().hashBefore();
    }

    Segment segment() {
        return segments.get(current);
    }

    /// The frame's byte in its segment.
    int at() {
        return at;
    }

    /// The byte behind the frame.
    int end() {
        return nextAt;
    }

    /// The frame's number.
    long sequence() {
        return sequence;
    }

    byte[] hash() {
        return hash;
    }

    /// Goes to the next frame.
    ///
    /// @return false at the end of the log
    /// @throws LogException `CORRUPT`; `UNAVAILABLE` when something is of a newer format
    boolean next() {
        while (true) {
            MemorySegment file = segment().bytes();
            String fault = Frame.fault(file, nextAt);
            if (fault == null && Frame.sequence(file, nextAt) == sequence + 1) {
                enter(file);
                return true;
            }
            Frame.failWhenNewer(segment(), nextAt);
            if (current == segments.size() - 1) {
                failIfMoreFollows(fault);
                failIfAcknowledged(fault);
                return false;
            }
            goOn(fault);
        }
    }

    private void enter(MemorySegment file) {
        byte[] stored = Frame.hash(file, nextAt);
        if (sequence + 1 >= chainedFrom
                && !Arrays.equals(stored, Frame.expectedHash(file, nextAt, hash, sha))) {
            throw segment()
                    .corrupt(nextAt, "the hash of frame %d is wrong".formatted(sequence + 1));
        }
        at = nextAt;
        sequence++;
        hash = stored;
        nextAt += Frame.length(file, at);
    }

    private void goOn(@Nullable String fault) {
        Segment next = segments.get(current + 1).begun();
        if (next.firstSequence() != sequence + 1) {
            throw corrupt(fault);
        }
        if (!Arrays.equals(next.hashBefore(), hash)) {
            throw next.corrupt(0, "the segment does not follow the one before it");
        }
        current++;
        nextAt = next.headerLength();
    }

    private LogException corrupt(@Nullable String fault) {
        String what = fault == null ? "another frame stands there" : fault;
        return segment()
                .corrupt(
                        nextAt, "frame %d is missing or damaged: %s".formatted(sequence + 1, what));
    }

    private void failIfMoreFollows(@Nullable String fault) {
        if (hasFrameAfter(segment().bytes(), nextAt, sequence)) {
            throw corrupt(fault);
        }
    }

    private void failIfAcknowledged(@Nullable String fault) {
        if (Location.of(segment().number(), nextAt) < acknowledged) {
            throw segment()
                    .corrupt(
                            nextAt,
                            "frame %d is missing or damaged: %s; %s"
                                    .formatted(sequence + 1, fault, wasAcknowledged(acknowledged)));
        }
    }

    /// Says so, and what to do.
    static String wasAcknowledged(long location) {
        return "it was durable and acknowledged: %s says so up to byte %d of segment %d; put back a copy of the log, without that file"
                .formatted(AcknowledgedEnd.NAME, Location.at(location), Location.segment(location));
    }

    /// What stands behind the end of the log, if anything does.
    Optional<Torn> torn() {
        long last = lastNonZero(segment().bytes(), nextAt);
        return last < nextAt
                ? Optional.empty()
                : Optional.of(new Torn(segment(), nextAt, last + 1 - nextAt));
    }

    /// Whether a valid or newer frame with a higher number than `sequence` starts at or behind
    /// `from`.
    static boolean hasFrameAfter(MemorySegment file, long from, long sequence) {
        for (long at = (from + 7) & -8; at + Frame.HEADER <= file.byteSize(); at += 8) {
            if (Layouts.getLong(file, at) == 0) {
                at = skipZeros(file, at) - 8;
            } else if (Frame.startsAt(file, at)
                    && Frame.sequence(file, at) > sequence
                    && (Frame.fault(file, at) == null || Frame.isNewer(file, at))) {
                return true;
            }
        }
        return false;
    }

    private static long skipZeros(MemorySegment file, long from) {
        long at = from;
        while (at < file.byteSize()) {
            long length = Math.min(CHUNK, file.byteSize() - at);
            long different = MemorySegment.mismatch(file, at, at + length, ZEROS, 0, length);
            if (different >= 0) {
                return (at + different) & -8;
            }
            at += length;
        }
        return (at + 7) & -8;
    }

    /// -1 when all are zero.
    static long lastNonZero(MemorySegment file, long from) {
        long until = file.byteSize();
        while (until > from) {
            long start = Math.max(from, until - CHUNK);
            if (MemorySegment.mismatch(file, start, until, ZEROS, 0, until - start) >= 0) {
                break;
            }
            until = start;
        }
        while (until > from && file.get(ValueLayout.JAVA_BYTE, until - 1) == 0) {
            until--;
        }
        return until > from ? until - 1 : -1;
    }
}
