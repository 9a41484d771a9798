// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.order.Axes.Fulfilment;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Axes.Payment;
import dev.fakta.orders.order.Axes.Returns;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Where an order stands on four of its axes; its holds are the fifth. Events that can move an axis
/// say what they led to, so that views and other systems need not compute it again.
///
/// @param tell who has to be told what the order wants of it now; none in events of earlier
///   versions
public record Standing(
        Lifecycle status,
        Payment payment,
        Fulfilment fulfilment,
        Returns returns,
        List<Counterpart> tell) {

    /// Something outside the order that the order wants something of.
    public enum Counterpart {
        STOCK,
        MONEY,
        CODES,
        /// A shipment can be planned.
        SHIPPING
    }

    public Standing {
        tell = List.copyOf(Objects.requireNonNullElse(tell, List.of()));
    }

    /// One after which nobody has to be told anything.
    public Standing(Lifecycle status, Payment payment, Fulfilment fulfilment, Returns returns) {
        this(status, payment, fulfilment, returns, List.of());
    }

    Standing telling(Counterpart one) {
        List<Counterpart> more = new ArrayList<>(tell);
        more.add(one);
        return new Standing(status, payment, fulfilment, returns, more);
    }

    public boolean tells(Counterpart counterpart) {
        return tell.contains(counterpart);
    }

    /// That of an order which was just placed.
    public static final Standing CREATED =
            new Standing(Lifecycle.CREATED, Payment.NONE, Fulfilment.UNALLOCATED, Returns.NONE);

    /// That of an order which was cancelled before anything else happened to it.
    public static final Standing CANCELLED =
            new Standing(Lifecycle.CANCELLED, Payment.NONE, Fulfilment.NOTHING, Returns.NONE);
}
