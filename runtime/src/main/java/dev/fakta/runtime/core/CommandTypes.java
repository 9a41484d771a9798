// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Processor;
import dev.fakta.runtime.Microsystems;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The records of each aggregate's commands, by their simple names: so they go between nodes, and
/// so a saga's commands stand in the log. A name is stable as long as the record keeps it. The
/// request records of processors likewise.
///
/// Immutable; used by all threads.
public final class CommandTypes {

    private final Map<String, Map<String, Class<?>>> types = new HashMap<>();
    private final Map<String, Class<?>> requests = new HashMap<>();

    public CommandTypes(Microsystems microsystems) {
        for (Aggregate<?, ?, ?> aggregate : microsystems.hosted()) {
            Map<String, Class<?>> named = new HashMap<>();
            add(aggregate.commands(), named);
            types.put(aggregate.name(), named);
        }
        for (Processor<?, ?> processor : microsystems.processors()) {
            requests.put(processor.name(), processor.request());
        }
    }

    private static void add(Class<?> type, Map<String, Class<?>> named) {
        if (type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                add(permitted, named);
            }
            return;
        }
        Class<?> other = named.put(type.getSimpleName(), type);
        if (other != null && other != type) { // one command may belong to two families
            throw new IllegalArgumentException(
                    "two commands of one aggregate are called " + type.getSimpleName());
        }
    }

    /// `null` when this program knows no such command.
    public @Nullable Class<?> find(String aggregate, String command) {
        return types.getOrDefault(aggregate, Map.of()).get(command);
    }

    /// `null` when this program has no such processor, or it takes another request.
    public @Nullable Class<?> findRequest(String processor, String request) {
        Class<?> type = requests.get(processor);
        return type != null && type.getSimpleName().equals(request) ? type : null;
    }
}
