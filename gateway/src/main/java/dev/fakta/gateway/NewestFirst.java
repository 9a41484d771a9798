// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.runtime.RowMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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
        return pageWith(query, mapper, cursor, List.of());
    }

    /// The page that a query asks for, of the table's rows and of what stands elsewhere.
    ///
    /// @param cursor of a row, or of one of the others
    /// @param others all of them that the filters let through, in any order
    public <T> Page<T> pageWith(
            Query query, RowMapper<T> mapper, Function<T, String> cursor, List<T> others) {
        int limit = query.limit();
        StringBuilder conditions = new StringBuilder(" where 1 = 1");
        List<@Nullable Object> arguments = new ArrayList<>();
        filter(query, conditions, arguments);
        Place after = after(query);
        if (after != null) {
            conditions.append(" and (%s, id) < (?, ?)".formatted(time));
            arguments.add(after.time);
            arguments.add(after.id);
        }
        arguments.add(limit + 1L);
        String select =
                "select * from %s%s order by %s desc, id desc limit ?"
                        .formatted(table, conditions, time);
        List<T> found = new ArrayList<>(query.rows(select, mapper, arguments.toArray()));
        if (others.isEmpty()) {
            return Page.of(found, limit, cursor);
        }
        Function<T, Place> place = item -> Place.of(cursor.apply(item));
        for (T other : others) {
            if (after == null || place.apply(other).compareTo(after) < 0) {
                found.add(other);
            }
        }
        found.sort(Comparator.comparing(place).reversed());
        return Page.of(found.subList(0, Math.min(found.size(), limit + 1)), limit, cursor);
    }

    private void filter(Query query, StringBuilder conditions, List<@Nullable Object> arguments) {
        filters.forEach(
                (parameter, column) -> {
                    String value = query.text(parameter);
                    if (value != null) {
                        conditions.append(" and ").append(column).append(" = ?");
                        arguments.add(value);
                    }
                });
    }

    private static @Nullable Place after(Query query) {
        String after = query.text("after");
        try {
            return after == null ? null : Place.of(after);
        } catch (NumberFormatException _) {
            query.refuse("after", "not a cursor of this list");
            return null;
        }
    }

    /// Where an item stands in the list.
    private record Place(long time, String id) implements Comparable<Place> {

        /// @throws NumberFormatException when it is no cursor
        static Place of(String cursor) {
            int dot = cursor.indexOf('.');
            return new Place(
                    Long.parseLong(cursor.substring(0, Math.max(dot, 0))),
                    cursor.substring(dot + 1));
        }

        @Override
        public int compareTo(Place other) {
            int byTime = Long.compare(time, other.time);
            return byTime != 0 ? byTime : id.compareTo(other.id);
        }
    }
}
