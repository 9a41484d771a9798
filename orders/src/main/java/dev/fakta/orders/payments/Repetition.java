// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Decision;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Operation.Status;
import dev.fakta.orders.payments.Payment.Event;
import dev.fakta.orders.payments.Payment.Refusal;

/// What a payment decides when a refund or a void that failed is to be asked for again. Only what
/// is still wanted is asked for, with the amount that is missing by now.
record Repetition(Payment payment) {

    Decision<Event> of(Kind kind, int number) {
        Operation failed = payment.operation(kind, number);
        Wish wish = payment.wish();
        if (failed == null) {
            return reject(Refusal.UNKNOWN_OPERATION);
        }
        boolean isFull = payment.operations().size() >= PaymentDecision.MOST_OPERATIONS;
        if (wish == null || failed.status() != Status.FAILED || isFull) {
            return accept();
        }
        if (payment.inFlight(kind) != null) {
            return reject(Refusal.OPERATION_IN_FLIGHT);
        }
        return kind == Kind.VOID ? voidAgain(failed) : refundAgain(failed, wish);
    }

    private Decision<Event> voidAgain(Operation failed) {
        Operation authorization = payment.operation(Kind.AUTHORIZATION, failed.about());
        return authorization == null || !payment.isLive(authorization)
                ? accept()
                : PaymentDecision.corrected(payment, Corrections.voiding(payment, authorization));
    }

    private Decision<Event> refundAgain(Operation failed, Wish wish) {
        Holdings holdings = new Holdings(payment);
        if (!failed.equals(holdings.lastRefund(failed.about(), failed.purpose()))) {
            return accept();
        }
        if (failed.about() > 0) {
            return Corrections.isRefunded(payment, failed.about())
                    ? accept()
                    : PaymentDecision.corrected(
                            payment,
                            new Event.RefundRequested(
                                    PaymentDecision.next(payment, Kind.REFUND),
                                    failed.purpose(),
                                    failed.about(),
                                    failed.amount()));
        }
        if (holdings.missing(failed.purpose()) <= 0) {
            return accept();
        }
        Event refund = new Settlement(payment, wish).refund(failed.purpose());
        return refund == null
                ? reject(Refusal.EXCEEDS_CAPTURED)
                : PaymentDecision.corrected(payment, refund);
    }
}
