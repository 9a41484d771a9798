// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import dev.fakta.domain.PersistentMap;
import java.util.Map;

/// What one order holds, took and got back of a customer's store credit, in minor units.
///
/// @param authorized what was promised to it
/// @param held what of it is neither captured nor released
/// @param captures what was taken, by part
/// @param refunds what was given back, by purpose
public record Spending(
        long authorized, long held, Map<String, Long> captures, Map<String, Long> refunds) {

    static final int MOST_PARTS = 1_000;

    public Spending {
        captures = PersistentMap.copyOf(captures);
        refunds = PersistentMap.copyOf(refunds);
    }

    static Spending of(long authorized) {
        return new Spending(authorized, authorized, Map.of(), Map.of());
    }

    public long captured() {
        return sum(captures);
    }

    public long refunded() {
        return sum(refunds);
    }

    Spending capturing(String part, long minor) {
        return new Spending(
                authorized,
                held - minor,
                PersistentMap.<String, Long>copyOf(captures).with(part, minor),
                refunds);
    }

    Spending released() {
        return new Spending(authorized, 0, captures, refunds);
    }

    Spending refunding(String purpose, long minor) {
        return new Spending(
                authorized,
                held,
                captures,
                PersistentMap.<String, Long>copyOf(refunds).with(purpose, minor));
    }

    private static long sum(Map<String, Long> amounts) {
        long sum = 0;
        for (long minor : amounts.values()) {
            sum += minor;
        }
        return sum;
    }
}
