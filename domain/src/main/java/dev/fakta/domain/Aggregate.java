// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/// A consistency boundary: a state, a function that decides on commands and one that folds events.
///
/// ```java
/// static final Aggregate<Command, Event, GiftCard> AGGREGATE =
///         Aggregate.named("gift-card").taking(Command.class).startingAs(NONE)
///                 .deciding(GiftCard::decide).evolving(GiftCard::evolve)
///                 .refusing(Refusal.class)
///                 .event("gift-card-issued", Issued.class)
///                 .event("gift-card-spent", Spent.class);
/// ```
///
/// `decide` and `evolve` are pure: no clock, no random, no I/O; what they need of these comes in
/// with the command. They are called by one thread at a time per aggregate, `decide` on a state
/// whose last events may not be durable yet. `evolve` must accept every event it ever accepted.
///
/// The state is a record that the codec can write (for snapshots and for answers between nodes).
///
/// @param <C> the sealed type of the commands
/// @param <E> the sealed type of the events
/// @param <S> the state
public final class Aggregate<C, E, S> {

    private final String name;
    private final int version;
    private final Class<C> commands;
    private final S initial;
    private final BiFunction<S, C, Decision<E>> decide;
    private final BiFunction<S, E, S> evolve;
    private final List<EventType<? extends E>> events;
    private final Set<Rejection> refusals;

    private Aggregate(
            String name,
            int version,
            Class<C> commands,
            S initial,
            BiFunction<S, C, Decision<E>> decide,
            BiFunction<S, E, S> evolve,
            List<EventType<? extends E>> events,
            Collection<Rejection> refusals) {
        this.name = name;
        this.version = version;
        this.commands = commands;
        this.initial = initial;
        this.decide = decide;
        this.evolve = evolve;
        this.events = List.copyOf(events);
        this.refusals = Collections.unmodifiableSet(new LinkedHashSet<>(refusals));
    }

    /// Starts a definition. The name is part of every stream's name and therefore stable:
    /// lower-case words joined by `-`.
    public static Named named(String name) {
        return new Named(Names.stable("aggregate", name));
    }

    public String name() {
        return name;
    }

    /// The version of the state and of `evolve`; snapshots of another one are not used.
    public int version() {
        return version;
    }

    /// Says that `evolve` or the state changed, so that snapshots of earlier versions are not used;
    /// from 1, to be raised with every such change.
    public Aggregate<C, E, S> version(int number) {
        if (number < 1) {
            throw new IllegalArgumentException(this + ": versions count from 1");
        }
        return new Aggregate<>(name, number, commands, initial, decide, evolve, events, refusals);
    }

    /// The type that all commands share.
    public Class<C> commands() {
        return commands;
    }

    /// The state of an aggregate that has no events.
    public S initial() {
        return initial;
    }

    /// The registered events, in the order of their registration.
    public List<EventType<? extends E>> events() {
        return events;
    }

    /// What `decide` refuses with, in the order in which [#refusing] has named it; nothing when
    /// that is not said.
    public Set<Rejection> refusals() {
        return refusals;
    }

    /// Decides on a command.
    ///
    /// @throws IllegalStateException when it refuses with something else than what [#refusing] has
    ///   named
    public Decision<E> decide(S state, C command) {
        Decision<E> decision = decide.apply(state, command);
        if (decision instanceof Decision.Rejected<E>(var rejection)
                && !refusals.isEmpty()
                && !refusals.contains(rejection)) {
            throw new IllegalStateException(
                    "%s refuses with %s, which its refusing(...) does not name"
                            .formatted(this, rejection.name()));
        }
        return decision;
    }

    public S evolve(S state, E event) {
        return evolve.apply(state, event);
    }

    /// The name of the stream that holds the events of the aggregate with this id.
    public String stream(String id) {
        return name + "/" + id;
    }

    /// Names one event type. Every permitted record of a sealed event type needs a name.
    public <T extends E> Aggregate<C, E, S> event(String stableName, Class<T> type) {
        String checked = Names.stable("event of aggregate " + name, stableName);
        for (EventType<?> known : events) {
            if (known.name().equals(checked) || known.type() == type) {
                throw new IllegalArgumentException(
                        "aggregate %s names event %s (%s) twice"
                                .formatted(name, checked, type.getSimpleName()));
            }
        }
        List<EventType<? extends E>> more = new ArrayList<>(events);
        more.add(new EventType<>(checked, type, List.of()));
        return new Aggregate<>(name, version, commands, initial, decide, evolve, more, refusals);
    }

    /// Adds the step that turns the last registered event's previous schema version into the next:
    /// the first `upcasting` makes version 2 of version 1, the second version 3 of version 2. The
    /// function gets the event's fields by name and answers the fields of the next version.
    public Aggregate<C, E, S> upcasting(UnaryOperator<Map<String, Object>> step) {
        if (events.isEmpty()) {
            throw new IllegalArgumentException("upcasting follows the event that it belongs to");
        }
        List<EventType<? extends E>> more = new ArrayList<>(events);
        more.add(more.removeLast().upcasting(step));
        return new Aggregate<>(name, version, commands, initial, decide, evolve, more, refusals);
    }

    /// Names what `decide` refuses with: an enum, all of it. To be called again for another one.
    /// The API's document tells clients these words, so from here on no other one is taken.
    public <R extends Enum<R> & Rejection> Aggregate<C, E, S> refusing(Class<R> words) {
        List<Rejection> more = new ArrayList<>(refusals);
        more.addAll(List.of(words.getEnumConstants()));
        return new Aggregate<>(name, version, commands, initial, decide, evolve, events, more);
    }

    @Override
    public String toString() {
        return "aggregate " + name;
    }

    /// A definition that has a name.
    public record Named(String name) {
        /// Says which commands the aggregate takes: the sealed type that all of them implement.
        public <C> Taking<C> taking(Class<C> commands) {
            return new Taking<>(name, commands);
        }
    }

    /// A definition that knows its commands.
    public record Taking<C>(String name, Class<C> commands) {
        /// Gives the state before the first event.
        public <S> Starting<C, S> startingAs(S initial) {
            return new Starting<>(name, commands, initial);
        }
    }

    /// A definition that knows its first state.
    public record Starting<C, S>(String name, Class<C> commands, S initial) {
        /// Gives the function that decides.
        public <E> Deciding<C, E, S> deciding(BiFunction<S, C, Decision<E>> decide) {
            return new Deciding<>(name, commands, initial, decide);
        }
    }

    /// A definition that can decide.
    public record Deciding<C, E, S>(
            String name, Class<C> commands, S initial, BiFunction<S, C, Decision<E>> decide) {
        /// Gives the function that folds an event into the state.
        public Aggregate<C, E, S> evolving(BiFunction<S, E, S> evolve) {
            return new Aggregate<>(
                    name, 1, commands, initial, decide, evolve, List.of(), List.of());
        }
    }
}
