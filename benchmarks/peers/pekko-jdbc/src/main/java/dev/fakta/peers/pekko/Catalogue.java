// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.pekko;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The products by SKU, in memory. Safe for any thread.
final class Catalogue {

    private final ConcurrentMap<String, Product> products = new ConcurrentHashMap<>();

    void put(String sku, Product product) {
        products.put(sku, product);
    }

    List<PricedLine> price(PlaceOrder request) {
        return request.lines().stream()
                .map(line -> PricedLine.of(line, price(line.sku(), request.currency())))
                .toList();
    }

    private Money price(String sku, String currency) {
        Product product = products.get(sku);
        if (product == null) {
            throw new CannotBeOrdered("there is no product " + sku);
        }
        return product.price(currency)
                .orElseThrow(() -> new CannotBeOrdered(sku + " has no price in " + currency));
    }
}
