// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.returns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.Tables;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.returns.Return.Event;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReturnsViewTest {

    private static final Event REQUESTED =
            new Event.ReturnRequested(
                    new Return.Request(
                            "o1",
                            List.of(),
                            "broken",
                            Instant.ofEpochMilli(7),
                            RoundingMode.HALF_EVEN,
                            Money.of(667, "EUR")));

    @Test
    void a_return_is_one_row_that_follows_it() throws SQLException {
        try (Tables tables = Tables.of(ReturnsView.DEFINITION)) {
            tables.apply("r1", REQUESTED);
            tables.apply(
                    "r2",
                    REQUESTED,
                    new Event.ReturnApproved(),
                    new Event.ReturnReceived(List.of()),
                    new Event.ReturnInspected(List.of(), null),
                    new Event.ReturnClosed(Money.of(600, "EUR")));
            tables.apply("r3", REQUESTED, new Event.ReturnRejected("no"));
            tables.apply("r4", REQUESTED, new Event.ReturnExpired());
            assertThat(tables.rows("select * from return_row order by id"))
                    .containsExactly(
                            "r1|o1|Requested|broken|EUR|667|0|7|1",
                            "r2|o1|Closed|broken|EUR|667|600|7|5",
                            "r3|o1|Rejected|broken|EUR|667|0|7|2",
                            "r4|o1|Expired|broken|EUR|667|0|7|2");
        }
    }

    @Test
    void every_filter_of_the_list_is_a_range_of_an_index() throws SQLException {
        try (Tables tables = Tables.of(ReturnsView.DEFINITION)) {
            assertThat(plan(tables, "order_id = 'o'")).contains("return_row_by_order");
            assertThat(plan(tables, "status = 'Requested'")).contains("return_row_by_status");
            assertThat(plan(tables, "requested_at < 1")).contains("return_row_by_time");
        }
    }

    private static String plan(Tables tables, String condition) throws SQLException {
        return String.join(
                " ",
                tables.rows(
                        "explain query plan select * from return_row where "
                                + condition
                                + " order by requested_at desc, id desc limit 51"));
    }
}
