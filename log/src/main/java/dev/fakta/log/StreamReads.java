// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Reading streams: from the index to the newest record, then along the back pointers.
final class StreamReads {

    private final SegmentFiles files;
    private final StreamIndex index;
    private final int partitions;

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

    /// The events from a revision on, at most `limit`, oldest first. The chain leads backwards, so
    /// what is kept of it is the last `limit` places.
    List<EventRecord> read(String stream, long fromRevision, int limit) {
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        MemorySegment name = MemorySegment.ofArray(bytes);
        long hash = StreamHash.of(bytes);
        long[] places = new long[Math.min(limit, 16)];
        int count = 0;
        long expected = 0; // 0 until the first is seen
        long location = limit == 0 ? Location.NONE : index.newestEvent(hash);
        while (location != Location.NONE) {
            MemorySegment file = record(location, hash);
            int at = Location.at(location);
            if (EventBytes.isOf(file, at, name)) {
                long revision = EventBytes.revision(file, at);
                if (revision < fromRevision) {
                    break;
                }
                failUnlessExpected(revision, expected, location);
                expected = revision - 1;
                if (count == places.length && places.length < limit) {
                    places = Arrays.copyOf(places, (int) Math.min(limit, 2L * count));
                }
                places[count++ % places.length] = location;
                if (revision == Math.max(1, fromRevision)) {
                    break;
                }
            }
            location = EventBytes.previous(file, at);
        }
        return decode(places, count, hash);
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
        int kept = Math.min(count, places.length);
        int partition = (int) Long.remainderUnsigned(hash, partitions);
        TextCache texts = new TextCache();
        List<EventRecord> events = new ArrayList<>(kept);
        for (int i = 1; i <= kept; i++) {
            long location = places[(count - i) % places.length];
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

    Optional<Snapshot> latestSnapshot(String stream) {
        long hash = StreamHash.of(stream);
        long location = index.newestSnapshot(hash);
        while (location != Location.NONE) {
            Segment segment = files.get(Location.segment(location));
            MemorySegment file = segment.bytes();
            int at = Location.at(location);
            if (!Entry.isIntactSnapshot(file, at, file.byteSize() - at)) {
                throw segment.corrupt(at, "there is no intact snapshot");
            }
            Snapshot snapshot = Entry.snapshot(file, at);
            if (snapshot.stream().equals(stream)) {
                return Optional.of(snapshot);
            }
            location = Entry.number(file, at);
        }
        return Optional.empty();
    }
}
