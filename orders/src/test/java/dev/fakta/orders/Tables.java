// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A view's tables in a real SQLite in memory.
public final class Tables implements AutoCloseable {

    private final View view;
    private final Connection connection;

    private Tables(View view, Connection connection) {
        this.view = view;
        this.connection = connection;
    }

    public static Tables of(View view) throws SQLException {
        Tables tables = new Tables(view, DriverManager.getConnection("jdbc:sqlite::memory:"));
        view.tables().forEach(tables::run);
        return tables;
    }

    /// Applies the events of one stream, from revision 1.
    public void apply(String id, Object... events) {
        UUID none = new UUID(0, 0);
        for (int index = 0; index < events.length; index++) {
            At at = new At(id, index + 1, 0, index + 1, Instant.EPOCH, "", none, none, none);
            view.apply(events[index], at, this::run);
        }
    }

    /// The rows, each as its columns joined by `|`.
    public List<String> rows(String query, @Nullable Object... arguments) throws SQLException {
        try (PreparedStatement statement = prepared(query, arguments);
                ResultSet result = statement.executeQuery()) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                List<String> columns = new ArrayList<>();
                for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                    columns.add(String.valueOf(result.getString(column)));
                }
                rows.add(String.join("|", columns));
            }
            return rows;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private void run(String text, @Nullable Object... arguments) {
        try (PreparedStatement statement = prepared(text, arguments)) {
            statement.executeUpdate();
        } catch (SQLException failure) {
            throw new IllegalStateException(text, failure);
        }
    }

    private PreparedStatement prepared(String text, @Nullable Object... arguments)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(text);
        for (int index = 0; index < arguments.length; index++) {
            statement.setObject(index + 1, arguments[index]);
        }
        return statement;
    }
}
