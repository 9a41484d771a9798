// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.Aggregate;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The records of each aggregate's commands, by their simple names: so they go between nodes, and
/// so a saga's commands stand in the log. A name is stable as long as the record keeps it.
///
/// Immutable; used by all threads.
final class CommandTypes {

    private final Map<String, Map<String, Class<?>>> types = new HashMap<>();

    CommandTypes(Microsystems microsystems) {
        for (Aggregate<?, ?, ?> aggregate : microsystems.hosted()) {
            Map<String, Class<?>> named = new HashMap<>();
            add(aggregate.commands(), named);
            types.put(aggregate.name(), named);
        }
    }

    private static void add(Class<?> type, Map<String, Class<?>> named) {
        if (type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                add(permitted, named);
            }
        } else if (named.put(type.getSimpleName(), type) != null) {
            throw new IllegalArgumentException(
                    "two commands of one aggregate are called " + type.getSimpleName());
        }
    }

    /// `null` when this program knows no such command.
    @Nullable Class<?> find(String aggregate, String command) {
        return types.getOrDefault(aggregate, Map.of()).get(command);
    }
}
