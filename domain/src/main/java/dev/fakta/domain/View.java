// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A read model in SQL tables, fed by the log.
///
/// Each event is applied exactly once: rows and checkpoint commit in one transaction. Events of one
/// stream come in their order, one at a time; a handler sees no other thread. Handlers speak the
/// SQL that SQLite and PostgreSQL share, `on conflict` upserts included, and touch this view's
/// tables only. Text compares and sorts by the bytes of its UTF-8.
///
/// Where the two differ: a number beyond 32 bits needs `bigint`; `like` ignores the case of letters
/// in SQLite only, a range does not; `null` sorts first in SQLite and last in PostgreSQL; a `?`
/// that is compared with nothing but `null` needs its type, as in `cast(? as text) is null`.
///
/// Another [#version] is another set of tables, filled from the log's beginning.
public final class View {

    private final String name;
    private final int version;
    private final List<String> tables;
    private final Map<Class<?>, Handler<?>> handlers;

    private View(
            String name, int version, List<String> tables, Map<Class<?>, Handler<?>> handlers) {
        this.name = name;
        this.version = version;
        this.tables = List.copyOf(tables);
        this.handlers = Map.copyOf(handlers);
    }

    /// Starts the definition of version 1.
    public static View named(String name) {
        return new View(Names.stable("view", name), 1, List.of(), Map.of());
    }

    /// The version, to be raised with every change of the tables or of what handlers write; from 1.
    public View version(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("view " + name + ": versions count from 1");
        }
        return new View(name, number, tables, handlers);
    }

    /// One `create table` or `create index` statement, run once, in the order of the definition.
    public View table(String statement) {
        List<String> more = new ArrayList<>(tables);
        more.add(statement);
        return new View(name, version, more, handlers);
    }

    /// What to do when an event of this type was recorded.
    public <E> View on(Class<E> event, Handler<? super E> handler) {
        Map<Class<?>, Handler<?>> more = new HashMap<>(handlers);
        if (more.put(event, handler) != null) {
            throw new IllegalArgumentException(
                    "view %s handles %s twice".formatted(name, event.getSimpleName()));
        }
        return new View(name, version, tables, more);
    }

    public String name() {
        return name;
    }

    public int version() {
        return version;
    }

    public List<String> tables() {
        return tables;
    }

    /// The types of the events that the view handles.
    public java.util.Set<Class<?>> events() {
        return handlers.keySet();
    }

    /// Hands the event to its handler.
    ///
    /// @throws IllegalArgumentException when there is none for its type
    @SuppressWarnings("unchecked")
    public void apply(Object event, At at, Sql sql) {
        Handler<Object> handler = (Handler<Object>) handlers.get(event.getClass());
        if (handler == null) {
            throw new IllegalArgumentException(
                    "view %s does not handle %s".formatted(name, event.getClass().getSimpleName()));
        }
        handler.apply(event, at, sql);
    }

    @Override
    public String toString() {
        return "view " + name + " version " + version;
    }

    /// Turns one event into rows.
    @FunctionalInterface
    public interface Handler<E> {
        void apply(E event, At at, Sql sql);
    }

    /// The transaction that a handler writes in. Arguments go where the statement has `?`, and
    /// nowhere else: `String`, `Integer`, `Long`, `Boolean` or `null`; an `Instant`, written as its
    /// milliseconds since 1970, for a `bigint`; a `LocalDate`, a `UUID` or a constant of an enum,
    /// written as text. An event whose handler gives anything else is parked.
    public interface Sql {
        void run(String statement, @Nullable Object... arguments);
    }
}
