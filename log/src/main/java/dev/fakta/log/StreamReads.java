// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Reading streams: from the index to the newest record, then along the back pointers.
final class StreamReads {

    private static final System.Logger LOG = System.getLogger(StreamReads.class.getName());
    private static final int MOST_SAID = 1000;

    private final SegmentFiles files;
    private final StreamIndex index;
    private final int partitions;
    private final StreamTrails trails = new StreamTrails();
    private final LongAdder visited = new LongAdder();
    private final Set<Long> damaged = ConcurrentHashMap.newKeySet();

    StreamReads(SegmentFiles files, StreamIndex index, int partitions) {
        this.files = files;
        this.index = index;
        this.partitions = partitions;
    }

    StreamIndex index() {
        return index;
    }

    /// The revision of a stream's last event, 0 for none.
    ///
    /// @param hash of the name
    long lastRevision(long hash, MemorySegment name) {
        long location = index.newestEvent(hash);
        while (location != Location.NONE) {
            MemorySegment file = record(location, hash);
            int at = Location.at(location);
            if (EventBytes.isOf(file, at, name)) {
                failUnlessIntact(location);
                return EventBytes.revision(file, at);
            }
            location = EventBytes.previous(file, at); // another stream with the same hash
        }
        return 0;
    }

    /// The events from a revision on, at most `limit`, oldest first. The chain leads backwards: the
    /// walk begins at the newest event, or at the nearest place behind these that is known.
    List<EventRecord> read(String stream, long fromRevision, int limit) {
        if (limit == 0) {
            return List.of();
        }
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        MemorySegment name = MemorySegment.ofArray(bytes);
        long hash = StreamHash.of(bytes);
        long first = Math.max(1, fromRevision);
        long last = first > Long.MAX_VALUE - limit ? Long.MAX_VALUE : first + limit - 1;
        StreamTrails.Place start = trails.from(stream, last);
        StreamTrails.Walk walk = new StreamTrails.Walk();
        long[] places = new long[Math.min(limit, 16)];
        int count = 0;
        long seen = 0;
        long expected = start == null ? 0 : start.revision(); // 0 until the first is seen
        long location = start == null ? index.newestEvent(hash) : start.location();
        while (location != Location.NONE) {
            MemorySegment file = record(location, hash);
            int at = Location.at(location);
            seen++;
            if (EventBytes.isOf(file, at, name)) {
                long revision = EventBytes.revision(file, at);
                if (revision < first) {
                    break;
                }
                failUnlessExpected(revision, expected, location);
                expected = revision - 1;
                if (revision > last) {
                    walk.pass(revision, location);
                } else {
                    if (count == places.length) {
                        places = Arrays.copyOf(places, (int) Math.min(limit, 2L * count));
                    }
                    places[count++] = location;
                }
                if (revision == first) {
                    break;
                }
            }
            location = EventBytes.previous(file, at);
        }
        visited.add(seen);
        trails.add(stream, walk);
        return decode(places, count, hash);
    }

    /// How many records walks along streams have looked at.
    long visited() {
        return visited.sum();
    }

    private void failUnlessExpected(long revision, long expected, long location) {
        if (expected != 0 && revision != expected) {
            throw files.get(Location.segment(location))
                    .corrupt(
                            Location.at(location),
                            "revision %d stands in place of %d".formatted(revision, expected));
        }
    }

    private void failUnlessIntact(long location) {
        Segment segment = files.get(Location.segment(location));
        if (!EventBytes.isIntact(segment.bytes(), Location.at(location))) {
            throw segment.corrupt(Location.at(location), "the CRC of an event is wrong");
        }
    }

    private List<EventRecord> decode(long[] places, int count, long hash) {
        int partition = (int) Long.remainderUnsigned(hash, partitions);
        TextCache texts = new TextCache();
        List<EventRecord> events = new ArrayList<>(count);
        for (int i = count - 1; i >= 0; i--) {
            long location = places[i];
            failUnlessIntact(location);
            MemorySegment file = files.get(Location.segment(location)).bytes();
            events.add(EventBytes.read(file, Location.at(location), partition, texts));
        }
        return events;
    }

    private MemorySegment record(long location, long hash) {
        Segment segment = files.get(Location.segment(location));
        MemorySegment file = segment.bytes();
        int at = Location.at(location);
        if (!EventBytes.isWhole(file, at, file.byteSize() - at)
                || StreamTable.key(EventBytes.hash(file, at)) != StreamTable.key(hash)) {
            throw segment.corrupt(at, "there is no record of the stream hash " + hash);
        }
        return file;
    }

    /// The newest snapshot of a stream, unless it is damaged: then there is none, for the events
    /// say the same. That is logged once for each.
    Optional<Snapshot> latestSnapshot(String stream) {
        long hash = StreamHash.of(stream);
        long location = index.newestSnapshot(hash);
        while (location != Location.NONE) {
            Segment segment = files.get(Location.segment(location));
            MemorySegment file = segment.bytes();
            int at = Location.at(location);
            if (!Entry.isIntactSnapshot(file, at, file.byteSize() - at)) {
                passOver(segment, location);
                return Optional.empty(); // its back pointer is not to be trusted
            }
            Snapshot snapshot = Entry.snapshot(file, at);
            if (snapshot.stream().equals(stream)) {
                return Optional.of(snapshot);
            }
            location = Entry.number(file, at);
        }
        return Optional.empty();
    }

    private void passOver(Segment segment, long location) {
        if (damaged.size() < MOST_SAID && damaged.add(location)) {
            LOG.log(
                    Level.WARNING,
                    "a snapshot is damaged, and its stream is read from the beginning: {0} at byte {1}",
                    segment.path(),
                    Integer.toString(Location.at(location)));
        }
    }
}
