// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Processor.Problem;
import java.util.List;
import org.assertj.core.api.Assertions;

/// What a processor made of a request, to be compared with what it promises.
public final class Processed<C> {

    private final String story;
    private final Outcome<C> outcome;
    private final Processor.Context context;

    Processed(String story, Outcome<C> outcome, Processor.Context context) {
        this.story = story;
        this.outcome = outcome;
        this.context = context;
    }

    /// The processor sends this command.
    public void thenSends(C command) {
        assertThat(sent()).as(story).isEqualTo(command);
    }

    /// The processor refuses, for exactly these reasons, in any order.
    public void thenRefused(Problem... problems) {
        assertThat(problems()).as(story).containsExactlyInAnyOrder(problems);
    }

    /// The processor gets no answer, for a reason that has these words in it.
    public void thenUnanswered(String words) {
        assertThat(outcome).as(story).isInstanceOf(Outcome.Unanswered.class);
        assertThat(outcome.toString()).as(story).contains(words);
    }

    /// The command that the processor sends; of an exchange, the one that is made when those who
    /// are told first are in the state that the surroundings say. A refusal fails the test.
    public C sent() {
        return switch (outcome) {
            case Outcome.Send<C>(var command, _) -> command;
            case Outcome.Exchange<C>(_, var then) -> then.apply(context);
            case Outcome.Refuse<C>(var problems) ->
                    Assertions.fail(
                            "%s%n  should be sent on, but was refused: %s", story, problems);
            case Outcome.Unanswered<C>(var reason) ->
                    Assertions.fail(
                            "%s%n  should be sent on, but got no answer: %s", story, reason);
        };
    }

    /// The commands that the processor sends to others first; none when it does not send.
    public List<Processor.First<?>> first() {
        return switch (outcome) {
            case Outcome.Send<C>(_, var first) -> first;
            case Outcome.Exchange<C>(var first, _) -> first;
            case Outcome.Refuse<C> _, Outcome.Unanswered<C> _ -> List.of();
        };
    }

    /// The reasons for which the processor refuses; none when it does not.
    public List<Problem> problems() {
        return switch (outcome) {
            case Outcome.Send<C> _, Outcome.Exchange<C> _, Outcome.Unanswered<C> _ -> List.of();
            case Outcome.Refuse<C>(var problems) -> problems;
        };
    }
}
