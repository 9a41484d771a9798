// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.OrdersMicrosystem;
import dev.fakta.orders.inventory.InventoryMicrosystem;
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Holds;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDispatched;
import dev.fakta.orders.order.Sourcing;
import dev.fakta.orders.payments.Operation;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.Payment.Command.Fact;
import dev.fakta.orders.payments.PaymentsMicrosystem;
import dev.fakta.orders.payments.StoreCredit;
import dev.fakta.orders.shipping.Parcel.Content;
import dev.fakta.orders.shipping.Shipment;
import dev.fakta.orders.shipping.Shipment.Label;
import dev.fakta.orders.shipping.Shipment.Packed;
import dev.fakta.orders.shipping.ShipmentRoutes;
import dev.fakta.orders.shipping.ShippingMicrosystem;
import dev.fakta.runtime.Reply;
import dev.fakta.testkit.CalmWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Orders, stock, payments and shipments together in virtual time, with their couriers, and one
/// order, whose id is [#ID]. The provider says what a test says. What a test tells has to be taken.
final class Shop {

    static final String ID = "o-1";

    /// Who places the orders of [Baskets].
    static final String CUSTOMER = "customer-1";

    /// How long the provider promises money.
    static final Duration WEEK = Duration.ofDays(7);

    private final CalmWorld world =
            CalmWorld.of(
                    OrdersMicrosystem.DEFINITION,
                    InventoryMicrosystem.DEFINITION,
                    PaymentsMicrosystem.DEFINITION,
                    ShippingMicrosystem.DEFINITION);

    CalmWorld world() {
        return world;
    }

    void pass(Duration time) {
        world.pass(time);
    }

    void place(OrderCreated order) {
        tell(new Order.Command.CreateOrder(order));
    }

    void tell(Order.Command command) {
        taken(world.send(Order.AGGREGATE, ID, command));
    }

    void hold(String kind) {
        taken(world.process(Holds.PLACE, ID, new Holds.Placing(kind, "let me see")));
    }

    void release(String kind) {
        taken(world.process(Holds.RELEASE, ID, new Holds.Releasing(kind)));
    }

    Order order() {
        return world.state(Order.AGGREGATE, ID);
    }

    void leaves(String shipment) {
        tell(new RecordShipmentDispatched(shipment, "T"));
    }

    void count(String sku, long units) {
        count(sku, Sourcing.MAIN, units);
    }

    void count(String sku, String location, long units) {
        tell(sku, location, new StockItem.Command.Count(sku, location, units));
    }

    void mayWait(String sku) {
        mayWait(sku, Sourcing.MAIN);
    }

    void mayWait(String sku, String location) {
        tell(sku, location, new StockItem.Command.AllowBackorders(true));
    }

    void tell(String sku, StockItem.Command command) {
        tell(sku, Sourcing.MAIN, command);
    }

    void tell(String sku, String location, StockItem.Command command) {
        taken(world.send(StockItem.AGGREGATE, StockItem.Command.idOf(sku, location), command));
    }

    StockItem stock(String sku) {
        return stock(sku, Sourcing.MAIN);
    }

    StockItem stock(String sku, String location) {
        return world.state(StockItem.AGGREGATE, StockItem.Command.idOf(sku, location));
    }

    Shipment shipment(String id) {
        return world.state(Shipment.AGGREGATE, id);
    }

    void warehouse(String shipment, Shipment.Command command) {
        taken(world.send(Shipment.AGGREGATE, shipment, command));
    }

    /// Picks a shipment and packs each line in a parcel of its own, named after its index.
    ///
    /// @return what the carrier sticks on the parcels
    List<Label> packs(String shipment) {
        List<Packed> parcels = new ArrayList<>();
        List<Label> labels = new ArrayList<>();
        for (Shipment.Line line : shipment(shipment).lines()) {
            String parcel = String.valueOf(line.line());
            parcels.add(new Packed(parcel, 1, List.of(new Content(line.line(), line.quantity()))));
            labels.add(new Label(parcel, "post", shipment + "-" + parcel));
        }
        warehouse(shipment, new Shipment.Command.Pick());
        warehouse(shipment, new Shipment.Command.Pack(parcels));
        return labels;
    }

    /// Packs a shipment and asks its order whether it may leave.
    Reply<Object> dispatches(String shipment) {
        return world.process(
                ShipmentRoutes.DISPATCH,
                shipment,
                new Shipment.Command.Dispatch(packs(shipment), Baskets.eur(400)));
    }

    void giveCredit(Money amount) {
        taken(
                world.send(
                        StoreCredit.AGGREGATE,
                        CUSTOMER,
                        new StoreCredit.Command.IssueCredit("gift", amount, "gift")));
    }

    StoreCredit credit() {
        return world.state(StoreCredit.AGGREGATE, CUSTOMER);
    }

    Payment payment() {
        return world.state(Payment.AGGREGATE, ID);
    }

    /// What the provider is asked to do and has not answered.
    Operation asked(Kind kind) {
        return Objects.requireNonNull(payment().inFlight(kind), () -> "no " + kind + " is asked");
    }

    void provider(Fact fact) {
        taken(world.send(Payment.AGGREGATE, ID, fact));
    }

    void authorizes() {
        authorizesUntil(world.now().plus(WEEK));
    }

    void authorizesUntil(Instant end) {
        Operation asked = asked(Kind.AUTHORIZATION);
        provider(new Fact.RecordAuthorized(asked.number(), asked.amount(), "ref", end, null));
    }

    void declines() {
        provider(new Fact.RecordDeclined(asked(Kind.AUTHORIZATION).number(), "no funds", null));
    }

    void captures() {
        Operation asked = asked(Kind.CAPTURE);
        provider(new Fact.RecordCaptured(asked.number(), asked.amount(), "ref", null));
    }

    void refusesToCapture() {
        provider(new Fact.RecordCaptureFailed(asked(Kind.CAPTURE).number(), "no", null));
    }

    void refunds() {
        Operation asked = asked(Kind.REFUND);
        provider(new Fact.RecordRefunded(asked.number(), asked.amount(), "ref", null));
    }

    private static void taken(Reply<?> reply) {
        assertThat(reply).isInstanceOf(Reply.Accepted.class);
    }
}
