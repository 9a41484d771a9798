// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import dev.fakta.domain.At;
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

/// What a stock item has promised for a time, it takes back when the time is over; what one of its
/// decisions had to leave undone, it goes on with. Both without anybody who asks.
///
/// One instance per stock item. It is woken when the item has said that it wants to be: at the end
/// of the quarter hour in which its next reservation ends. So a reservation is ended a quarter hour
/// late at most, and a thousand new ones cost no event here.
///
/// An instance has nothing to remember and never completes: the runtime forgets the timers of one
/// that has. It waits for nothing most of the time, which is no reason to call an operator.
record StockUpkeep() {

    static final String NAME = "stock-upkeep";
    static final String END = "end-reservations";
    static final String SERVE = "fill-backorders";

    private static final Duration PATIENCE = Duration.ofDays(100 * 365);

    static final Saga<Void, StockUpkeep> SAGA =
            Saga.named(NAME)
                    .startingAs(new StockUpkeep())
                    .<Void>reacting((_, input, _) -> react(input))
                    .evolving((upkeep, _) -> upkeep)
                    .patience(PATIENCE)
                    .on(
                            Event.StockEndsAwaited.class,
                            (awaited, at) -> awaited.next() == null ? null : at.id())
                    .on(Event.StockServingInterrupted.class, (_, at) -> at.id())
                    .on(Event.StockEndingInterrupted.class, (_, at) -> at.id())
                    .step(Step.<StockUpkeep>named(END).doing((_, key) -> end(key)))
                    .step(Step.<StockUpkeep>named(SERVE).doing((_, key) -> serve(key)));

    private static Reaction<Void> react(SagaInput input) {
        return switch (input) {
            case Happened(Event.StockEndsAwaited(Instant next), At at) ->
                    Reaction.<Void>nothing().wakeAt(key(at.id(), next), next);
            case Happened(Event.StockServingInterrupted _, At at) ->
                    Reaction.<Void>nothing().run(SERVE, key(at.id(), at.revision()));
            case Happened(Event.StockEndingInterrupted(var now), At at) ->
                    Reaction.<Void>nothing().run(END, key(at.id(), now));
            case Woken(var timer) -> Reaction.<Void>nothing().run(END, timer);
            case Refused(var step, var key, var rejection, var detail) ->
                    throw new IllegalStateException(
                            "%s %s is refused: %s: %s".formatted(step, key, rejection, detail));
            case Happened _, Done _, Unanswered _, Compensated _ -> Reaction.nothing();
        };
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
