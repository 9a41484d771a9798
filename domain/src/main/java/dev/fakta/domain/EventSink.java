// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Where the events of a [Subscription] go: a broker, a search index, files, another system.
///
/// One thread calls it, and no other. Events of one aggregate come in their order. After a failure,
/// and after a crash, events come again from the last position that was kept, so a sink takes an
/// event that it has for what it is: it writes it under the event's id, say. A sink that keeps the
/// position itself, in one transaction with what it makes of the events, has each of them exactly
/// once: it answers it at [#position], and the subscription goes on there.
public interface EventSink extends AutoCloseable {

    /// The position that came with the last events that the target has for good; empty when it has
    /// none, or keeps none: then the subscription's own counts.
    ///
    /// @throws Exception when the target cannot be asked: the sink is closed, and opened again
    ///   after a pause
    default Optional<String> position() throws Exception {
        return Optional.empty();
    }

    /// How many events come at once, at most; from 1.
    default int largestBatch() {
        return 512;
    }

    /// Takes events. When it returns, the target has them for good.
    ///
    /// @param events one at least
    /// @param position the place in the log behind these and all earlier ones, as text of some
    ///   kilobytes at most that is made when it is asked for
    /// @throws RefusedEventException when the target will never take one of them: it is set aside
    ///   with its stream, and the others come again without it
    /// @throws Exception when the target is away, or full: the sink is closed, and opened again
    ///   after a pause that grows
    void take(List<RecordedEvent> events, Supplier<String> position) throws Exception;

    /// Releases what it holds. Called once, also after a failure.
    @Override
    default void close() throws IOException {}
}
