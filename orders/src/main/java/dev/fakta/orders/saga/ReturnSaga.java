// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.At;
import dev.fakta.domain.Progress;
import dev.fakta.domain.Reaction;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaInput;
import dev.fakta.domain.SagaInput.Done;
import dev.fakta.domain.SagaInput.Happened;
import dev.fakta.domain.SagaInput.Refused;
import dev.fakta.domain.SagaInput.Woken;
import dev.fakta.domain.Send;
import dev.fakta.domain.Step;
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.ReturnFacts.Command.RecordReturnClosed;
import dev.fakta.orders.order.ReturnFacts.Event.OrderReturnRequested;
import dev.fakta.orders.returns.Return;
import dev.fakta.orders.returns.ReturnProcessors;
import dev.fakta.orders.saga.ReturnSaga.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// From a request to send units back to their refund: what is inspected and good lies in the
/// warehouse again, then the return is closed, which has the order refund it. Units that are
/// written off never come back on hand. A return that nothing comes of expires, and what ends
/// without goods has its order let go of the units. So does a return that was never requested,
/// although its order has set units aside for it: whoever asks for one tells the order first, and
/// may die before the return hears of it.
///
/// @param order the id of the order; empty as long as nothing is known of the return
/// @param goods the units that were asked about
/// @param restocked how many units of the lines are to lie in the warehouse again
record ReturnSaga(String order, List<Goods> goods, List<Goods> restocked) {

    static final String NAME = "order-return";

    /// How long the customer has to send the units.
    static final Duration WINDOW = Duration.ofDays(30);

    /// A return that came and that nobody has inspected is for an operator to look at.
    static final Duration PATIENCE = Duration.ofDays(7);

    /// How long after its order was told a return may be requested: a client that got no answer
    /// asks again in time.
    static final Duration REQUEST_WINDOW = Duration.ofHours(1);

    static final String RESTOCK = "restock-returned";
    static final String CLOSE = "close-return";
    static final String EXPIRE = "expire-return";
    static final String ABANDON = "abandon-return";
    static final String FREE = "free-units";

    private static final String ARRIVAL = "arrival";
    private static final String REQUEST = "request ";

    ReturnSaga {
        goods = List.copyOf(goods);
        restocked = List.copyOf(restocked);
    }

    /// Units of one line.
    ///
    /// @param location from where they left, or where they lie now
    record Goods(int line, String sku, int quantity, String location) {}

    sealed interface Event {
        record ReturnBegun(String order, List<Goods> goods) implements Event {
            public ReturnBegun {
                goods = List.copyOf(goods);
            }
        }

        record GoodsAccepted(List<Goods> goods) implements Event {
            public GoodsAccepted {
                goods = List.copyOf(goods);
            }
        }
    }

    static final Saga<Event, ReturnSaga> SAGA =
            Saga.named(NAME)
                    .startingAs(new ReturnSaga("", List.of(), List.of()))
                    .reacting(ReturnSaga::react)
                    .evolving(ReturnSaga::evolve)
                    .patience(PATIENCE)
                    .event("return-begun", Event.ReturnBegun.class)
                    .event("return-goods-accepted", Event.GoodsAccepted.class)
                    .on(OrderReturnRequested.class, (e, _) -> e.returnId())
                    .on(Return.Event.ReturnAbandoned.class, (_, at) -> at.id())
                    .on(Return.Event.ReturnRequested.class, (_, at) -> at.id())
                    .on(Return.Event.ReturnReceived.class, (_, at) -> at.id())
                    .on(Return.Event.ReturnInspected.class, (_, at) -> at.id())
                    .on(Return.Event.ReturnRejected.class, (_, at) -> at.id())
                    .on(Return.Event.ReturnExpired.class, (_, at) -> at.id())
                    .step(Step.<ReturnSaga>named(RESTOCK).doing(ReturnSaga::restock))
                    .step(
                            Step.<ReturnSaga>named(CLOSE)
                                    .doing(
                                            (_, id) ->
                                                    Send.through(
                                                            ReturnProcessors.CLOSE,
                                                            id,
                                                            new ReturnProcessors.Step())))
                    .step(
                            Step.<ReturnSaga>named(EXPIRE)
                                    .doing(
                                            (_, id) ->
                                                    Send.to(
                                                            Return.AGGREGATE,
                                                            id,
                                                            new Return.Command.ExpireReturn())))
                    .step(
                            Step.<ReturnSaga>named(ABANDON)
                                    .doing(
                                            (_, id) ->
                                                    Send.to(
                                                            Return.AGGREGATE,
                                                            id,
                                                            new Return.Command.AbandonReturn())))
                    .step(Step.<ReturnSaga>named(FREE).doing(ReturnSaga::free));

    ReturnSaga evolve(Event event) {
        return switch (event) {
            case Event.ReturnBegun(var of, var asked) -> new ReturnSaga(of, asked, List.of());
            case Event.GoodsAccepted(var accepted) -> new ReturnSaga(order, goods, accepted);
        };
    }

    Reaction<Event> react(SagaInput input, Progress progress) {
        return switch (input) {
            case Happened(OrderReturnRequested(var id, _, _), At at) -> onOrder(id, at.id());
            case Happened(Return.Event event, At at) -> onReturn(event, at);
            case Done(var step, var key) when step.equals(RESTOCK) ->
                    progress.isDone(RESTOCK)
                            ? close(Reaction.nothing(), id(key))
                            : Reaction.nothing();
            case Done(var step, _) when step.equals(CLOSE) || step.equals(FREE) ->
                    Reaction.<Event>nothing().complete();
            case Refused(var step, _, var rejection, _)
                    when step.equals(CLOSE) && isClosed(rejection) ->
                    Reaction.<Event>nothing().complete();
            // It has come meanwhile.
            case Refused(var step, _, _, _) when step.equals(EXPIRE) -> Reaction.nothing();
            case Refused(var step, var key, var rejection, var detail) ->
                    throw new IllegalStateException(
                            "%s %s is refused: %s: %s".formatted(step, key, rejection, detail));
            case Woken(var timer) when timer.startsWith(REQUEST) ->
                    Reaction.<Event>nothing().run(ABANDON, timer.substring(REQUEST.length()));
            case Woken(var timer) ->
                    Reaction.<Event>nothing().run(EXPIRE, timer.substring(ARRIVAL.length()));
            default -> Reaction.nothing();
        };
    }

    /// People have closed it meanwhile.
    private static boolean isClosed(String rejection) {
        return rejection.equals(Return.Refusal.RETURN_CLOSED.name());
    }

    /// The order has set units aside. That may be heard after the return's own request.
    private Reaction<Event> onOrder(String id, String from) {
        return order.isEmpty()
                ? Reaction.<Event>record(new Event.ReturnBegun(from, List.of()))
                        .wake(REQUEST + id, REQUEST_WINDOW)
                : Reaction.nothing();
    }

    private Reaction<Event> onReturn(Return.Event event, At at) {
        return switch (event) {
            case Return.Event.ReturnRequested(var request) ->
                    Reaction.<Event>record(
                                    new Event.ReturnBegun(
                                            request.orderId(), asked(request.lines())))
                            .cancel(REQUEST + at.id())
                            .wake(ARRIVAL + at.id(), WINDOW);
            case Return.Event.ReturnReceived _ ->
                    Reaction.<Event>nothing().cancel(ARRIVAL + at.id());
            case Return.Event.ReturnInspected(var lines, var location) ->
                    inspected(lines, location, at.id());
            case Return.Event.ReturnAbandoned _ -> Reaction.<Event>nothing().run(FREE, at.id());
            case Return.Event.ReturnRejected _, Return.Event.ReturnExpired _ ->
                    Reaction.<Event>nothing().cancel(ARRIVAL + at.id()).run(FREE, at.id());
            case Return.Event _ -> Reaction.nothing();
        };
    }

    private static List<Goods> asked(List<Return.Line> lines) {
        return lines.stream()
                .map(line -> new Goods(line.line(), line.sku(), line.quantity(), line.location()))
                .toList();
    }

    private Reaction<Event> inspected(
            List<Return.Inspected> lines, @Nullable String location, String id) {
        List<Goods> accepted = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (Return.Inspected line : lines) {
            if (line.restocked() > 0) {
                Goods came = of(goods, line.line());
                accepted.add(
                        new Goods(
                                line.line(),
                                came.sku(),
                                line.restocked(),
                                location == null ? came.location() : location));
                keys.add(id + "/" + line.line());
            }
        }
        Reaction<Event> reaction = Reaction.record(new Event.GoodsAccepted(accepted));
        return keys.isEmpty() ? close(reaction, id) : reaction.runEach(RESTOCK, keys);
    }

    private static Goods of(List<Goods> all, int line) {
        for (Goods each : all) {
            if (each.line() == line) {
                return each;
            }
        }
        throw new IllegalArgumentException("the return has no line " + line);
    }

    private static Reaction<Event> close(Reaction<Event> with, String id) {
        return with.run(CLOSE, id);
    }

    private static String id(String key) {
        return key.substring(0, key.lastIndexOf('/'));
    }

    private static Send<?> free(ReturnSaga saga, String id) {
        return Send.to(Order.AGGREGATE, saga.order, new RecordReturnClosed(id, List.of()));
    }

    /// @param key the return and the line, which is the movement's reference too
    private static Send<?> restock(ReturnSaga saga, String key) {
        Goods goods = of(saga.restocked, Integer.parseInt(key.substring(key.lastIndexOf('/') + 1)));
        return Send.to(
                StockItem.AGGREGATE,
                StockItem.Command.idOf(goods.sku(), goods.location()),
                new StockItem.Command.Restock((long) goods.quantity(), "return " + key));
    }
}
