// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Decision;
import dev.fakta.orders.campaign.Definitions;
import dev.fakta.orders.catalog.Product;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Order.Command;
import dev.fakta.orders.order.PlaceOrder.Destination;
import dev.fakta.orders.order.PlaceOrder.Line;
import dev.fakta.orders.order.PlaceOrder.Shipping;
import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.pricing.Totals;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/// The invariants of an order, for random carts, campaigns, currencies and destinations and for
/// random sequences of commands.
class PricedOrdersTest {

    @Property(tries = 3000)
    void items_shipping_and_tax_less_discounts_are_the_total(
            @ForAll("placings") Placing placing) { // O1
        OrderCreated order = placing.placed();
        Totals totals = order.totals();
        long lines = 0;
        for (PricedLine line : order.lines()) {
            lines += line.net().minor();
        }
        assertThat(lines).isEqualTo(totals.items().minor());
        assertThat(totals.grand())
                .isEqualTo(
                        totals.items()
                                .plus(totals.shipping())
                                .plus(totals.tax())
                                .minus(totals.discount()));
        assertThat(totals.grand().signum()).isNotNegative();
        assertThat(order.fault()).isNull();
    }

    @Property(tries = 1000)
    void the_customer_pays_the_lines_and_the_shipping_and_nothing_else(
            @ForAll("placings") Placing placing) {
        OrderCreated order = placing.placed();
        Money sum = order.shipping().total();
        for (PricedLine line : order.lines()) {
            sum = sum.plus(line.total());
        }
        assertThat(sum).isEqualTo(order.totals().grand());
    }

    @Property(tries = 1000)
    void a_price_that_contains_the_tax_is_what_the_customer_pays(
            @ForAll("placings") Placing placing) {
        OrderCreated order = placing.placed();
        for (PricedLine line : order.lines()) {
            if (order.pricesIncludeTax() && line.deductions().isEmpty()) {
                assertThat(line.total()).isEqualTo(line.unitPrice().times(line.quantity()));
            }
        }
    }

    @Property(tries = 1000)
    void tax_is_the_rates_part_of_what_is_left_to_within_one_minor_unit(
            @ForAll("placings") Placing placing) {
        for (PricedLine line : placing.placed().lines()) {
            BigInteger exact =
                    BigInteger.valueOf(line.net().minus(line.discount()).minor())
                            .multiply(BigInteger.valueOf(line.taxRate().millionths()));
            BigInteger told =
                    BigInteger.valueOf(line.tax().minor()).multiply(BigInteger.valueOf(1_000_000));
            assertThat(told.subtract(exact).abs())
                    .isLessThanOrEqualTo(BigInteger.valueOf(1_000_000));
        }
    }

    @Property(tries = 1000)
    void partial_refunds_of_every_line_add_up_to_it(@ForAll("placings") Placing placing) {
        OrderCreated order = placing.placed();
        for (PricedLine line : order.lines()) {
            int half = line.quantity() / 2;
            Money first = line.total().refundOf(0, half, line.quantity(), order.rounding());
            Money rest =
                    line.total().refundOf(half, line.quantity(), line.quantity(), order.rounding());
            assertThat(first.plus(rest)).isEqualTo(line.total());
        }
    }

    @Property(tries = 2000)
    void no_sequence_of_commands_breaks_an_invariant(@ForAll("commands") List<Command> commands) {
        Order order = Order.AGGREGATE.initial();
        for (Command command : commands) {
            Order next = after(order, command);
            if (order.lifecycle() == Lifecycle.CANCELLED) { // O5
                assertThat(next.lifecycle()).isEqualTo(Lifecycle.CANCELLED);
                assertThat(next.holds()).isEqualTo(order.holds());
            }
            OrderCreated created = next.created();
            for (int line = 0; created != null && line < created.lines().size(); line++) { // O2
                Quantities q = next.quantities(line);
                assertThat(q.ordered()).isEqualTo(created.lines().get(line).quantity());
                assertThat(q.cancelled() + q.open() + q.allocated() + q.shipped())
                        .isEqualTo(q.ordered());
            }
            assertThat(new HashSet<>(next.holds().stream().map(Order.Hold::kind).toList()))
                    .hasSameSizeAs(next.holds());
            order = next;
        }
    }

    @Property(tries = 1000)
    void a_command_that_was_carried_out_changes_nothing_when_it_comes_again(
            @ForAll("commands") List<Command> commands) { // O7, as far as a state can tell
        Order order = Order.AGGREGATE.initial();
        for (Command command : commands) {
            order = after(order, command);
            assertThat(after(order, command)).isEqualTo(order);
        }
    }

    private static Order after(Order order, Command command) {
        return switch (Order.AGGREGATE.decide(order, command)) {
            case Decision.Rejected<Order.Event> _ -> order;
            case Decision.Accepted<Order.Event>(var events) -> {
                Order next = order;
                for (Order.Event event : events) {
                    next = Order.AGGREGATE.evolve(next, event);
                }
                yield next;
            }
        };
    }

    @Provide
    Arbitrary<List<Command>> commands() {
        Command create = new Command.CreateOrder(Placing.order().placed());
        Command other =
                new Command.CreateOrder(Placing.order().lines(Placing.line("cup", 7L)).placed());
        Arbitrary<Command> since =
                Arbitraries.of(
                        create,
                        other,
                        new Command.PlaceHold("MANUAL", "m", Placing.NOON),
                        new Command.PlaceHold("ADDRESS", "a", Placing.NOON),
                        new Command.PlaceHold("?", "?", Placing.NOON),
                        new Command.ReleaseHold("MANUAL", Placing.NOON),
                        new Command.ReleaseHold("ADDRESS", Placing.NOON),
                        new Command.AddNote("note"),
                        new Command.AddNote(""),
                        new Command.RequestCancellation("enough"));
        return since.list()
                .ofMaxSize(12)
                .map(
                        list -> {
                            List<Command> all = new ArrayList<>();
                            all.add(create);
                            all.addAll(list);
                            return all;
                        });
    }

    @Provide
    Arbitrary<Placing> placings() {
        Arbitrary<List<Line>> lines =
                Combinators.combine(
                                Arbitraries.of("tea", "cup", "pen"),
                                Arbitraries.longs().between(1, 50),
                                Arbitraries.integers().between(0, 9))
                        .as((sku, quantity, _) -> Placing.line(sku, quantity))
                        .list()
                        .ofMinSize(1)
                        .ofMaxSize(6);
        Arbitrary<String> currency =
                Arbitraries.of("EUR", "USD", "GBP", "JPY", "KWD", "SEK", "CLP");
        Arbitrary<Long> prices = Arbitraries.longs().between(0, 3_000_000);
        Arbitrary<String> country =
                Arbitraries.of("DE", "FR", "FI", "GB", "SE", "US", "CA", "JP", "BR", "HK");
        Arbitrary<String> method = Arbitraries.of("standard", "express", "pickup");
        return Combinators.combine(lines, currency, prices, prices, country, method, deals())
                .as(PricedOrdersTest::placing);
    }

    /// Up to four campaigns, as functions of the currency.
    private static Arbitrary<List<Deal>> deals() {
        Arbitrary<Deal> percent =
                Arbitraries.of("0.5", "7.25", "10", "33.3333", "100")
                        .map(percentage -> _ -> Definitions.percentage(percentage));
        Arbitrary<Deal> amount =
                Arbitraries.longs()
                        .between(1, 5_000_000)
                        .map(
                                minor ->
                                        currency ->
                                                Definitions.amount(
                                                        "fixed-amount", Money.of(minor, currency)));
        Arbitrary<Deal> price =
                Arbitraries.longs()
                        .between(0, 3_000_000)
                        .map(
                                minor ->
                                        currency ->
                                                Definitions.amount(
                                                        "fixed-price", Money.of(minor, currency)));
        Arbitrary<Deal> units = Arbitraries.of(1, 2, 3).map(buy -> _ -> Definitions.units(buy, 1));
        Arbitrary<Deal> shipping = Arbitraries.just(_ -> Definitions.of("free-shipping"));
        Arbitrary<Boolean> restricted = Arbitraries.of(true, false);
        return Combinators.combine(
                        Arbitraries.oneOf(percent, amount, price, units, shipping), restricted)
                .as(
                        (deal, isRestricted) ->
                                (Deal)
                                        currency ->
                                                isRestricted
                                                        ? deal.in(currency)
                                                                .only(
                                                                        List.of("tea"),
                                                                        List.of("pens"))
                                                        : deal.in(currency))
                .list()
                .ofMaxSize(4);
    }

    @FunctionalInterface
    private interface Deal {
        Definitions in(String currency);
    }

    /// Four units of tea come along, so that every campaign has enough to act on.
    private static Placing placing(
            List<Line> lines,
            String currency,
            long teaPrice,
            long penPrice,
            String country,
            String method,
            List<Deal> deals) {
        List<@Nullable Line> all = new ArrayList<>(lines);
        all.add(Placing.line("tea", 4L));
        Placing placing =
                Placing.order()
                        .currency(currency)
                        .allLines(all)
                        .product("tea", Placing.tea(Money.of(teaPrice, currency)))
                        .product("cup", Placing.cup(Money.of(777, currency)))
                        .product("pen", pen(Money.of(penPrice, currency)))
                        .shipping(new Shipping(method, to(country)));
        @Nullable String[] codes = new String[deals.size()];
        for (int index = 0; index < codes.length; index++) {
            codes[index] = "CODE" + index;
            placing =
                    placing.campaign(
                            Objects.requireNonNull(codes[index]), deals.get(index).in(currency));
        }
        return placing.codes(codes);
    }

    private static Product.Event pen(Money price) {
        return new Product.Event.ProductListed("Pen", List.of(price), "zero", 12, List.of("pens"));
    }

    private static Destination to(String country) {
        return new Destination("Eva", "Allee 1", null, "Ort", null, "1", country);
    }
}
