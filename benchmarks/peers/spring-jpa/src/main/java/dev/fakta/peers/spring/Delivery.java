// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.spring;

import jakarta.persistence.Embeddable;

/// How and where an order is sent.
@Embeddable
record Delivery(
        String method, String name, String line1, String city, String postalCode, String country) {

    static Delivery of(PlaceOrder.Shipping shipping) {
        PlaceOrder.Address to = shipping.address();
        return new Delivery(
                shipping.method(), to.name(), to.line1(), to.city(), to.postalCode(), to.country());
    }
}
