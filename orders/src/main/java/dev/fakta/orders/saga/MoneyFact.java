// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.orders.order.PaymentFacts;
import dev.fakta.orders.order.PaymentFacts.Command;
import dev.fakta.orders.payments.Payment;
import java.util.Locale;

/// Something that happened to the order's money, as the key of a step: `authorized.1.4500`.
///
/// @param number of the payment's operation, so that no fact is counted twice; of a refund that the
///   order asks for, the revision of its event
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
        String reference = kind.name().toLowerCase(Locale.ROOT) + "-" + number;
        var amount = saga.known().money(minor);
        return switch (kind) {
            case PENDING -> new Command.RecordPaymentPending(reference);
            case DECLINED -> new Command.RecordPaymentDeclined(reference);
            case AUTHORIZED -> new Command.RecordPaymentAuthorized(reference, amount);
            case CAPTURED -> new Command.RecordPaymentCaptured(reference, amount);
            case REFUNDED -> new Command.RecordPaymentRefunded(reference, amount);
            case VOIDED -> new Command.RecordPaymentVoided(reference, amount);
            case EXPIRED -> new Command.RecordPaymentExpired(reference, amount);
            case DISPUTED -> new Command.RecordPaymentDisputed(reference, amount);
            case OWED -> throw new IllegalStateException("the order itself asks for refunds");
        };
    }

    /// How the payment is asked to give back what the order owes.
    Payment.Command refund(OrderSaga saga) {
        return new Payment.Command.Refund("owed-" + number, saga.known().money(minor));
    }
}
