// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.pekko;

import java.util.List;
import java.util.Objects;

/// The request of `POST /orders`; one that lacks something cannot be made.
record PlaceOrder(
        String customerId,
        String email,
        String currency,
        List<Line> lines,
        Shipping shipping,
        Payment payment) {

    PlaceOrder {
        given(customerId, "customerId");
        given(email, "email");
        if (email.indexOf('@') < 1) {
            throw new IllegalArgumentException("email is no address");
        }
        given(currency, "currency");
        lines = List.copyOf(Objects.requireNonNull(lines, "lines are missing"));
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("lines are missing");
        }
        Objects.requireNonNull(shipping, "shipping is missing");
        Objects.requireNonNull(payment, "payment is missing");
    }

    record Line(String sku, int quantity) {
        Line {
            given(sku, "sku");
            if (quantity < 1) {
                throw new IllegalArgumentException("quantity must be at least 1");
            }
        }
    }

    record Shipping(String method, Address address) {
        Shipping {
            given(method, "shipping method");
            Objects.requireNonNull(address, "address is missing");
        }
    }

    record Address(String name, String line1, String city, String postalCode, String country) {
        Address {
            given(name, "name");
            given(line1, "line1");
            given(city, "city");
            given(postalCode, "postalCode");
            given(country, "country");
        }
    }

    record Payment(String method, String token) {
        Payment {
            given(method, "payment method");
            given(token, "token");
        }
    }

    private static void given(String value, String name) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(name + " is missing");
        }
    }
}
