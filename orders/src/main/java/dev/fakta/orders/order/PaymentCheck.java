// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks how a request wants to pay.
final class PaymentCheck {

    static final String CARD = "card";
    static final String INVOICE = "invoice";
    private static final Set<String> METHODS = Set.of(CARD, INVOICE, "store-credit");
    private static final int LONGEST_METHOD = 40;
    private static final int LONGEST_TOKEN = 200;

    private PaymentCheck() {}

    /// A card needs a token, the other methods may have one.
    static OrderCreated.Payment of(PlaceOrder.@Nullable Payment payment, Problems problems) {
        if (payment == null) {
            problems.add("payment", Problems.MISSING);
            return new OrderCreated.Payment("", null);
        }
        String method = problems.required("payment.method", payment.method(), LONGEST_METHOD);
        if (!method.isEmpty() && !METHODS.contains(method)) {
            problems.add("payment.method", "is unknown");
        }
        String token =
                method.equals(CARD)
                        ? problems.required("payment.token", payment.token(), LONGEST_TOKEN)
                        : problems.optional("payment.token", payment.token(), LONGEST_TOKEN);
        return new OrderCreated.Payment(method, token);
    }
}
