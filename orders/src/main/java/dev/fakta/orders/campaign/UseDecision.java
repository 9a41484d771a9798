// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Decision;
import dev.fakta.orders.campaign.Campaign.Command;
import dev.fakta.orders.campaign.Campaign.Command.Use.Wanted;
import dev.fakta.orders.campaign.Campaign.Event;
import dev.fakta.orders.campaign.Campaign.Refusal;
import dev.fakta.orders.campaign.Campaign.Standing;
import dev.fakta.orders.money.Money;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a campaign makes of an order's wish for a code.
///
/// A use that the order has keeps its place: it can be redeemed though the campaign is paused or
/// used up, and only a larger amount is held against the budget. A reservation whose time is over
/// has no place any more: its order competes with all others. An order that wants a use set aside
/// until a time that is over has none.
///
/// @param rules the campaign's
record UseDecision(Campaign campaign, Rules rules, Command.Use use) {

    Decision<Event> decide() {
        Refusal fault = fault();
        if (fault != null) {
            return reject(fault);
        }
        if (use.revision() < campaign.standing(use.order(), use.code()).revision()) {
            return accept();
        }
        if (use.wanted() == Wanted.NOTHING) {
            return settled(List.of(), Wanted.NOTHING, null);
        }
        boolean isLate = use.wanted() == Wanted.SET_ASIDE && !isAfterNow(use.until());
        return isLate ? settled(List.of(), Wanted.NOTHING, Refusal.TIME_OVER) : placed();
    }

    /// What makes no sense, whatever the state.
    private @Nullable Refusal fault() {
        if (!Campaign.isId(use.order()) || !Campaign.isId(use.customer())) {
            return Refusal.ID_INVALID;
        }
        if (!Limits.isAmount(use.amount())) {
            return Refusal.DISCOUNT_INVALID;
        }
        boolean isEndless = use.wanted() == Wanted.SET_ASIDE && use.until() == null;
        return isEndless || use.revision() < 1 ? Refusal.USE_INVALID : null;
    }

    private boolean isAfterNow(@Nullable Instant time) {
        return time != null && time.isAfter(use.now());
    }

    /// What the order has now. A reservation whose time is over does not count.
    private Wanted kept() {
        Redemptions.Use held = held();
        return held == null || held.isOver(use.now())
                ? Wanted.NOTHING
                : campaign.standing(use.order(), use.code()).is();
    }

    private Redemptions.@Nullable Use held() {
        return campaign.redemptions().held(key());
    }

    private String key() {
        return Redemptions.key(use.order(), use.code());
    }

    /// When the limits refuse what the order wants, reservations whose time is over are ended
    /// first.
    private Decision<Event> placed() {
        Redemptions others = campaign.redemptions().without(key());
        Refusal refusal = refusal(others);
        List<Event.RedemptionExpired> over =
                refusal == null ? List.of() : others.over(use.now(), use.customer());
        for (Event.RedemptionExpired one : over) {
            others = others.evolve(one, rules.maxUsesPerCustomer() != null);
        }
        refusal = over.isEmpty() ? refusal : refusal(others);
        return settled(over, refusal == null ? use.wanted() : kept(), refusal);
    }

    private @Nullable Refusal refusal(Redemptions others) {
        Limits left = new Limits(rules, others);
        if (use.wanted() == Wanted.SET_ASIDE && others.isFull()) {
            return Refusal.TOO_MANY_RESERVATIONS;
        }
        if (kept() != Wanted.NOTHING) {
            return isMore() ? left.budgetRefusal(use.amount()) : null;
        }
        if (!campaign.active()) {
            return Refusal.CAMPAIGN_PAUSED;
        }
        if (!campaign.codes().contains(use.code())) {
            return Refusal.CODE_UNKNOWN;
        }
        Refusal tooOften = left.usesRefusal(use.customer());
        return tooOften != null ? tooOften : left.budgetRefusal(use.amount());
    }

    private boolean isMore() {
        Redemptions.Use held = held();
        Money amount = use.amount();
        return held == null
                || held.amount().currency() != amount.currency()
                || amount.exceeds(held.amount());
    }

    /// Tells the order what it has, unless it was told the same before.
    ///
    /// @param over what is ended before
    /// @param is what the order has; when that is not what it wanted, it stays as it was
    private Decision<Event> settled(
            List<Event.RedemptionExpired> over, Wanted is, @Nullable Refusal refusal) {
        Redemptions.Use next = next(is, refusal);
        Standing known = campaign.standing(use.order(), use.code());
        boolean isKnown =
                known.equals(new Standing(use.revision(), is, refusal != null))
                        && (is == Wanted.NOTHING || next.equals(held()));
        List<Event> events = new ArrayList<>(over);
        if (!isKnown) {
            events.add(
                    new Event.RedemptionSettled(
                            use.order(),
                            next.customer(),
                            use.code(),
                            use.revision(),
                            known.is(),
                            is,
                            next.amount(),
                            next.expiresAt(),
                            refusal == null ? null : refusal.name()));
        }
        return new Decision.Accepted<>(events);
    }

    private Redemptions.Use next(Wanted is, @Nullable Refusal refusal) {
        Redemptions.Use held = held();
        boolean isKept = held != null && kept() != Wanted.NOTHING;
        if (held != null && isKept && refusal != null && is != Wanted.NOTHING) {
            return new Redemptions.Use(
                    held.customer(), held.amount(), held.expiresAt(), use.revision(), true);
        }
        return new Redemptions.Use(
                held != null && isKept ? held.customer() : use.customer(),
                use.amount(),
                is == Wanted.SET_ASIDE ? use.until() : null,
                use.revision(),
                false);
    }
}
