// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views;

import dev.fakta.views.engine.ViewSqlException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// One row of a view's answer, valid while it is being mapped.
public final class Row {

    private final ResultSet row;
    private final UnaryOperator<String> reading;

    /// @param reading makes of a stored text what the view had written
    public Row(ResultSet row, UnaryOperator<String> reading) {
        this.row = row;
        this.reading = reading;
    }

    /// A text column that is not null.
    public String text(String column) {
        String text = textOrNull(column);
        if (text == null) {
            throw new IllegalStateException("column " + column + " is null");
        }
        return text;
    }

    public @Nullable String textOrNull(String column) {
        try {
            String stored = row.getString(column);
            return stored == null ? null : reading.apply(stored);
        } catch (SQLException e) {
            throw new ViewSqlException("column " + column, e);
        }
    }

    /// A number column; 0 for null.
    public long number(String column) {
        try {
            return row.getLong(column);
        } catch (SQLException e) {
            throw new ViewSqlException("column " + column, e);
        }
    }

    /// A column that an `Instant` was written to, in milliseconds; 1970 for null.
    public Instant time(String column) {
        return Instant.ofEpochMilli(number(column));
    }

    /// A flag column; `false` for null.
    public boolean flag(String column) {
        return number(column) != 0;
    }
}
