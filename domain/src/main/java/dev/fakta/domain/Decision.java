// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.util.List;

/// What an aggregate decides on a command: facts to record, or a refusal.
///
/// @param <E> the aggregate's events
public sealed interface Decision<E> {

    /// The command is carried out by these events, recorded together or not at all. No events: it
    /// had been carried out before, and the answer is the same.
    record Accepted<E>(List<E> events) implements Decision<E> {
        public Accepted {
            events = List.copyOf(events);
        }
    }

    /// The command is refused, and nothing is recorded.
    record Rejected<E>(Rejection rejection) implements Decision<E> {}

    /// Accepts with these events, in this order.
    @SafeVarargs
    @SuppressWarnings("varargs") // List.of copies
    static <E> Decision<E> accept(E... events) {
        return new Accepted<>(List.of(events));
    }

    /// Refuses.
    static <E> Decision<E> reject(Rejection rejection) {
        return new Rejected<>(rejection);
    }
}
