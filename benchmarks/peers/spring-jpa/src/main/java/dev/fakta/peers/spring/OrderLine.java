// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.spring;

import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import java.util.UUID;
import org.hibernate.annotations.UuidGenerator;
import org.jspecify.annotations.Nullable;

/// So many of a product, at the price of that moment.
@Entity
class OrderLine {

    @Id
    @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
    @SuppressWarnings("UnusedVariable") // Hibernate reads it
    private @Nullable UUID id;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    @SuppressWarnings("UnusedVariable") // Hibernate reads it
    private PurchaseOrder order;

    @SuppressWarnings("UnusedVariable") // Hibernate reads it
    private int position;

    private String sku;
    private int quantity;
    private long unitMinor;

    @SuppressWarnings("NullAway.Init") // for Hibernate
    protected OrderLine() {}

    OrderLine(PurchaseOrder order, int position, String sku, int quantity, long unitMinor) {
        this.order = order;
        this.position = position;
        this.sku = sku;
        this.quantity = quantity;
        this.unitMinor = unitMinor;
    }

    String sku() {
        return sku;
    }

    int quantity() {
        return quantity;
    }

    long unitMinor() {
        return unitMinor;
    }

    long totalMinor() {
        return Math.multiplyExact(unitMinor, quantity);
    }
}
