// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.log.HybridTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The newest accepted commands of one stream, so that a repeated one has no second effect: at most
/// [#MOST], and of those that are older than [#OLDEST] against the newest, no more than make
/// [#LEAST] with it. Rebuilt from the log, where every event carries its command's id.
///
/// Some are kept whatever their age, because a clock that is set a day ahead makes all of them old
/// at once, those too that their senders are still repeating.
final class CommandWindow {

    static final int MOST = 256;
    static final int LEAST = 32;
    static final Duration OLDEST = Duration.ofHours(24);

    /// @param revision the stream's after the command
    /// @param time hybrid logical time of its last event
    record Seen(UUID id, long hash, long revision, long time) {}

    /// Of a stream with more commands than this, they are found by a table.
    private static final int FEW = 16;

    private final ArrayDeque<Seen> seen;
    private @Nullable Map<UUID, Seen> byId;

    CommandWindow() {
        seen = new ArrayDeque<>(2);
    }

    CommandWindow(List<Seen> oldestFirst) {
        seen = new ArrayDeque<>(oldestFirst);
    }

    /// Remembers a command; called again for the same id as its further events come.
    void add(UUID id, long hash, long revision, long time) {
        Seen last = seen.peekLast();
        if (last != null && last.id.equals(id)) {
            seen.removeLast();
        }
        Seen newest = new Seen(id, hash, revision, time);
        seen.addLast(newest);
        if (byId != null) {
            byId.put(id, newest);
        }
        long horizon = time - HybridTime.span(OLDEST);
        while (seen.size() > MOST || seen.size() > LEAST && seen.getFirst().time < horizon) {
            Seen oldest = seen.removeFirst();
            if (byId != null) {
                byId.remove(oldest.id, oldest);
            }
        }
    }

    @Nullable Seen find(UUID id) {
        if (seen.size() > FEW) {
            return table().get(id);
        }
        for (Seen one : seen) {
            if (one.id.equals(id)) {
                return one;
            }
        }
        return null;
    }

    private Map<UUID, Seen> table() {
        Map<UUID, Seen> known = byId;
        if (known == null) {
            known = new HashMap<>();
            for (Seen one : seen) {
                known.put(one.id, one);
            }
            byId = known;
        }
        return known;
    }

    List<Seen> oldestFirst() {
        return List.copyOf(seen);
    }
}
