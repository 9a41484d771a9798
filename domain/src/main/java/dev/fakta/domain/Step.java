// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// One thing that a saga can do: a command, what takes it back, and how often it is tried.
///
/// ```java
/// static final Step<Trip> BOOK_HOTEL = Step.<Trip>named("book-hotel")
///         .doing((trip, key) -> Send.to(Hotel.AGGREGATE, trip.hotel(), new Book(trip.id())))
///         .undoing((trip, key) -> Send.to(Hotel.AGGREGATE, trip.hotel(), new Release(trip.id())));
/// ```
///
/// Both functions are pure. The command is made when the step is run and recorded, so that every
/// attempt sends the same; the undoing one when it is needed. Instead of a command it can be a
/// request to a [Processor] ([Send#through]), which may ask the world outside. A command that takes
/// back must bear that there is nothing to take back: whether a step that never got an answer had
/// an effect is not known. What it takes back it must name itself (an order's id, say), as it may
/// come twice beyond the window in which an aggregate remembers command ids.
///
/// A step can be run several times at once, under a `key` each: a reservation per order line, say.
///
/// @param <S> the saga's state
public final class Step<S> {

    private final String name;
    private final BiFunction<S, String, Send<?>> action;
    private final @Nullable BiFunction<S, String, Send<?>> undo;
    private final Retry retry;

    private Step(
            String name,
            BiFunction<S, String, Send<?>> action,
            @Nullable BiFunction<S, String, Send<?>> undo,
            Retry retry) {
        this.name = name;
        this.action = action;
        this.undo = undo;
        this.retry = retry;
    }

    /// Starts a definition. The name stands in the log of every saga that runs the step.
    public static <S> Named<S> named(String name) {
        return new Named<>(Names.stable("step", name));
    }

    /// Says what takes the step back.
    public Step<S> undoing(BiFunction<S, String, Send<?>> command) {
        return new Step<>(name, action, command, retry);
    }

    /// Says how often its commands are tried; without it, for ever.
    public Step<S> retrying(Retry policy) {
        return new Step<>(name, action, undo, policy);
    }

    public String name() {
        return name;
    }

    /// How often its commands, and those that take them back, are tried.
    public Retry retry() {
        return retry;
    }

    boolean hasUndo() {
        return undo != null;
    }

    Send<?> action(S state, String key) {
        return action.apply(state, key);
    }

    Send<?> undo(S state, String key) {
        if (undo == null) {
            throw new IllegalStateException("step " + name + " cannot be undone");
        }
        return undo.apply(state, key);
    }

    @Override
    public String toString() {
        return "step " + name;
    }

    /// A definition that has a name.
    public record Named<S>(String name) {
        /// Gives the function that makes the command from the saga's state and the run's key.
        public Step<S> doing(BiFunction<S, String, Send<?>> command) {
            return new Step<>(name, command, null, Retry.forEver());
        }
    }
}
