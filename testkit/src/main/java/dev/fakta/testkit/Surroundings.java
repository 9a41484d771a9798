// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Processor;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Everything that a processor can ask for, fixed: the events of other aggregates, the time, the id
/// of its own aggregate and the caller's permissions.
///
/// ```java
/// surroundings().with(Product.AGGREGATE, "tea", listed)
///         .at(Instant.parse("2026-07-01T12:00:00Z"))
///         .process(PlaceOrderProcessor.DEFINITION, request)
///         .thenRefused(new Problem("email", "is missing"));
/// ```
///
/// Immutable: every step answers other surroundings.
public final class Surroundings implements Processor.Context {

    private final Map<String, Processor.Read<?>> states;
    private final Instant now;
    private final String id;
    private final Set<String> permissions;

    private Surroundings(
            Map<String, Processor.Read<?>> states,
            Instant now,
            String id,
            Set<String> permissions) {
        this.states = states;
        this.now = now;
        this.id = id;
        this.permissions = permissions;
    }

    /// Nothing has happened, nothing is permitted, it is the first of January 2026.
    public static Surroundings surroundings() {
        Instant newYear = Instant.parse("2026-01-01T00:00:00Z");
        return new Surroundings(Map.of(), newYear, "00000000000000000000", Set.of());
    }

    /// These events have happened to the aggregate with this id, and no others.
    @SafeVarargs
    @SuppressWarnings("varargs") // List.of copies
    public final <E, S> Surroundings with(Aggregate<?, E, S> aggregate, String id, E... events) {
        Map<String, Processor.Read<?>> more = new HashMap<>(states);
        more.put(
                aggregate.stream(id),
                new Processor.Read<>(Given.fold(aggregate, List.of(events)), events.length));
        return new Surroundings(more, now, this.id, permissions);
    }

    /// It is this time.
    public Surroundings at(Instant time) {
        return new Surroundings(states, time, id, permissions);
    }

    /// The command goes to the aggregate with this id.
    public Surroundings sendingTo(String aggregateId) {
        return new Surroundings(states, now, aggregateId, permissions);
    }

    /// The caller has this permission too.
    public Surroundings permitting(String permission) {
        Set<String> more = new TreeSet<>(permissions);
        more.add(permission);
        return new Surroundings(states, now, id, more);
    }

    /// Lets the processor work on the request.
    public <R, C> Processed<C> process(Processor<R, C> processor, R request) {
        return new Processed<>(
                "%s, request %s".formatted(processor, request),
                processor.process(request, this),
                this);
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean permits(String permission) {
        return permissions.contains(permission);
    }

    @Override
    @SuppressWarnings("unchecked") // put there by `with`, for the same aggregate
    public <S> Processor.Read<S> read(Aggregate<?, ?, S> aggregate, String id) {
        Processor.Read<?> known = states.get(aggregate.stream(id));
        return known == null
                ? new Processor.Read<>(aggregate.initial(), 0)
                : (Processor.Read<S>) known;
    }
}
