// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.runtime.RowMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A list of one table, the newest row first, page by page. The table has a column `id`.
///
/// The statement is put together of names that the program gives; what a client gives are arguments
/// of it.
///
/// @param table its name
/// @param time the name of the column with the time, in milliseconds since 1970
/// @param filters the names of parameters, and the columns that they are compared with
public record NewestFirst(String table, String time, Map<String, String> filters) {

    public NewestFirst {
        filters = Map.copyOf(filters);
    }

    /// What `?after=` takes to get what is older than a row.
    public static String cursor(Instant time, String id) {
        return time.toEpochMilli() + "." + id;
    }

    /// The page that a query asks for.
    ///
    /// @param cursor of a row
    public <T> Page<T> page(Query query, RowMapper<T> mapper, Function<T, String> cursor) {
        StringBuilder conditions = new StringBuilder(" where 1 = 1");
        List<@Nullable Object> arguments = new ArrayList<>();
        filters.forEach(
                (parameter, column) -> {
                    String value = query.text(parameter);
                    if (value != null) {
                        conditions.append(" and ").append(column).append(" = ?");
                        arguments.add(value);
                    }
                });
        String after = query.text("after");
        if (after != null) {
            int dot = after.indexOf('.');
            try {
                arguments.add(Long.parseLong(after.substring(0, Math.max(dot, 0))));
                arguments.add(after.substring(dot + 1));
                conditions.append(" and (%s, id) < (?, ?)".formatted(time));
            } catch (NumberFormatException _) {
                query.refuse("after", "not a cursor of this list");
            }
        }
        return query.page(
                "select * from %s%s order by %s desc, id desc limit ?"
                        .formatted(table, conditions, time),
                mapper,
                cursor,
                arguments.toArray());
    }
}
