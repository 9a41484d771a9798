// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks how a request wants to pay, and seals the token of the card.
final class PaymentCheck {

    static final String CARD = "card";
    static final String INVOICE = "invoice";
    static final String STORE_CREDIT = "store-credit";
    private static final Set<String> METHODS = Set.of(CARD, INVOICE, STORE_CREDIT);

    /// Whoever has store credit has an id that can be in a path; see `/store-credits/{customer}`.
    private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9._~@:-]*");

    private static final int LONGEST_METHOD = 40;

    /// Of a token in the clear.
    static final int LONGEST_TOKEN = 200;

    private final TokenSeal seal;
    private final String order;
    private final Problems problems;

    PaymentCheck(TokenSeal seal, String order, Problems problems) {
        this.seal = seal;
        this.order = order;
        this.problems = problems;
    }

    /// What stands for a token in texts for people.
    static @Nullable String hidden(@Nullable String token) {
        return token == null ? null : "(hidden)";
    }

    /// A card needs a token, the other methods may have one.
    OrderCreated.Payment of(PlaceOrder.@Nullable Payment payment, String customerId) {
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
        boolean isCreditOnly = method.equals(STORE_CREDIT);
        boolean isCreditFirst = Boolean.TRUE.equals(payment.storeCredit());
        if (isCreditFirst && method.equals(INVOICE)) {
            problems.add("payment.storeCredit", "is not taken for an invoice");
        }
        if ((isCreditFirst || isCreditOnly) && !ACCOUNT.matcher(customerId).matches()) {
            problems.add("customerId", "has no store credit: a-z, A-Z, 0-9 and . _ ~ @ : - only");
        }
        String sealed = token == null || token.isEmpty() ? token : seal.seal(order, token);
        return new OrderCreated.Payment(method, sealed, isCreditFirst ? Boolean.TRUE : null);
    }
}
