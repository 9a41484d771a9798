// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import org.jspecify.annotations.Nullable;

/// What can happen next in a [World], of which one is picked at random.
///
/// Each move draws its lot from the step's number and its own name, and the best lot wins (as in
/// rendezvous hashing). So the pick hardly depends on what else there is to choose from: when steps
/// are left out of a history, those that stay do the same as before, nearly always. That is what
/// makes a failing history short.
final class Moves {

    private final long lots;
    private double best = Double.POSITIVE_INFINITY;
    private @Nullable Move picked;

    /// Something that can happen.
    ///
    /// @param hash of its name
    record Move(String name, long hash, Runnable action) {
        Move(String name, Runnable action) {
            this(name, mix(name.hashCode()), action);
        }
    }

    /// @param lots the step's own random number
    Moves(long lots) {
        this.lots = lots;
    }

    void add(Move move) {
        add(move, 1);
    }

    /// @param weight how likely it is picked, beside the 1 of others
    void add(Move move, double weight) {
        double unit = ((mix(lots ^ move.hash) >>> 11) + 1) * 0x1p-53;
        double lot = -Math.log(unit) / weight;
        if (lot < best) {
            best = lot;
            picked = move;
        }
    }

    /// The one that is picked; `null` when there is none.
    @Nullable Move picked() {
        return picked;
    }

    /// The finalizer of SplitMix64 (Steele, Lea, Flood: *Fast Splittable Pseudorandom Number
    /// Generators*, 2014).
    static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
