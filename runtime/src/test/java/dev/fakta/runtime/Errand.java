// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Progress;
import dev.fakta.domain.Reaction;
import dev.fakta.domain.Retry;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaInput;
import dev.fakta.domain.SagaInput.Compensated;
import dev.fakta.domain.SagaInput.Done;
import dev.fakta.domain.SagaInput.Happened;
import dev.fakta.domain.SagaInput.Refused;
import dev.fakta.domain.SagaInput.Unanswered;
import dev.fakta.domain.SagaInput.Woken;
import dev.fakta.domain.Send;
import dev.fakta.domain.Step;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;

/// An errand: an amount that somebody outside has to be asked for before it is added to a tally.
/// Two sagas see to it, one through a processor and one without.
public record Errand(long amount, String refused) {

    public record Run(long amount) {}

    public sealed interface Event {
        record Asked(long amount) implements Event {}
    }

    public sealed interface Own {
        record Begun(long amount) implements Own {}

        record TurnedAway(String why) implements Own {}
    }

    /// A saga of its own needs events of its own.
    public record Noted(long amount) {}

    public record Question(long amount) {}

    static final Aggregate<Run, Event, Errand> AGGREGATE =
            Aggregate.named("errand")
                    .taking(Run.class)
                    .startingAs(new Errand(0, ""))
                    .deciding(
                            (Errand _, Run run) ->
                                    Decision.<Event>accept(new Event.Asked(run.amount())))
                    .evolving((Errand errand, Event _) -> errand)
                    .event("errand-asked", Event.Asked.class);

    /// Whoever is asked.
    @FunctionalInterface
    public interface Outside {
        Outcome<Tally.Command> ask(long amount);
    }

    public static Microsystem microsystem(Outside outside) {
        Processor<Question, Tally.Command> processor =
                Processor.named("ask-outside")
                        .taking(Question.class)
                        .sendingTo(Tally.AGGREGATE)
                        .processing((question, _) -> outside.ask(question.amount()));
        return Microsystem.named("errands")
                .with(AGGREGATE)
                .with(Tally.AGGREGATE)
                .with(processor)
                .with(running(processor))
                .with(noting());
    }

    public static Saga<Own, Errand> running(Processor<Question, Tally.Command> processor) {
        Step<Errand> ask =
                Step.<Errand>named("ask")
                        .doing((errand, key) -> Send.through(processor, key, errand.question()))
                        .retrying(
                                Retry.times(3)
                                        .pausing(Duration.ofMillis(20), Duration.ofMillis(20)));
        return Saga.named("running")
                .startingAs(new Errand(0, ""))
                .reacting(Errand::react)
                .evolving((BiFunction<Errand, Own, Errand>) Errand::evolve)
                .event("running-begun", Own.Begun.class)
                .event("running-turned-away", Own.TurnedAway.class)
                .on(Event.Asked.class, (_, at) -> at.id())
                .step(ask);
    }

    private static Saga<Noted, Long> noting() {
        Step<Long> note =
                Step.<Long>named("note")
                        .doing(
                                (_, _) ->
                                        Send.to(
                                                Tally.AGGREGATE,
                                                "noted",
                                                new Tally.Command.Add(1)));
        return Saga.named("noting")
                .startingAs(0L)
                .reacting(
                        (Long _, SagaInput input, Progress _) ->
                                input instanceof Happened(Event.Asked(var amount), _)
                                        ? Reaction.record(new Noted(amount)).run("note")
                                        : Reaction.<Noted>nothing().complete())
                .evolving((Long _, Noted noted) -> noted.amount())
                .event("noting-noted", Noted.class)
                .on(Event.Asked.class, (_, at) -> at.id())
                .step(note);
    }

    Question question() {
        return new Question(amount);
    }

    Reaction<Own> react(SagaInput input, Progress progress) {
        return switch (input) {
            case Happened(Event.Asked(var asked), _) ->
                    Reaction.<Own>record(new Own.Begun(asked)).runEach("ask", List.of("asked"));
            case Refused(_, _, var rejection, var detail) ->
                    Reaction.<Own>record(new Own.TurnedAway(rejection + " " + detail)).complete();
            case Done _ -> Reaction.<Own>nothing().complete();
            case Happened _, Unanswered _, Woken _, Compensated _ -> Reaction.nothing();
        };
    }

    Errand evolve(Own event) {
        return switch (event) {
            case Own.Begun(var asked) -> new Errand(asked, refused);
            case Own.TurnedAway(var why) -> new Errand(amount, why);
        };
    }
}
