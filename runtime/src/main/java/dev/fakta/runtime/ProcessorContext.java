// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Processor;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/// What a processor may ask of the node that it runs on, for one request. Notes what it has seen:
/// what the processor sends follows from the states that it has read. Any thread.
final class ProcessorContext implements Processor.Context {

    private final Node node;
    private final Instant now;
    private final String id;
    private final Cause cause;
    private final AtomicLong seen;

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
    public <S> S state(Aggregate<?, ?, S> aggregate, String id) {
        Versioned<S> found = node.state(aggregate, id);
        seen.accumulateAndGet(found.time(), Math::max);
        return found.state();
    }
}
