// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Courier;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Context;
import dev.fakta.domain.Processor.First;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Processor.Read;
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.inventory.StockItem.Command.Need;
import dev.fakta.orders.inventory.StockItem.Event.StockStandingChanged;
import dev.fakta.orders.order.LineStock;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.Order.Attention.Topic;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.order.Standing.Counterpart;
import dev.fakta.orders.order.StockFacts.Command.RecordStock;
import dev.fakta.orders.order.StockNeed;
import dev.fakta.orders.saga.OrderCourier.Errand;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The courier between an order and the stock items of its lines.
final class StockCourier {

    static final String NAME = "stock-courier";

    static final Processor<Errand, Order.Command> ERRAND =
            Processor.named("carry-stock")
                    .taking(Errand.class)
                    .sendingTo(Order.AGGREGATE)
                    .processing(StockCourier::carry);

    static final Courier COURIER =
            OrderCourier.courier(NAME, Counterpart.STOCK, Topic.STOCK_REFUSED, ERRAND)
                    .on(OrderCreated.class, (_, at) -> at.id())
                    .on(Order.Event.OrderHoldReleased.class, (_, at) -> at.id())
                    .on(StockStandingChanged.class, (e, _) -> e.isAnswer() ? null : e.order());

    private StockCourier() {}

    private static Outcome<Order.Command> carry(Errand errand, Context context) {
        Read<Order> read = context.read(Order.AGGREGATE, context.id());
        Order order = read.state();
        Instant now = context.now();
        if (order.isStockOver(now)) {
            return new Outcome.Send<>(new RecordStock(List.of(), true));
        }
        List<StockNeed> needs = order.needs();
        List<StockNeed> unheard = order.unansweredNeeds();
        List<First<?>> wishes = new ArrayList<>();
        for (StockNeed need : needs) {
            if (!unheard.contains(need) && isMet(need, order, context)) {
                continue;
            }
            wishes.add(
                    new First<>(
                            StockItem.AGGREGATE,
                            item(need),
                            new Need(
                                    context.id(),
                                    need.line(),
                                    read.revision(),
                                    (long) need.units(),
                                    (long) need.left(),
                                    (long) order.bookedFor(need.line(), need.location()),
                                    need.until(),
                                    now)));
        }
        return new Outcome.Exchange<>(
                wishes, after -> new RecordStock(answers(needs, after), false));
    }

    /// Whether the item has what the order thinks that it has.
    private static boolean isMet(StockNeed need, Order order, Context context) {
        StockItem.Standing has =
                context.state(StockItem.AGGREGATE, item(need)).standing(context.id(), need.line());
        long left =
                has.revision() == 0 ? order.bookedFor(need.line(), need.location()) : has.left();
        return need.isMet(has.reserved() + has.waiting(), left, has.until());
    }

    private static String item(StockNeed need) {
        return StockItem.Command.idOf(need.sku(), need.location());
    }

    private static List<LineStock> answers(List<StockNeed> needs, Context after) {
        List<LineStock> answers = new ArrayList<>();
        for (StockNeed need : needs) {
            StockItem.Standing standing =
                    after.state(StockItem.AGGREGATE, item(need)).standing(after.id(), need.line());
            answers.add(
                    new LineStock(
                            need.line(),
                            need.location(),
                            standing.revision(),
                            Math.toIntExact(standing.reserved()),
                            Math.toIntExact(standing.waiting()),
                            Math.toIntExact(standing.refused()),
                            standing.revision() == 0
                                    ? need.left() // forgotten, as nothing is needed any more
                                    : Math.toIntExact(standing.left()),
                            standing.until()));
        }
        return answers;
    }
}
