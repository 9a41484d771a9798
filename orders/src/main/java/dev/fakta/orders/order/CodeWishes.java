// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.campaign.Campaign.Command.Use.Wanted;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.pricing.PricedLine.Deduction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/// What an order wants of its codes, and how far it has that. The only place that decides whether a
/// code is used.
record CodeWishes(Order order) {

    /// A use is set aside for as long as an order can wait for its confirmation, beyond the time
    /// for which its stock is kept at first.
    static final Duration LONGEST_WAIT = Duration.ofDays(7);

    /// What it wants of each code that takes something off: set aside until nothing but the codes
    /// themselves has to be waited for, then redeemed, and nothing once the order ends unconfirmed
    /// or is cancelled.
    List<CodeUse> all() {
        return those((_, _) -> true);
    }

    /// Those of its wishes that are like this, given what is wanted of the code; no other is worth
    /// adding up what the code takes off.
    private List<CodeUse> those(BiPredicate<String, Wanted> which) {
        OrderCreated agreed = order.agreed();
        if (agreed.codes().isEmpty()) {
            return List.of();
        }
        Instant until =
                Objects.requireNonNullElse(agreed.stockUntil(), agreed.placedAt())
                        .plus(LONGEST_WAIT);
        boolean isReady = order.lifecycle() == Lifecycle.CREATED && order.isReadyToConfirm();
        List<CodeUse> uses = new ArrayList<>();
        for (OrderCreated.Code code : agreed.codes()) {
            Wanted wanted = wanted(code.code(), isReady);
            Money amount = which.test(code.code(), wanted) ? amount(code.code()) : null;
            if (amount != null && amount.signum() > 0) {
                uses.add(new CodeUse(code.campaignId(), code.code(), wanted, amount, until));
            }
        }
        return uses;
    }

    private Money amount(String code) {
        OrderCreated agreed = order.agreed();
        long minor = amount(code, agreed.shipping().deductions());
        for (PricedLine line : agreed.lines()) {
            minor += amount(code, line.deductions());
        }
        return order.amount(minor);
    }

    private static long amount(String code, List<Deduction> deductions) {
        long minor = 0;
        for (Deduction deduction : deductions) {
            minor += deduction.code().equals(code) ? deduction.amount().minor() : 0;
        }
        return minor;
    }

    /// @param isReady whether the order is [ready][Order#isReadyToConfirm()], which is the same for
    ///   all its codes
    private Wanted wanted(String code, boolean isReady) {
        return switch (order.lifecycle()) {
            case CREATED ->
                    isReady || of(code).is() == Wanted.REDEEMED
                            ? Wanted.REDEEMED
                            : Wanted.SET_ASIDE;
            case CONFIRMED, COMPLETED -> Wanted.REDEEMED;
            case CANCELLING, REJECTED, CANCELLED -> Wanted.NOTHING;
        };
    }

    private CodeStanding of(String code) {
        for (CodeStanding one : order.codes()) {
            if (one.code().equals(code)) {
                return one;
            }
        }
        return CodeStanding.unknown(code);
    }

    /// Those of the wishes that the campaigns were not told of, or have not answered.
    List<CodeUse> unanswered() {
        return those((code, wanted) -> !of(code).answers(wanted));
    }

    boolean isAnyRefused() {
        return isAny(CodeStanding::isRefused);
    }

    /// Whether each code is set aside or redeemed.
    boolean areSetAside() {
        return !isAny(standing -> standing.is() == Wanted.NOTHING);
    }

    boolean areRedeemed() {
        return !isAny(standing -> standing.is() != Wanted.REDEEMED);
    }

    /// Whether this is said of any code that takes something off.
    private boolean isAny(Predicate<CodeStanding> what) {
        for (OrderCreated.Code code : order.agreed().codes()) {
            if (what.test(of(code.code())) && amount(code.code()).signum() > 0) {
                return true;
            }
        }
        return false;
    }

    /// What of these answers is news.
    List<CodeStanding> news(List<CodeStanding> answers) {
        return answers.stream()
                .filter(
                        answer ->
                                answer.heard() >= of(answer.code()).heard()
                                        && !answer.isSame(of(answer.code())))
                .toList();
    }

    /// All answers, with these in the place of earlier ones.
    List<CodeStanding> hearing(List<CodeStanding> answers) {
        List<CodeStanding> all = new ArrayList<>(order.codes());
        for (CodeStanding answer : answers) {
            all.removeIf(one -> one.code().equals(answer.code()));
            all.add(answer);
        }
        return all;
    }
}
