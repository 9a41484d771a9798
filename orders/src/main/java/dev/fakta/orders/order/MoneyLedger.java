// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.order.Axes.Payment;
import dev.fakta.orders.order.PaymentFacts.Event;
import java.util.ArrayList;
import java.util.List;

/// What has been paid for an order, by all of its payments together, in minor units of its
/// currency. `captured <= authorized` and `refunded <= captured`, always (O3).
///
/// @param credit of the authorized amount, what is the customer's store credit
/// @param withdrawn of the authorized amount, what was voided or has expired
/// @param voidAsked of what is set aside, what payments were asked to let go of, not yet told done
/// @param refundAsked what payments were asked to give back, not yet told done
/// @param disputed what customers have asked their banks to get back
/// @param attempt what the newest fact says about authorizing
/// @param references of all facts that are counted here
public record MoneyLedger(
        long authorized,
        long credit,
        long captured,
        long refunded,
        long withdrawn,
        long voidAsked,
        long refundAsked,
        long disputed,
        Payment attempt,
        List<String> references) {

    /// How many facts an order takes.
    static final int MOST_FACTS = 200;

    /// The largest amount in all, in minor units. Two of them still fit into a `long`.
    static final long LARGEST = 1_000_000_000_000_000_000L;

    static final MoneyLedger EMPTY =
            new MoneyLedger(0, 0, 0, 0, 0, 0, 0, 0, Payment.NONE, List.of());

    public MoneyLedger {
        references = List.copyOf(references);
        if (captured > authorized
                || refunded > captured
                || refunded < 0
                || withdrawn < 0
                || credit > authorized
                || withdrawn > authorized - captured) {
            throw new IllegalArgumentException(
                    "authorized %d, captured %d, refunded %d, withdrawn %d"
                            .formatted(authorized, captured, refunded, withdrawn));
        }
    }

    /// What is set aside and neither captured nor given up.
    public long open() {
        return authorized - captured - withdrawn;
    }

    /// What was captured and not given back.
    public long kept() {
        return captured - refunded;
    }

    /// What the customer's banks have promised and not taken back: captured or still to capture.
    public long promised() {
        return authorized - withdrawn;
    }

    MoneyLedger evolve(Event event) {
        return switch (event) {
            case Event.OrderPaymentPending(var reference, _) ->
                    attempted(Payment.PENDING).counting(reference);
            case Event.OrderPaymentDeclined(var reference, _) ->
                    attempted(Payment.DECLINED).counting(reference);
            case Event.OrderPaymentAuthorized(var reference, var amount, _) ->
                    authorize(amount.minor()).counting(reference);
            case Event.OrderStoreCreditAuthorized(var reference, var amount, _) ->
                    authorize(amount.minor()).crediting(amount.minor()).counting(reference);
            case Event.OrderPaymentCaptured(var reference, var amount, _) ->
                    capture(amount.minor()).counting(reference);
            case Event.OrderPaymentRefunded(var reference, var amount, _) ->
                    refund(amount.minor()).counting(reference);
            case Event.OrderPaymentVoided(var reference, var amount, _) ->
                    withdraw(amount.minor(), Payment.VOIDED).counting(reference);
            case Event.OrderPaymentExpired(var reference, var amount, _) ->
                    withdraw(amount.minor(), Payment.EXPIRED).counting(reference);
            case Event.OrderPaymentDisputed(var reference, var amount, _) ->
                    dispute(amount.minor()).counting(reference);
            case Event.OrderRefundRequested(var amount, _) -> asking(0, amount.minor());
            case Event.OrderVoidRequested(var amount, _) -> asking(amount.minor(), 0);
        };
    }

    private MoneyLedger attempted(Payment outcome) {
        return with(authorized, captured, refunded, withdrawn, outcome);
    }

    private MoneyLedger authorize(long amount) {
        return with(authorized + amount, captured, refunded, withdrawn, Payment.AUTHORIZED);
    }

    private MoneyLedger crediting(long amount) {
        return new MoneyLedger(
                authorized,
                credit + amount,
                captured,
                refunded,
                withdrawn,
                voidAsked,
                refundAsked,
                disputed,
                attempt,
                references);
    }

    /// The provider has the last word: money that was thought to be withdrawn can still come.
    private MoneyLedger capture(long amount) {
        long now = captured + amount;
        return with(authorized, now, refunded, Math.min(withdrawn, authorized - now), attempt);
    }

    private MoneyLedger refund(long amount) {
        return new MoneyLedger(
                authorized,
                credit,
                captured,
                refunded + amount,
                withdrawn,
                voidAsked,
                Math.max(0, refundAsked - amount),
                disputed,
                attempt,
                references);
    }

    private MoneyLedger withdraw(long amount, Payment outcome) {
        return with(authorized, captured, refunded, withdrawn + amount, outcome);
    }

    private MoneyLedger dispute(long amount) {
        return new MoneyLedger(
                authorized,
                credit,
                captured,
                refunded,
                withdrawn,
                voidAsked,
                refundAsked,
                Math.min(LARGEST, disputed + amount),
                attempt,
                references);
    }

    private MoneyLedger asking(long toVoid, long toRefund) {
        return new MoneyLedger(
                authorized,
                credit,
                captured,
                refunded,
                withdrawn,
                voidAsked + toVoid,
                refundAsked + toRefund,
                disputed,
                attempt,
                references);
    }

    /// What is not set aside any more need not be let go of.
    private MoneyLedger with(
            long nowAuthorized,
            long nowCaptured,
            long nowRefunded,
            long nowWithdrawn,
            Payment outcome) {
        long stillAsked = voidAsked - Math.clamp(nowWithdrawn - withdrawn, 0, voidAsked);
        return new MoneyLedger(
                nowAuthorized,
                credit,
                nowCaptured,
                nowRefunded,
                nowWithdrawn,
                Math.min(stillAsked, nowAuthorized - nowCaptured - nowWithdrawn),
                refundAsked,
                disputed,
                outcome,
                references);
    }

    private MoneyLedger counting(String reference) {
        List<String> more = new ArrayList<>(references);
        more.add(reference);
        return new MoneyLedger(
                authorized,
                credit,
                captured,
                refunded,
                withdrawn,
                voidAsked,
                refundAsked,
                disputed,
                attempt,
                more);
    }
}
