// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.order.Axes.Fulfilment;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Axes.Payment;
import dev.fakta.orders.order.Axes.Returns;

/// Where an order stands on four of its axes; its holds are the fifth. Events that can move an axis
/// say what they led to, so that views and other systems need not compute it again.
public record Standing(Lifecycle status, Payment payment, Fulfilment fulfilment, Returns returns) {

    /// That of an order which was just placed.
    public static final Standing CREATED =
            new Standing(Lifecycle.CREATED, Payment.NONE, Fulfilment.UNALLOCATED, Returns.NONE);

    /// That of an order which was cancelled before anything else happened to it.
    public static final Standing CANCELLED =
            new Standing(Lifecycle.CANCELLED, Payment.NONE, Fulfilment.NOTHING, Returns.NONE);
}
