// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.spring;

import static java.util.stream.Collectors.toMap;

import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.MapKeyColumn;
import jakarta.persistence.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What can be ordered, with one price per currency.
@Entity
class Product {

    @Id private String sku;
    private String name;

    @ElementCollection
    @CollectionTable(name = "product_price", joinColumns = @JoinColumn(name = "product_sku"))
    @MapKeyColumn(name = "currency")
    @Column(name = "minor")
    private Map<String, Long> prices = new HashMap<>();

    @Version
    @SuppressWarnings("UnusedVariable") // null says that it is new
    private @Nullable Integer version;

    @SuppressWarnings("NullAway.Init") // for Hibernate
    protected Product() {}

    Product(String sku) {
        this.sku = sku;
        this.name = sku;
    }

    void describe(String name, List<Money> prices) {
        this.name = name;
        Map<String, Long> current = prices.stream().collect(toMap(Money::currency, Money::minor));
        this.prices.keySet().retainAll(current.keySet());
        this.prices.putAll(current);
    }

    String sku() {
        return sku;
    }

    String name() {
        return name;
    }

    /// In the currency's smallest unit; empty when it is not sold in that currency.
    Optional<Long> price(String currency) {
        return Optional.ofNullable(prices.get(currency));
    }

    List<Money> prices() {
        return prices.entrySet().stream()
                .map(price -> new Money(price.getValue(), price.getKey()))
                .toList();
    }
}
