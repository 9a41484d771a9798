// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What a saga makes of an input: its own facts, and what it wants done. Facts and wishes are
/// recorded together; then the wishes are carried out, and what comes of them is the next input.
///
/// ```java
/// return Reaction.record(new Begun(order.lines()))
///         .runEach("reserve-stock", order.skus())
///         .wake("payment-window", Duration.ofMinutes(30));
/// ```
///
/// @param <E> the saga's own events
public record Reaction<E>(List<E> events, List<Effect> effects) {

    public Reaction {
        events = List.copyOf(events);
        effects = List.copyOf(effects);
    }

    /// What a saga can want.
    public sealed interface Effect {
        /// Run a declared step, on the state that the facts of this reaction have led to. For a
        /// name that no step has the instance parks; the testkit's `SagaScenario` fails on it.
        record Run(String step, String key) implements Effect {}

        /// Set a timer, which replaces the one of this name.
        record Wake(String timer, Duration after) implements Effect {}

        /// The same for a given time.
        record WakeAt(String timer, Instant due) implements Effect {}

        /// Forget a timer, if it is set.
        record Cancel(String timer) implements Effect {}

        /// Undo what was done, the latest first, once what is under way is answered.
        record Compensate(String reason) implements Effect {}

        /// The saga has ended: its timers are forgotten. Late facts still reach `react`.
        record Complete() implements Effect {}
    }

    /// No facts, no wishes.
    public static <E> Reaction<E> nothing() {
        return new Reaction<>(List.of(), List.of());
    }

    /// These facts.
    @SafeVarargs
    @SuppressWarnings("varargs") // List.of copies
    public static <E> Reaction<E> record(E... events) {
        return new Reaction<>(List.of(events), List.of());
    }

    /// And run this step.
    public Reaction<E> run(String step) {
        return run(step, "");
    }

    /// And run this step under this key.
    public Reaction<E> run(String step, String key) {
        return and(new Effect.Run(step, key));
    }

    /// And run this step once for each key, all at the same time.
    public Reaction<E> runEach(String step, Collection<String> keys) {
        Reaction<E> all = this;
        for (String key : keys) {
            all = all.run(step, key);
        }
        return all;
    }

    /// And wake the saga so long after this input.
    public Reaction<E> wake(String timer, Duration after) {
        return and(new Effect.Wake(timer, after));
    }

    /// And wake the saga at this time, or at once when that is past.
    public Reaction<E> wakeAt(String timer, Instant due) {
        return and(new Effect.WakeAt(timer, due));
    }

    /// And forget this timer.
    public Reaction<E> cancel(String timer) {
        return and(new Effect.Cancel(timer));
    }

    /// And undo what was done. While it does, and afterwards, this asks for nothing more.
    public Reaction<E> compensate(String reason) {
        return and(new Effect.Compensate(reason));
    }

    /// And end the saga.
    public Reaction<E> complete() {
        return and(new Effect.Complete());
    }

    boolean isNothing() {
        return events.isEmpty() && effects.isEmpty();
    }

    private Reaction<E> and(Effect effect) {
        List<Effect> more = new ArrayList<>(effects);
        more.add(effect);
        return new Reaction<>(events, more);
    }
}
