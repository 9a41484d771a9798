// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The events of the frames that were committed last, so that readers which keep up need not check
/// and decode what this process has just encoded. Bounded in bytes; the oldest frame goes first.
/// Safe for use by many threads.
final class RecentFrames {

    private final long mostBytes;
    private final Deque<Recent> frames = new ArrayDeque<>();
    private final Map<Long, List<EventRecord>> events = new HashMap<>();
    private long bytes;

    RecentFrames(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    private record Recent(long sequence, int length) {}

    /// @param length the length of the frame in bytes
    /// @param committed all events of the frame, in the order in which they stand there
    synchronized void add(long sequence, int length, List<EventRecord> committed) {
        frames.add(new Recent(sequence, length));
        events.put(sequence, committed);
        bytes += length;
        while (bytes > mostBytes) {
            Recent oldest = frames.remove();
            events.remove(oldest.sequence);
            bytes -= oldest.length;
        }
    }

    /// All events of a frame, in the order in which they stand there; null when they were
    /// forgotten.
    synchronized @Nullable List<EventRecord> find(long sequence) {
        return events.get(sequence);
    }
}
