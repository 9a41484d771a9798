// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Places along the streams that were walked last. The chain of a stream leads backwards, so a page
/// from its beginning is found by a walk over all of it; the pages that follow begin at the places
/// which that walk has passed. So reading a stream of N events in pages of P visits about 2 N
/// records, not N² / 2 P.
///
/// A place never becomes wrong: what is committed does not move. At most [#MOST_PLACES] of a
/// stream, evenly spread, and [#MOST_STREAMS] streams: 2 MB. Safe for use by many threads.
///
/// Refused: a reader with a state in [EventLog] (each caller would have to change, and a node that
/// goes on with a stream after a pause would walk it again); all places of a stream (8 bytes per
/// event, without bound).
final class StreamTrails {

    static final int MOST_PLACES = 1024;
    static final int MOST_STREAMS = 16;

    /// Shorter walks are not worth a place.
    private static final int FIRST_STRIDE = 32;

    private final Map<String, NavigableMap<Long, Long>> trails =
            new LinkedHashMap<>(32, 0.75f, true);

    /// The place of a revision of a stream.
    record Place(long revision, long location) {}

    /// The places that one walk passes, from the newest on.
    static final class Walk {
        private final NavigableMap<Long, Long> places = new TreeMap<>();
        private long stride = FIRST_STRIDE;
        private long passed;

        void pass(long revision, long location) {
            if (++passed % stride == 0) {
                places.put(revision, location);
                if (places.size() > MOST_PLACES) {
                    thin(places);
                    stride *= 2;
                }
            }
        }
    }

    /// The first known place of a stream that has this revision or a higher one.
    synchronized @Nullable Place from(String stream, long revision) {
        NavigableMap<Long, Long> trail = trails.get(stream);
        Map.Entry<Long, Long> found = trail == null ? null : trail.ceilingEntry(revision);
        return found == null ? null : new Place(found.getKey(), found.getValue());
    }

    /// Keeps what a walk has passed.
    synchronized void add(String stream, Walk walk) {
        if (walk.places.isEmpty()) {
            return;
        }
        NavigableMap<Long, Long> trail = trails.computeIfAbsent(stream, _ -> new TreeMap<>());
        trail.putAll(walk.places);
        if (trail.size() > MOST_PLACES) {
            thin(trail);
        }
        if (trails.size() > MOST_STREAMS) {
            trails.remove(trails.keySet().iterator().next()); // the one that was used least lately
        }
    }

    /// How many places are known.
    synchronized int places() {
        return trails.values().stream().mapToInt(Map::size).sum();
    }

    /// Keeps about half of them, evenly spread.
    private static void thin(NavigableMap<Long, Long> places) {
        long first = places.firstKey();
        long step = (places.lastKey() - first) / (MOST_PLACES / 2) + 1;
        long[] next = {first};
        places.keySet()
                .removeIf(
                        revision -> {
                            boolean isKept = revision >= next[0];
                            next[0] = isKept ? revision + step : next[0];
                            return !isKept;
                        });
    }
}
