// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.orders.order.PaymentFacts;
import dev.fakta.orders.order.PaymentFacts.Command;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.StoreCredit;
import java.util.Locale;

/// Something that happened to the order's money, as the key of a step: `authorized.1.4500`.
///
/// @param number of the payment's operation, so that no fact is counted twice; of store credit and
///   of a refund that the order asks for, the revision of the event
/// @param minor the amount, in the order's currency
record MoneyFact(Kind kind, long number, long minor) {

    enum Kind {
        PENDING,
        AUTHORIZED,
        DECLINED,
        CAPTURED,
        REFUNDED,
        VOIDED,
        EXPIRED,
        DISPUTED,
        CREDIT_AUTHORIZED,
        CREDIT_CAPTURED,
        CREDIT_RELEASED,
        CREDIT_REFUNDED,
        OWED
    }

    static MoneyFact parse(String key) {
        String[] parts = key.split("\\.", 3);
        return new MoneyFact(
                Kind.valueOf(parts[0].toUpperCase(Locale.ROOT)),
                Long.parseLong(parts[1]),
                Long.parseLong(parts[2]));
    }

    String key() {
        return kind.name().toLowerCase(Locale.ROOT) + "." + number + "." + minor;
    }

    /// How the order is told. Its reference tells operations of a kind apart.
    PaymentFacts.Command told(OrderSaga saga) {
        String reference = kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + number;
        var amount = saga.known().money(minor);
        return switch (kind) {
            case PENDING -> new Command.RecordPaymentPending(reference);
            case DECLINED -> new Command.RecordPaymentDeclined(reference);
            case AUTHORIZED -> new Command.RecordPaymentAuthorized(reference, amount);
            case CREDIT_AUTHORIZED -> new Command.RecordStoreCreditAuthorized(reference, amount);
            case CAPTURED, CREDIT_CAPTURED -> new Command.RecordPaymentCaptured(reference, amount);
            case REFUNDED, CREDIT_REFUNDED -> new Command.RecordPaymentRefunded(reference, amount);
            case VOIDED, CREDIT_RELEASED -> new Command.RecordPaymentVoided(reference, amount);
            case EXPIRED -> new Command.RecordPaymentExpired(reference, amount);
            case DISPUTED -> new Command.RecordPaymentDisputed(reference, amount);
            case OWED -> throw new IllegalStateException("the order itself asks for refunds");
        };
    }

    /// How the payment is asked to give back what the order owes.
    Payment.Command refund(OrderSaga saga) {
        return new Payment.Command.Refund("owed-" + number, saga.known().money(minor));
    }

    /// How the customer's store credit is asked to.
    StoreCredit.Command refundCredit(OrderSaga saga) {
        return new StoreCredit.Command.Refund(
                saga.known().order(), "owed-" + number, saga.known().money(minor));
    }
}
