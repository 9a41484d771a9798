// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.views.Row;
import dev.fakta.views.RowMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A list of one table, page by page: the newest row first, unless `?sort=` asks for another order.
/// The table has a column `id`.
///
/// The statement is put together of names that the program gives; what a client gives are arguments
/// of it.
///
/// @param table its name
/// @param time the word of `?sort=` for the time, as in `placedAt`
/// @param sorts the words of `?sort=`, and the columns that they stand for: whole numbers, and
///   times in milliseconds since 1970
/// @param filters the names of parameters, and the columns that they are compared with
public record NewestFirst(
        String table, String time, Map<String, String> sorts, Map<String, String> filters) {

    public NewestFirst {
        sorts = Map.copyOf(sorts);
        filters = Map.copyOf(filters);
        if (!sorts.containsKey(time)) {
            throw new IllegalArgumentException("no column is the list's " + time);
        }
    }

    /// A list that is sorted by its time alone.
    ///
    /// @param column of the time
    public NewestFirst(String table, String time, String column, Map<String, String> filters) {
        this(table, time, Map.of(time, column), filters);
    }

    /// The page that a query asks for.
    public <T> Page<T> page(Query query, RowMapper<T> mapper) {
        return pageWith(query, mapper, List.of(), _ -> Instant.EPOCH, _ -> "");
    }

    /// The page that a query asks for, of the rows whose time is not before `?from=` and before
    /// `?until=`, where those are given.
    public <T> Page<T> pageInTime(Query query, RowMapper<T> mapper) {
        StringBuilder conditions = new StringBuilder(" where 1 = 1");
        List<@Nullable Object> arguments = new ArrayList<>();
        bound(query.time("from"), " >= ?", conditions, arguments);
        bound(query.time("until"), " < ?", conditions, arguments);
        return page(query, conditions, arguments, mapper, List.of(), _ -> Instant.EPOCH, _ -> "");
    }

    private void bound(
            @Nullable Instant end,
            String comparison,
            StringBuilder conditions,
            List<@Nullable Object> arguments) {
        if (end != null) {
            conditions.append(" and ").append(sorts.get(time)).append(comparison);
            arguments.add(end.toEpochMilli());
        }
    }

    /// The page that a query asks for, of the table's rows and of what stands elsewhere. The list
    /// is sorted by its time alone.
    ///
    /// @param others all of them that the filters let through, in any order
    /// @param at the time of one of them
    /// @param id of one of them
    public <T> Page<T> pageWith(
            Query query,
            RowMapper<T> mapper,
            List<T> others,
            Function<T, Instant> at,
            Function<T, String> id) {
        return pageWithin(query, Map.of(), mapper, others, at, id);
    }

    /// The same of the rows that have these values.
    ///
    /// @param within names of columns, and the texts in them
    <T> Page<T> pageWithin(
            Query query,
            Map<String, String> within,
            RowMapper<T> mapper,
            List<T> others,
            Function<T, Instant> at,
            Function<T, String> id) {
        StringBuilder conditions = new StringBuilder(" where 1 = 1");
        List<@Nullable Object> arguments = new ArrayList<>();
        within.forEach(
                (column, value) -> {
                    conditions.append(" and ").append(column).append(" = ?");
                    arguments.add(value);
                });
        return page(query, conditions, arguments, mapper, others, at, id);
    }

    /// @param conditions the first part of the statement's; its arguments are these
    private <T> Page<T> page(
            Query query,
            StringBuilder conditions,
            List<@Nullable Object> arguments,
            RowMapper<T> mapper,
            List<T> others,
            Function<T, Instant> at,
            Function<T, String> id) {
        int limit = query.limit();
        filter(query, conditions, arguments);
        ListOrder order = query.order("-" + time, sorts);
        ListOrder.Place after = order.after();
        if (after != null) {
            conditions.append(" and ").append(order.behind("id"));
            arguments.add(after.value());
            arguments.add(after.id());
        }
        arguments.add(limit + 1L);
        String select = "select * from " + table + conditions + order.by("id") + " limit ?";
        List<Placed<T>> found =
                new ArrayList<>(
                        query.rows(
                                select, row -> Placed.of(row, order, mapper), arguments.toArray()));
        for (T other : others) {
            ListOrder.Place place =
                    new ListOrder.Place(at.apply(other).toEpochMilli(), id.apply(other));
            if (after == null || order.comparator().compare(place, after) > 0) {
                found.add(new Placed<>(other, place));
            }
        }
        if (!others.isEmpty()) {
            found.sort(Comparator.comparing(Placed::place, order.comparator()));
        }
        Page<Placed<T>> page =
                Page.of(
                        found.subList(0, Math.min(found.size(), limit + 1)),
                        limit,
                        last -> order.cursor(last.place));
        return new Page<>(page.items().stream().map(Placed::item).toList(), page.next());
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

    /// An item, and where it stands in the list.
    private record Placed<T>(T item, ListOrder.Place place) {
        static <T> Placed<T> of(Row row, ListOrder order, RowMapper<T> mapper) {
            return new Placed<>(
                    mapper.map(row),
                    new ListOrder.Place(row.number(order.column()), row.text("id")));
        }
    }
}
