// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import dev.fakta.orders.campaign.Campaign.Command.DefineCampaign;
import dev.fakta.orders.campaign.Campaign.Refusal;
import dev.fakta.orders.campaign.Rules.Kind;
import dev.fakta.orders.money.Rate;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
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

    /// The first fault, if there is one.
    @Nullable Refusal fault() {
        Kind kind = Kind.named(command.kind());
        if (kind == null) {
            return Refusal.KIND_UNKNOWN;
        }
        if (command.codes() != null && normal(command.codes()) == null) {
            return Refusal.CODES_INVALID;
        }
        Refusal benefit = benefitFault(kind);
        return benefit == null ? limitsFault() : benefit;
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

    private @Nullable Refusal benefitFault(Kind kind) {
        return switch (kind) {
            case PERCENTAGE -> isPercent(command.percent()) ? null : Refusal.PERCENT_INVALID;
            case FIXED_AMOUNT ->
                    command.amount() != null && command.amount().signum() > 0
                            ? null
                            : Refusal.AMOUNT_INVALID;
            case FIXED_PRICE ->
                    command.amount() != null && command.amount().signum() >= 0
                            ? null
                            : Refusal.AMOUNT_INVALID;
            case BUY_X_GET_Y ->
                    isUnits(command.buy()) && isUnits(command.get()) ? null : Refusal.UNITS_INVALID;
            case FREE_SHIPPING -> null;
        };
    }

    private @Nullable Refusal limitsFault() {
        if (!isWindow(command.from(), command.until())) {
            return Refusal.WINDOW_INVALID;
        }
        if (!isLimit(command.maxUses()) || !isLimit(command.maxUsesPerCustomer())) {
            return Refusal.LIMIT_INVALID;
        }
        if (command.budget() != null && command.budget().signum() <= 0) {
            return Refusal.LIMIT_INVALID;
        }
        if (command.minSubtotal() != null && command.minSubtotal().signum() < 0) {
            return Refusal.SUBTOTAL_INVALID;
        }
        return isRestriction(command.skus()) && isRestriction(command.categories())
                ? null
                : Refusal.RESTRICTION_INVALID;
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

    private static boolean isUnits(@Nullable Integer units) {
        return units != null && units >= 1 && units <= MOST_UNITS;
    }

    private static boolean isLimit(@Nullable Long limit) {
        return limit == null || limit >= 1;
    }

    private static boolean isRestriction(@Nullable List<@Nullable String> names) {
        for (String name : names == null ? List.<@Nullable String>of() : names) {
            if (name == null || name.isBlank()) {
                return false;
            }
        }
        return names == null || names.size() <= MOST_RESTRICTIONS;
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
