// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.LogException.Category;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Follows a [SegmentLog]: walks the frames in order and answers the records of its partitions.
final class SegmentReader implements LogReader {

    private static final long NOT_NAMED = Long.MAX_VALUE;

    private final SegmentFiles files;
    private final Mappings mappings;
    private final RecentFrames recent;
    private final CommittedEnd committed;
    private final TextCache texts = new TextCache();
    private final int[] named;
    private final long[] reached; // by partition: the last offset answered
    private volatile boolean closed;

    private Segment segment;
    private MemorySegment file;
    private int at; // the next frame, or the one that is being read
    private long sequence; // of that frame; 0 when it is not known yet
    private boolean inFrame;
    private boolean isChecked;
    private int entry; // in the frame
    private int entriesLeft;
    private int record; // in the entry; 0 when it is not begun
    private int recordsLeft;
    private @Nullable Iterator<EventRecord> remembered; // of the frame, when it is a recent one

    SegmentReader(
            SegmentFiles files,
            Mappings mappings,
            RecentFrames recent,
            CommittedEnd committed,
            int partitions,
            Positions after,
            long start) {
        this.files = files;
        this.mappings = mappings;
        this.recent = recent;
        this.committed = committed;
        this.named = after.partitions();
        this.reached = new long[partitions];
        Arrays.fill(reached, NOT_NAMED);
        for (int partition : named) {
            reached[partition] = after.offset(partition);
        }
        this.segment = files.get(Location.segment(start));
        this.file = segment.bytes();
        this.at = Location.at(start);
        this.sequence = at == segment.headerLength() ? segment.firstSequence() : 0;
    }

    @Override
    public List<LogRecord> next(int limit, Duration wait) {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit is at least 1: " + limit);
        }
        long left = wait.toNanos();
        List<LogRecord> found = mappings.read(() -> take(limit));
        while (found.isEmpty() && left > 0) {
            left = committed.await(Location.of(segment.number(), at), left, () -> closed);
            found = mappings.read(() -> take(limit));
        }
        return found;
    }

    private List<LogRecord> take(int limit) {
        if (closed || committed.isClosed()) {
            throw new LogException(Category.CLOSED, "the reader is closed");
        }
        List<LogRecord> found = new ArrayList<>();
        while (found.size() < limit && (inFrame || enterFrame())) {
            if (remembered != null) {
                takeRemembered(remembered, found, limit);
            } else if (entriesLeft == 0) {
                leaveFrame();
            } else {
                readEntry(found, limit);
            }
        }
        return found;
    }

    private boolean enterFrame() {
        while (Location.of(segment.number(), at) < committed.location()) {
            if (at < segment.end() && Frame.startsAt(file, at)) {
                beginFrame();
                return true;
            }
            Segment next = files.get(segment.number() + 1);
            if (sequence != next.firstSequence() && sequence != 0) {
                throw segment.corrupt(at, "frame %d is missing".formatted(sequence));
            }
            segment = next;
            file = next.bytes();
            at = next.headerLength();
            sequence = next.firstSequence();
        }
        return false;
    }

    private void beginFrame() {
        long there = Frame.sequence(file, at);
        if (sequence != 0 && there != sequence) {
            throw segment.corrupt(at, "frame %d stands in place of %d".formatted(there, sequence));
        }
        sequence = there;
        int length = Frame.length(file, at);
        if (length < Frame.HEADER || at + (long) length > file.byteSize()) {
            throw segment.corrupt(at, "the length of frame %d is wrong".formatted(there));
        }
        inFrame = true;
        List<EventRecord> events = recent.find(there);
        remembered = events == null ? null : events.iterator();
        isChecked = false;
        entry = at + Frame.HEADER;
        entriesLeft = Frame.entries(file, at);
        record = 0;
    }

    private void takeRemembered(Iterator<EventRecord> left, List<LogRecord> found, int limit) {
        while (left.hasNext() && found.size() < limit) {
            EventRecord event = left.next();
            if (event.offset() > reached[event.partition()]) {
                found.add(event);
                advance(event.partition(), event.offset());
            }
        }
        if (!left.hasNext()) {
            remembered = null;
            leaveFrame();
        }
    }

    private void leaveFrame() {
        at += Frame.length(file, at);
        sequence++;
        inFrame = false;
    }

    private void leaveEntry() {
        int length = Entry.length(file, entry);
        entry += length;
        entriesLeft--;
        record = 0;
        if (length < Entry.HEADER || entry > at + Frame.length(file, at)) {
            throw segment.corrupt(entry - length, "the length of an entry is wrong");
        }
    }

    private void readEntry(List<LogRecord> found, int limit) {
        int kind = Entry.kind(file, entry);
        int partition = Entry.partition(file, entry);
        if ((kind == Entry.EVENTS || kind == Entry.CLAIM) && isWanted(partition, kind)) {
            check();
            if (kind == Entry.EVENTS) {
                readEvents(partition, found, limit);
                if (recordsLeft > 0) {
                    return;
                }
            } else {
                found.add(Entry.claim(file, entry));
                advance(partition, Entry.number(file, entry));
            }
        }
        leaveEntry();
    }

    private boolean isWanted(int partition, int kind) {
        if (partition < 0 || partition >= reached.length) {
            throw segment.corrupt(entry, "there is no partition " + partition);
        }
        long count = kind == Entry.EVENTS ? Entry.count(file, entry) : 1;
        return Entry.number(file, entry) + count - 1 > reached[partition];
    }

    private void readEvents(int partition, List<LogRecord> found, int limit) {
        if (record == 0) {
            record = entry + Entry.HEADER;
            recordsLeft = Entry.count(file, entry);
        }
        while (recordsLeft > 0 && found.size() < limit) {
            if (EventBytes.offset(file, record) > reached[partition]) {
                found.add(EventBytes.read(file, record, partition, texts));
                advance(partition, EventBytes.offset(file, record));
            }
            record += EventBytes.length(file, record);
            recordsLeft--;
        }
    }

    private void advance(int partition, long offset) {
        if (offset != reached[partition] + 1) {
            throw segment.corrupt(
                    entry,
                    "partition %d goes on with offset %d, not %d"
                            .formatted(partition, offset, reached[partition] + 1));
        }
        reached[partition] = offset;
    }

    /// Once per frame, and only if something in it is wanted.
    private void check() {
        if (!isChecked) {
            String fault = Frame.fault(file, at);
            if (fault != null) {
                throw segment.corrupt(at, fault);
            }
            isChecked = true;
        }
    }

    @Override
    public Positions positions() {
        long[] offsets = new long[named.length];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = reached[named[i]];
        }
        return Positions.ofOwned(named, offsets);
    }

    @Override
    public void close() {
        closed = true;
        committed.wakeAll();
    }
}
