// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Decision;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Actions.Action;
import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.MoneyLedger.Granted;
import dev.fakta.orders.order.MoneyLedger.Received;
import dev.fakta.orders.order.MoneyStanding.Outcome;
import dev.fakta.orders.order.Order.Refusal;
import dev.fakta.orders.order.OrderDecider.Step;
import dev.fakta.orders.order.PaymentFacts.Command;
import dev.fakta.orders.order.PaymentFacts.Event;
import dev.fakta.orders.order.Progress.RejectReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides what is done about an order's money.
record PaymentDecider(Order order) {

    static final String NO_ANSWER = "The payment provider has not answered.";

    /// With the word in front of it, it is a reason of at most 100 characters to give money back.
    static final int LONGEST_CREDIT = OrderDecider.LONGEST_REFERENCE - "credit ".length();

    Decision<Step> decide(Command command) {
        return switch (command) {
            case Command.RecordMoney(var standing) ->
                    new Decision.Accepted<>(new MoneyNews(order, standing).steps());
            case Command.RecordNoAnswer _ -> noAnswer();
            case Command.RecordNoOtherCard _ -> noOtherCard();
            case Command.Pay(var method, var token) -> pay(method, token);
            case Command.GrantCredit(var id, var amount, var reason) -> grant(id, amount, reason);
            case Command.RecordInvoicePayment(var reference, var amount) ->
                    receive(reference, amount);
        };
    }

    private Decision<Step> noAnswer() {
        boolean isWaiting =
                isUnpaid()
                        && isBeingAsked()
                        && order.money().card().attempt() > 0
                        && !order.isHeldFor(HoldKind.PAYMENT_RISK);
        return isWaiting
                ? accept(_ -> new Order.Event.OrderHoldPlaced(HoldKind.PAYMENT_RISK, NO_ANSWER))
                : accept();
    }

    /// As long as people look at it, an order is not rejected for that: the clock begins anew when
    /// they have.
    private Decision<Step> noOtherCard() {
        boolean isOver =
                isUnpaid()
                        && order.money().card().outcome() == Outcome.DECLINED
                        && !new Review(order).isOpen();
        return isOver
                ? accept(at -> new Order.Event.OrderRejected(RejectReason.PAYMENT_DECLINED, at))
                : accept();
    }

    private boolean isUnpaid() {
        return order.lifecycle() == Lifecycle.CREATED && !order.isSecured();
    }

    /// Whether nobody knows yet what becomes of the newest attempt.
    private boolean isBeingAsked() {
        return switch (order.money().card().outcome()) {
            case NONE, PENDING -> true;
            case AUTHORIZED, DECLINED, EXPIRED, CAPTURE_FAILED, VOIDED -> false;
        };
    }

    private Decision<Step> pay(@Nullable String method, @Nullable String token) {
        Refusal refusal = Actions.refusal(order, Action.PAY);
        if (refusal != null) {
            return reject(refusal);
        }
        boolean isCard = method == null || method.equals(PaymentCheck.CARD);
        if (!isCard || token == null || token.isBlank() || token.length() > TokenSeal.LONGEST) {
            return reject(Refusal.CARD_INVALID);
        }
        int number = order.money().card().attempt() + 1;
        return accept(at -> new Event.OrderCardGiven(number, PaymentCheck.CARD, token, at));
    }

    private Decision<Step> grant(
            @Nullable String id, @Nullable Money amount, @Nullable String reason) {
        if (id == null || id.isBlank() || id.length() > LONGEST_CREDIT) {
            return reject(Refusal.CREDIT_ID_INVALID);
        }
        if (amount == null || amount.signum() <= 0) {
            return reject(Refusal.AMOUNT_INVALID);
        }
        if (amount.currency() != order.agreed().currency()) {
            return reject(Refusal.CURRENCIES_MIXED);
        }
        if (reason != null && reason.length() > OrderDecider.LONGEST_TEXT) {
            return reject(Refusal.TEXT_INVALID);
        }
        Granted known = known(id);
        if (known != null) {
            return known.amount() == amount.minor() ? accept() : reject(Refusal.CREDIT_KNOWN);
        }
        Refusal refusal = Actions.refusal(order, Action.CREDIT);
        if (refusal == null && order.money().granted().size() >= MoneyLedger.MOST_ENTRIES) {
            refusal = Refusal.TOO_MANY_FACTS;
        }
        if (refusal == null && amount.minor() > order.due()) {
            refusal = Refusal.CREDIT_EXCEEDS_DUE;
        }
        String text = reason == null ? "" : reason.strip();
        return refusal == null
                ? accept(at -> new Event.OrderCreditGranted(id, amount, text, at))
                : reject(refusal);
    }

    private Decision<Step> receive(@Nullable String reference, @Nullable Money amount) {
        if (reference == null || !OrderDecider.isReference(reference)) {
            return reject(Refusal.REFERENCE_INVALID);
        }
        if (amount == null
                || amount.signum() == 0
                || Math.abs(amount.minor()) > MoneyLedger.LARGEST) {
            return reject(Refusal.AMOUNT_INVALID);
        }
        if (amount.currency() != order.agreed().currency()) {
            return reject(Refusal.CURRENCIES_MIXED);
        }
        List<Received> received = order.money().received();
        for (Received one : received) {
            if (one.reference().equals(reference)) {
                return one.amount() == amount.minor() ? accept() : reject(Refusal.REFERENCE_KNOWN);
            }
        }
        Refusal refusal = Actions.refusal(order, Action.RECORD_INVOICE_PAYMENT);
        if (refusal == null && received.size() >= MoneyLedger.MOST_ENTRIES) {
            refusal = Refusal.TOO_MANY_FACTS;
        }
        long after = order.money().paidByInvoice() + amount.minor();
        if (refusal == null && (after < 0 || after > MoneyLedger.LARGEST)) {
            refusal = Refusal.AMOUNT_INVALID;
        }
        return refusal == null
                ? accept(at -> new Event.OrderInvoicePaid(reference, amount, at))
                : reject(refusal);
    }

    private @Nullable Granted known(String id) {
        for (Granted one : order.money().granted()) {
            if (one.id().equals(id)) {
                return one;
            }
        }
        return null;
    }
}
