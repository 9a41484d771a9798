// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Progress;
import dev.fakta.domain.Reaction;
import dev.fakta.domain.Rejection;
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

/// Books rooms in several hotels, charges a card, and confirms; or none of it.
record Tour(List<String> hotels, String failure) {

    static final Duration WINDOW = Duration.ofMinutes(30);

    sealed interface Event {
        record Begun(List<String> hotels) implements Event {}

        record Failed(String reason) implements Event {}
    }

    /// What happens elsewhere.
    record Wished(List<String> hotels) {}

    record CancelAsked() {}

    record Cursed() {}

    sealed interface Order {
        record Reserve() implements Order {}

        record Release() implements Order {}

        record Charge() implements Order {}

        record Refund() implements Order {}

        record Confirm() implements Order {}

        record Reject(String reason) implements Order {}

        record Advertise() implements Order {}
    }

    enum Refusal implements Rejection {
        FULL
    }

    /// Whoever takes the orders: the tests answer for it.
    static final Aggregate<Order, Object, Integer> ANYBODY =
            Aggregate.named("anybody")
                    .taking(Order.class)
                    .startingAs(0)
                    .deciding((Integer _, Order _) -> Decision.<Object>accept())
                    .evolving((Integer sum, Object _) -> sum);

    static final Step<Tour> RESERVE =
            Step.<Tour>named("reserve")
                    .doing((_, hotel) -> Send.to(ANYBODY, hotel, new Order.Reserve()))
                    .undoing((_, hotel) -> Send.to(ANYBODY, hotel, new Order.Release()));
    static final Step<Tour> CHARGE =
            Step.<Tour>named("charge")
                    .doing((_, _) -> Send.to(ANYBODY, "card", new Order.Charge()))
                    .undoing((_, _) -> Send.to(ANYBODY, "card", new Order.Refund()))
                    .retrying(Retry.times(3).pausing(Duration.ofSeconds(2), Duration.ofSeconds(3)));
    static final Step<Tour> ADVERTISE =
            Step.<Tour>named("advertise")
                    .doing((_, _) -> Send.to(ANYBODY, "board", new Order.Advertise()))
                    .retrying(Retry.times(1).thenTold());

    static final Saga<Event, Tour> SAGA =
            Saga.named("tour")
                    .startingAs(new Tour(List.of(), ""))
                    .reacting(Tour::react)
                    .evolving(Tour::evolve)
                    .patience(Duration.ofHours(2))
                    .event("tour-begun", Event.Begun.class)
                    .event("tour-failed", Event.Failed.class)
                    .on(Wished.class, (_, at) -> at.id())
                    .on(CancelAsked.class, (_, at) -> at.id())
                    .on(Cursed.class, (_, at) -> at.id())
                    .step(RESERVE)
                    .step(CHARGE)
                    .step(ADVERTISE)
                    .step(
                            Step.<Tour>named("confirm")
                                    .doing((_, _) -> Send.to(ANYBODY, "desk", new Order.Confirm())))
                    .step(
                            Step.<Tour>named("reject")
                                    .doing(
                                            (tour, _) ->
                                                    Send.to(
                                                            ANYBODY,
                                                            "desk",
                                                            new Order.Reject(tour.failure))));

    Reaction<Event> react(SagaInput input, Progress progress) {
        return switch (input) {
            case Happened(Wished(var wanted), _) ->
                    Reaction.<Event>record(new Event.Begun(wanted))
                            .runEach("reserve", wanted)
                            .wake("window", WINDOW);
            case Happened(Cursed _, _) -> throw new IllegalStateException("cursed");
            case Happened(CancelAsked _, _) when hotels.isEmpty() -> Reaction.nothing();
            case Happened(CancelAsked _, _) -> fail("CANCELLED", progress);
            case Done(var step, _) when step.equals("reject") -> end();
            case Done _, Unanswered _ when progress.isCompensating() -> Reaction.nothing();
            case Done(var step, _) when step.equals("confirm") -> end();
            case Done(var step, _) when step.equals("charge") ->
                    Tour.<Event>nothing().run("confirm").cancel("window");
            case Done _ when progress.isDone("reserve") -> Tour.<Event>nothing().run("charge");
            case Refused(_, _, var rejection, _) -> fail(rejection, progress);
            case Unanswered _ -> end();
            case Woken _ -> fail("TOO_LATE", progress);
            case Compensated() -> Tour.<Event>nothing().run("reject").cancel("window");
            case Happened _, Done _ -> Reaction.nothing();
        };
    }

    private static <E> Reaction<E> nothing() {
        return Reaction.nothing();
    }

    private static Reaction<Event> end() {
        return Tour.<Event>nothing().complete();
    }

    private static Reaction<Event> fail(String reason, Progress progress) {
        return progress.isCompensating() || progress.isCompleted() || progress.isOpen("confirm")
                ? Reaction.nothing()
                : Reaction.<Event>record(new Event.Failed(reason)).compensate(reason);
    }

    Tour evolve(Event event) {
        return switch (event) {
            case Event.Begun(var wanted) -> new Tour(wanted, failure);
            case Event.Failed(var reason) -> new Tour(hotels, reason);
        };
    }
}
