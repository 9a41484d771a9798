// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import dev.fakta.log.Positions;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.Versioned;

/// The newest record of a partition that its owner knows to be durable.
///
/// What is answered without an event of its own rests on events that are durable by then: a caller
/// who reads a view after it must find those, and what it does next is later than they.
final class DurableEnd {

    private final int partition;
    private long offset;
    private long time;

    DurableEnd(int partition) {
        this.partition = partition;
    }

    /// @param newTime its hybrid logical time
    void set(long newOffset, long newTime) {
        offset = newOffset;
        time = newTime;
    }

    long time() {
        return time;
    }

    /// An answer that rests on what is durable.
    Reply<Object> at(Reply<Object> reply) {
        return switch (reply) {
            case Reply.Accepted<Object>(var aggregate) -> new Reply.Accepted<>(at(aggregate));
            case Reply.Rejected<Object>(var rejection, _) -> new Reply.Rejected<>(rejection, time);
            default -> reply;
        };
    }

    Versioned<Object> at(Versioned<Object> aggregate) {
        return new Versioned<>(
                aggregate.id(),
                aggregate.state(),
                aggregate.revision(),
                Positions.of(partition, offset),
                time);
    }
}
