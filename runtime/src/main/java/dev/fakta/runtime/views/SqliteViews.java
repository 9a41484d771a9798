// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.views;

import dev.fakta.domain.View;
import dev.fakta.log.EventLog;
import dev.fakta.runtime.RowMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Views in SQLite: a file for each view and version, in a directory of this node's own.
final class SqliteViews implements ViewStore {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteViews.class);

    private final Path directory;
    private final Map<String, ViewQueries> queries = new ConcurrentHashMap<>();

    SqliteViews(Path directory) {
        this.directory = directory;
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public ViewWriter take(View view, EventLog log) {
        Path path = ViewFile.path(directory, view);
        try {
            Files.createDirectories(directory);
            ViewFile found = ViewFile.open(path, view);
            if (!found.checkpoint().isBeyond(log.heads())) {
                return found;
            }
            found.close();
            LOG.warn("{} is ahead of the log and is filled anew", view);
            delete(view, path);
            return ViewFile.open(path, view);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void delete(View view, Path path) throws IOException {
        ViewQueries open = queries.remove(view.name());
        if (open != null) {
            open.close();
        }
        for (String ending : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(path.resolveSibling(path.getFileName() + ending));
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
        return queries.computeIfAbsent(
                        view.name(), _ -> new ViewQueries(ViewFile.path(directory, view), view))
                .rows(select, mapper, arguments);
    }

    @Override
    public void close() {
        queries.values().forEach(ViewQueries::close);
    }
}
