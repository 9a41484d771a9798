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
public record Campaign(@Nullable Rules rules, List<String> codes, boolean active) {

    public static final Aggregate<Command, Event, Campaign> AGGREGATE =
            Aggregate.named("campaign")
                    .taking(Command.class)
                    .startingAs(new Campaign(null, List.of(), false))
                    .deciding(Campaign::decide)
                    .evolving(Campaign::evolve)
                    .event("campaign-defined", Event.CampaignDefined.class)
                    .event("campaign-activated", Event.CampaignActivated.class)
                    .event("campaign-paused", Event.CampaignPaused.class)
                    .event("campaign-codes-added", Event.CampaignCodesAdded.class);

    public Campaign {
        codes = List.copyOf(codes);
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
                @Nullable Money minSubtotal,
                @Nullable List<@Nullable String> skus,
                @Nullable List<@Nullable String> categories,
                @Nullable Boolean exclusive,
                @Nullable Boolean active)
                implements Command {}

        record Activate() implements Command {}

        record Pause() implements Command {}

        record AddCodes(@Nullable List<@Nullable String> codes) implements Command {}
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
        LIMIT_INVALID("maxUses, maxUsesPerCustomer: 1 or more are possible."),
        SUBTOTAL_INVALID("minSubtotal: an amount of zero or more is possible."),
        RESTRICTION_INVALID("skus, categories: at most 1000 each, none of them empty.");

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
        };
    }

    Campaign evolve(Event event) {
        return switch (event) {
            case Event.CampaignDefined(var newRules, var newCodes, var isActive) ->
                    new Campaign(newRules, newCodes, isActive);
            case Event.CampaignActivated _ -> new Campaign(rules, codes, true);
            case Event.CampaignPaused _ -> new Campaign(rules, codes, false);
            case Event.CampaignCodesAdded(var more) -> {
                List<String> all = new ArrayList<>(codes);
                all.addAll(more);
                yield new Campaign(rules, all, active);
            }
        };
    }

    private Decision<Event> define(Definition definition) {
        Refusal fault = definition.fault();
        if (fault != null) {
            return reject(fault);
        }
        boolean isActive = definition.activeOr(rules == null || active);
        Campaign target = new Campaign(definition.rules(), definition.codes(), isActive);
        return target.equals(this)
                ? accept()
                : accept(
                        new Event.CampaignDefined(
                                definition.rules(), definition.codes(), isActive));
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
