// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Decision;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Order.Refusal;
import dev.fakta.orders.order.OrderDecider.Step;
import dev.fakta.orders.order.PaymentFacts.Command;
import dev.fakta.orders.order.PaymentFacts.Event;
import org.jspecify.annotations.Nullable;

/// Records what payments tell, in every state of the order. Only what cannot be is refused (O3).
record PaymentDecider(Order order) {

    Decision<Step> decide(Command command) {
        String reference = command.reference();
        if (order.money().references().contains(reference)) {
            return accept();
        }
        if (!OrderDecider.isReference(reference)) {
            return reject(Refusal.REFERENCE_INVALID);
        }
        if (order.money().references().size() >= MoneyLedger.MOST_FACTS) {
            return reject(Refusal.TOO_MANY_FACTS);
        }
        MoneyLedger money = order.money();
        return switch (command) {
            case Command.RecordPaymentPending _ ->
                    accept(standing -> new Event.OrderPaymentPending(reference, standing));
            case Command.RecordPaymentDeclined _ ->
                    accept(standing -> new Event.OrderPaymentDeclined(reference, standing));
            case Command.RecordPaymentAuthorized(_, var amount) ->
                    upTo(
                            MoneyLedger.LARGEST - money.authorized(),
                            amount,
                            Refusal.AMOUNT_INVALID,
                            at -> new Event.OrderPaymentAuthorized(reference, amount, at));
            case Command.RecordStoreCreditAuthorized(_, var amount) ->
                    upTo(
                            MoneyLedger.LARGEST - money.authorized(),
                            amount,
                            Refusal.AMOUNT_INVALID,
                            at -> new Event.OrderStoreCreditAuthorized(reference, amount, at));
            case Command.RecordPaymentCaptured(_, var amount) ->
                    upTo(
                            money.authorized() - money.captured(),
                            amount,
                            Refusal.CAPTURE_EXCEEDS_AUTHORIZATION,
                            at -> new Event.OrderPaymentCaptured(reference, amount, at));
            case Command.RecordPaymentRefunded(_, var amount) ->
                    upTo(
                            money.kept(),
                            amount,
                            Refusal.REFUND_EXCEEDS_CAPTURE,
                            at -> new Event.OrderPaymentRefunded(reference, amount, at));
            case Command.RecordPaymentVoided(_, var amount) ->
                    upTo(
                            money.open(),
                            amount,
                            Refusal.NOT_SET_ASIDE,
                            at -> new Event.OrderPaymentVoided(reference, amount, at));
            case Command.RecordPaymentExpired(_, var amount) ->
                    upTo(
                            money.open(),
                            amount,
                            Refusal.NOT_SET_ASIDE,
                            at -> new Event.OrderPaymentExpired(reference, amount, at));
            case Command.RecordPaymentDisputed(_, var amount) ->
                    upTo(
                            MoneyLedger.LARGEST,
                            amount,
                            Refusal.AMOUNT_INVALID,
                            at -> new Event.OrderPaymentDisputed(reference, amount, at));
        };
    }

    private Decision<Step> upTo(long most, Money amount, Refusal beyond, Step step) {
        Refusal fault = fault(amount);
        if (fault == null && amount.minor() > most) {
            fault = beyond;
        }
        return fault == null ? accept(step) : reject(fault);
    }

    private @Nullable Refusal fault(Money amount) {
        if (amount.currency() != order.agreed().currency()) {
            return Refusal.CURRENCIES_MIXED;
        }
        return amount.signum() > 0 ? null : Refusal.AMOUNT_INVALID;
    }
}
