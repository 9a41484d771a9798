// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Axes.Payment;
import dev.fakta.orders.order.MoneyStanding.OfCards;
import dev.fakta.orders.order.MoneyStanding.OfCredit;
import dev.fakta.orders.order.MoneyStanding.Outcome;
import dev.fakta.orders.order.Order.Attention;
import dev.fakta.orders.order.OrderDecider.Step;
import dev.fakta.orders.order.PaymentFacts.Event;
import java.util.ArrayList;
import java.util.List;

/// What is new to an order in what its payment says: the standings are absolute, the order records
/// what has changed since it has heard of them last, and what follows for it.
record MoneyNews(Order order, MoneyStanding standing) {

    private static final String STORE_CREDIT = "store-credit";
    private static final String DECLINED = "The card was declined.";
    private static final String LOST = "The money could not be taken.";

    /// How often in a row a promise that was not kept is asked for again.
    private static final int MOST_RENEWALS = 1;

    List<Step> steps() {
        Story story = new Story(order);
        if (isOlder()) {
            return story.steps;
        }
        ofCredit(story);
        ofCards(story);
        conclusions(story);
        return story.steps;
    }

    /// Sums only grow, and what was let go of does not come back.
    private boolean isOlder() {
        MoneyLedger money = order.money();
        OfCards cards = standing.cards();
        OfCredit credit = standing.credit();
        boolean isOlderCredit =
                credit.isKnown()
                        && (credit.promised() < money.credit().authorized()
                                || credit.taken() < money.credit().captured()
                                || credit.released() < money.credit().withdrawn()
                                || credit.back() < money.credit().refunded());
        return isOlderCredit
                || cards.captured() < money.cards().captured()
                || cards.refunded() < money.cards().refunded();
    }

    /// Steps, and the order as they leave it.
    private static final class Story {
        private final List<Step> steps = new ArrayList<>();
        private Order order;

        Story(Order order) {
            this.order = order;
        }

        void add(Step step) {
            steps.add(step);
            order = order.evolve(step.at(order.standing()));
        }
    }

    private void ofCredit(Story story) {
        OfCredit credit = standing.credit();
        if (!credit.isKnown()) {
            return;
        }
        Tender known = order.money().credit();
        Money promised = amount(credit.promised() - known.authorized());
        if (!order.money().isCreditKnown() || promised.signum() > 0) {
            story.add(at -> new Event.OrderStoreCreditAuthorized(STORE_CREDIT, promised, at));
        }
        Money taken = amount(credit.taken() - known.captured());
        if (taken.signum() > 0) {
            story.add(at -> new Event.OrderStoreCreditTaken(STORE_CREDIT, taken, at));
        }
        Money released = amount(credit.released() - known.withdrawn());
        if (released.signum() > 0) {
            story.add(at -> new Event.OrderStoreCreditReleased(STORE_CREDIT, released, at));
        }
        Money back = amount(credit.back() - known.refunded());
        if (back.signum() > 0) {
            story.add(at -> new Event.OrderStoreCreditReturned(STORE_CREDIT, back, at));
        }
    }

    private void ofCards(Story story) {
        OfCards cards = standing.cards();
        Tender known = order.money().cards();
        String reference = "authorization-" + cards.attempt();
        Money more = amount(cards.setAside() + cards.captured() - known.promised());
        if (more.signum() > 0 || isNews(Outcome.AUTHORIZED, order)) {
            Money promised = amount(Math.max(0, more.minor()));
            story.add(at -> new Event.OrderPaymentAuthorized(reference, promised, at));
        }
        Money taken = amount(cards.captured() - known.captured());
        if (taken.signum() > 0) {
            story.add(at -> new Event.OrderPaymentCaptured("captures", taken, at));
        }
        if (more.signum() < 0) {
            Money less = amount(-more.minor());
            story.add(
                    cards.outcome() == Outcome.EXPIRED
                            ? at -> new Event.OrderPaymentExpired(reference, less, at)
                            : at -> new Event.OrderPaymentVoided(reference, less, at));
        }
        Money back = amount(cards.refunded() - known.refunded());
        if (back.signum() > 0) {
            story.add(at -> new Event.OrderPaymentRefunded("refunds", back, at));
        }
        outcome(story, reference);
        Money contested = amount(cards.contested() - order.money().contested());
        if (contested.signum() > 0) {
            story.add(at -> new Event.OrderPaymentDisputed("disputes", contested, at));
        } else if (contested.signum() < 0) {
            Money won = amount(-contested.minor());
            story.add(at -> new Event.OrderDisputeWon("disputes", won, at));
        }
    }

    /// Behind what has become of the money: an earlier attempt may have brought some.
    private void outcome(Story story, String reference) {
        if (isNews(Outcome.PENDING, story.order)) {
            story.add(at -> new Event.OrderPaymentPending(reference, at));
        }
        if (isNews(Outcome.DECLINED, story.order)) {
            story.add(at -> new Event.OrderPaymentDeclined(reference, at));
        }
    }

    /// Whether the newest attempt has come to this, and the order has not concluded anything yet.
    private boolean isNews(Outcome outcome, Order known) {
        Cards card = known.money().card();
        return standing.cards().outcome() == outcome
                && standing.cards().attempt() == card.attempt()
                && card.outcome() != outcome;
    }

    /// Whether less is promised or kept than before.
    private boolean isLess(Order after) {
        return after.money().secured() < order.money().secured();
    }

    private static boolean isDeclined(Order known) {
        return known.money().card().outcome() == Outcome.DECLINED;
    }

    /// What is owed for an order that is confirmed is for people when the newest card is declined:
    /// also when it was before, and another card's promise has ended since.
    private void conclusions(Story story) {
        Account after = story.order.account();
        boolean isLive = after.isOwed();
        if (isLive
                && story.order.lifecycle() == Lifecycle.CONFIRMED
                && isDeclined(story.order)
                && (isNews(Outcome.DECLINED, order) || isLess(story.order))) {
            hold(story, DECLINED);
        }
        if (isLive && isLost()) {
            renew(story);
        }
        boolean hasCard = story.order.moneyWish().card() != null;
        boolean isCreditTooLittle = isLive && !hasCard && story.order.money().isCreditKnown();
        if (isCreditTooLittle && story.order.money().attempt() != Payment.DECLINED) {
            story.add(at -> new Event.OrderPaymentDeclined(STORE_CREDIT, at));
        }
        if (!order.isClosed() && after.isSecured() && isHeldByUs(story.order)) {
            story.add(_ -> new Order.Event.OrderHoldReleased(HoldKind.PAYMENT_RISK));
        }
        failures(story);
    }

    /// What has failed for good is for people, until it is asked for again.
    private void failures(Story story) {
        List<String> failing = standing.cards().failing();
        for (String reason : failing) {
            Attention failed = new Attention(Attention.Topic.REFUND_FAILED, reason);
            if (!order.attentions().contains(failed)) {
                story.add(_ -> new Order.Event.OrderAttentionRequested(failed));
            }
        }
        for (Attention one : order.attentions()) {
            boolean isOver =
                    one.topic() == Attention.Topic.REFUND_FAILED
                            && !failing.contains(one.subject());
            if (isOver) {
                story.add(_ -> new Order.Event.OrderAttentionSettled(one));
            }
        }
    }

    /// Whether the promise of the newest attempt was lost.
    private boolean isLost() {
        return switch (standing.cards().outcome()) {
            case EXPIRED, CAPTURE_FAILED, VOIDED ->
                    standing.cards().attempt() == order.money().card().attempt();
            case NONE, PENDING, AUTHORIZED, DECLINED -> false;
        };
    }

    /// A promise that has ended in its time is asked for again as long as the order waits; one that
    /// was not kept once, and then people decide.
    private void renew(Story story) {
        Cards card = story.order.money().card();
        boolean isBroken = standing.cards().outcome() != Outcome.EXPIRED;
        if (isBroken && card.renewals() >= MOST_RENEWALS) {
            hold(story, LOST);
        } else {
            int next = card.attempt() + 1;
            story.add(at -> new Event.OrderCardTriedAgain(next, isBroken, at));
        }
    }

    private static void hold(Story story, String reason) {
        if (!story.order.isHeldFor(HoldKind.PAYMENT_RISK)) {
            story.add(_ -> new Order.Event.OrderHoldPlaced(HoldKind.PAYMENT_RISK, reason));
        }
    }

    private static boolean isHeldByUs(Order order) {
        return order.holds().stream()
                .anyMatch(
                        hold ->
                                hold.kind() == HoldKind.PAYMENT_RISK
                                        && (hold.reason().equals(DECLINED)
                                                || hold.reason().equals(LOST)
                                                || hold.reason().equals(PaymentDecider.NO_ANSWER)));
    }

    private Money amount(long minor) {
        return order.amount(minor);
    }
}
