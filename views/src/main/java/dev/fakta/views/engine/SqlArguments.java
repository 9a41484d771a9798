// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What the arguments of a view's statements become in its database: texts, whole numbers and
/// flags, which SQLite and PostgreSQL store and order alike.
final class SqlArguments {

    private SqlArguments() {}

    /// @param writing makes of a text what is stored for it
    /// @throws IllegalArgumentException for a type that the two databases do not store alike
    static void bind(
            PreparedStatement prepared,
            UnaryOperator<String> writing,
            @Nullable Object... arguments)
            throws SQLException {
        for (int i = 0; i < arguments.length; i++) {
            int place = i + 1;
            switch (arguments[i]) {
                case null -> prepared.setObject(place, null);
                case String text -> prepared.setString(place, writing.apply(text));
                case Long number -> prepared.setLong(place, number);
                case Integer number -> prepared.setInt(place, number);
                case Boolean flag -> prepared.setInt(place, flag ? 1 : 0);
                case Instant time -> prepared.setLong(place, time.toEpochMilli());
                case LocalDate date -> prepared.setString(place, date.toString());
                case UUID id -> prepared.setString(place, id.toString());
                case Enum<?> constant -> prepared.setString(place, constant.name());
                case Object other ->
                        throw new IllegalArgumentException(
                                "a view's SQL takes no %s, as its argument %d is: make it a text or a whole number"
                                        .formatted(other.getClass().getName(), place));
            }
        }
    }
}
