// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.Courier;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogRecord;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.core.AggregateReader;
import dev.fakta.runtime.core.Fatal;
import dev.fakta.runtime.core.NodeParts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds in the log who is called for by the events that call one courier. For one thread.
///
/// An event that calls the courier and cannot be read stops the reading of its partition, see
/// [SagaHolds], as nobody can tell for whom it calls. An event of an unknown name is passed over.
final class CourierFollower {

    private final Courier courier;
    private final NodeParts parts;
    private final SagaHolds holds;

    CourierFollower(Courier courier, NodeParts parts, SagaHolds holds) {
        this.courier = courier;
        this.parts = parts;
        this.holds = holds;
    }

    /// A call for an id.
    record Called(String id, Cause cause) {}

    List<Called> find(List<LogRecord> records) {
        List<Called> found = new ArrayList<>();
        for (LogRecord record : records) {
            if (record instanceof EventRecord event) {
                Called called = find(event);
                if (called != null) {
                    found.add(called);
                }
            }
        }
        return found;
    }

    private @Nullable Called find(EventRecord record) {
        String name = record.event().name();
        if (holds.isHeld(record.partition())
                || !parts.codec().knows(name)
                || !courier.callers().contains(parts.codec().typeNamed(name))) {
            return null;
        }
        try {
            Object event = SagaFollower.decoded(parts, record);
            String id = courier.calledFor(event, AggregateReader.at(record));
            return id == null ? null : new Called(id, SagaFollower.cause(record));
        } catch (Throwable e) {
            Fatal.rethrow(e);
            holds.stopBefore(record, String.valueOf(e), e);
            return null;
        }
    }
}
