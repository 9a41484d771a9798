// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Context;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.orders.fields.Faults;
import dev.fakta.orders.order.PlaceOrder.Destination;
import dev.fakta.orders.order.PlaceOrder.Line;
import dev.fakta.orders.pricing.Cart;
import dev.fakta.orders.pricing.Cart.Item;
import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.pricing.Pricing;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Checks what somebody wants changed of an order, and prices it.
public final class EditOrder {

    /// A request to change what was ordered. The answer shows what it would cost.
    ///
    /// @param fewer units that are not wanted any more
    /// @param more products to add, at today's prices
    public record Change(
            @Nullable List<@Nullable LineUnits> fewer, @Nullable List<@Nullable Line> more) {}

    public static final Processor<Change, Order.Command> DEFINITION =
            Processor.named("edit-order")
                    .taking(Change.class)
                    .sendingTo(Order.AGGREGATE)
                    .processing(EditOrder::propose);

    /// A request to send an order elsewhere.
    public record Move(@Nullable Destination address) {}

    public static final Processor<Move, Order.Command> ADDRESS =
            Processor.named("change-order-address")
                    .taking(Move.class)
                    .sendingTo(Order.AGGREGATE)
                    .processing(EditOrder::changeAddress);

    private EditOrder() {}

    private static Outcome<Order.Command> propose(Change change, Context context) {
        List<LineUnits> fewer = LineUnits.present(change.fewer());
        Order order = context.state(Order.AGGREGATE, context.id());
        OrderCreated agreed = order.created();
        if (agreed == null) {
            return new Outcome.Send<>(new Edits.Command.ProposeEdit(fewer, List.of()));
        }
        List<@Nullable Line> more = change.more() == null ? List.of() : change.more();
        Problems problems = new Problems();
        Faults<Order.Refusal> faults = new Faults<>();
        OrderFields.units("fewer", change.fewer(), 0, order.lines().size(), faults);
        faults.problems().forEach(fault -> problems.add(fault.field(), fault.reason()));
        if (fewer.isEmpty() && more.isEmpty() && faults.areNone()) {
            problems.add("more", "units to take away, or lines to add, are needed");
        }
        List<Item> items =
                more.isEmpty()
                        ? List.of()
                        : new LineCheck(context, problems, "more").items(more, agreed.currency());
        return problems.areNone()
                ? new Outcome.Send<>(
                        new Edits.Command.ProposeEdit(
                                fewer,
                                items.isEmpty()
                                        ? List.of()
                                        : priced(items, agreed, order.address())))
                : new Outcome.Refuse<>(problems.found());
    }

    /// The prices of added lines. They bring no shipping of their own.
    private static List<PricedLine> priced(List<Item> items, OrderCreated agreed, Address to) {
        String region = to.region() == null ? null : to.region().toUpperCase(Locale.ROOT);
        return Pricing.price(
                        new Cart(
                                agreed.currency(),
                                items,
                                List.of(),
                                to.country(),
                                region,
                                agreed.shipping().method()))
                .lines();
    }

    private static Outcome<Order.Command> changeAddress(Move move, Context context) {
        Problems problems = new Problems();
        Address address = new DeliveryCheck(context, problems).address("address", move.address());
        return problems.areNone()
                ? PullBack.send(new Edits.Command.ChangeAddress(address), context)
                : new Outcome.Refuse<>(problems.found());
    }
}
