// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All orders as the event table has them, read with plain SQL: the checker shares no code with
/// what it checks.
record LoggedOrders(Map<String, List<Fact>> orders) {

    private static final int PAGE = 5_000;
    private static final String PREFIX = "order/";
    private static final String SELECT =
            """
            select stream, revision, name, payload::json ->> 'text',
                   payload::json ->> 'customerId', payload::json ->> 'email',
                   payload::json #>> '{lines,0,quantity}'
            from event where stream like 'order/%' order by stream, revision
            """;

    LoggedOrders {
        orders = Map.copyOf(orders);
    }

    /// One event.
    ///
    /// @param text of a note
    /// @param customer of a new order, as its e-mail address and its quantity
    record Fact(
            long revision,
            String name,
            @Nullable String text,
            @Nullable String customer,
            @Nullable String email,
            long quantity) {

        static Fact of(ResultSet row) throws SQLException {
            return new Fact(
                    row.getLong(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6),
                    row.getLong(7));
        }

        boolean isNote() {
            return name.equals("order-note-added");
        }

        boolean isCreation() {
            return name.equals("order-created");
        }
    }

    static LoggedOrders read(Connection connection) throws SQLException {
        Map<String, List<Fact>> orders = new HashMap<>();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(PAGE);
            try (ResultSet rows = statement.executeQuery(SELECT)) {
                while (rows.next()) {
                    String id = rows.getString(1).substring(PREFIX.length());
                    orders.computeIfAbsent(id, _ -> new ArrayList<>()).add(Fact.of(rows));
                }
            }
        } finally {
            connection.setAutoCommit(true);
        }
        return new LoggedOrders(orders);
    }

    List<Fact> of(String id) {
        return orders.getOrDefault(id, List.of());
    }

    /// The newest revision of each order.
    Map<String, Long> revisions() {
        Map<String, Long> revisions = new HashMap<>();
        orders.forEach((id, facts) -> revisions.put(id, facts.getLast().revision()));
        return revisions;
    }

    long events() {
        return orders.values().stream().mapToLong(List::size).sum();
    }
}
