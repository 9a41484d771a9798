// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Context;
import dev.fakta.domain.Processor.First;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Processor.Problem;
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentPlanned;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.shipping.Shipment;
import dev.fakta.orders.shipping.Shipment.Command.PlanShipment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the sagas ask others for when it depends on where the order stands: the order's ledgers say
/// how much, and no saga keeps a second book.
final class FulfilmentProcessors {

    /// Where all goods lie.
    private static final String MAIN = "main";

    /// @param orderId whose open units are to be shipped
    record PlanRequest(String orderId) {}

    /// @param part what the money is for
    /// @param captured what was taken before, in minor units
    record MoneyRequest(String part, long captured) {}

    /// @param orderId whose line is to keep no more stock than it needs
    record KeepRequest(String orderId, int line) {}

    /// Plans a shipment of all units that are open and not waited for.
    static final Processor<PlanRequest, Shipment.Command> PLAN =
            Processor.named("plan-shipment")
                    .taking(PlanRequest.class)
                    .sendingTo(Shipment.AGGREGATE)
                    .processing(FulfilmentProcessors::plan);

    /// Captures what has left and is not paid for.
    static final Processor<MoneyRequest, Payment.Command> CAPTURE =
            Processor.named("capture-part")
                    .taking(MoneyRequest.class)
                    .sendingTo(Payment.AGGREGATE)
                    .processing(FulfilmentProcessors::capture);

    /// Has what is due and not paid for set aside once more.
    static final Processor<MoneyRequest, Payment.Command> AUTHORIZE =
            Processor.named("authorize-again")
                    .taking(MoneyRequest.class)
                    .sendingTo(Payment.AGGREGATE)
                    .processing(FulfilmentProcessors::authorize);

    /// Gives back the stock of units that are not wanted any more.
    static final Processor<KeepRequest, StockItem.Command> KEEP =
            Processor.named("keep-stock")
                    .taking(KeepRequest.class)
                    .sendingTo(StockItem.AGGREGATE)
                    .processing(FulfilmentProcessors::keep);

    private FulfilmentProcessors() {}

    private static <C> Outcome<C> nothing(String reason) {
        return new Outcome.Refuse<>(List.of(new Problem("order", reason)));
    }

    /// The order is asked first: it alone says what is open. Tried again, it goes on with what the
    /// order knows of the shipment.
    private static Outcome<Shipment.Command> plan(PlanRequest request, Context context) {
        Order order = context.state(Order.AGGREGATE, request.orderId());
        if (order.created() == null) {
            return nothing("is unknown");
        }
        List<LineUnits> known = order.planned(context.id());
        List<LineUnits> units = known.isEmpty() ? order.shippable() : known;
        if (units.isEmpty()) {
            return nothing("has nothing to ship");
        }
        List<Shipment.@Nullable Planned> lines = new ArrayList<>();
        for (LineUnits each : units) {
            lines.add(
                    new Shipment.Planned(
                            each.line(),
                            order.lines().get(each.line()).sku(),
                            each.quantity(),
                            each.quantity()));
        }
        return new Outcome.Send<>(
                new PlanShipment(request.orderId(), MAIN, lines),
                List.of(
                        new First<>(
                                Order.AGGREGATE,
                                request.orderId(),
                                new RecordShipmentPlanned(context.id(), units))));
    }

    private static Outcome<Payment.Command> capture(MoneyRequest request, Context context) {
        Order order = context.state(Order.AGGREGATE, context.id());
        if (order.created() == null || order.isOnInvoice()) {
            return nothing("is not paid by a provider");
        }
        long amount = byCards(order, order.dueForShipped()) - request.captured();
        return amount > 0
                ? new Outcome.Send<>(
                        new Payment.Command.Capture(request.part(), order.amount(amount)))
                : nothing("has paid for all that has left");
    }

    /// What cards have to have paid in all when so much is due: store credit pays first.
    private static long byCards(Order order, long due) {
        return due + order.givenBack() - order.money().credit();
    }

    private static Outcome<Payment.Command> authorize(MoneyRequest request, Context context) {
        Order order = context.state(Order.AGGREGATE, context.id());
        OrderCreated created = order.created();
        if (created == null || order.isOnInvoice()) {
            return nothing("is not paid by a provider");
        }
        long amount = byCards(order, order.due()) - request.captured();
        return amount > 0
                ? new Outcome.Send<>(
                        new Payment.Command.RequestAuthorization(
                                context.id(),
                                created.totals().grand(),
                                order.amount(amount),
                                created.payment().method(),
                                created.payment().token()))
                : nothing("owes nothing");
    }

    private static Outcome<StockItem.Command> keep(KeepRequest request, Context context) {
        Order order = context.state(Order.AGGREGATE, request.orderId());
        return new Outcome.Send<>(
                new StockItem.Command.ReleaseReservation(
                        request.orderId(),
                        request.line(),
                        order.isClosed() ? 0L : order.quantities(request.line()).wanted()));
    }
}
