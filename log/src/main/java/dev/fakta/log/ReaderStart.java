// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.lang.foreign.MemorySegment;

/// Finds where a reader begins: by the heads in the segments' headers, then by the marks inside one
/// segment, from its last one backwards. At most about 1 MiB is read in vain behind that.
final class ReaderStart {

    private final SegmentFiles files;
    private final LogState state;

    ReaderStart(SegmentFiles files, LogState state) {
        this.files = files;
        this.state = state;
    }

    /// The location of a frame, or of the end of a segment's header, before which there is nothing
    /// that is behind `after`.
    long find(Positions after) {
        int[] named = after.partitions();
        Segment segment = segment(after, named);
        long mark = lastMark(segment);
        while (mark != Location.NONE) {
            MemorySegment file = segment.bytes();
            int entry = markEntry(segment, mark);
            if (isBehind(file, entry, after, named)) {
                return mark;
            }
            long before = Entry.number(file, entry);
            if (before >= mark) {
                throw segment.corrupt(entry, "a mark's back pointer is wrong");
            }
            mark = before;
        }
        return Location.of(segment.number(), segment.headerLength());
    }

    /// The mark that an intact frame begins with.
    ///
    /// @throws LogException `CORRUPT` when there is none
    private int markEntry(Segment segment, long mark) {
        MemorySegment file = segment.bytes();
        int at = Location.at(mark);
        int entry = at + Frame.HEADER;
        boolean isThere =
                Location.segment(mark) == segment.number()
                        && at >= segment.headerLength()
                        && Frame.fault(file, at) == null
                        && Entry.kind(file, entry) == Entry.MARK;
        if (!isThere) {
            throw segment.corrupt(Math.max(0, at), "there is no intact frame with a mark");
        }
        return entry;
    }

    private Segment segment(Positions after, int[] named) {
        int low = files.first().number();
        int high = files.newest().number();
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (isBehind(files.get(middle), after, named)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return files.get(low);
    }

    private static boolean isBehind(Segment segment, Positions after, int[] named) {
        for (int partition : named) {
            if (segment.headBefore(partition) > after.offset(partition)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBehind(MemorySegment file, int entry, Positions after, int[] named) {
        for (int partition : named) {
            if (Entry.markedHead(file, entry, partition) > after.offset(partition)) {
                return false;
            }
        }
        return true;
    }

    /// 0 when the segment has none, or it is not known.
    private long lastMark(Segment segment) {
        long newest = state.mark();
        int number = segment.number();
        if (number < files.newest().number()) {
            newest = files.get(number + 1).markBefore();
        }
        return Location.segment(newest) == number ? newest : Location.NONE;
    }
}
