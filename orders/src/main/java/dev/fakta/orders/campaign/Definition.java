// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import dev.fakta.orders.campaign.Campaign.Command.DefineCampaign;
import dev.fakta.orders.campaign.Campaign.Refusal;
import dev.fakta.orders.campaign.Rules.Kind;
import dev.fakta.orders.fields.Faults;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.money.Rate;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Judges the command that defines a campaign, and makes rules of it.
record Definition(DefineCampaign command) {

    static final int MOST_CODES = 10_000;
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
    private static final int MOST_UNITS = 1_000;
    private static final int MOST_RESTRICTIONS = 1_000;

    /// Enough to correct a request by.
    private static final int MOST_FAULTS = 50;

    /// The first fault, if there is one.
    @Nullable Refusal fault() {
        return faults().first();
    }

    /// What is wrong with a command's fields, whatever the campaign.
    static Faults<Refusal> faults(Campaign.Command command) {
        return switch (command) {
            case DefineCampaign define -> new Definition(define).faults();
            case Campaign.Command.AddCodes(var codes) -> {
                Faults<Refusal> faults = new Faults<>();
                faults.present(Refusal.CODES_INVALID, "codes", codes);
                look(codes, faults);
                yield faults;
            }
            case Campaign.Command.Activate _,
                    Campaign.Command.Pause _,
                    Campaign.Command.Use _,
                    Campaign.Command.EndReservations _ ->
                    new Faults<>();
        };
    }

    private Faults<Refusal> faults() {
        Faults<Refusal> faults = new Faults<>();
        Kind kind = Kind.named(command.kind());
        if (kind == null) {
            String reason =
                    "percentage, fixed-amount, fixed-price, buy-x-get-y or free-shipping is needed";
            faults.add(Refusal.KIND_UNKNOWN, "kind", reason);
        }
        look(command.codes(), faults);
        if (kind != null) {
            lookAtBenefit(kind, faults);
        }
        lookAtLimits(faults);
        return faults;
    }

    private static void look(@Nullable List<@Nullable String> codes, Faults<Refusal> faults) {
        List<@Nullable String> all = codes == null ? List.of() : codes;
        Set<String> different = new HashSet<>();
        for (int index = 0; index < all.size(); index++) {
            String code = all.get(index);
            String normal = code == null ? null : CampaignCode.normal(code);
            if (normal != null) {
                different.add(normal);
            } else if (faults.problems().size() < MOST_FAULTS) {
                faults.add(
                        Refusal.CODES_INVALID,
                        "codes[" + index + "]",
                        "1 to 40 letters, digits, - or _ are needed");
            }
        }
        faults.unless(
                different.size() <= MOST_CODES,
                Refusal.CODES_INVALID,
                "codes",
                "has more than " + MOST_CODES + " different ones");
    }

    /// Only when there is no [#fault].
    Rules rules() {
        Kind kind = Objects.requireNonNull(Kind.named(command.kind()));
        BigDecimal percent = kind == Kind.PERCENTAGE ? command.percent() : null;
        boolean hasAmount = kind == Kind.FIXED_AMOUNT || kind == Kind.FIXED_PRICE;
        boolean hasUnits = kind == Kind.BUY_X_GET_Y;
        return new Rules(
                kind,
                percent == null ? Rate.ZERO : Rate.percent(percent),
                hasAmount ? command.amount() : null,
                hasUnits ? Objects.requireNonNull(command.buy()) : 0,
                hasUnits ? Objects.requireNonNull(command.get()) : 0,
                command.from(),
                command.until(),
                command.maxUses(),
                command.maxUsesPerCustomer(),
                command.budget(),
                command.minSubtotal(),
                present(command.skus()),
                present(command.categories()),
                Boolean.TRUE.equals(command.exclusive()));
    }

    List<String> codes() {
        return Objects.requireNonNullElse(normal(command.codes()), List.of());
    }

    boolean activeOr(boolean otherwise) {
        return Objects.requireNonNullElse(command.active(), otherwise);
    }

    /// The codes in their normal form, each once; null when one of them is none, or there are too
    /// many.
    static @Nullable List<String> normal(@Nullable List<@Nullable String> codes) {
        Set<String> normal = new LinkedHashSet<>();
        for (String code : codes == null ? List.<@Nullable String>of() : codes) {
            String one = code == null ? null : CampaignCode.normal(code);
            if (one == null) {
                return null;
            }
            normal.add(one);
        }
        return normal.size() > MOST_CODES ? null : List.copyOf(normal);
    }

    private void lookAtBenefit(Kind kind, Faults<Refusal> faults) {
        Money amount = command.amount();
        switch (kind) {
            case PERCENTAGE ->
                    faults.unless(
                            isPercent(command.percent()),
                            Refusal.PERCENT_INVALID,
                            "percent",
                            "above 0 and up to 100 is needed, with at most four decimals");
            case FIXED_AMOUNT ->
                    faults.present(Refusal.AMOUNT_INVALID, "amount", amount)
                            .unless(
                                    amount == null || amount.signum() > 0,
                                    Refusal.AMOUNT_INVALID,
                                    "amount",
                                    "above zero is needed");
            case FIXED_PRICE ->
                    faults.present(Refusal.AMOUNT_INVALID, "amount", amount)
                            .unless(
                                    amount == null || amount.signum() >= 0,
                                    Refusal.AMOUNT_INVALID,
                                    "amount",
                                    "is below zero");
            case BUY_X_GET_Y ->
                    faults.number(Refusal.UNITS_INVALID, "buy", command.buy(), 1, MOST_UNITS)
                            .number(Refusal.UNITS_INVALID, "get", command.get(), 1, MOST_UNITS);
            case FREE_SHIPPING -> {} // is all that there is to say
        }
    }

    private void lookAtLimits(Faults<Refusal> faults) {
        faults.unless(
                isWindow(command.from(), command.until()),
                Refusal.WINDOW_INVALID,
                "until",
                "has to come after from, and both lie between 1970 and 9999");
        lookAtLimit("maxUses", command.maxUses(), faults);
        lookAtLimit("maxUsesPerCustomer", command.maxUsesPerCustomer(), faults);
        faults.unless(
                        command.budget() == null || command.budget().signum() > 0,
                        Refusal.LIMIT_INVALID,
                        "budget",
                        "above zero is needed")
                .unless(
                        command.minSubtotal() == null || command.minSubtotal().signum() >= 0,
                        Refusal.SUBTOTAL_INVALID,
                        "minSubtotal",
                        "is below zero");
        lookAtRestriction("skus", command.skus(), faults);
        lookAtRestriction("categories", command.categories(), faults);
    }

    private static void lookAtLimit(String field, @Nullable Long limit, Faults<Refusal> faults) {
        faults.unless(
                limit == null || limit >= 1, Refusal.LIMIT_INVALID, field, "1 or more is needed");
    }

    private static void lookAtRestriction(
            String field, @Nullable List<@Nullable String> names, Faults<Refusal> faults) {
        faults.size(Refusal.RESTRICTION_INVALID, field, names, 0, MOST_RESTRICTIONS);
        List<@Nullable String> all = names == null ? List.of() : names;
        for (int index = 0; index < Math.min(all.size(), MOST_RESTRICTIONS); index++) {
            String name = all.get(index);
            faults.unless(
                    name != null && !name.isBlank(),
                    Refusal.RESTRICTION_INVALID,
                    field + "[" + index + "]",
                    "is empty");
        }
    }

    private static boolean isPercent(@Nullable BigDecimal percent) {
        return percent != null
                && percent.signum() > 0
                && percent.compareTo(BigDecimal.valueOf(100)) <= 0
                && percent.stripTrailingZeros().scale() <= 4;
    }

    private static boolean isWindow(@Nullable Instant from, @Nullable Instant until) {
        Instant first = from == null ? EARLIEST : from;
        Instant end = until == null ? LATEST : until;
        return !first.isBefore(EARLIEST) && first.isBefore(end) && !end.isAfter(LATEST);
    }

    private static List<String> present(@Nullable List<@Nullable String> names) {
        List<String> present = new ArrayList<>();
        for (String name : names == null ? List.<@Nullable String>of() : names) {
            if (name != null) {
                present.add(name);
            }
        }
        return present;
    }
}
