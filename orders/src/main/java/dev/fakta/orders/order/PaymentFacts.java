// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.money.Money;

/// What payments tell an order. A fact is counted once, by its reference: the payment's id and the
/// number of its operation, say. Facts are recorded in every state of the order, late ones too.
public final class PaymentFacts {

    private PaymentFacts() {}

    public sealed interface Command extends Order.Command {
        /// The same for the same fact, however often it is told; see [MoneyLedger#MOST_FACTS].
        String reference();

        record RecordPaymentPending(String reference) implements Command {}

        record RecordPaymentAuthorized(String reference, Money amount) implements Command {}

        /// So much of the customer's store credit is set aside for the order.
        record RecordStoreCreditAuthorized(String reference, Money amount) implements Command {}

        record RecordPaymentDeclined(String reference) implements Command {}

        record RecordPaymentCaptured(String reference, Money amount) implements Command {}

        record RecordPaymentRefunded(String reference, Money amount) implements Command {}

        record RecordPaymentVoided(String reference, Money amount) implements Command {}

        record RecordPaymentExpired(String reference, Money amount) implements Command {}

        record RecordPaymentDisputed(String reference, Money amount) implements Command {}
    }

    public sealed interface Event extends Order.Event.Moving {
        record OrderPaymentPending(String reference, Standing standing) implements Event {}

        record OrderPaymentAuthorized(String reference, Money amount, Standing standing)
                implements Event {}

        record OrderStoreCreditAuthorized(String reference, Money amount, Standing standing)
                implements Event {}

        record OrderPaymentDeclined(String reference, Standing standing) implements Event {}

        record OrderPaymentCaptured(String reference, Money amount, Standing standing)
                implements Event {}

        record OrderPaymentRefunded(String reference, Money amount, Standing standing)
                implements Event {}

        record OrderPaymentVoided(String reference, Money amount, Standing standing)
                implements Event {}

        record OrderPaymentExpired(String reference, Money amount, Standing standing)
                implements Event {}

        record OrderPaymentDisputed(String reference, Money amount, Standing standing)
                implements Event {}

        /// More was captured than is due: the difference is to be given back.
        record OrderRefundRequested(Money amount, Standing standing) implements Event {}

        /// The order is closed, and money is set aside that it will not need any more.
        record OrderVoidRequested(Money amount, Standing standing) implements Event {}
    }
}
