// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Carries what an aggregate wants to those who can do it, and what they make of it back.
///
/// ```java
/// static final Courier COURIER =
///         Courier.named("stock-courier")
///                 .carrying(CARRY_STOCK, new Errand())
///                 .on(OrderCreated.class, (created, at) -> at.id())
///                 .on(StockChanged.class, (changed, at) -> changed.order());
/// ```
///
/// An event calls the courier for an id. The courier then runs its errand for that id: a processor
/// that reads what is wanted at that moment, tells it to other aggregates in absolute terms ("six
/// units in all", not "two more"), and tells its own aggregate what they say now. The events
/// themselves carry nothing; so it makes no difference how often an id is called, nor in which
/// order, and calls that come while an errand is under way are answered by one more errand. (This
/// is level triggering, as in the controllers of Kubernetes.)
///
/// Unlike a [Saga] a courier has no stream and no state: nothing is recorded but what the errand
/// records. After a crash, or on another node, errands that may not have been finished are run
/// again; each call is followed by an errand that began after it and was finished. An errand that
/// gets no answer is run again, after longer and longer pauses, until it is done. Two errands for
/// one id may overlap only where a node or an answer was lost; one more is run after both are over.
///
/// An errand therefore must bear being run at any time and any number of times, and must record
/// nothing where nothing has changed.
public final class Courier {

    private final String name;
    private final Processor<?, ?> processor;
    private final Object request;
    private final Map<Class<?>, Saga.Naming<?>> calls;
    private final @Nullable OnRefusal onRefusal;

    private Courier(
            String name,
            Processor<?, ?> processor,
            Object request,
            Map<Class<?>, Saga.Naming<?>> calls,
            @Nullable OnRefusal onRefusal) {
        this.name = name;
        this.processor = processor;
        this.request = request;
        this.calls = Map.copyOf(calls);
        this.onRefusal = onRefusal;
    }

    /// Says what is to be sent when an errand is refused, by the processor or by an aggregate that
    /// it tells something; `null`: nothing, as whatever made the refusal right calls the courier
    /// again.
    @FunctionalInterface
    public interface OnRefusal {
        /// Says what is to be sent.
        ///
        /// @param id that the errand was for
        /// @param refusal the name of the rejection; `REFUSED` when it was the processor's
        /// @param detail of the refusal, for people
        @Nullable Send<?> send(String id, String refusal, String detail);
    }

    /// Starts a definition. The name is stable, as what the courier has read of the log is kept
    /// under it: lower-case words joined by `-`.
    public static Named named(String name) {
        return new Named(Names.stable("courier", name));
    }

    /// Adds an event that calls the courier.
    ///
    /// @param id that the errand is run for; `null`: none
    public <T> Courier on(Class<T> event, Saga.Naming<? super T> id) {
        Map<Class<?>, Saga.Naming<?>> more = new HashMap<>(calls);
        if (more.put(event, id) != null) {
            throw new IllegalArgumentException(
                    "%s is called by %s twice".formatted(this, event.getSimpleName()));
        }
        return new Courier(name, processor, request, more, onRefusal);
    }

    /// Says what a refused errand leads to. Without it such an errand is run again, after longer
    /// and longer pauses, and stands in the list of what waits for operators.
    public Courier onRefusal(OnRefusal what) {
        return new Courier(name, processor, request, calls, what);
    }

    public String name() {
        return name;
    }

    /// The processor that does the errands.
    public Processor<?, ?> processor() {
        return processor;
    }

    /// The types of the events that call it.
    public Set<Class<?>> callers() {
        return calls.keySet();
    }

    /// The id that an event calls it for; `null`: none.
    @SuppressWarnings("unchecked")
    public @Nullable String calledFor(Object event, At at) {
        Saga.Naming<Object> naming = (Saga.Naming<Object>) calls.get(event.getClass());
        return naming == null ? null : naming.id(event, at);
    }

    /// The errand for an id.
    @SuppressWarnings("unchecked")
    public Send<Object> errand(String id) {
        return Send.through((Processor<Object, ?>) processor, id, request);
    }

    /// Whether it says what a refused errand leads to.
    public boolean takesRefusals() {
        return onRefusal != null;
    }

    /// What is to be sent as an errand was refused; `null`: nothing.
    public @Nullable Send<?> refused(String id, String refusal, String detail) {
        return onRefusal == null ? null : onRefusal.send(id, refusal, detail);
    }

    @Override
    public String toString() {
        return "courier " + name;
    }

    /// A definition that has a name.
    public record Named(String name) {
        /// Says which processor does the errands.
        ///
        /// @param request the same for every errand: what is wanted stands in the aggregates
        public <R> Courier carrying(Processor<R, ?> errand, R request) {
            return new Courier(name, errand, request, Map.of(), null);
        }
    }
}
