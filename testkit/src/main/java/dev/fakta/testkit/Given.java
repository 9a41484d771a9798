// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import java.util.ArrayList;
import java.util.List;

/// The history of one aggregate, from which a test goes on.
///
/// ```java
/// given(GiftCard.AGGREGATE, new Issued(eur(50)))
///         .when(new Spend("order-1", eur(60)))
///         .thenRejected(INSUFFICIENT_BALANCE);
/// ```
///
/// Immutable: one history can serve several tests.
public final class Given<C, E, S> {

    private final Aggregate<C, E, S> aggregate;
    private final List<E> history;
    private final S state;

    private Given(Aggregate<C, E, S> aggregate, List<E> history) {
        this.aggregate = aggregate;
        this.history = List.copyOf(history);
        this.state = fold(aggregate, history);
    }

    /// An aggregate to which these events have happened, in this order.
    @SafeVarargs
    @SuppressWarnings("varargs") // List.of copies
    public static <C, E, S> Given<C, E, S> given(Aggregate<C, E, S> aggregate, E... events) {
        return new Given<>(aggregate, List.of(events));
    }

    /// An aggregate to which these events have happened, in this order.
    public static <C, E, S> Given<C, E, S> givenAll(
            Aggregate<C, E, S> aggregate, List<? extends E> events) {
        return new Given<>(aggregate, List.copyOf(events));
    }

    /// What the history folds to.
    public S state() {
        return state;
    }

    /// Decides on the command. A decision that differs when it is asked for again fails the test:
    /// `decide` is pure.
    public Then<C, E, S> when(C command) {
        Decision<E> decision = aggregate.decide(state, command);
        assertThat(aggregate.decide(state, command))
                .as("%s decided twice on %s in the same state", aggregate, command)
                .isEqualTo(decision);
        return new Then<>(this, command, decision);
    }

    Given<C, E, S> and(List<E> more) {
        List<E> longer = new ArrayList<>(history);
        longer.addAll(more);
        return new Given<>(aggregate, longer);
    }

    String story(C command) {
        return "%s%n  given %s%n  when  %s".formatted(aggregate, history, command);
    }

    static <E, S> S fold(Aggregate<?, E, S> aggregate, List<E> events) {
        S state = aggregate.initial();
        for (E event : events) {
            state = aggregate.evolve(state, event);
        }
        return state;
    }
}
