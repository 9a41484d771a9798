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
import dev.fakta.orders.payments.Operation;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.Payment.Command.Fact;
import dev.fakta.orders.payments.PaymentsMicrosystem;
import dev.fakta.orders.payments.StoreCredit;
import dev.fakta.orders.shipping.ShippingMicrosystem;
import dev.fakta.runtime.Reply;
import dev.fakta.testkit.CalmWorld;
import java.time.Duration;
import java.time.Instant;
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

    private static String item(String sku) {
        return StockItem.Command.idOf(sku, null);
    }

    void count(String sku, long units) {
        tell(sku, new StockItem.Command.Count(sku, null, units));
    }

    void mayWait(String sku) {
        tell(sku, new StockItem.Command.AllowBackorders(true));
    }

    void tell(String sku, StockItem.Command command) {
        taken(world.send(StockItem.AGGREGATE, item(sku), command));
    }

    StockItem stock(String sku) {
        return world.state(StockItem.AGGREGATE, item(sku));
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
