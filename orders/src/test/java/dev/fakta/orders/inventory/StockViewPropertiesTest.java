// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Decision;
import dev.fakta.orders.Tables;
import dev.fakta.orders.inventory.StockItem.Command;
import dev.fakta.orders.inventory.StockItem.Event;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/// The list of stock says what the stock items themselves say.
class StockViewPropertiesTest {

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void the_row_of_an_item_has_the_numbers_of_the_item(
            @ForAll @Size(max = 60) List<@From("commands") Command> commands) throws SQLException {
        StockItem stock = StockItem.AGGREGATE.initial();
        List<Event> all = new ArrayList<>();
        for (Command command : commands) {
            if (StockItem.AGGREGATE.decide(stock, command)
                    instanceof Decision.Accepted<Event>(var events)) {
                for (Event event : events) {
                    stock = StockItem.AGGREGATE.evolve(stock, event);
                }
                all.addAll(events);
            }
        }
        all.removeIf(event -> !StockView.DEFINITION.events().contains(event.getClass()));
        try (Tables tables = Tables.of(StockView.DEFINITION)) {
            tables.apply("tea@main", all.toArray());
            List<String> rows =
                    tables.rows("select sku, location, on_hand, reserved, backordered from stock");
            assertThat(rows).isEqualTo(all.isEmpty() ? List.of() : List.of(row(stock)));
        }
    }

    private static String row(StockItem stock) {
        return "tea|main|%d|%d|%d"
                .formatted(
                        stock.onHand(),
                        stock.reservations().reserved(),
                        stock.reservations().backordered());
    }

    @Provide
    static Arbitrary<Command> commands() {
        return NeedPropertiesTest.sound();
    }
}
