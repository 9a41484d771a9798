// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Context;
import dev.fakta.domain.Processor.First;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Processor.Problem;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentPlanned;
import dev.fakta.orders.shipping.Shipment;
import dev.fakta.orders.shipping.Shipment.Command.PlanShipment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the fulfilment asks of others when it depends on where the order stands.
final class FulfilmentProcessors {

    /// Where all goods lie.
    private static final String MAIN = "main";

    /// @param orderId whose open units are to be shipped
    record PlanRequest(String orderId) {}

    /// Plans a shipment of all units that are open and not waited for.
    static final Processor<PlanRequest, Shipment.Command> PLAN =
            Processor.named("plan-shipment")
                    .taking(PlanRequest.class)
                    .sendingTo(Shipment.AGGREGATE)
                    .processing(FulfilmentProcessors::plan);

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
                new PlanShipment(request.orderId(), MAIN, lines, order.agreed().placedAt()),
                List.of(
                        new First<>(
                                Order.AGGREGATE,
                                request.orderId(),
                                new RecordShipmentPlanned(context.id(), units))));
    }
}
