// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import dev.fakta.runtime.core.CommandWindow;
import dev.fakta.runtime.core.NodeParts;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A partition's memory image: the aggregates that were used lately, at most `capacity` of them
/// plus those that are busy. Those not used since the last look go first (the second-chance, or
/// clock, algorithm), so that a reader on another thread has only a flag to set.
final class Image {

    /// After so many commands of this partition what its windows take is counted again.
    private static final int COUNTED_EACH = 4_096;

    /// Bytes of a window that is counted whenever it is about to grow.
    private static final int LARGE = 1 << 16;

    private final int capacity;
    private final IdMemory ids;
    private long counted;
    private int sinceCount;
    private final ConcurrentHashMap<String, Resident> residents = new ConcurrentHashMap<>();
    private final ArrayDeque<Resident> ring = new ArrayDeque<>();

    Image(int capacity) {
        this(capacity, IdMemory.OF_PROCESS);
    }

    Image(int capacity, IdMemory ids) {
        this.capacity = capacity;
        this.ids = ids;
    }

    /// An image of the size that is due to one partition of a node.
    static Image of(NodeParts parts) {
        long all = (long) parts.settings().aggregatesInMemory() * parts.microsystems().all().size();
        return new Image((int) Math.max(1, all / parts.log().partitions()));
    }

    /// The resident of a stream. Any thread may ask.
    @Nullable Resident find(String stream) {
        Resident resident = residents.get(stream);
        if (resident != null && !resident.touched) {
            resident.touched = true;
        }
        return resident;
    }

    void add(Resident resident) {
        residents.put(resident.stream, resident);
        ring.addLast(resident);
        for (int looked = ring.size(); ring.size() > capacity && looked > 0; looked--) {
            Resident oldest = ring.removeFirst();
            if (oldest.touched || oldest.pending > 0 || oldest.isLoading()) {
                oldest.touched = false;
                ring.addLast(oldest);
            } else {
                residents.remove(oldest.stream);
            }
        }
    }

    boolean holds(Resident resident) {
        return residents.get(resident.stream) == resident;
    }

    void remove(Resident resident) {
        residents.remove(resident.stream);
        ring.remove(resident);
    }

    void clear() {
        residents.clear();
        ring.clear();
        countIds();
    }

    /// Takes over what another image holds, which nobody uses any more.
    void takeOver(Image other) {
        clear();
        residents.putAll(other.residents);
        ring.addAll(other.ring);
    }

    /// Whether a window may remember one command more, as far as memory goes.
    boolean hasRoomFor(CommandWindow window) {
        if (!window.isAboutToGrow()) {
            return true;
        }
        if (window.bytes() >= LARGE) {
            countIds(); // as it would take as much again
        }
        return !ids.isExhausted();
    }

    /// A window remembers one command more.
    void remembered() {
        if (++sinceCount >= COUNTED_EACH) {
            countIds();
        }
    }

    private void countIds() {
        long now = 0;
        for (Resident resident : residents.values()) {
            now += resident.window.bytes();
        }
        ids.changeBy(now - counted);
        counted = now;
        sinceCount = 0;
    }

    /// One of the residents, any. Any thread may ask.
    @Nullable Resident any(Random random) {
        int size = residents.size();
        return size == 0
                ? null
                : residents.values().stream().skip(random.nextInt(size)).findFirst().orElse(null);
    }

    int size() {
        return residents.size();
    }
}
