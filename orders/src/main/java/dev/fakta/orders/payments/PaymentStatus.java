// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

/// Where a payment stands, in one word: what became of the money that was taken or, as long as none
/// was, of the newest authorization. [PaymentsView] derives the same from the events.
enum PaymentStatus {
    /// Its order wants something of it, and nothing was asked of the provider yet.
    NONE,
    /// The provider is asked for an authorization.
    PENDING,
    /// The same, and the answer is lost.
    UNKNOWN,
    AUTHORIZED,
    DECLINED,
    VOIDED,
    EXPIRED,
    PARTIALLY_CAPTURED,
    CAPTURED,
    PARTIALLY_REFUNDED,
    REFUNDED;

    static PaymentStatus of(Payment payment) {
        long total = payment.total() == null ? 0 : payment.total().minor();
        if (payment.captured() == 0) {
            return newest(payment);
        }
        if (payment.refunded() > 0) {
            return payment.refunded() < payment.captured() ? PARTIALLY_REFUNDED : REFUNDED;
        }
        return payment.captured() < total ? PARTIALLY_CAPTURED : CAPTURED;
    }

    private static PaymentStatus newest(Payment payment) {
        PaymentStatus newest = NONE;
        for (Operation one : payment.operations()) {
            if (one.kind() == Operation.Kind.AUTHORIZATION) {
                newest = of(one.status());
            }
        }
        return newest;
    }

    /// What an authorization's own status says.
    static PaymentStatus of(Operation.Status authorization) {
        return switch (authorization) {
            case REQUESTED -> PENDING;
            case UNKNOWN -> UNKNOWN;
            case DONE, SURPLUS, SETTLED -> AUTHORIZED;
            case FAILED -> DECLINED;
            case VOIDED -> VOIDED;
            case EXPIRED -> EXPIRED;
        };
    }
}
