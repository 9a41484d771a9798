// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.testkit.Surroundings.surroundings;

import dev.fakta.orders.campaign.Campaign;
import dev.fakta.orders.campaign.CampaignCode;
import dev.fakta.orders.campaign.Definitions;
import dev.fakta.orders.catalog.Product;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.PlaceOrder.Destination;
import dev.fakta.orders.order.PlaceOrder.Line;
import dev.fakta.orders.order.PlaceOrder.Payment;
import dev.fakta.orders.order.PlaceOrder.Shipping;
import dev.fakta.testkit.Processed;
import dev.fakta.testkit.Surroundings;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A shop and a customer for tests: tea at 19.99 EUR and cups at 5 EUR, a request for two of the
/// tea to Berlin, and a step for everything that may differ. Immutable.
record Placing(PlaceOrder request, Surroundings shop, @Nullable Money credit) {

    /// Stands for a seal: what it has sealed can be read here.
    static final TokenSeal SEAL = (order, token) -> "sealed %s for %s".formatted(token, order);

    private static final String ID = "01jyz3k8qhn4t6v9x2ab";

    /// The token of its card as the order has it.
    static final String SEALED = SEAL.seal(ID, "tok_ok");

    static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");

    static Placing order() {
        return new Placing(
                new PlaceOrder(
                        "customer-1",
                        "eva@example.com",
                        "EUR",
                        List.of(line("tea", 2L)),
                        null,
                        new Shipping("standard", berlin()),
                        new Payment("card", "tok_ok"),
                        null),
                surroundings()
                        .at(NOON)
                        .sendingTo(ID)
                        .with(Product.AGGREGATE, "tea", tea(Money.of(1999, "EUR")))
                        .with(Product.AGGREGATE, "cup", cup(Money.of(500, "EUR"))),
                null);
    }

    static Product.Event.ProductListed tea(Money... prices) {
        return new Product.Event.ProductListed(
                "Tea", List.of(prices), "reduced", 250, List.of("drinks"));
    }

    static Product.Event.ProductListed cup(Money... prices) {
        return new Product.Event.ProductListed(
                "Cup", List.of(prices), "standard", 400, List.of("china"));
    }

    static Destination berlin() {
        return new Destination("Eva", "Allee 1", null, "Berlin", null, "10115", "DE");
    }

    static Line line(@Nullable String sku, @Nullable Long quantity) {
        return new Line(sku, quantity, null);
    }

    Placing customer(@Nullable String id, @Nullable String email) {
        PlaceOrder r = request;
        return with(
                new PlaceOrder(
                        id,
                        email,
                        r.currency(),
                        r.lines(),
                        r.campaignCodes(),
                        r.shipping(),
                        r.payment(),
                        r.placedAt()));
    }

    Placing currency(@Nullable String currency) {
        PlaceOrder r = request;
        return with(
                new PlaceOrder(
                        r.customerId(),
                        r.email(),
                        currency,
                        r.lines(),
                        r.campaignCodes(),
                        r.shipping(),
                        r.payment(),
                        r.placedAt()));
    }

    Placing lines(@Nullable Line... lines) {
        return allLines(Arrays.asList(lines));
    }

    Placing allLines(@Nullable List<@Nullable Line> lines) {
        PlaceOrder r = request;
        return with(
                new PlaceOrder(
                        r.customerId(),
                        r.email(),
                        r.currency(),
                        lines,
                        r.campaignCodes(),
                        r.shipping(),
                        r.payment(),
                        r.placedAt()));
    }

    Placing codes(@Nullable String... codes) {
        PlaceOrder r = request;
        return with(
                new PlaceOrder(
                        r.customerId(),
                        r.email(),
                        r.currency(),
                        r.lines(),
                        Arrays.asList(codes),
                        r.shipping(),
                        r.payment(),
                        r.placedAt()));
    }

    Placing shipping(@Nullable Shipping shipping) {
        PlaceOrder r = request;
        return with(
                new PlaceOrder(
                        r.customerId(),
                        r.email(),
                        r.currency(),
                        r.lines(),
                        r.campaignCodes(),
                        shipping,
                        r.payment(),
                        r.placedAt()));
    }

    Placing payment(@Nullable Payment payment) {
        PlaceOrder r = request;
        return with(
                new PlaceOrder(
                        r.customerId(),
                        r.email(),
                        r.currency(),
                        r.lines(),
                        r.campaignCodes(),
                        r.shipping(),
                        payment,
                        r.placedAt()));
    }

    Placing placedAt(@Nullable String time) {
        PlaceOrder r = request;
        return with(
                new PlaceOrder(
                        r.customerId(),
                        r.email(),
                        r.currency(),
                        r.lines(),
                        r.campaignCodes(),
                        r.shipping(),
                        r.payment(),
                        time));
    }

    Placing with(PlaceOrder other) {
        return new Placing(other, shop, credit);
    }

    /// The customer has this store credit.
    Placing credit(Money available) {
        return new Placing(request, shop, available);
    }

    Placing product(String sku, Product.Event... events) {
        return new Placing(request, shop.with(Product.AGGREGATE, sku, events), credit);
    }

    /// An active campaign under the id of its code in small letters.
    Placing campaign(String code, Definitions definition) {
        return campaign(code, definition.codes(code).defined());
    }

    Placing campaign(String code, Campaign.Event... events) {
        String id = code.toLowerCase(Locale.ROOT);
        return new Placing(
                request,
                shop.with(Campaign.AGGREGATE, id, events)
                        .with(
                                CampaignCode.AGGREGATE,
                                code,
                                new CampaignCode.Event.CodeAssigned(id)),
                credit);
    }

    Placing importing() {
        return new Placing(request, shop.permitting(PlaceOrderProcessor.IMPORT), credit);
    }

    Processed<Order.Command> process() {
        return process(OrderRules.plain());
    }

    private Processed<Order.Command> process(OrderRules rules) {
        return shop.process(PlaceOrderProcessor.of(rules, SEAL, (_, _) -> credit), request);
    }

    /// The order that the request leads to. A refusal fails the test.
    OrderCreated placed() {
        return placed(OrderRules.plain());
    }

    OrderCreated placed(OrderRules rules) {
        return switch (process(rules).sent()) {
            case Order.Command.CreateOrder(var order) -> order;
            case Order.Command other -> throw new AssertionError(other);
        };
    }
}
