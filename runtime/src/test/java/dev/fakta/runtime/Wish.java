// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
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

/// A wish to add an amount to several tallies, or to none, after a pause; and the saga that grants
/// it. `finished` or `given-up`, two more tallies, count how it ended.
public record Wish(List<String> tallies, long amount) {

    /// An amount that the saga fails on, until it is fixed.
    public static final long UNLUCKY = 13;

    /// A tally that cannot be added to.
    static final String BROKEN = "broken";

    public static volatile boolean isFixed;

    public record Make(List<String> tallies, long amount, long pauseMillis) {}

    public sealed interface Event {
        record Made(List<String> tallies, long amount, long pauseMillis) implements Event {}
    }

    public record Begun(List<String> tallies, long amount) {}

    static final Aggregate<Make, Event, Wish> AGGREGATE =
            Aggregate.named("wish")
                    .taking(Make.class)
                    .startingAs(new Wish(List.of(), 0))
                    .deciding(
                            (Wish _, Make make) ->
                                    Decision.<Event>accept(
                                            new Event.Made(
                                                    make.tallies(),
                                                    make.amount(),
                                                    make.pauseMillis())))
                    .evolving((Wish wish, Event _) -> wish)
                    .event("wish-made", Event.Made.class);

    static final Step<Wish> ADD =
            Step.<Wish>named("add")
                    .doing((wish, tally) -> Send.to(Tally.AGGREGATE, tally, wish.adding(tally, 1)))
                    .undoing(
                            (wish, tally) ->
                                    Send.to(Tally.AGGREGATE, tally, wish.adding(tally, -1)))
                    .retrying(Retry.times(2).pausing(Duration.ofMillis(20), Duration.ofMillis(20)));

    public static final Saga<Begun, Wish> SAGA = saga(ADD);

    static Saga<Begun, Wish> saga(Step<Wish> adding) {
        return saga(adding, (_, at) -> at.id());
    }

    static Saga<Begun, Wish> saga(Step<Wish> adding, Saga.Naming<Event.Made> whose) {
        return saga(Saga.named("granting"), adding, whose);
    }

    static Saga<Begun, Wish> saga(Saga.Named named) {
        return saga(named, ADD, (_, at) -> at.id());
    }

    private static Saga<Begun, Wish> saga(
            Saga.Named named, Step<Wish> adding, Saga.Naming<Event.Made> whose) {
        return named.startingAs(new Wish(List.of(), 0))
                .reacting(Wish::react)
                .evolving((Wish _, Begun begun) -> new Wish(begun.tallies(), begun.amount()))
                .event("granting-begun", Begun.class)
                .on(Event.Made.class, whose)
                .step(adding)
                .step(counting("finish", "finished"))
                .step(counting("give-up", "given-up"));
    }

    public static final Microsystem MICROSYSTEM =
            Microsystem.named("wishes").with(AGGREGATE).with(Tally.AGGREGATE).with(SAGA);

    private static Step<Wish> counting(String name, String tally) {
        return Step.<Wish>named(name)
                .doing((_, _) -> Send.to(Tally.AGGREGATE, tally, new Tally.Command.Add(1)));
    }

    private Tally.Command adding(String tally, long sign) {
        return tally.equals(BROKEN) && !isFixed
                ? new Tally.Command.Break()
                : new Tally.Command.Add(sign * amount);
    }

    Reaction<Begun> react(SagaInput input, Progress progress) {
        return switch (input) {
            case Happened(Event.Made(_, var unlucky, _), _) when unlucky == UNLUCKY && !isFixed ->
                    throw new IllegalStateException("unlucky amount");
            case Happened(Event.Made(var wanted, var much, var pause), _) ->
                    Reaction.record(new Begun(wanted, much))
                            .wake("pause", Duration.ofMillis(pause));
            case Woken _ -> Reaction.<Begun>nothing().runEach("add", tallies);
            case Done(var step, _) when step.equals("finish") || step.equals("give-up") ->
                    Reaction.<Begun>nothing().complete();
            case Done _ when progress.isDone("add") && !progress.isCompensating() ->
                    Reaction.<Begun>nothing().run("finish");
            case Refused(_, _, var why, _) when !progress.isCompensating() ->
                    Reaction.<Begun>nothing().compensate(why);
            case Compensated() -> Reaction.<Begun>nothing().run("give-up");
            case Happened _, Done _, Refused _, Unanswered _ -> Reaction.nothing();
        };
    }
}
