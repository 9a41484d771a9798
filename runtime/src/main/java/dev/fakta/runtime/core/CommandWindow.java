// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import dev.fakta.log.HybridTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The accepted commands of one stream that a repeated one is looked for in, so that it has no
/// second effect. Rebuilt from the log, where every event carries its command's id. It holds
///
/// - every command of the last ten minutes ([#YOUNG]), up to [#MOST]; a partition answers `Busy`
///   beyond that, see [#isFull],
/// - the newest [#MANY] for a day ([#OLDEST]),
/// - the newest [#LEAST] for ever.
///
/// A clock that is set a day ahead makes all of them old at once, those too that their senders are
/// still repeating. So the ten minutes are counted from command to command, and a gap between two
/// of them counts as [#LONGEST_GAP] at most, whatever the clock said. What room is needed for goes
/// by the clock, and counts as forgotten young when it was young by the other measure.
///
/// Layout: a ring of [#WIDTH] longs for each command (id, hash, revision, time), the oldest first,
/// and an open-addressed table of places in the ring, which is made when there are more than a few.
/// That is 48 bytes for a command when the ring is full, and nothing on the heap but two arrays.
/// One thread at a time.
public final class CommandWindow {

    static final int LEAST = 32;
    static final int MANY = 256;
    public static final Duration YOUNG = Duration.ofMinutes(10);
    static final Duration OLDEST = Duration.ofHours(24);
    static final Duration LONGEST_GAP = Duration.ofMinutes(1);

    /// Some 870 new commands each second, to one aggregate, for ten minutes: 24 MiB. One less than
    /// a power of two, for the ring has room for one more.
    static final int MOST = (1 << 19) - 1;

    private static final int WIDTH = 5;
    private static final int FEW = 16;
    private static final int FIRST_CAPACITY = 2;
    private static final long YOUNG_SPAN = HybridTime.span(YOUNG);
    private static final long OLDEST_SPAN = HybridTime.span(OLDEST);
    private static final long GAP_SPAN = HybridTime.span(LONGEST_GAP);

    /// A command that was carried out.
    ///
    /// @param revision the stream's after the command
    /// @param time hybrid logical time of its last event
    public record Seen(UUID id, long hash, long revision, long time) {}

    private final int most;
    private long[] ring = new long[FIRST_CAPACITY * WIDTH];
    private int first;
    private int size;

    /// What the gaps between the commands are longer than they count, all together.
    private long excess;

    /// Places in the ring, plus 1; 0 is free.
    private int @Nullable [] table;

    public CommandWindow() {
        this(MOST);
    }

    /// @param most how many commands of the last ten minutes there is room for
    public CommandWindow(int most) {
        this.most = most;
    }

    public CommandWindow(List<Seen> oldestFirst) {
        this();
        for (Seen seen : oldestFirst) {
            boolean _ = add(seen.id, seen.hash, seen.revision, seen.time);
        }
    }

    /// Remembers a command; called again for the same id as its further events come.
    ///
    /// @return whether a young command was forgotten for want of room
    public boolean add(UUID id, long hash, long revision, long time) {
        long high = id.getMostSignificantBits();
        long low = id.getLeastSignificantBits();
        if (size > 0 && is(place(size - 1), high, low)) {
            dropNewest();
        }
        if (size > 0) {
            excess += excess(time(size - 1), time);
        }
        boolean isYoungLost = size == capacity() && forget(time); // rather than to grow
        if (size == capacity()) {
            resize(2 * size);
        }
        int place = place(size++);
        long[] entries = ring;
        entries[place * WIDTH] = high;
        entries[place * WIDTH + 1] = low;
        entries[place * WIDTH + 2] = hash;
        entries[place * WIDTH + 3] = revision;
        entries[place * WIDTH + 4] = time;
        if (table != null) {
            enter(table, place);
        }
        return forget(time) || isYoungLost;
    }

    private boolean forget(long time) {
        boolean isYoungLost = false;
        while (size > LEAST) {
            long age = time - time(0);
            boolean isYoung = age - excess <= YOUNG_SPAN;
            if (size <= most && (isYoung || size <= MANY && age <= OLDEST_SPAN)) {
                break;
            }
            isYoungLost |= isYoung;
            dropOldest();
        }
        if (capacity() > 4 * MANY && size < capacity() / 4) {
            resize(capacity() / 2);
        }
        return isYoungLost;
    }

    /// Whether there is no room for one more command without forgetting one of the last ten
    /// minutes.
    ///
    /// @param time hybrid logical time of the one more
    public boolean isFull(long time) {
        return hasNoRoom() && isOldestYoung(time);
    }

    /// Whether the oldest command is one of the last ten minutes.
    ///
    /// @param time hybrid logical time of a new one
    public boolean isOldestYoung(long time) {
        return size > 0 && time - time(0) <= YOUNG_SPAN;
    }

    /// Whether one more command makes it take more memory, and it has more than the least.
    public boolean isAboutToGrow() {
        return size == capacity() && size >= LEAST;
    }

    /// Whether one more command needs the place of the oldest one.
    public boolean hasNoRoom() {
        return size >= Math.max(most, LEAST);
    }

    int size() {
        return size;
    }

    /// What its two arrays take.
    public int bytes() {
        return ring.length * Long.BYTES + (table == null ? 0 : table.length * Integer.BYTES);
    }

    public @Nullable Seen find(UUID id) {
        long high = id.getMostSignificantBits();
        long low = id.getLeastSignificantBits();
        if (size <= FEW) {
            for (int i = 0; i < size; i++) {
                if (is(place(i), high, low)) {
                    return seen(place(i));
                }
            }
            return null;
        }
        int[] known = table == null ? newTable() : table;
        int at = slot(high, low, known);
        while (known[at] != 0) {
            if (is(known[at] - 1, high, low)) {
                return seen(known[at] - 1);
            }
            at = at + 1 & known.length - 1;
        }
        return null;
    }

    /// What a snapshot keeps of a window: its commands when they are few, and otherwise where the
    /// log has them, so that the snapshot of a busy stream is not larger than its state.
    ///
    /// @param few those up to the snapshot's revision, at most [#MANY]
    /// @param firstRevision the stream's events from there on make the window again; 0 when `few`
    ///   are all
    public record Kept(List<Seen> few, long firstRevision) {
        public static final Kept NOTHING = new Kept(List.of(), 0);

        public Kept {
            few = List.copyOf(few);
        }
    }

    /// What a snapshot of this revision keeps.
    public Kept kept(long revision) {
        return size > MANY
                ? new Kept(List.of(), ring[place(0) * WIDTH + 3])
                : new Kept(oldestFirst(revision), 0);
    }

    public List<Seen> oldestFirst() {
        return oldestFirst(Long.MAX_VALUE);
    }

    private List<Seen> oldestFirst(long revision) {
        List<Seen> all = new ArrayList<>(size);
        for (int i = 0; i < size && ring[place(i) * WIDTH + 3] <= revision; i++) {
            all.add(seen(place(i)));
        }
        return all;
    }

    private int capacity() {
        return ring.length / WIDTH;
    }

    /// The place in the ring of the i-th oldest.
    private int place(int i) {
        return first + i & capacity() - 1;
    }

    private long time(int i) {
        return ring[place(i) * WIDTH + 4];
    }

    private boolean is(int place, long high, long low) {
        return ring[place * WIDTH] == high && ring[place * WIDTH + 1] == low;
    }

    private Seen seen(int place) {
        int at = place * WIDTH;
        return new Seen(new UUID(ring[at], ring[at + 1]), ring[at + 2], ring[at + 3], ring[at + 4]);
    }

    private static long excess(long from, long to) {
        return Math.max(0, to - from - GAP_SPAN);
    }

    private void dropOldest() {
        leave(place(0));
        if (size > 1) {
            excess -= excess(time(0), time(1));
        }
        first = place(1);
        size--;
    }

    private void dropNewest() {
        leave(place(size - 1));
        if (size > 1) {
            excess -= excess(time(size - 2), time(size - 1));
        }
        size--;
    }

    /// To another capacity, which is a power of two.
    private void resize(int capacity) {
        long[] next = new long[capacity * WIDTH];
        int head = Math.min(size, capacity() - first) * WIDTH;
        System.arraycopy(ring, first * WIDTH, next, 0, head);
        System.arraycopy(ring, 0, next, head, size * WIDTH - head);
        ring = next;
        first = 0;
        table = null;
    }

    private int[] newTable() {
        int[] made = new int[2 * Integer.highestOneBit(Math.max(FEW, capacity()))];
        for (int i = 0; i < size; i++) {
            enter(made, place(i));
        }
        table = made;
        return made;
    }

    private static int slot(long high, long low, int[] places) {
        long mixed = (high ^ Long.rotateLeft(low, 32)) * 0x9E37_79B9_7F4A_7C15L;
        return (int) (mixed >>> 32) & places.length - 1;
    }

    private int slotOf(int place, int[] places) {
        return slot(ring[place * WIDTH], ring[place * WIDTH + 1], places);
    }

    /// An id that comes once more is found at its newest place.
    private void enter(int[] places, int place) {
        int at = slotOf(place, places);
        while (places[at] != 0
                && !is(places[at] - 1, ring[place * WIDTH], ring[place * WIDTH + 1])) {
            at = at + 1 & places.length - 1;
        }
        places[at] = place + 1;
    }

    /// Frees an entry of the table and moves up those behind it, so that there is never a hole
    /// before an entry (Knuth, *The Art of Computer Programming* 3, 6.4, algorithm R).
    private void leave(int place) {
        int[] places = table;
        if (places == null) {
            return;
        }
        int mask = places.length - 1;
        int at = slotOf(place, places);
        while (places[at] != place + 1) {
            if (places[at] == 0) {
                return; // the id came once more, and is found there
            }
            at = at + 1 & mask;
        }
        places[at] = 0;
        for (int next = at + 1 & mask; places[next] != 0; next = next + 1 & mask) {
            int home = slotOf(places[next] - 1, places);
            if ((next - home & mask) >= (next - at & mask)) {
                places[at] = places[next];
                places[next] = 0;
                at = next;
            }
        }
    }
}
