// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.spring;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.annotations.UuidGenerator;
import org.jspecify.annotations.Nullable;

/// An order with its lines. Ids are UUIDs of version 7, so that the index grows at one end.
@Entity
class PurchaseOrder {

    @Id
    @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
    private @Nullable UUID id;

    @Version private int version;
    private String status;
    private String customerId;
    private String email;
    private String currency;
    private Delivery delivery;
    private String paymentMethod;
    private String paymentToken;
    private Totals totals;
    private Instant placedAt;

    @OneToMany(mappedBy = "order", cascade = CascadeType.PERSIST)
    @OrderBy("position")
    private List<OrderLine> lines = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // for Hibernate
    protected PurchaseOrder() {}

    PurchaseOrder(PlaceOrder request, Instant placedAt) {
        this.status = "placed";
        this.customerId = request.customerId();
        this.email = request.email();
        this.currency = request.currency();
        this.delivery = Delivery.of(request.shipping());
        this.paymentMethod = request.payment().method();
        this.paymentToken = request.payment().token();
        this.totals = Totals.of(0);
        this.placedAt = placedAt;
    }

    void add(Product product, int quantity, long unitMinor) {
        lines.add(new OrderLine(this, lines.size() + 1, product.sku(), quantity, unitMinor));
        totals = Totals.of(lines.stream().mapToLong(OrderLine::totalMinor).sum());
    }

    /// Known when it has been saved.
    UUID id() {
        return Objects.requireNonNull(id, "not saved yet");
    }

    int version() {
        return version;
    }

    String status() {
        return status;
    }

    String customerId() {
        return customerId;
    }

    String email() {
        return email;
    }

    String currency() {
        return currency;
    }

    Delivery delivery() {
        return delivery;
    }

    String paymentMethod() {
        return paymentMethod;
    }

    String paymentToken() {
        return paymentToken;
    }

    Totals totals() {
        return totals;
    }

    Instant placedAt() {
        return placedAt;
    }

    List<OrderLine> lines() {
        return List.copyOf(lines);
    }
}
