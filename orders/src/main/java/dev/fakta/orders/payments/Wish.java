// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import dev.fakta.orders.payments.Payment.Card;
import dev.fakta.orders.payments.Payment.Event;
import dev.fakta.orders.payments.Payment.GiveBack;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an order wants to be true of its money; see [Payment.Command.Settle]. In minor units.
public record Wish(
        long revision, long secure, long take, List<GiveBack> refunds, @Nullable Card card) {

    public Wish {
        refunds = List.copyOf(refunds);
    }

    static Wish of(Event.WishChanged changed) {
        return new Wish(
                changed.revision(),
                changed.secure().minor(),
                changed.take().minor(),
                changed.refunds(),
                changed.card());
    }

    /// What should be given back for this reason.
    long owedFor(String reason) {
        for (GiveBack one : refunds) {
            if (one.reason().equals(reason)) {
                return one.amount();
            }
        }
        return 0;
    }
}
