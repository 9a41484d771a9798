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
        tables.apply("b", order().placed(), new OrderCancelled("", Standing.CANCELLED));
        assertThat(
                        tables.rows(
                                "select status, fulfilment, revision from order_row where id = ?",
                                "b"))
                .containsExactly("Cancelled|Nothing|2");
    }

    @Test
    void every_filter_of_the_list_is_a_range_of_an_index() throws SQLException {
        assertThat(plan("customer_id = 'c'")).contains("order_row_by_customer");
        assertThat(plan("status = 'Created'")).contains("order_row_by_status");
        assertThat(plan("placed_at >= 1")).contains("order_row_by_time");
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
