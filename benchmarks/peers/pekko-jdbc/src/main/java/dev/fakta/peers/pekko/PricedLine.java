// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.pekko;

/// So many of a product, at the price of that moment.
record PricedLine(String sku, int quantity, Money unitPrice, Money total) {

    static PricedLine of(PlaceOrder.Line line, Money unitPrice) {
        return new PricedLine(
                line.sku(), line.quantity(), unitPrice, unitPrice.times(line.quantity()));
    }
}
