// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import dev.fakta.domain.At;
import dev.fakta.domain.Progress;
import dev.fakta.domain.Reaction;
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
import dev.fakta.orders.inventory.StockItem.Command;
import dev.fakta.orders.inventory.StockItem.Event;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a stock item has promised for a time, it takes back when the time is over; what one of its
/// decisions had to leave undone, it goes on with. Both without anybody who asks.
///
/// One instance per stock item, with one timer for all of its reservations: it is woken at the end
/// of every quarter hour up to the last in which a reservation ends, as the item has told. So a
/// reservation is ended a quarter hour late at most, and a thousand new ones cost no event here.
///
/// An instance never completes: the runtime forgets the timers of one that has. It waits for
/// nothing most of the time, which is no reason to call an operator.
///
/// @param until the last end of a quarter hour that a timer is set for; none when no timer is
record StockUpkeep(@Nullable Instant until) {

    static final String NAME = "stock-upkeep";
    static final String END = "end-reservations";
    static final String SERVE = "fill-backorders";

    private static final Duration PATIENCE = Duration.ofDays(100 * 365);

    /// Up to when it is woken from now on.
    ///
    /// @param until none when all ends that it was woken for have passed
    record Awaited(@Nullable Instant until) {}

    static final Saga<Awaited, StockUpkeep> SAGA =
            Saga.named(NAME)
                    .startingAs(new StockUpkeep(null))
                    .reacting(StockUpkeep::react)
                    .evolving((StockUpkeep _, Awaited awaited) -> new StockUpkeep(awaited.until()))
                    .patience(PATIENCE)
                    .event("stock-upkeep-awaited", Awaited.class)
                    .on(
                            Event.StockEndsAwaited.class,
                            (awaited, at) -> awaited.until() == null ? null : at.id())
                    .on(Event.StockServingInterrupted.class, (_, at) -> at.id())
                    .on(Event.StockEndingInterrupted.class, (_, at) -> at.id())
                    .step(Step.<StockUpkeep>named(END).doing((_, key) -> end(key)))
                    .step(Step.<StockUpkeep>named(SERVE).doing((_, key) -> serve(key)));

    Reaction<Awaited> react(SagaInput input, Progress progress) {
        return switch (input) {
            case Happened(Event.StockEndsAwaited(Instant end), At at) -> await(end, at);
            case Happened(Event.StockServingInterrupted _, At at) ->
                    Reaction.<Awaited>nothing().run(SERVE, key(at.id(), at.revision()));
            case Happened(Event.StockEndingInterrupted(var now), At at) ->
                    Reaction.<Awaited>nothing().run(END, key(at.id(), now));
            case Woken(var timer) -> woken(timer);
            case Refused(var step, var key, var rejection, var detail) ->
                    throw new IllegalStateException(
                            "%s %s is refused: %s: %s".formatted(step, key, rejection, detail));
            case Happened _, Done _, Unanswered _, Compensated _ -> Reaction.nothing();
        };
    }

    private Reaction<Awaited> await(Instant end, At at) {
        if (until != null && !end.isAfter(until)) {
            return Reaction.nothing();
        }
        Reaction<Awaited> awaited = Reaction.record(new Awaited(end));
        return until == null ? wake(awaited, at.id(), Quarter.endAfter(at.time())) : awaited;
    }

    private Reaction<Awaited> woken(String timer) {
        Instant now = time(timer);
        Reaction<Awaited> ended = Reaction.<Awaited>nothing().run(END, timer);
        return until != null && now.isBefore(until)
                ? wake(ended, id(timer), now.plus(Quarter.LENGTH))
                : Reaction.record(new Awaited(null)).run(END, timer);
    }

    private static Reaction<Awaited> wake(Reaction<Awaited> with, String id, Instant due) {
        return with.wakeAt(key(id, due), due);
    }

    /// A timer is told without its time and a step without its item, so both stand in the name.
    private static String key(String id, Object detail) {
        return id + " " + detail;
    }

    private static String id(String key) {
        return key.substring(0, key.lastIndexOf(' '));
    }

    private static Instant time(String key) {
        return Instant.parse(key.substring(key.lastIndexOf(' ') + 1));
    }

    private static Send<?> end(String key) {
        return Send.to(StockItem.AGGREGATE, id(key), new Command.EndReservations(time(key)));
    }

    private static Send<?> serve(String key) {
        return Send.to(StockItem.AGGREGATE, id(key), new Command.FillBackorders());
    }
}
