// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// A hash table in memory: stream hash to the locations of its newest event and newest snapshot.
/// One thread writes, any thread reads, nobody waits: a slot's key is published after its values,
/// and a larger table after all of its slots.
final class StreamTable {

    private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int WIDTH = 3;
    private static final int EVENT = 1;
    private static final int SNAPSHOT = 2;
    private static final int SMALLEST = 64;

    private volatile long[] slots = new long[SMALLEST * WIDTH];
    private int count; // the writer's

    /// What a stream hash is in the index: 0 marks a free slot, so that 0 and 1 share a key.
    static long key(long hash) {
        return hash == 0 ? 1 : hash;
    }

    int count() {
        return count;
    }

    long event(long key) {
        return value(key, EVENT);
    }

    long snapshot(long key) {
        return value(key, SNAPSHOT);
    }

    boolean contains(long key) {
        long[] seen = slots;
        return (long) SLOTS.getAcquire(seen, find(seen, key)) == key;
    }

    void putEvent(long key, long location) {
        put(key, EVENT, location);
    }

    void putSnapshot(long key, long location) {
        put(key, SNAPSHOT, location);
    }

    void clear() {
        if (count > 0) {
            slots = new long[slots.length];
            count = 0;
        }
    }

    /// All keys in unsigned order.
    long[] sortedKeys() {
        long[] seen = slots;
        long[] keys = new long[count];
        int to = 0;
        for (int slot = 0; slot < seen.length; slot += WIDTH) {
            if (seen[slot] != 0) {
                keys[to++] = seen[slot] ^ Long.MIN_VALUE;
            }
        }
        Arrays.sort(keys);
        for (int i = 0; i < keys.length; i++) {
            keys[i] ^= Long.MIN_VALUE;
        }
        return keys;
    }

    private long value(long key, int field) {
        long[] seen = slots;
        int slot = find(seen, key);
        return (long) SLOTS.getAcquire(seen, slot) == 0
                ? Location.NONE
                : (long) SLOTS.getAcquire(seen, slot + field);
    }

    private void put(long key, int field, long location) {
        long[] mine = slots;
        int slot = find(mine, key);
        SLOTS.setRelease(mine, slot + field, location);
        if (mine[slot] == 0) {
            SLOTS.setRelease(mine, slot, key);
            count++;
            if (count > mine.length / WIDTH / 4 * 3) {
                grow(mine);
            }
        }
    }

    private void grow(long[] old) {
        long[] larger = new long[old.length * 2];
        for (int from = 0; from < old.length; from += WIDTH) {
            if (old[from] != 0) {
                System.arraycopy(old, from, larger, find(larger, old[from]), WIDTH);
            }
        }
        slots = larger;
    }

    private static int find(long[] slots, long key) {
        int mask = slots.length / WIDTH - 1;
        int at = (int) (key ^ key >>> 32) & mask;
        while (true) {
            long there = (long) SLOTS.getAcquire(slots, at * WIDTH);
            if (there == key || there == 0) {
                return at * WIDTH;
            }
            at = (at + 1) & mask;
        }
    }
}
