// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import dev.fakta.orders.money.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A reduction that customers get by a code. It can be defined anew; orders keep what it gave them.
///
/// @param rules none as long as it is not defined
/// @param codes in their [CampaignCode#normal] form
/// @param active whether its codes are accepted
/// @param redemptions its uses. Only here is a limit enforced: whoever prices an order can find out
///   that a code is valid, but not that nobody else takes the last use of it meanwhile
public record Campaign(
        @Nullable Rules rules, List<String> codes, boolean active, Redemptions redemptions) {

    public static final Aggregate<Command, Event, Campaign> AGGREGATE =
            Aggregate.named("campaign")
                    .taking(Command.class)
                    .startingAs(new Campaign(null, List.of(), false, Redemptions.NONE))
                    .deciding(Campaign::decide)
                    .evolving(Campaign::evolve)
                    .refusing(Refusal.class)
                    .version(3)
                    .event("campaign-defined", Event.CampaignDefined.class)
                    .event("campaign-activated", Event.CampaignActivated.class)
                    .event("campaign-paused", Event.CampaignPaused.class)
                    .event("campaign-codes-added", Event.CampaignCodesAdded.class)
                    .event("redemption-expired", Event.RedemptionExpired.class)
                    .event("redemption-settled", Event.RedemptionSettled.class);

    private static final int LONGEST_ID = 100;

    public Campaign {
        codes = List.copyOf(codes);
    }

    /// What the campaign has made of an order's wish for a code.
    ///
    /// @param revision the order's revision that was answered; 0 as long as no order has asked, or
    ///   when the answer is too old to be remembered
    /// @param is what the order has
    /// @param isRefused whether it wanted something else, which the limits did not allow
    public record Standing(long revision, Command.Use.Wanted is, boolean isRefused) {
        static final Standing NONE = new Standing(0, Command.Use.Wanted.NOTHING, false);
    }

    public sealed interface Command {
        /// Says all that there is to say about the campaign. Which components are needed depends on
        /// the kind; see [Rules]. Without `active`, a new campaign is active and a known one stays
        /// as it is.
        record DefineCampaign(
                @Nullable List<@Nullable String> codes,
                @Nullable String kind,
                @Nullable BigDecimal percent,
                @Nullable Money amount,
                @Nullable Integer buy,
                @Nullable Integer get,
                @Nullable Instant from,
                @Nullable Instant until,
                @Nullable Long maxUses,
                @Nullable Long maxUsesPerCustomer,
                @Nullable Money budget,
                @Nullable Money minSubtotal,
                @Nullable List<@Nullable String> skus,
                @Nullable List<@Nullable String> categories,
                @Nullable Boolean exclusive,
                @Nullable Boolean active)
                implements Command {}

        record Activate() implements Command {}

        record Pause() implements Command {}

        record AddCodes(@Nullable List<@Nullable String> codes) implements Command {}

        /// Says what an order wants of a code, all of it and not what changed. It can therefore be
        /// told again, late and in any order. What the limits do not allow is not a rejection but
        /// part of the answer: see [Campaign#standing].
        ///
        /// @param revision of the order; one that is older than the last that was told changes
        ///   nothing
        /// @param amount what the customer pays less because of the code
        /// @param until when a use that is set aside ends by itself; of no meaning otherwise
        record Use(
                String order,
                String customer,
                String code,
                Long revision,
                Wanted wanted,
                Money amount,
                @Nullable Instant until,
                Instant now)
                implements Command {

            public enum Wanted {
                /// The use is given back, whether it was set aside or redeemed.
                NOTHING,
                SET_ASIDE,
                REDEEMED
            }
        }

        /// Ends the uses that were set aside for a time that is over; many in several turns.
        record EndReservations(Instant now) implements Command {}
    }

    public sealed interface Event {
        record CampaignDefined(Rules rules, List<String> codes, boolean active) implements Event {
            public CampaignDefined {
                codes = List.copyOf(codes);
            }
        }

        record CampaignActivated() implements Event {}

        record CampaignPaused() implements Event {}

        record CampaignCodesAdded(List<String> codes) implements Event {
            public CampaignCodesAdded {
                codes = List.copyOf(codes);
            }
        }

        /// An event about one use.
        sealed interface OfRedemption extends Event {}

        /// A use that was set aside has ended, as its time is over.
        record RedemptionExpired(String order, String code) implements OfRedemption {}

        /// An order was told what it has of a code. A change from `was` to `is` is one of the
        /// campaign's counts; without one, only what is known of the use has changed.
        ///
        /// @param amount what the use takes off the order, unless there is none
        /// @param until when the use ends by itself, when it is set aside
        /// @param refusal why it is not what the order wanted, as the name of a [Refusal]
        record RedemptionSettled(
                String order,
                String customer,
                String code,
                long revision,
                Command.Use.Wanted was,
                Command.Use.Wanted is,
                Money amount,
                @Nullable Instant until,
                @Nullable String refusal)
                implements OfRedemption {}
    }

    public enum Refusal implements Rejection {
        UNKNOWN_CAMPAIGN("No campaign is defined under this id."),
        CODES_INVALID(
                "codes: at most 10000 different ones, each of 1 to 40 letters, digits, - or _."),
        KIND_UNKNOWN(
                "kind: percentage, fixed-amount, fixed-price, buy-x-get-y or free-shipping is needed."),
        PERCENT_INVALID("percent: above 0 and up to 100 is needed, with at most four decimals."),
        AMOUNT_INVALID("amount: an amount above zero is needed (for a fixed price, zero will do)."),
        UNITS_INVALID("buy, get: 1 to 1000 units each are needed."),
        WINDOW_INVALID("from, until: until comes after from, and both lie between 1970 and 9999."),
        LIMIT_INVALID("maxUses, maxUsesPerCustomer: 1 or more; budget: an amount above zero."),
        LIMIT_BELOW_USES("maxUses, maxUsesPerCustomer, budget: more is used already."),
        SUBTOTAL_INVALID("minSubtotal: an amount of zero or more is possible."),
        RESTRICTION_INVALID("skus, categories: at most 1000 each, none of them empty."),
        CAMPAIGN_PAUSED("The campaign is paused."),
        CODE_UNKNOWN("code: the campaign has no such code."),
        ID_INVALID("order, customer: 1 to 100 characters each."),
        DISCOUNT_INVALID("amount: zero or more is needed, in the currency of the budget."),
        USES_EXHAUSTED("The campaign was used as often as it can be."),
        CUSTOMER_USES_EXHAUSTED("The customer has used the campaign as often as one may."),
        BUDGET_EXHAUSTED("The campaign's budget does not suffice."),
        TOO_MANY_RESERVATIONS("Too many uses wait for being confirmed."),
        USE_INVALID("revision, until: a revision of 1 or more; an end for what is set aside."),
        TIME_OVER("until: the time is over."),
        NOTHING_OVER("No reservation has run out.");

        private final String detail;

        Refusal(String detail) {
            this.detail = detail;
        }

        @Override
        public String detail() {
            return detail;
        }
    }

    Decision<Event> decide(Command command) {
        return switch (command) {
            case Command.DefineCampaign define -> define(new Definition(define));
            case Command.Activate _ when rules == null -> reject(Refusal.UNKNOWN_CAMPAIGN);
            case Command.Activate _ when active -> accept();
            case Command.Activate _ -> accept(new Event.CampaignActivated());
            case Command.Pause _ when rules == null -> reject(Refusal.UNKNOWN_CAMPAIGN);
            case Command.Pause _ when !active -> accept();
            case Command.Pause _ -> accept(new Event.CampaignPaused());
            case Command.AddCodes _ when rules == null -> reject(Refusal.UNKNOWN_CAMPAIGN);
            case Command.AddCodes(var more) -> addCodes(more);
            case Command.Use _ when rules == null -> reject(Refusal.UNKNOWN_CAMPAIGN);
            case Command.Use use -> new UseDecision(this, rules, use).decide();
            case Command.EndReservations(var now) -> end(now);
        };
    }

    Campaign evolve(Event event) {
        return switch (event) {
            case Event.CampaignDefined(var newRules, var newCodes, var isActive) ->
                    new Campaign(
                            newRules,
                            newCodes,
                            isActive,
                            redemptions.counting(newRules.maxUsesPerCustomer() != null));
            case Event.CampaignActivated _ -> new Campaign(rules, codes, true, redemptions);
            case Event.CampaignPaused _ -> new Campaign(rules, codes, false, redemptions);
            case Event.CampaignCodesAdded(var more) -> {
                List<String> all = new ArrayList<>(codes);
                all.addAll(more);
                yield new Campaign(rules, all, active, redemptions);
            }
            case Event.OfRedemption use -> {
                boolean isLimited = rules != null && rules.maxUsesPerCustomer() != null;
                yield new Campaign(rules, codes, active, redemptions.evolve(use, isLimited));
            }
        };
    }

    /// What the order has of the code, absolutely.
    public Standing standing(String order, String code) {
        return redemptions.standing(Redemptions.key(order, code));
    }

    private Decision<Event> end(Instant now) {
        List<Event.RedemptionExpired> over = redemptions.over(now, "");
        return over.isEmpty()
                ? reject(Refusal.NOTHING_OVER)
                : new Decision.Accepted<>(List.copyOf(over));
    }

    static boolean isId(String text) {
        return !text.isBlank() && text.length() <= LONGEST_ID;
    }

    private Decision<Event> define(Definition definition) {
        Refusal fault = definition.fault();
        if (fault != null) {
            return reject(fault);
        }
        boolean isActive = definition.activeOr(rules == null || active);
        Rules next = definition.rules();
        if (isUsedBeyond(next)) {
            return reject(Refusal.LIMIT_BELOW_USES);
        }
        boolean isSame =
                next.equals(rules) && definition.codes().equals(codes) && isActive == active;
        return isSame
                ? accept()
                : accept(new Event.CampaignDefined(next, definition.codes(), isActive));
    }

    /// A limit is never below what is used: so it holds at any time, and not only for new uses.
    private boolean isUsedBeyond(Rules next) {
        Redemptions counted = redemptions.counting(next.maxUsesPerCustomer() != null);
        Money budget = next.budget();
        return (next.maxUses() != null && counted.uses() > next.maxUses())
                || (next.maxUsesPerCustomer() != null
                        && counted.mostUsesByOne() > next.maxUsesPerCustomer())
                || (budget != null
                        && counted.spentIn(budget.currency().getCurrencyCode()) > budget.minor());
    }

    private Decision<Event> addCodes(@Nullable List<@Nullable String> more) {
        List<String> wanted = Definition.normal(more);
        if (more == null || wanted == null) {
            return reject(Refusal.CODES_INVALID);
        }
        List<String> fresh = new ArrayList<>(wanted);
        fresh.removeAll(codes);
        if (codes.size() + fresh.size() > Definition.MOST_CODES) {
            return reject(Refusal.CODES_INVALID);
        }
        return fresh.isEmpty() ? accept() : accept(new Event.CampaignCodesAdded(fresh));
    }
}
