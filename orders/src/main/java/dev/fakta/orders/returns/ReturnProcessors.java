// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.returns;

import dev.fakta.domain.Decision;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Context;
import dev.fakta.domain.Processor.First;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Processor.Problem;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.order.Quantities;
import dev.fakta.orders.order.ReturnFacts.Command.RecordReturnClosed;
import dev.fakta.orders.order.ReturnFacts.Command.RecordReturnReceived;
import dev.fakta.orders.order.ReturnFacts.Command.RecordReturnRequested;
import dev.fakta.orders.returns.Return.Command.CloseReturn;
import dev.fakta.orders.returns.Return.Command.ExpireReturn;
import dev.fakta.orders.returns.Return.Command.RecordReceived;
import dev.fakta.orders.returns.Return.Command.RejectReturn;
import dev.fakta.orders.returns.Return.Command.RequestReturn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The steps of a return that its order takes part in. The order is asked first, and it alone says
/// how many units can come back and what is refunded for them: it is the single writer of both.
/// What the return itself would refuse is not told to the order.
public final class ReturnProcessors {

    /// How long after the last delivery units can be returned.
    static final Duration WINDOW = Duration.ofDays(30);

    /// A request to return units of an order.
    ///
    /// @param orderId a parameter of the path
    public record Wish(
            String orderId, @Nullable List<@Nullable LineUnits> lines, @Nullable String reason) {}

    /// A request without anything to say.
    public record Step() {}

    public static final Processor<Wish, Return.Command> REQUEST =
            Processor.named("request-return")
                    .taking(Wish.class)
                    .sendingTo(Return.AGGREGATE)
                    .processing(ReturnProcessors::request);

    public static final Processor<RejectReturn, Return.Command> REJECT =
            Processor.named("reject-return")
                    .taking(RejectReturn.class)
                    .sendingTo(Return.AGGREGATE)
                    .processing(ReturnProcessors::giveUp);

    public static final Processor<ExpireReturn, Return.Command> EXPIRE =
            Processor.named("expire-return")
                    .taking(ExpireReturn.class)
                    .sendingTo(Return.AGGREGATE)
                    .processing(ReturnProcessors::giveUp);

    public static final Processor<RecordReceived, Return.Command> RECEIVE =
            Processor.named("receive-return")
                    .taking(RecordReceived.class)
                    .sendingTo(Return.AGGREGATE)
                    .processing(
                            (received, context) ->
                                    telling(
                                            received,
                                            new RecordReturnReceived(context.id()),
                                            context));

    public static final Processor<Step, Return.Command> CLOSE =
            Processor.named("close-return")
                    .taking(Step.class)
                    .sendingTo(Return.AGGREGATE)
                    .processing((_, context) -> close(context));

    private ReturnProcessors() {}

    private static Outcome<Return.Command> request(Wish wish, Context context) {
        Order order = context.state(Order.AGGREGATE, wish.orderId());
        OrderCreated created = order.created();
        if (created == null) {
            return new Outcome.Refuse<>(List.of(new Problem("orderId", "is unknown")));
        }
        List<Problem> faults = ReturnFields.of(wish, order.lines().size());
        if (!faults.isEmpty()) {
            return new Outcome.Refuse<>(faults);
        }
        List<LineUnits> units = LineUnits.present(wish.lines());
        RecordReturnRequested reserve = new RecordReturnRequested(context.id(), units);
        Instant delivered = order.units().deliveredAt();
        boolean isPossible =
                delivered != null
                        && Order.AGGREGATE.decide(order, reserve) instanceof Decision.Accepted<?>;
        RequestReturn asked =
                new RequestReturn(
                        wish.orderId(),
                        isPossible ? lines(units, order) : List.of(),
                        wish.reason(),
                        context.now(),
                        delivered == null ? Instant.MAX : delivered.plus(WINDOW),
                        created.rounding());
        First<?> first = new First<>(Order.AGGREGATE, wish.orderId(), reserve);
        boolean isRefused =
                isPossible
                        && Return.AGGREGATE.decide(Return.AGGREGATE.initial(), asked)
                                instanceof Decision.Rejected<?>;
        return isRefused ? new Outcome.Send<>(asked) : new Outcome.Send<>(asked, List.of(first));
    }

    /// Only for units that the order can take back.
    private static List<Return.Line> lines(List<LineUnits> units, Order order) {
        List<Return.Line> lines = new ArrayList<>();
        for (LineUnits each : units) {
            Quantities quantities = order.quantities(each.line());
            lines.add(
                    new Return.Line(
                            each.line(),
                            order.lines().get(each.line()).sku(),
                            each.quantity(),
                            quantities.delivered() - quantities.returned(),
                            order.units().leftFrom(each.line()),
                            order.lines().get(each.line()).total(),
                            quantities.ordered(),
                            quantities.credited()));
        }
        return lines;
    }

    /// The return decides before its order lets go of the units: goods that come at the same time
    /// are either refused or counted. What is lost in between is made up for by the return's saga.
    private static Outcome<Return.Command> giveUp(Return.Command command, Context context) {
        Return state = context.state(Return.AGGREGATE, context.id());
        Return.Request request = state.request();
        boolean isRefused = Return.AGGREGATE.decide(state, command) instanceof Decision.Rejected<?>;
        if (request == null || isRefused) {
            return new Outcome.Send<>(command);
        }
        return new Outcome.Send<>(
                command,
                List.of(
                        new First<>(Return.AGGREGATE, context.id(), command),
                        new First<>(
                                Order.AGGREGATE,
                                request.orderId(),
                                new RecordReturnClosed(context.id(), List.of()))));
    }

    /// The order takes the units back first, and says what it refunds for them.
    private static Outcome<Return.Command> close(Context context) {
        Return returned = context.state(Return.AGGREGATE, context.id());
        Return.Request request = returned.request();
        if (request == null) {
            return new Outcome.Send<>(new ExpireReturn()); // refused: there is no such return
        }
        String order = request.orderId();
        List<LineUnits> accepted = returned.accepted();
        boolean isInspected = returned.stage() == Return.Stage.INSPECTED;
        First<?> taking =
                new First<>(Order.AGGREGATE, order, new RecordReturnClosed(context.id(), accepted));
        return new Outcome.Exchange<>(
                isInspected ? List.of(taking) : List.of(),
                after ->
                        new CloseReturn(
                                after.state(Order.AGGREGATE, order)
                                        .refundFor(context.id(), accepted)));
    }

    private static Outcome<Return.Command> telling(
            Return.Command command, Order.Command toOrder, Context context) {
        Return state = context.state(Return.AGGREGATE, context.id());
        Return.Request request = state.request();
        boolean isRefused = Return.AGGREGATE.decide(state, command) instanceof Decision.Rejected<?>;
        return request == null || isRefused
                ? new Outcome.Send<>(command)
                : new Outcome.Send<>(
                        command, List.of(new First<>(Order.AGGREGATE, request.orderId(), toOrder)));
    }
}
