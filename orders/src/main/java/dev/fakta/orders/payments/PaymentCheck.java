// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import dev.fakta.orders.fields.Faults;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment.Card;
import dev.fakta.orders.payments.Payment.Command;
import dev.fakta.orders.payments.Payment.Command.Fact;
import dev.fakta.orders.payments.Payment.GiveBack;
import dev.fakta.orders.payments.Payment.Refusal;
import java.time.Instant;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is wrong with a command, whatever the state.
final class PaymentCheck {

    /// As much as an order can come to.
    static final long MOST_MINOR = 10_000_000_000_000_000L;

    static final int MOST_REFUNDS = 500;

    /// The number of an authorization is part of its key, which has so much room for it.
    private static final int LAST_ATTEMPT = 999_999_999;

    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_TEXT = 200;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private PaymentCheck() {}

    /// The first fault, or null. A command without one has all of its components, but for reasons
    /// and provider events.
    static @Nullable Refusal fault(Command command) {
        return switch (command) {
            case Command.RequestAuthorization request -> requestFault(request);
            case Fact.RecordAuthorized(_, _, _, var expiresAt, _) when !isTime(expiresAt) ->
                    Refusal.TIME_INVALID;
            case Fact.RecordAuthorized(_, var amount, var reference, _, var event) ->
                    successFault(amount, reference, event);
            case Fact.RecordCaptured(_, var amount, var reference, var event) ->
                    successFault(amount, reference, event);
            case Fact.RecordRefunded(_, var amount, var reference, var event) ->
                    successFault(amount, reference, event);
            case Fact.RecordVoided(_, var reference, var event) ->
                    fits(reference, LONGEST_TEXT) && isEvent(event)
                            ? null
                            : Refusal.REFERENCE_INVALID;
            case Fact.RecordDeclined(_, var reason, var event) -> failureFault(reason, event);
            case Fact.RecordCaptureFailed(_, var reason, var event) -> failureFault(reason, event);
            case Fact.RecordVoidFailed(_, var reason, var event) -> failureFault(reason, event);
            case Fact.RecordRefundFailed(_, var reason, var event) -> failureFault(reason, event);
            case Command.ExpireAuthorization(_, var at) -> isTime(at) ? null : Refusal.TIME_INVALID;
            case Command.Capture(var part, var amount) -> purposeFault(part, amount);
            case Command.Refund(var purpose, var amount) -> purposeFault(purpose, amount);
            case Fact.RecordOutcomeUnknown(var kind, _) ->
                    kind == null ? Refusal.KIND_MISSING : null;
            case Fact.RecordDispute(var dispute, var amount, var reason, var event) -> {
                Refusal fault = purposeFault(dispute, amount);
                yield fault == null ? failureFault(reason, event) : fault;
            }
            case Fact.RecordDisputeClosed(var dispute, _, _) when !fits(dispute, LONGEST_NAME) ->
                    Refusal.PURPOSE_INVALID;
            case Fact.RecordDisputeClosed(_, _, var event) -> failureFault(null, event);
            case Command.VoidPayment _ -> null;
            case Command.SettleRefund _ -> faults(command).first();
            case Command.Settle settle -> wishFault(settle);
            case Command.AskAgain _ -> faults(command).first();
        };
    }

    /// All faults of what people ask of a payment.
    static Faults<Refusal> faults(Command command) {
        Faults<Refusal> faults = new Faults<>();
        switch (command) {
            case Command.SettleRefund(_, var reason) ->
                    faults.text(Refusal.REASON_MISSING, "reason", reason, LONGEST_TEXT);
            case Command.AskAgain(var kind, var number) when kind != null || number != null ->
                    faults.present(Refusal.KIND_NOT_REPEATED, "kind", kind)
                            .unless(
                                    kind == null || kind == Kind.VOID || kind == Kind.REFUND,
                                    Refusal.KIND_NOT_REPEATED,
                                    "kind",
                                    "VOID or REFUND is needed")
                            .present(Refusal.KIND_NOT_REPEATED, "number", number);
            case Command _ -> {} // has nothing to be wrong, or is no client's
        }
        return faults;
    }

    /// Whether one of the command's amounts is in another currency.
    static boolean isForeign(Command command, Currency currency) {
        return switch (command) {
            case Command.RequestAuthorization(_, var total, var amount, _, _) ->
                    isOther(total, currency) || isOther(amount, currency);
            case Fact.RecordAuthorized(_, var amount, _, _, _) -> isOther(amount, currency);
            case Fact.RecordCaptured(_, var amount, _, _) -> isOther(amount, currency);
            case Fact.RecordRefunded(_, var amount, _, _) -> isOther(amount, currency);
            case Command.Capture(_, var amount) -> isOther(amount, currency);
            case Command.Refund(_, var amount) -> isOther(amount, currency);
            case Fact.RecordDispute(_, var amount, _, _) -> isOther(amount, currency);
            case Command.Settle settle -> settle.currency() != currency;
            case Fact.RecordDeclined _,
                    Fact.RecordCaptureFailed _,
                    Fact.RecordVoidFailed _,
                    Fact.RecordRefundFailed _,
                    Fact.RecordVoided _,
                    Command.ExpireAuthorization _,
                    Fact.RecordOutcomeUnknown _,
                    Fact.RecordDisputeClosed _,
                    Command.AskAgain _,
                    Command.SettleRefund _,
                    Command.VoidPayment _ ->
                    false;
        };
    }

    private static @Nullable Refusal requestFault(Command.RequestAuthorization request) {
        if (!fits(request.order(), LONGEST_NAME)) {
            return Refusal.ORDER_INVALID;
        }
        if (!fits(request.method(), LONGEST_NAME) || !fits(request.token(), SealedTokens.LONGEST)) {
            return Refusal.METHOD_INVALID;
        }
        return isAmount(request.total()) && isAmount(request.amount())
                ? null
                : Refusal.AMOUNT_INVALID;
    }

    private static @Nullable Refusal wishFault(Command.Settle settle) {
        if (!fits(settle.order(), LONGEST_NAME)) {
            return Refusal.ORDER_INVALID;
        }
        boolean isInOrder =
                settle.revision() >= 0
                        && settle.currency() != null
                        && settle.take() >= 0
                        && settle.take() <= settle.secure()
                        && settle.secure() <= MOST_MINOR;
        if (!isInOrder) {
            return Refusal.WISH_INVALID;
        }
        if (!areRefunds(settle.refunds())) {
            return Refusal.REFUNDS_INVALID;
        }
        return isCard(settle.card()) ? null : Refusal.CARD_INVALID;
    }

    private static boolean areRefunds(@Nullable List<GiveBack> refunds) {
        if (refunds == null || refunds.size() > MOST_REFUNDS) {
            return false;
        }
        Set<String> reasons = new HashSet<>();
        for (GiveBack one : refunds) {
            boolean isRefund =
                    fits(one.reason(), LONGEST_NAME)
                            && !one.reason().startsWith(Corrections.OVERCHARGE)
                            && one.amount() >= 0
                            && one.amount() <= MOST_MINOR
                            && reasons.add(one.reason());
            if (!isRefund) {
                return false;
            }
        }
        return true;
    }

    /// A card has a token; other methods may do without one.
    private static boolean isCard(@Nullable Card card) {
        return card == null
                || (card.attempt() >= 1
                        && card.attempt() <= LAST_ATTEMPT
                        && fits(card.method(), LONGEST_NAME)
                        && card.token() != null
                        && card.token().length() <= SealedTokens.LONGEST);
    }

    private static @Nullable Refusal successFault(
            @Nullable Money amount, @Nullable String reference, @Nullable String event) {
        if (!isAmount(amount)) {
            return Refusal.AMOUNT_INVALID;
        }
        return fits(reference, LONGEST_TEXT) && isEvent(event) ? null : Refusal.REFERENCE_INVALID;
    }

    private static @Nullable Refusal failureFault(@Nullable String reason, @Nullable String event) {
        if (reason != null && reason.length() > LONGEST_TEXT) {
            return Refusal.REASON_INVALID;
        }
        return isEvent(event) ? null : Refusal.REFERENCE_INVALID;
    }

    private static @Nullable Refusal purposeFault(
            @Nullable String purpose, @Nullable Money amount) {
        if (!fits(purpose, LONGEST_NAME)) {
            return Refusal.PURPOSE_INVALID;
        }
        return isAmount(amount) ? null : Refusal.AMOUNT_INVALID;
    }

    private static boolean isOther(@Nullable Money amount, Currency currency) {
        return amount != null && amount.currency() != currency;
    }

    private static boolean isAmount(@Nullable Money amount) {
        return amount != null && amount.signum() > 0 && amount.minor() <= MOST_MINOR;
    }

    private static boolean isEvent(@Nullable String event) {
        return event == null || fits(event, LONGEST_TEXT);
    }

    private static boolean isTime(@Nullable Instant at) {
        return at != null && !at.isBefore(Instant.EPOCH) && !at.isAfter(LATEST);
    }

    private static boolean fits(@Nullable String text, int longest) {
        return text != null && !text.isBlank() && text.length() <= longest;
    }
}
