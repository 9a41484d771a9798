// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.sales;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.Tables;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.money.Rate;
import dev.fakta.orders.order.Address;
import dev.fakta.orders.order.Axes;
import dev.fakta.orders.order.Edits;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.order.ReturnFacts.Event.OrderReturnClosed;
import dev.fakta.orders.order.ShipmentFacts.Event.OrderShipmentLost;
import dev.fakta.orders.order.Standing;
import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.pricing.PricedLine.Deduction;
import dev.fakta.orders.pricing.PricedShipping;
import dev.fakta.orders.pricing.Totals;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/// From the events of orders to the rows that reports are made of.
class SalesViewTest {

    private static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");
    private static final Order.Event CONFIRMED =
            new Order.Event.OrderConfirmed(standing(Axes.Lifecycle.CONFIRMED));

    private static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }

    private static Standing standing(Axes.Lifecycle lifecycle) {
        return new Standing(
                lifecycle, Axes.Payment.NONE, Axes.Fulfilment.SHIPPED, Axes.Returns.NONE);
    }

    /// A line with no tax, of which a campaign took something off.
    private static PricedLine line(String sku, int quantity, long total, long off) {
        List<Deduction> deductions =
                off == 0 ? List.of() : List.of(new Deduction("SUN", "sun", eur(off)));
        return new PricedLine(
                sku,
                sku,
                quantity,
                eur(1),
                eur(total + off),
                eur(off),
                eur(0),
                Rate.ZERO,
                deductions);
    }

    private static OrderCreated created(RoundingMode rounding, PricedLine... lines) {
        PricedShipping shipping =
                new PricedShipping("standard", 1, eur(490), eur(0), eur(0), Rate.ZERO, List.of());
        return new OrderCreated(
                "1",
                "c",
                "c@example.com",
                Currency.getInstance("EUR"),
                NOON,
                List.of(lines),
                shipping,
                new Address("C", "Weg 1", null, "Ort", null, "12345", "DE"),
                Totals.of(List.of(lines), shipping),
                true,
                rounding,
                List.of(),
                new OrderCreated.Payment("card", "tok"),
                null,
                null,
                null);
    }

    private static Order.Event cancelled(LineUnits... units) {
        return new Order.Event.OrderLinesCancelled(
                List.of(units), "", eur(0), standing(Axes.Lifecycle.CONFIRMED));
    }

    private static Order.Event returned(LineUnits... units) {
        return new OrderReturnClosed(
                "r", List.of(units), eur(0), standing(Axes.Lifecycle.COMPLETED));
    }

    private static List<String> sales(Object... events) throws SQLException {
        try (Tables tables = Tables.of(SalesView.DEFINITION)) {
            tables.apply("o", events);
            return tables.rows(
                    "select line, day, sku, ordered - credited, minor from sale"
                            + " where counts = 1 order by line desc");
        }
    }

    @Test
    void a_line_and_the_shipping_are_sold_once_the_order_is_confirmed() throws SQLException {
        OrderCreated created = created(RoundingMode.HALF_UP, line("tea", 2, 2000, 0));
        assertThat(sales(created)).isEmpty();
        assertThat(sales(created, CONFIRMED))
                .containsExactly("0|2026-07-01|tea|2|2000", "-1|2026-07-01||0|490");
        assertThat(
                        sales(
                                created,
                                CONFIRMED,
                                new Order.Event.OrderCancelled(
                                        "", standing(Axes.Lifecycle.CANCELLED))))
                .isEmpty();
    }

    @Test
    void what_is_cancelled_or_returned_is_not_sold() throws SQLException {
        OrderCreated created =
                created(RoundingMode.HALF_UP, line("tea", 3, 1000, 0), line("cup", 1, 500, 0));
        assertThat(
                        sales(
                                created,
                                CONFIRMED,
                                cancelled(new LineUnits(0, 1)),
                                returned(new LineUnits(0, 1), new LineUnits(1, 1))))
                .containsExactly(
                        "1|2026-07-01|cup|0|0",
                        "0|2026-07-01|tea|1|333", // 666.67 come back, rounded once
                        "-1|2026-07-01||0|490");
    }

    @Test
    void shipping_is_sold_as_long_as_a_single_unit_is() throws SQLException {
        OrderCreated created = created(RoundingMode.HALF_UP, line("tea", 2, 2000, 0));
        assertThat(sales(created, CONFIRMED, returned(new LineUnits(0, 1))))
                .contains("-1|2026-07-01||0|490");
        assertThat(sales(created, CONFIRMED, returned(new LineUnits(0, 2))))
                .containsExactly("0|2026-07-01|tea|0|0", "-1|2026-07-01||0|0");
    }

    @Test
    void what_is_lost_is_sold_until_the_order_is_completed() throws SQLException {
        OrderCreated created = created(RoundingMode.HALF_UP, line("tea", 2, 2000, 0));
        List<LineUnits> one = List.of(new LineUnits(0, 1));
        assertThat(
                        sales(
                                created,
                                CONFIRMED,
                                new OrderShipmentLost(
                                        "s", one, standing(Axes.Lifecycle.CONFIRMED))))
                .contains("0|2026-07-01|tea|2|2000");
        assertThat(
                        sales(
                                created,
                                CONFIRMED,
                                new OrderShipmentLost(
                                        "s", one, standing(Axes.Lifecycle.COMPLETED))))
                .contains("0|2026-07-01|tea|1|1000");
    }

    @Test
    void an_edit_takes_units_away_and_adds_lines() throws SQLException {
        OrderCreated created = created(RoundingMode.HALF_UP, line("tea", 2, 2000, 0));
        Edits.Proposal proposal =
                new Edits.Proposal(
                        List.of(new LineUnits(0, 2)),
                        List.of(line("cup", 1, 500, 0)),
                        eur(0),
                        created.totals());
        assertThat(
                        sales(
                                created,
                                CONFIRMED,
                                new Edits.Event.OrderEdited(
                                        proposal, standing(Axes.Lifecycle.CONFIRMED))))
                .containsExactly(
                        "1|2026-07-01|cup|1|500", "0|2026-07-01|tea|0|0", "-1|2026-07-01||0|490");
    }

    @Test
    void a_campaign_took_off_less_when_units_come_back() throws SQLException {
        OrderCreated created = created(RoundingMode.HALF_UP, line("tea", 2, 1800, 201));
        try (Tables tables = Tables.of(SalesView.DEFINITION)) {
            tables.apply("o", created, CONFIRMED, returned(new LineUnits(0, 1)));
            assertThat(tables.rows("select campaign, minor from sale_campaign"))
                    .containsExactly("sun|100"); // half of 201 is 101, rounded up
        }
    }

    @Property(tries = 300)
    void units_are_worth_what_the_order_says_however_it_rounds(
            @ForAll @LongRange(min = 0, max = 1_000_000_000_000_000_000L) long total,
            @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 30) Integer> parts,
            @ForAll @IntRange(min = 0, max = 5) int left,
            @ForAll @From("roundings") RoundingMode rounding)
            throws SQLException {
        int credited = parts.stream().mapToInt(Integer::intValue).sum();
        int ordered = credited + left;
        List<Object> events = new ArrayList<>();
        events.add(created(rounding, line("tea", ordered, total, 0)));
        events.add(CONFIRMED);
        for (int part : parts) {
            events.add(cancelled(new LineUnits(0, part)));
        }
        Money off = eur(total).refundOf(0, credited, ordered, rounding);
        assertThat(sales(events.toArray()).getFirst())
                .isEqualTo("0|2026-07-01|tea|%d|%d".formatted(left, total - off.minor()));
    }

    @Provide
    Arbitrary<RoundingMode> roundings() {
        return Arbitraries.of(RoundingMode.values())
                .filter(mode -> mode != RoundingMode.UNNECESSARY);
    }
}
