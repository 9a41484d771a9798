// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;

/// What an aggregate decided on a command, to be compared with what it promises.
public final class Then<C, E, S> {

    private final Given<C, E, S> given;
    private final C command;
    private final Decision<E> decision;

    Then(Given<C, E, S> given, C command, Decision<E> decision) {
        this.given = given;
        this.command = command;
        this.decision = decision;
    }

    /// The command was accepted with exactly these events.
    @SafeVarargs
    @SuppressWarnings("varargs") // List.of copies
    public final Then<C, E, S> then(E... events) {
        assertThat(events()).as(story()).isEqualTo(List.of(events));
        return this;
    }

    /// The command was accepted and changed nothing: it had been carried out before.
    public Then<C, E, S> thenNothing() {
        assertThat(events()).as(story()).isEmpty();
        return this;
    }

    /// The command was refused for this reason.
    public void thenRejected(Rejection rejection) {
        switch (decision) {
            case Decision.Rejected<E>(var actual) ->
                    assertThat(actual).as(story()).isEqualTo(rejection);
            case Decision.Accepted<E>(var events) ->
                    Assertions.fail(
                            "%s%n  then  it should be rejected as %s, but was accepted with %s",
                            story(), rejection.name(), events);
        }
    }

    /// The state after the decision is as these assertions say.
    public Then<C, E, S> andState(Consumer<? super S> assertions) {
        assertions.accept(given.and(events()).state());
        return this;
    }

    /// Goes on with another command, after the events of this one.
    public Then<C, E, S> when(C next) {
        return given.and(events()).when(next);
    }

    /// The events of the accepted command. A refusal fails the test.
    public List<E> events() {
        return switch (decision) {
            case Decision.Accepted<E>(var events) -> events;
            case Decision.Rejected<E>(var rejection) ->
                    Assertions.fail(
                            "%s%n  then  it should be accepted, but was rejected as %s: %s",
                            story(), rejection.name(), rejection.detail());
        };
    }

    private String story() {
        return given.story(command);
    }
}
