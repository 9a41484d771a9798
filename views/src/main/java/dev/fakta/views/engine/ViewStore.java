// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import dev.fakta.domain.View;
import dev.fakta.log.EventLog;
import dev.fakta.views.RowMapper;
import dev.fakta.views.ViewPlace;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Where views live: opens the writing side of each, and answers queries. Any thread.
///
/// Whatever the store, a view has its own tables, one row in `fakta_view` with the `positions` that
/// are applied, and its parked events in `fakta_parked`.
public sealed interface ViewStore extends AutoCloseable permits SqliteViews, PostgresViews {

    /// Opens the store at a place.
    ///
    /// @param node the name of the node that takes views there
    /// @param owner the name of the microsystem that a view belongs to
    static ViewStore open(ViewPlace place, String node, Function<View, String> owner) {
        return switch (place) {
            case ViewPlace.Directory(var path) -> new SqliteViews(path);
            case ViewPlace.Database database -> new PostgresViews(database, owner, node);
        };
    }

    /// Whether other nodes have the same views, over a network: then one that this node does not
    /// write can be read all the same.
    boolean isShared();

    /// Takes a view for writing, and makes what it lacks. Whoever had it before is fenced. A view
    /// that has applied more than the log holds belongs to another log: it is made anew.
    ///
    /// @throws IllegalStateException when the view's tables are not the ones that it was made with
    ViewWriter take(View view, EventLog log);

    /// Finds out whether the view can be made or opened, and leaves it to whoever has taken it. To
    /// be called before a node starts, so that a statement that the database does not take ends the
    /// start.
    ///
    /// @throws IllegalStateException when the view's tables are not the ones that it was made with
    /// @throws ViewSqlException when the view cannot be made or opened; nothing of it stays then
    void check(View view);

    /// Whether the view was ever taken, so that there is something to read.
    ///
    /// @throws ViewSqlException when the store cannot be asked
    boolean isMade(View view);

    /// To be asked before a node starts: where views are shared, another node may be about to take
    /// this one.
    ///
    /// @throws IllegalStateException when the view's tables are not the ones that it was made with
    /// @throws ViewSqlException when the store cannot be asked
    default void refuseOtherTables(View view) {
        if (isShared() && isMade(view)) {
            String now = String.join(";\n", view.tables());
            rows(view, "select tables from fakta_view", row -> row.text("tables"))
                    .forEach(
                            then -> {
                                if (!now.equals(then)) {
                                    throw new IllegalStateException(
                                            view
                                                    + " has other tables than it was made with: raise its version");
                                }
                            });
        }
    }

    /// Rows of a view. Arguments go where the statement has `?`.
    ///
    /// @throws ViewSqlException when the statement fails or takes too long
    <T> List<T> rows(View view, String select, RowMapper<T> mapper, @Nullable Object... arguments);

    @Override
    void close();
}
