// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.spring;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// An order as the client sees it.
record OrderDocument(
        UUID id,
        int revision,
        String status,
        String customerId,
        String email,
        List<Line> lines,
        PlaceOrder.Shipping shipping,
        PlaceOrder.Payment payment,
        Sums totals,
        Instant placedAt) {

    record Line(String sku, int quantity, Money unitPrice, Money total) {}

    record Sums(Money items, Money shipping, Money tax, Money grand) {}

    static OrderDocument of(PurchaseOrder order) {
        String currency = order.currency();
        Delivery to = order.delivery();
        Totals totals = order.totals();
        return new OrderDocument(
                order.id(),
                order.version() + 1,
                order.status(),
                order.customerId(),
                order.email(),
                order.lines().stream().map(line -> line(line, currency)).toList(),
                new PlaceOrder.Shipping(
                        to.method(),
                        new PlaceOrder.Address(
                                to.name(), to.line1(), to.city(), to.postalCode(), to.country())),
                new PlaceOrder.Payment(order.paymentMethod(), order.paymentToken()),
                new Sums(
                        new Money(totals.itemsMinor(), currency),
                        new Money(totals.shippingMinor(), currency),
                        new Money(totals.taxMinor(), currency),
                        new Money(totals.grandMinor(), currency)),
                order.placedAt());
    }

    private static Line line(OrderLine line, String currency) {
        return new Line(
                line.sku(),
                line.quantity(),
                new Money(line.unitMinor(), currency),
                new Money(line.totalMinor(), currency));
    }
}
