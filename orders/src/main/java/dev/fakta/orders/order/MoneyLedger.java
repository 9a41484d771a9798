// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.order.Axes.Payment;
import dev.fakta.orders.order.MoneyStanding.Outcome;
import dev.fakta.orders.order.PaymentFacts.Event;
import java.util.ArrayList;
import java.util.List;

/// What has been paid for an order, asked back and granted, in minor units of its currency.
/// Entries; what they come to is said by [Account].
///
/// @param cards what cards have promised and given
/// @param credit what the customer's store credit has
/// @param contested what customers' banks want back, or have got
/// @param attempt what the newest fact says about authorizing
/// @param isCreditKnown whether store credit was asked
/// @param refunds what was asked to be given back, by reason
/// @param granted credits beside the goods
/// @param received what came for the invoice, or was given back of it
/// @param card the one that is asked
public record MoneyLedger(
        Tender cards,
        Tender credit,
        long contested,
        Payment attempt,
        boolean isCreditKnown,
        List<Refund> refunds,
        List<Granted> granted,
        List<Received> received,
        Cards card) {

    /// How many credits, and reasons to give something back, an order takes.
    static final int MOST_ENTRIES = 200;

    /// The largest amount in all, in minor units. Two of them still fit into a `long`.
    static final long LARGEST = 1_000_000_000_000_000_000L;

    static final MoneyLedger EMPTY =
            new MoneyLedger(
                    Tender.NONE,
                    Tender.NONE,
                    0,
                    Payment.NONE,
                    false,
                    List.of(),
                    List.of(),
                    List.of(),
                    Cards.NONE);

    public MoneyLedger {
        refunds = List.copyOf(refunds);
        granted = List.copyOf(granted);
        received = List.copyOf(received);
    }

    /// Something that is to be given back.
    ///
    /// @param toCards what of it goes to cards; the rest is store credit again
    public record Refund(String reason, long toCards, long toCredit) {}

    /// Something that the customer need not pay, beside the goods.
    ///
    /// @param id of the grant
    public record Granted(String id, long amount, String reason) {}

    /// Money that came for the invoice.
    ///
    /// @param reference of the transfer
    /// @param amount negative when it was given back
    public record Received(String reference, long amount) {}

    /// What the invoice was paid with, less what was given back of that.
    public long paidByInvoice() {
        long sum = 0;
        for (Received one : received) {
            sum += one.amount();
        }
        return sum;
    }

    public long authorized() {
        return cards.authorized() + credit.authorized();
    }

    public long captured() {
        return cards.captured() + credit.captured();
    }

    public long refunded() {
        return cards.refunded() + credit.refunded();
    }

    public long withdrawn() {
        return cards.withdrawn() + credit.withdrawn();
    }

    /// What is set aside and neither captured nor given up.
    public long open() {
        return cards.open() + credit.open();
    }

    /// What was captured and not given back.
    public long kept() {
        return cards.kept() + credit.kept();
    }

    /// What was asked to be given back in all.
    public long asked() {
        return askedOfCards() + askedOfCredit();
    }

    /// What store credit has promised or given, and is not to get back.
    long securedByCredit() {
        return credit.promised() - askedOfCredit();
    }

    /// What store credit has given, and is not to get back.
    long keptOfCredit() {
        return credit.captured() - askedOfCredit();
    }

    long askedOfCards() {
        long sum = 0;
        for (Refund one : refunds) {
            sum += one.toCards();
        }
        return sum;
    }

    long askedOfCredit() {
        long sum = 0;
        for (Refund one : refunds) {
            sum += one.toCredit();
        }
        return sum;
    }

    /// What is set aside, or was taken and is not to be given back.
    public long secured() {
        return open() + captured() - asked();
    }

    MoneyLedger evolve(Event event) {
        return switch (event) {
            case Event.OrderPaymentRequested _ -> with(card.requested());
            case Event.OrderCardGiven(var number, var method, var token, _) ->
                    with(card.given(number, method, token));
            case Event.OrderCardTriedAgain(var number, var isRenewal, _) ->
                    with(card.triedAgain(number, isRenewal));
            case Event.OrderPaymentPending _ ->
                    attempted(Payment.PENDING).with(card.ending(Outcome.PENDING));
            case Event.OrderPaymentDeclined _ ->
                    attempted(Payment.DECLINED).with(card.ending(Outcome.DECLINED));
            case Event.OrderPaymentAuthorized(_, var amount, _) ->
                    cards(cards.authorizing(amount.minor()))
                            .attempted(Payment.AUTHORIZED)
                            .with(card.ending(Outcome.AUTHORIZED));
            case Event.OrderPaymentCaptured(_, var amount, _) ->
                    cards(cards.capturing(amount.minor())).with(card.working());
            case Event.OrderPaymentRefunded(_, var amount, _) ->
                    cards(cards.refunding(amount.minor()));
            case Event.OrderPaymentVoided(_, var amount, _) ->
                    cards(cards.withdrawing(amount.minor())).attempted(Payment.VOIDED);
            case Event.OrderPaymentExpired(_, var amount, _) ->
                    cards(cards.withdrawing(amount.minor())).attempted(Payment.EXPIRED);
            case Event.OrderStoreCreditAuthorized(_, var amount, _) ->
                    credit(credit.authorizing(amount.minor()));
            case Event.OrderStoreCreditTaken(_, var amount, _) ->
                    credit(credit.capturing(amount.minor()));
            case Event.OrderStoreCreditReleased(_, var amount, _) ->
                    credit(credit.withdrawing(amount.minor()));
            case Event.OrderStoreCreditReturned(_, var amount, _) ->
                    credit(credit.refunding(amount.minor()));
            case Event.OrderPaymentDisputed(_, var amount, _) -> contesting(amount.minor());
            case Event.OrderDisputeWon(_, var amount, _) -> contesting(-amount.minor());
            case Event.OrderRefundRequested(var reason, var amount, var toCredit, _) ->
                    asking(reason, amount.minor() - toCredit.minor(), toCredit.minor());
            case Event.OrderCreditGranted(var id, var amount, var reason, _) ->
                    granting(new Granted(id, amount.minor(), reason));
            case Event.OrderInvoicePaid(var reference, var amount, _) ->
                    receiving(new Received(reference, amount.minor()));
        };
    }

    private MoneyLedger cards(Tender now) {
        return new MoneyLedger(
                now, credit, contested, attempt, isCreditKnown, refunds, granted, received, card);
    }

    private MoneyLedger credit(Tender now) {
        return new MoneyLedger(
                cards, now, contested, attempt, true, refunds, granted, received, card);
    }

    private MoneyLedger attempted(Payment outcome) {
        return new MoneyLedger(
                cards, credit, contested, outcome, isCreditKnown, refunds, granted, received, card);
    }

    private MoneyLedger contesting(long change) {
        return new MoneyLedger(
                cards,
                credit,
                contested + change,
                attempt,
                isCreditKnown,
                refunds,
                granted,
                received,
                card);
    }

    private MoneyLedger with(Cards now) {
        return new MoneyLedger(
                cards, credit, contested, attempt, isCreditKnown, refunds, granted, received, now);
    }

    private MoneyLedger asking(String reason, long toCards, long toCredit) {
        List<Refund> more = new ArrayList<>();
        Refund sum = new Refund(reason, toCards, toCredit);
        for (Refund one : refunds) {
            if (one.reason().equals(reason)) {
                sum = new Refund(reason, one.toCards() + toCards, one.toCredit() + toCredit);
            } else {
                more.add(one);
            }
        }
        more.add(sum);
        return new MoneyLedger(
                cards, credit, contested, attempt, isCreditKnown, more, granted, received, card);
    }

    private MoneyLedger granting(Granted one) {
        List<Granted> more = new ArrayList<>(granted);
        more.add(one);
        return new MoneyLedger(
                cards, credit, contested, attempt, isCreditKnown, refunds, more, received, card);
    }

    private MoneyLedger receiving(Received one) {
        List<Received> more = new ArrayList<>(received);
        more.add(one);
        return new MoneyLedger(
                cards, credit, contested, attempt, isCreditKnown, refunds, granted, more, card);
    }
}
