// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.orders.order.Placing.line;
import static dev.fakta.orders.order.Placing.order;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.Tables;
import dev.fakta.orders.campaign.Definitions;
import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.Order.Event.OrderCancelled;
import dev.fakta.orders.order.Order.Event.OrderHoldPlaced;
import dev.fakta.orders.order.Order.Event.OrderHoldReleased;
import dev.fakta.orders.order.Order.Event.OrderNoteAdded;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrdersViewTest {

    private Tables tables;

    @BeforeEach
    void open() throws SQLException {
        tables = Tables.of(OrdersView.DEFINITION);
    }

    @AfterEach
    void close() throws SQLException {
        tables.close();
    }

    @Test
    void an_order_is_one_row() throws SQLException {
        tables.apply("01jyz3k8qhn4t6v9x2ab", order().customer("c", "Eva@Example.COM").placed());
        assertThat(tables.rows("select * from order_row"))
                .containsExactly(
                        "01jyz3k8qhn4t6v9x2ab|01JYZ-3K8QH-N4T6V-9X2AB|c|eva@example.com|Created"
                                + "|None|Unallocated|None|0|EUR|4488|1782907200000|1");
    }

    @Test
    void every_sku_and_code_of_an_order_is_one_row() throws SQLException {
        OrderCreated created =
                order().lines(line("tea", 1L), line("cup", 1L), line("tea", 2L))
                        .campaign("SUN", Definitions.percentage("10"))
                        .codes("SUN")
                        .placed();
        tables.apply("a", created);
        assertThat(tables.rows("select sku, id from order_sku order by sku"))
                .containsExactly("cup|a", "tea|a");
        assertThat(tables.rows("select code, id from order_code")).containsExactly("SUN|a");
    }

    @Test
    void a_customer_with_many_orders_is_one_row_per_address() throws SQLException {
        tables.apply("a", order().customer("c", "eva@b.de").placed());
        tables.apply("b", order().customer("c", "EVA@b.de").placed());
        tables.apply("d", order().customer("c", "eva@c.de").placed());
        assertThat(tables.rows("select email, customer_id from order_customer order by email"))
                .containsExactly("eva@b.de|c", "eva@c.de|c");
    }

    @Test
    void later_facts_change_the_row() throws SQLException {
        tables.apply(
                "a",
                order().placed(),
                new OrderHoldPlaced(HoldKind.MANUAL, ""),
                new OrderHoldPlaced(HoldKind.ADDRESS, ""),
                new OrderHoldReleased(HoldKind.MANUAL),
                new OrderNoteAdded("hello"));
        assertThat(tables.rows("select status, holds, revision from order_row"))
                .containsExactly("Created|1|5");
        assertThat(tables.rows("select kind, placed_at, id from order_hold"))
                .containsExactly("ADDRESS|1782907200000|a");
        tables.apply("b", order().placed(), new OrderCancelled("", Standing.CANCELLED));
        assertThat(
                        tables.rows(
                                "select status, fulfilment, revision from order_row where id = ?",
                                "b"))
                .containsExactly("Cancelled|Nothing|2");
    }

    @Test
    void the_row_says_where_the_order_stands_on_every_axis() throws SQLException {
        tables.apply(
                "a", OrderInvariantsTest.history(OrderCommands.goingWell()).events().toArray());
        assertThat(tables.rows("select status, payment, fulfilment, returns from order_row"))
                .containsExactly("Completed|PartiallyRefunded|Delivered|PartiallyReturned");
    }

    @Test
    void a_shipment_that_has_left_is_found_by_its_tracking_number() throws SQLException {
        tables.apply(
                "a", OrderInvariantsTest.history(OrderCommands.goingWell()).events().toArray());
        assertThat(tables.rows("select number, placed_at, id from order_tracking order by number"))
                .containsExactly("TRACK1|1782907200000|a", "TRACK2|1782907200000|a");
    }

    @Test
    void an_edited_order_is_found_by_its_new_skus_and_has_its_new_total() throws SQLException {
        OrderCreated tea = order().payment(new PlaceOrder.Payment("invoice", null)).placed();
        tables.apply(
                "a",
                OrderInvariantsTest.history(
                                List.of(
                                        new Order.Command.CreateOrder(tea),
                                        new Edits.Command.ProposeEdit(
                                                List.of(),
                                                List.of(
                                                        OrderCommands.spare(),
                                                        OrderCommands.spare())),
                                        new Edits.Command.ApplyEdit()))
                        .events()
                        .toArray());
        assertThat(tables.rows("select sku from order_sku order by sku"))
                .containsExactly("cup", "tea");
        assertThat(tables.rows("select grand_minor from order_row"))
                .containsExactly(String.valueOf(tea.totals().grand().minor() + 1000));
    }

    @Test
    void every_filter_of_the_list_is_a_range_of_an_index() throws SQLException {
        assertThat(plan("customer_id = 'c'")).contains("order_row_by_customer");
        assertThat(plan("status = 'Created'")).contains("order_row_by_status");
        assertThat(plan("payment = 'Declined'")).contains("order_row_by_payment");
        assertThat(plan("fulfilment = 'Backordered'")).contains("order_row_by_fulfilment");
        assertThat(plan("returns = 'Requested'")).contains("order_row_by_returns");
        assertThat(plan("placed_at >= 1")).contains("order_row_by_time");
        assertThat(
                        String.join(
                                " ",
                                tables.rows(
                                        "explain query plan select * from order_row o"
                                                + " order by o.grand_minor, o.id limit 51")))
                .contains("order_row_by_grand");
        assertThat(
                        String.join(
                                " ",
                                tables.rows(
                                        "explain query plan select o.* from order_hold k"
                                                + " join order_row o on o.id = k.id where k.kind = 'MANUAL'"
                                                + " order by k.placed_at desc, k.id desc limit 51")))
                .contains("order_hold_by_kind");
        assertThat(plan("id >= 'a' and id < 'b'")).contains("order_row");
        assertThat(
                        plan(
                                "customer_id in (select customer_id from order_customer"
                                        + " where email >= 'e' and email < 'f')"))
                .contains("order_row_by_customer", "SEARCH order_customer");
        assertThat(
                        String.join(
                                " ",
                                tables.rows(
                                        "explain query plan select o.* from order_sku k"
                                                + " join order_row o on o.id = k.id where k.sku = 'tea'"
                                                + " order by k.placed_at desc, k.id desc limit 51")))
                .contains("order_sku_by_sku");
        assertThat(
                        String.join(
                                " ",
                                tables.rows(
                                        "explain query plan select o.* from order_tracking k"
                                                + " join order_row o on o.id = k.id where k.number = 'T'"
                                                + " order by k.placed_at desc, k.id desc limit 51")))
                .contains("order_tracking_by_number");
    }

    private String plan(String condition) throws SQLException {
        return String.join(
                " ",
                tables.rows(
                        "explain query plan select * from order_row where "
                                + condition
                                + " order by placed_at desc, id desc limit 51"));
    }
}
