// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What all clients did and what they were told, with times in nanoseconds since it began. Any
/// thread.
final class History {

    /// More calls than this do not fit the memory: clients stop.
    static final int MOST_CALLS = 5_000_000;

    private static final int MOST_FINDINGS = 1_000;

    enum Kind {
        CREATE,
        NOTE,
        READ,
        LIST
    }

    enum Outcome {
        /// Acknowledged.
        OK,
        /// Refused for good: it had no effect and never will.
        REFUSED,
        /// Nobody knows whether it had an effect.
        UNKNOWN
    }

    /// One call of a client, all its tries together.
    ///
    /// @param order the order's id; empty when the call was to create it and nobody knows
    /// @param key what it was sent under, and the text of a note or the customer of an order
    /// @param expected the revision that `If-Match` had, or -1
    /// @param end [Long#MAX_VALUE] when it has no end that is known
    /// @param revision that the answer had, or -1
    record Call(
            Kind kind,
            String order,
            String key,
            long expected,
            long start,
            long end,
            Outcome outcome,
            long revision) {}

    /// One try that got no good answer.
    ///
    /// @param status of the answer; 0 when there was none
    record Miss(long at, int node, int status, String what) {}

    private final long began = System.nanoTime();
    private final Map<String, Queue<Call>> byOrder = new ConcurrentHashMap<>();
    private final Queue<Call> creations = new ConcurrentLinkedQueue<>();
    private final Queue<Miss> misses = new ConcurrentLinkedQueue<>();
    private final Queue<String> findings = new ConcurrentLinkedQueue<>();
    private final AtomicInteger calls = new AtomicInteger();

    long now() {
        return System.nanoTime() - began;
    }

    void add(Call call) {
        calls.incrementAndGet();
        if (call.kind() == Kind.CREATE) {
            creations.add(call);
        }
        if (!call.order().isEmpty()) {
            byOrder.computeIfAbsent(call.order(), _ -> new ConcurrentLinkedQueue<>()).add(call);
        }
    }

    void add(Miss miss) {
        misses.add(miss);
    }

    /// Something that must not be, seen while it happened.
    void find(String finding) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add(finding);
        }
    }

    boolean isFull() {
        return calls.get() >= MOST_CALLS;
    }

    int size() {
        return calls.get();
    }

    Collection<Call> creations() {
        return creations;
    }

    /// The orders that were touched.
    Collection<String> orders() {
        return byOrder.keySet();
    }

    Collection<Call> of(String order) {
        Queue<Call> found = byOrder.get(order);
        return found == null ? List.of() : found;
    }

    Collection<Miss> misses() {
        return misses;
    }

    Collection<String> findings() {
        return findings;
    }

    /// The tries without a good answer between two times; with this status, or all.
    List<Miss> misses(long from, long until, @Nullable Integer status) {
        return misses.stream()
                .filter(miss -> miss.at() >= from && miss.at() < until)
                .filter(miss -> status == null || miss.status() == status)
                .toList();
    }
}
