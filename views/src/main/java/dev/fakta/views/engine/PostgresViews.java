// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.fakta.domain.View;
import dev.fakta.log.EventLog;
import dev.fakta.views.Row;
import dev.fakta.views.RowMapper;
import dev.fakta.views.ViewPlace;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/// Views in PostgreSQL: a schema for each view and version, one connection that writes to it, and a
/// few that read. All have limits on the server, so that it does not go on with what nobody waits
/// for, and a little later on the socket, for a server that is gone without a word.
public final class PostgresViews implements ViewStore {

    private static final Duration LONGEST_WRITE = Duration.ofSeconds(20);
    private static final Duration LONGEST_LOCK = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration CONNECTING = Duration.ofSeconds(5);
    private static final Duration SOCKET_GRACE = Duration.ofSeconds(2);
    private static final Duration IDLE = Duration.ofMinutes(1);

    private static final String WRITING =
            "-c statement_timeout=%d -c lock_timeout=%d -c idle_in_transaction_session_timeout=%d -c synchronous_commit=off"
                    .formatted(
                            LONGEST_WRITE.toMillis(),
                            LONGEST_LOCK.toMillis(),
                            LONGEST_PAUSE.toMillis());
    private static final String READING =
            "-c statement_timeout=%d".formatted(ViewQueries.LONGEST.toMillis());

    private final ViewPlace.Database place;
    private final Function<View, String> microsystem;
    private final String node;
    private final Map<String, HikariDataSource> pools = new ConcurrentHashMap<>();

    /// @param microsystem the name of the one that has a view
    public PostgresViews(
            ViewPlace.Database place, Function<View, String> microsystem, String node) {
        this.place = place;
        this.microsystem = microsystem;
        this.node = node;
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public ViewWriter take(View view, EventLog log) {
        return ViewSchema.take(view, schema(view), source(view, WRITING, LONGEST_WRITE), node, log);
    }

    @Override
    public void check(View view) {
        try (Connection connection = source(view, WRITING, LONGEST_WRITE).getConnection()) {
            connection.setAutoCommit(false);
            new ViewTables(view, schema(view)).check(connection);
        } catch (SQLException e) {
            throw new ViewSqlException(view + " cannot be looked at", e);
        }
    }

    private String schema(View view) {
        return ViewTables.schema(microsystem.apply(view), view);
    }

    @Override
    public boolean isMade(View view) {
        try (Connection connection = pool(view).getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("select to_regclass(?) is not null")) {
            statement.setString(1, "\"" + schema(view) + "\".fakta_view");
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        } catch (SQLException e) {
            throw new ViewSqlException(view + " cannot be looked for", e);
        }
    }

    private DataSource source(View view, String options, Duration longest) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(place.url());
        Map<String, String> environment = System.getenv();
        if (source.getUser() == null) {
            source.setUser(environment.get("PGUSER"));
        }
        if (source.getPassword() == null) {
            source.setPassword(environment.get("PGPASSWORD"));
        }
        String given = source.getOptions();
        source.setOptions(given == null ? options : given + " " + options);
        source.setCurrentSchema('"' + schema(view) + '"');
        source.setApplicationName("fakta-view " + view.name());
        source.setConnectTimeout(seconds(CONNECTING));
        source.setLoginTimeout(seconds(CONNECTING));
        source.setSocketTimeout(seconds(longest.plus(SOCKET_GRACE)));
        source.setTcpKeepAlive(true);
        source.setPrepareThreshold(1);
        source.setLogServerErrorDetail(false); // it has the values of rows in it
        source.setReadOnlyMode("always"); // not only in explicit transactions
        source.setTargetServerType("primary");
        return source;
    }

    private static int seconds(Duration duration) {
        return Math.toIntExact(duration.toSeconds());
    }

    @Override
    public <T> List<T> rows(
            View view, String select, RowMapper<T> mapper, @Nullable Object... arguments) {
        try (Connection connection = pool(view).getConnection();
                PreparedStatement statement = connection.prepareStatement(select)) {
            SqlArguments.bind(statement, PostgresText::write, arguments);
            try (ResultSet found = statement.executeQuery()) {
                Row row = new Row(found, PostgresText::read);
                List<T> rows = new ArrayList<>();
                while (found.next()) {
                    rows.add(mapper.map(row));
                }
                return rows;
            }
        } catch (SQLException e) {
            throw new ViewSqlException(view + " fails on: " + select, e);
        }
    }

    private HikariDataSource pool(View view) {
        return pools.computeIfAbsent(view.name(), _ -> newPool(view));
    }

    private HikariDataSource newPool(View view) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("view-" + view.name());
        config.setDataSource(source(view, READING, ViewQueries.LONGEST));
        config.setReadOnly(true);
        config.setMaximumPoolSize(ViewQueries.CONNECTIONS);
        config.setMinimumIdle(1);
        config.setIdleTimeout(IDLE.toMillis());
        config.setConnectionTimeout(ViewQueries.LONGEST.toMillis());
        config.setValidationTimeout(SOCKET_GRACE.toMillis());
        config.setInitializationFailTimeout(-1); // a database that is away now may be back later
        return new HikariDataSource(config);
    }

    @Override
    public void close() {
        pools.values().forEach(HikariDataSource::close);
    }
}
