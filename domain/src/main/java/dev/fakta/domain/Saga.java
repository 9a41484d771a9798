// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A process over several aggregates: it reacts to their facts, runs steps, waits, and takes back
/// what it did when it cannot go on.
///
/// ```java
/// static final Saga<Event, Trip> SAGA =
///         Saga.named("trip").startingAs(Trip.NONE).reacting(Trip::react).evolving(Trip::evolve)
///                 .event("trip-begun", Begun.class)
///                 .on(TripRequested.class, (requested, at) -> at.id())
///                 .step(BOOK_HOTEL).step(BOOK_FLIGHT);
/// ```
///
/// Each instance is an aggregate: its stream, `NAME/ID`, has its own events and the kit's
/// ([SagaEvent]). `react` and `evolve` are pure, and so are the functions of steps; `react` is
/// called once per input, and never on a replay. An input that it throws on parks the instance.
///
/// A change of code is safe for the instances that are live as long as every step, event and
/// command that they use keeps its name; the runtime refuses to start otherwise. A step that got
/// another name is declared by [#renamed].
///
/// A saga that is added to a program hears all of history, unless it says otherwise
/// ([Named#startingWithNewEvents]).
///
/// @param <E> the sealed type of the saga's own events
/// @param <S> the saga's own state
public final class Saga<E, S> {

    private static final Duration PATIENCE = Duration.ofDays(1);

    private final Named named;
    private final S initial;
    private final Reacting<E, S> react;
    private final BiFunction<S, E, S> evolve;
    private final List<EventType<? extends E>> events;
    private final Map<Class<?>, Naming<?>> subscriptions;
    private final Map<String, Step<S>> steps;
    private final Map<String, String> earlierNames;

    /// Made when it is first asked for, by whichever thread: all that are made are alike.
    private @Nullable Aggregate<SagaCommand, Object, SagaState<S>> aggregate;

    private Saga(
            Named named,
            S initial,
            Reacting<E, S> react,
            BiFunction<S, E, S> evolve,
            List<EventType<? extends E>> events,
            Map<Class<?>, Naming<?>> subscriptions,
            Map<String, Step<S>> steps,
            Map<String, String> earlierNames) {
        this.named = named;
        this.initial = initial;
        this.react = react;
        this.evolve = evolve;
        this.events = List.copyOf(events);
        this.subscriptions = Map.copyOf(subscriptions);
        this.steps = Map.copyOf(steps);
        this.earlierNames = Map.copyOf(earlierNames);
    }

    /// What a saga makes of an input.
    @FunctionalInterface
    public interface Reacting<E, S> {
        Reaction<E> react(S state, SagaInput input, Progress progress);
    }

    /// Says which instance an event is for; `null`: none.
    @FunctionalInterface
    public interface Naming<T> {
        @Nullable String id(T event, At at);
    }

    /// Starts the definition of version 1. The name is part of every stream's name and therefore
    /// stable: lower-case words joined by `-`.
    public static Named named(String name) {
        return new Named(Names.stable("saga", name), 1, PATIENCE, false);
    }

    private Saga<E, S> with(Named changed) {
        return new Saga<>(
                changed, initial, react, evolve, events, subscriptions, steps, earlierNames);
    }

    /// The version, to be raised with every change of the state, of `react` or `evolve`; from 1.
    public Saga<E, S> version(int number) {
        if (number < 1) {
            throw new IllegalArgumentException(this + ": versions count from 1");
        }
        return with(new Named(named.name, number, named.patience, named.startsWithNewEvents));
    }

    /// How long an instance may wait for a fact with no timer set and nothing under way: after that
    /// it is stuck, and an operator is told. A day, unless said otherwise.
    public Saga<E, S> patience(Duration longest) {
        if (!longest.isPositive()) {
            throw new IllegalArgumentException(this + ": patience is longer than nothing");
        }
        return with(new Named(named.name, named.version, longest, named.startsWithNewEvents));
    }

    /// Names one of the saga's own events. Every permitted record of a sealed event type needs one.
    public <T extends E> Saga<E, S> event(String stableName, Class<T> type) {
        List<EventType<? extends E>> more = new ArrayList<>(events);
        more.add(new EventType<>(Names.stable("event of " + this, stableName), type, List.of()));
        return new Saga<>(named, initial, react, evolve, more, subscriptions, steps, earlierNames);
    }

    /// Adds the step that turns the last registered event's previous schema version into the next,
    /// as [Aggregate#upcasting] does.
    public Saga<E, S> upcasting(UnaryOperator<Map<String, Object>> step) {
        if (events.isEmpty()) {
            throw new IllegalArgumentException("upcasting follows the event that it belongs to");
        }
        List<EventType<? extends E>> more = new ArrayList<>(events);
        more.add(more.removeLast().upcasting(step));
        return new Saga<>(named, initial, react, evolve, more, subscriptions, steps, earlierNames);
    }

    /// Subscribes to an event of another stream.
    public <T> Saga<E, S> on(Class<T> event, Naming<? super T> instance) {
        Map<Class<?>, Naming<?>> more = new HashMap<>(subscriptions);
        if (more.put(event, instance) != null) {
            throw new IllegalArgumentException(
                    "%s subscribes to %s twice".formatted(this, event.getSimpleName()));
        }
        return new Saga<>(named, initial, react, evolve, events, more, steps, earlierNames);
    }

    /// Declares a step.
    public Saga<E, S> step(Step<S> step) {
        Map<String, Step<S>> more = new LinkedHashMap<>(steps);
        if (more.put(step.name(), step) != null || earlierNames.containsKey(step.name())) {
            throw new IllegalArgumentException(
                    "%s declares step %s twice".formatted(this, step.name()));
        }
        return new Saga<>(named, initial, react, evolve, events, subscriptions, more, earlierNames);
    }

    /// Says that instances which are live may know a declared step by another name.
    public Saga<E, S> renamed(String earlier, String now) {
        if (!steps.containsKey(now) || steps.containsKey(earlier)) {
            throw new IllegalArgumentException(
                    "%s: renamed(\"%s\", \"%s\") is an earlier name, and a step that is declared"
                            .formatted(this, earlier, now));
        }
        Map<String, String> more = new HashMap<>(earlierNames);
        more.put(Names.stable("step", earlier), now);
        return new Saga<>(named, initial, react, evolve, events, subscriptions, steps, more);
    }

    public String name() {
        return named.name;
    }

    public int version() {
        return named.version;
    }

    public Duration patience() {
        return named.patience;
    }

    /// Whether it hears nothing of what was recorded before it came, see
    /// [Named#startingWithNewEvents].
    public boolean startsWithNewEvents() {
        return named.startsWithNewEvents;
    }

    /// The saga's own events.
    public List<EventType<? extends E>> events() {
        return events;
    }

    /// The types of the events that it subscribes to.
    public Set<Class<?>> subscriptions() {
        return subscriptions.keySet();
    }

    /// Which instance an event is for; `null`: none.
    @SuppressWarnings("unchecked")
    public @Nullable String instance(Object event, At at) {
        Naming<Object> naming = (Naming<Object>) subscriptions.get(event.getClass());
        return naming == null ? null : naming.id(event, at);
    }

    /// The aggregate that each instance is.
    public Aggregate<SagaCommand, Object, SagaState<S>> aggregate() {
        Aggregate<SagaCommand, Object, SagaState<S>> known = aggregate;
        if (known == null) {
            known = makeAggregate();
            aggregate = known;
        }
        return known;
    }

    private Aggregate<SagaCommand, Object, SagaState<S>> makeAggregate() {
        SagaMachine<E, S> machine = new SagaMachine<>(this);
        Aggregate<SagaCommand, Object, SagaState<S>> made =
                Aggregate.named(named.name)
                        .taking(SagaCommand.class)
                        .startingAs(SagaState.before(named.name, initial))
                        .deciding(machine::decide)
                        .evolving(machine::evolve);
        for (EventType<?> event : events) {
            made = with(event, made);
        }
        for (EventType<?> event : SagaEvent.types()) {
            made = with(event, made);
        }
        return made.version(named.version);
    }

    private static <C, T> Aggregate<C, Object, T> with(
            EventType<?> event, Aggregate<C, Object, T> aggregate) {
        Aggregate<C, Object, T> made = aggregate.event(event.name(), event.type());
        for (UnaryOperator<Map<String, Object>> step : event.upcasts()) {
            made = made.upcasting(step);
        }
        return made;
    }

    /// Whether this program knows a step by this name.
    public boolean knowsStep(String name) {
        return steps.containsKey(current(name));
    }

    /// The name that a step has now.
    String current(String stepName) {
        return earlierNames.getOrDefault(stepName, stepName);
    }

    Step<S> stepNamed(String name) {
        Step<S> step = steps.get(current(name));
        if (step == null) {
            throw new IllegalStateException(
                    "%s declares no step %s: it declares %s"
                            .formatted(this, name, new TreeSet<>(steps.keySet())));
        }
        return step;
    }

    Reaction<E> react(S state, SagaInput input, Progress progress) {
        return react.react(state, input, progress);
    }

    S evolve(S state, E event) {
        return evolve.apply(state, event);
    }

    @Override
    public String toString() {
        return "saga " + named.name;
    }

    /// A definition that has a name.
    public record Named(String name, int version, Duration patience, boolean startsWithNewEvents) {
        /// Says that the saga hears nothing of what was recorded before it was added to the
        /// program, as it fits one that tells the world something. Without it a saga that is added
        /// hears all of history, in its order.
        ///
        /// The first node that is started with the saga records the log's end of that moment in the
        /// log, and for ever the saga begins there: after restarts, on other nodes, and with an
        /// index that was lost. Of what is recorded later nothing is lost. To a saga that the log
        /// has had before it makes no difference, in one way or the other.
        public Named startingWithNewEvents() {
            return new Named(name, version, patience, true);
        }

        /// Gives the saga's own state before the first event.
        public <S> Starting<S> startingAs(S initial) {
            return new Starting<>(this, initial);
        }
    }

    /// A definition that knows its first state.
    public record Starting<S>(Named named, S initial) {
        /// Gives the function that reacts.
        public <E> Deciding<E, S> reacting(Reacting<E, S> react) {
            return new Deciding<>(named, initial, react);
        }
    }

    /// A definition that can react.
    public record Deciding<E, S>(Named named, S initial, Reacting<E, S> react) {
        /// Gives the function that folds one of the saga's own events into its state.
        public Saga<E, S> evolving(BiFunction<S, E, S> evolve) {
            return new Saga<>(
                    named, initial, react, evolve, List.of(), Map.of(), Map.of(), Map.of());
        }
    }
}
