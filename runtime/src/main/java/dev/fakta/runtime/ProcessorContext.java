// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Processor;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// What a processor may ask of the node that it runs on, for one request. Notes what it has seen:
/// what the processor sends follows from the states that it has read. Any thread.
final class ProcessorContext implements Processor.Context {

    private final Node node;
    private final Instant now;
    private final String id;
    private final Cause cause;
    private final AtomicLong seen;
    private final Map<String, Processor.Read<?>> answered = new ConcurrentHashMap<>();

    ProcessorContext(Node node, String id, Cause cause) {
        this.node = node;
        this.now = node.clock().instant();
        this.id = id;
        this.cause = cause;
        this.seen = new AtomicLong(cause.seen());
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public String id() {
        return id;
    }

    /// The highest hybrid time of what the request and its processor have seen.
    long seen() {
        return seen.get();
    }

    @Override
    public boolean permits(String permission) {
        return cause.permissions().contains(permission);
    }

    @Override
    @SuppressWarnings("unchecked") // put there for the same aggregate
    public <S> Processor.Read<S> read(Aggregate<?, ?, S> aggregate, String id) {
        Processor.Read<?> known = answered.get(aggregate.stream(id));
        if (known != null) {
            return (Processor.Read<S>) known;
        }
        Versioned<S> found = node.state(aggregate, id);
        seen.accumulateAndGet(found.time(), Math::max);
        return new Processor.Read<>(found.state(), found.revision());
    }

    /// A command to this aggregate has led to this state: from now on it is what [#read] answers.
    void answered(Aggregate<?, ?, ?> aggregate, Versioned<?> after) {
        seen.accumulateAndGet(after.time(), Math::max);
        answered.put(
                aggregate.stream(after.id()),
                new Processor.Read<>(after.state(), after.revision()));
    }

    /// A command to this aggregate was carried out before, or its answer was too large: [#read]
    /// reads anew.
    void answered(Aggregate<?, ?, ?> aggregate, String aggregateId, long time) {
        seen.accumulateAndGet(time, Math::max);
        answered.remove(aggregate.stream(aggregateId));
    }
}
