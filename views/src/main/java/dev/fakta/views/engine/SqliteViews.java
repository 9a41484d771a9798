// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import dev.fakta.domain.View;
import dev.fakta.log.EventLog;
import dev.fakta.views.RowMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Views in SQLite: a file for each view and version, in a directory of this node's own.
///
/// Whoever takes a view has the connections that read it opened first. SQLite deletes the journal
/// and its index with a file's last connection and makes them with the first, for which a full disk
/// has no room: a writer that opens its file again then would leave one that nobody can read.
final class SqliteViews implements ViewStore {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteViews.class);

    private final Path directory;
    private final Map<String, ViewQueries> queries = new ConcurrentHashMap<>();

    /// Files that were checked and not yet taken. They stay open: with a file's last connection
    /// SQLite forces its journal to the disk, once for each view that a start checks.
    private final Map<Path, ViewFile> checked = new ConcurrentHashMap<>();

    SqliteViews(Path directory) {
        this.directory = directory;
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public ViewWriter take(View view, EventLog log) {
        ViewFile found = checked.remove(ViewFile.path(directory, view));
        ViewFile taken = found == null ? open(view) : found;
        try {
            if (taken.checkpoint().isBeyond(log.heads())) {
                LOG.warn("{} is ahead of the log and is filled anew", view);
                taken.close();
                delete(view, ViewFile.path(directory, view));
                taken = open(view);
            }
            queries(view).hold();
        } catch (RuntimeException e) {
            taken.close();
            throw e;
        }
        return taken;
    }

    @Override
    public void check(View view) {
        ViewFile before = checked.put(ViewFile.path(directory, view), open(view));
        if (before != null) {
            before.close();
        }
    }

    private ViewFile open(View view) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new IllegalStateException("cannot make the directory of views: " + e, e);
        }
        return ViewFile.open(ViewFile.path(directory, view), view);
    }

    private void delete(View view, Path path) {
        ViewQueries open = queries.remove(view.name());
        if (open != null) {
            open.close();
        }
        for (String ending : List.of("", "-wal", "-shm")) {
            try {
                Files.deleteIfExists(path.resolveSibling(path.getFileName() + ending));
            } catch (IOException e) {
                throw new IllegalStateException("cannot delete the file of " + view + ": " + e, e);
            }
        }
    }

    @Override
    public boolean isMade(View view) {
        return Files.exists(ViewFile.path(directory, view))
                && !rows(
                                view,
                                "select 1 as made from sqlite_master where name = 'fakta_view'",
                                row -> row.number("made"))
                        .isEmpty();
    }

    /// The view must have been taken: else there is no file.
    @Override
    public <T> List<T> rows(
            View view, String select, RowMapper<T> mapper, @Nullable Object... arguments) {
        return queries(view).rows(select, mapper, arguments);
    }

    private ViewQueries queries(View view) {
        return queries.computeIfAbsent(
                view.name(), _ -> new ViewQueries(ViewFile.path(directory, view), view));
    }

    @Override
    public void close() {
        checked.values().forEach(ViewFile::close);
        checked.clear();
        queries.values().forEach(ViewQueries::close);
    }
}
