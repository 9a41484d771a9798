// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.campaign.Campaign.Command.Use.Wanted;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.pricing.PricedLine.Deduction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

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
        OrderCreated agreed = order.agreed();
        if (agreed.codes().isEmpty()) {
            return List.of();
        }
        Instant until =
                Objects.requireNonNullElse(agreed.stockUntil(), agreed.placedAt())
                        .plus(LONGEST_WAIT);
        List<CodeUse> uses = new ArrayList<>();
        for (OrderCreated.Code code : agreed.codes()) {
            Money amount = amount(code.code());
            if (amount.signum() > 0) {
                uses.add(
                        new CodeUse(
                                code.campaignId(),
                                code.code(),
                                wanted(code.code()),
                                amount,
                                until));
            }
        }
        return uses;
    }

    private Money amount(String code) {
        OrderCreated agreed = order.agreed();
        long minor =
                Stream.concat(
                                agreed.lines().stream().flatMap(line -> line.deductions().stream()),
                                agreed.shipping().deductions().stream())
                        .filter(deduction -> deduction.code().equals(code))
                        .map(Deduction::amount)
                        .mapToLong(Money::minor)
                        .sum();
        return order.amount(minor);
    }

    private Wanted wanted(String code) {
        return switch (order.lifecycle()) {
            case CREATED -> {
                boolean isRedeemed = of(code).is() == Wanted.REDEEMED;
                yield isRedeemed || order.isReadyToConfirm() ? Wanted.REDEEMED : Wanted.SET_ASIDE;
            }
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
        return all().stream().filter(use -> !use.isAnswered(of(use.code()))).toList();
    }

    boolean isAnyRefused() {
        return all().stream().anyMatch(use -> of(use.code()).isRefused());
    }

    /// Whether each code is set aside or redeemed.
    boolean areSetAside() {
        return all().stream().allMatch(use -> of(use.code()).is() != Wanted.NOTHING);
    }

    boolean areRedeemed() {
        return all().stream().allMatch(use -> of(use.code()).is() == Wanted.REDEEMED);
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
