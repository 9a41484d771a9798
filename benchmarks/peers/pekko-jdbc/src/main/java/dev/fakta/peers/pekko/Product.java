// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.pekko;

import java.util.List;
import java.util.Optional;

/// What can be ordered, with one price per currency.
record Product(String name, List<Money> prices) {

    Product {
        prices = List.copyOf(prices);
    }

    Optional<Money> price(String currency) {
        return prices.stream().filter(price -> price.currency().equals(currency)).findFirst();
    }
}
