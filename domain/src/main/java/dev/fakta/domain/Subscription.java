// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Follows what is recorded and hands it to something outside: to code of yours, or to an
/// [EventSink].
///
/// ```java
/// static final Subscription MAILS =
///         Subscription.named("mails")
///                 .startingAt(Instant.parse("2026-11-01T00:00:00Z"))
///                 .on(OrderConfirmed.class, (event, at) -> mailer.send(at.commandId(), …));
///
/// static final Subscription SEARCH =
///         Subscription.named("search").of(ProductChanged.class).to(() -> new SearchSink(folder));
/// ```
///
/// It runs on one node of the cluster, and goes on elsewhere when that is lost. How far it has read
/// is kept with the views. Each event is handed over once at least, those of one aggregate in their
/// order. What fails is tried again after longer and longer pauses, and holds up the others; an
/// event that is refused is set aside with its stream ([RefusedEventException]) and tried again
/// from time to time, while all others go on.
public final class Subscription {

    private final String name;
    private final Start start;
    private final boolean isCausal;
    private final Set<Class<?>> types;
    private final Map<Class<?>, Handler<?>> handlers;
    private final @Nullable Supplier<? extends EventSink> sink;

    private Subscription(
            String name,
            Start start,
            boolean isCausal,
            Set<Class<?>> types,
            Map<Class<?>, Handler<?>> handlers,
            @Nullable Supplier<? extends EventSink> sink) {
        this.name = name;
        this.start = start;
        this.isCausal = isCausal;
        this.types = Set.copyOf(types);
        this.handlers = Map.copyOf(handlers);
        this.sink = sink;
    }

    /// Where a subscription begins that has read nothing yet.
    public sealed interface Start {
        /// With the first event of the log.
        record Beginning() implements Start {}

        /// Behind what is recorded when it runs the first time.
        record Now() implements Start {}

        /// With what was recorded at this time or later.
        record Since(Instant time) implements Start {}
    }

    /// Does what an event leads to outside.
    ///
    /// @param <T> the type of the event
    @FunctionalInterface
    public interface Handler<T> {
        /// An exception that is an [java.io.IOException], or wraps one
        /// ([java.io.UncheckedIOException]), says that what it calls is away: the event is tried
        /// again, and others wait. Any other says that it will never work with this event.
        void handle(T event, At at) throws Exception;
    }

    /// Starts a definition: everything, from the log's beginning. The name is stable, as the place
    /// in the log is kept under it: lower-case words joined by `-`.
    public static Subscription named(String name) {
        return new Subscription(
                Names.stable("subscription", name),
                new Start.Beginning(),
                false,
                Set.of(),
                Map.of(),
                null);
    }

    /// Begins with what is recorded from its first run on.
    public Subscription startingNow() {
        return new Subscription(name, new Start.Now(), isCausal, types, handlers, sink);
    }

    /// Begins with what was recorded at this time or later, by the clock of the node that did.
    public Subscription startingAt(Instant time) {
        return new Subscription(name, new Start.Since(time), isCausal, types, handlers, sink);
    }

    /// Hands over no event before one that it follows from, whichever aggregates, partitions and
    /// microsystems they are of. While the log of one of them is away, nothing new is handed over.
    public Subscription inCausalOrder() {
        return new Subscription(name, start, true, types, handlers, sink);
    }

    /// Follows events of these types only, of any microsystem. May be called again for more.
    public Subscription of(Class<?>... events) {
        Set<Class<?>> more = new HashSet<>(types);
        more.addAll(List.of(events));
        return new Subscription(name, start, isCausal, more, handlers, sink);
    }

    /// Has code handle the events of a type, one after the other.
    public <T> Subscription on(Class<T> event, Handler<? super T> handler) {
        if (sink != null) {
            throw new IllegalArgumentException(this + " has a sink: handlers are for one without");
        }
        Map<Class<?>, Handler<?>> more = new HashMap<>(handlers);
        if (more.put(event, handler) != null) {
            throw new IllegalArgumentException(
                    "%s handles %s twice".formatted(this, event.getSimpleName()));
        }
        return new Subscription(name, start, isCausal, types, more, null).of(event);
    }

    /// Has a sink take the events.
    ///
    /// @param opened opens it: when the subscription begins, when it comes to another node, and
    ///   after each failure
    public Subscription to(Supplier<? extends EventSink> opened) {
        if (!handlers.isEmpty()) {
            throw new IllegalArgumentException(this + " has handlers: a sink is for one without");
        }
        return new Subscription(name, start, isCausal, types, handlers, opened);
    }

    public String name() {
        return name;
    }

    public Start start() {
        return start;
    }

    public boolean isCausal() {
        return isCausal;
    }

    /// The types of the events that it follows; empty: all events, also those that this program
    /// does not know.
    public Set<Class<?>> types() {
        return types;
    }

    /// Opens what takes its events.
    ///
    /// @throws IllegalStateException when nothing does
    public EventSink open() {
        if (sink != null) {
            return sink.get();
        }
        if (handlers.isEmpty()) {
            throw new IllegalStateException(this + " has neither a handler nor a sink");
        }
        return new HandlerSink(handlers);
    }

    @Override
    public String toString() {
        return "subscription " + name;
    }
}
