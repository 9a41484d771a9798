// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.At;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogRecord;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.core.AggregateReader;
import dev.fakta.runtime.core.Fatal;
import dev.fakta.runtime.core.NodeParts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds in the log what the events that concern one courier or alarm clock mean to it. For one
/// thread.
///
/// Such an event that cannot be read stops the reading of its partition, see [SagaHolds], as nobody
/// can tell for whom it is. An event of an unknown name is passed over.
///
/// @param <F> what an event means
final class EventFollower<F> {

    private final Set<Class<?>> types;
    private final NodeParts parts;
    private final SagaHolds holds;
    private final Meaning<F> meaning;

    /// Says what an event means.
    @FunctionalInterface
    interface Meaning<F> {
        /// What it means; `null`: nothing.
        ///
        /// @param cause of what is done because of it
        @Nullable F of(Object event, At at, Cause cause);
    }

    /// @param types of the events that mean something
    EventFollower(Set<Class<?>> types, NodeParts parts, SagaHolds holds, Meaning<F> meaning) {
        this.types = types;
        this.parts = parts;
        this.holds = holds;
        this.meaning = meaning;
    }

    List<F> find(List<LogRecord> records) {
        List<F> found = new ArrayList<>();
        for (LogRecord record : records) {
            if (record instanceof EventRecord event) {
                F one = find(event);
                if (one != null) {
                    found.add(one);
                }
            }
        }
        return found;
    }

    private @Nullable F find(EventRecord record) {
        String name = record.event().name();
        if (holds.isHeld(record.partition())
                || !parts.codec().knows(name)
                || !types.contains(parts.codec().typeNamed(name))) {
            return null;
        }
        try {
            Object event = SagaFollower.decoded(parts, record);
            return meaning.of(event, AggregateReader.at(record), SagaFollower.cause(record));
        } catch (Throwable e) {
            Fatal.rethrow(e);
            holds.stopBefore(record, String.valueOf(e), e);
            return null;
        }
    }
}
