// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.Tables;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Order.Command;
import dev.fakta.orders.sales.SalesView;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// What reports of sales tell of an order is what the order says of its goods; what was granted
/// beside them belongs to none of them.
class SoldOrdersTest {

    @Property(tries = 200)
    void what_is_sold_is_what_the_goods_come_to(@ForAll("sequences") List<Command> commands)
            throws SQLException {
        OrderInvariantsTest.History history = OrderInvariantsTest.history(commands);
        assertThat(sold(history)).isEqualTo(paid(history.last()));
    }

    @Test
    void tea_that_came_back_is_not_sold() throws SQLException {
        OrderInvariantsTest.History history =
                OrderInvariantsTest.history(OrderCommands.goingWell());
        assertThat(sold(history)).isEqualTo(OrderCommands.GRAND - OrderCommands.teaValue().minor());
    }

    private static long paid(Order order) {
        return switch (order.lifecycle()) {
            case CREATED, REJECTED, CANCELLED -> 0;
            case CONFIRMED, CANCELLING, COMPLETED ->
                    isConfirmed(order) ? order.account().goods() : 0;
        };
    }

    /// An order that is being cancelled may never have been confirmed.
    private static boolean isConfirmed(Order order) {
        return order.lifecycle() != Lifecycle.CANCELLING || order.progress().confirmed();
    }

    private static long sold(OrderInvariantsTest.History history) throws SQLException {
        Set<Class<?>> handled = SalesView.DEFINITION.events();
        try (Tables tables = Tables.of(SalesView.DEFINITION)) {
            tables.apply(
                    "o",
                    history.events().stream()
                            .filter(event -> handled.contains(event.getClass()))
                            .toArray());
            List<String> sums =
                    tables.rows("select coalesce(sum(minor), 0) from sale where counts = 1");
            return Long.parseLong(sums.getFirst());
        }
    }

    @Provide
    Arbitrary<List<Command>> sequences() {
        return OrderCommands.sequences();
    }
}
