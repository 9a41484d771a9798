// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// An event's stable name, its record, and how older schema versions become the newest.
///
/// @param upcasts element `n` turns the fields of schema version `n + 1` into those of `n + 2`
public record EventType<E>(
        String name, Class<E> type, List<UnaryOperator<Map<String, Object>>> upcasts) {

    public EventType {
        upcasts = List.copyOf(upcasts);
    }

    /// The schema version that is written now; the first is 1.
    public int version() {
        return upcasts.size() + 1;
    }

    EventType<E> upcasting(UnaryOperator<Map<String, Object>> step) {
        List<UnaryOperator<Map<String, Object>>> more = new ArrayList<>(upcasts);
        more.add(step);
        return new EventType<>(name, type, more);
    }
}
