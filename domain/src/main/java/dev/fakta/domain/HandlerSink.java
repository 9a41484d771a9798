// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/// Hands each event to the handler of its type. One at a time, so that what is refused does not
/// have others handled once more.
///
/// @param handlers by the types of events
record HandlerSink(Map<Class<?>, Subscription.Handler<?>> handlers) implements EventSink {

    @Override
    public int largestBatch() {
        return 1;
    }

    @Override
    public void take(List<RecordedEvent> events, Supplier<String> position) throws Exception {
        for (RecordedEvent each : events) {
            handle(each);
        }
    }

    private void handle(RecordedEvent recorded) throws Exception {
        try {
            handle(recorded.event(), recorded.at());
        } catch (IOException | UncheckedIOException | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new RefusedEventException(recorded, e);
        }
    }

    @SuppressWarnings("unchecked") // each is kept under its type
    private void handle(Object event, At at) throws Exception {
        var handler =
                (Subscription.Handler<Object>)
                        Objects.requireNonNull(handlers.get(event.getClass()));
        handler.handle(event, at);
    }
}
