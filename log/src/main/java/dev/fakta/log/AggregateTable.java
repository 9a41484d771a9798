// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something for each kind of aggregate, found by the name of a stream: the kind is what stands
/// before its first `/`. Every command asks it, so it cuts no text out: a hash table with open
/// addressing whose keys are compared in place.
///
/// Filled by one thread, then read by any.
final class AggregateTable<T> {

    private static final int SMALLEST = 16;

    private record Slot<T>(int hash, String aggregate, T value) {}

    private List<@Nullable Slot<T>> slots = empty(SMALLEST);
    private int size;

    private static <T> List<@Nullable Slot<T>> empty(int length) {
        List<@Nullable Slot<T>> slots = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            slots.add(null);
        }
        return slots;
    }

    /// Adds what there is not.
    ///
    /// @return what was there before, and is left; `null` when there was none
    @Nullable T put(String aggregate, T value) {
        T there = find(aggregate);
        if (there == null) {
            if (2 * ++size > slots.size()) {
                grow();
            }
            add(new Slot<>(aggregate.hashCode(), aggregate, value));
        }
        return there;
    }

    private void grow() {
        List<@Nullable Slot<T>> old = slots;
        slots = empty(2 * old.size());
        for (Slot<T> slot : old) {
            if (slot != null) {
                add(slot);
            }
        }
    }

    private void add(Slot<T> slot) {
        int at = slot.hash & (slots.size() - 1);
        while (slots.get(at) != null) {
            at = (at + 1) & (slots.size() - 1);
        }
        slots.set(at, slot);
    }

    /// `null` when no such kind was put in.
    @Nullable T find(String stream) {
        int hash = 0; // that of String, over the part before the slash
        int length = 0;
        while (length < stream.length() && stream.charAt(length) != '/') {
            hash = 31 * hash + stream.charAt(length++);
        }
        int at = hash & (slots.size() - 1);
        for (Slot<T> slot = slots.get(at); slot != null; slot = slots.get(at)) {
            if (slot.hash == hash
                    && slot.aggregate.length() == length
                    && stream.startsWith(slot.aggregate)) {
                return slot.value;
            }
            at = (at + 1) & (slots.size() - 1);
        }
        return null;
    }
}
