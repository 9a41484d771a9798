// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.money.Rate;
import dev.fakta.orders.order.Address;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.pricing.PricedLine.Deduction;
import dev.fakta.orders.pricing.PricedShipping;
import dev.fakta.orders.pricing.Totals;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Orders as they are placed: units of a sku cost ten euros, shipping five; a code takes off one.
final class Baskets {

    static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");
    static final String CODE = "SUMMER26";
    static final String CAMPAIGN = "summer";
    private static final Currency EUR = Currency.getInstance("EUR");

    private Baskets() {}

    static Money eur(long minor) {
        return new Money(minor, EUR);
    }

    static OrderCreated placed(String method, boolean hasCode, String... skus) {
        return placed(new OrderCreated.Payment(method, "tok_ok"), hasCode, skus);
    }

    static OrderCreated placed(OrderCreated.Payment payment, boolean hasCode, String... skus) {
        List<PricedLine> lines = new ArrayList<>();
        for (String sku : skus) {
            List<Deduction> deductions =
                    hasCode && lines.isEmpty()
                            ? List.of(new Deduction(CODE, CAMPAIGN, eur(100)))
                            : List.of();
            lines.add(
                    new PricedLine(
                            sku,
                            sku,
                            1,
                            eur(1000),
                            eur(1000),
                            eur(deductions.isEmpty() ? 0 : 100),
                            eur(0),
                            Rate.ZERO,
                            deductions));
        }
        PricedShipping shipping =
                new PricedShipping("standard", 100, eur(500), eur(0), eur(0), Rate.ZERO, List.of());
        return new OrderCreated(
                "1001",
                "customer-1",
                "eva@example.com",
                EUR,
                NOON,
                lines,
                shipping,
                new Address("Eva", "Allee 1", null, "Berlin", null, "10115", "DE"),
                Totals.of(lines, shipping),
                true,
                RoundingMode.HALF_EVEN,
                hasCode ? List.of(new OrderCreated.Code(CODE, CAMPAIGN)) : List.of(),
                payment,
                null,
                null,
                null);
    }

    /// The same, with its stock kept until then.
    static OrderCreated keptUntil(OrderCreated placed, Instant until) {
        return with(placed, until, placed.review(), placed.sources());
    }

    /// The same, to be looked at before it is paid.
    static OrderCreated reviewed(OrderCreated placed) {
        return with(placed, placed.stockUntil(), true, placed.sources());
    }

    /// The same, served from these locations, the best one first.
    static OrderCreated servedFrom(OrderCreated placed, String... locations) {
        return with(placed, placed.stockUntil(), placed.review(), List.of(locations));
    }

    /// The same, of these lines.
    static OrderCreated with(OrderCreated placed, List<PricedLine> lines) {
        return new OrderCreated(
                placed.number(),
                placed.customerId(),
                placed.email(),
                placed.currency(),
                placed.placedAt(),
                lines,
                placed.shipping(),
                placed.address(),
                Totals.of(lines, placed.shipping()),
                placed.pricesIncludeTax(),
                placed.rounding(),
                placed.codes(),
                placed.payment(),
                placed.stockUntil(),
                placed.review(),
                placed.sources());
    }

    private static OrderCreated with(
            OrderCreated placed,
            @Nullable Instant until,
            @Nullable Boolean review,
            @Nullable List<String> sources) {
        return new OrderCreated(
                placed.number(),
                placed.customerId(),
                placed.email(),
                placed.currency(),
                placed.placedAt(),
                placed.lines(),
                placed.shipping(),
                placed.address(),
                placed.totals(),
                placed.pricesIncludeTax(),
                placed.rounding(),
                placed.codes(),
                placed.payment(),
                until,
                review,
                sources);
    }
}
