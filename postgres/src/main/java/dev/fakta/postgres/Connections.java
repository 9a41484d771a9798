// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;

/// Opens connections to one database. Every one has limits on the server (`statement_timeout`, so
/// that it does not go on with what nobody waits for) and on the socket (for a server that is gone
/// without a word).
final class Connections {

    /// How long a statement may take that makes tables or waits for another node that makes them.
    static final Duration MAKING = Duration.ofSeconds(30);

    /// How much later than the server the socket gives up.
    private static final Duration SOCKET_GRACE = Duration.ofMillis(500);

    /// Array types that the driver sends as bytes only when told: bytea, int4, text, int8, uuid.
    private static final String BINARY_ARRAYS = "1001,1007,1009,1016,2951";

    private final String url;
    private final String servers;
    private final Properties given;
    private final Map<String, String> environment;

    private Connections(String url, String servers, Map<String, String> environment) {
        this.url = url;
        this.servers = servers;
        this.given = Objects.requireNonNullElseGet(Driver.parseURL(url, null), Properties::new);
        this.environment = environment;
    }

    /// Of several hosts, the one that can write.
    static Connections toPrimary(String url, Map<String, String> environment) {
        return new Connections(url, "primary", environment);
    }

    /// Of several hosts, the first that answers.
    static Connections toAny(String url, Map<String, String> environment) {
        return new Connections(url, "any", environment);
    }

    /// Host, port and database, for messages.
    String place() {
        return PostgresLogSettings.place(url);
    }

    /// The channel for notifications of the log: each schema has its own.
    String channel() {
        String schema = PostgresLogSettings.schema(url);
        return schema == null ? "fakta_log" : "fakta_log_" + schema;
    }

    /// @param connecting how long it may take to connect
    /// @param limit how long one statement may take
    Connection open(Duration connecting, Duration limit) throws SQLException {
        Properties properties = properties(limit);
        PGProperty.CONNECT_TIMEOUT.set(properties, seconds(connecting));
        PGProperty.LOGIN_TIMEOUT.set(properties, seconds(connecting));
        Connection connection = new Driver().connect(url, properties);
        if (connection == null) {
            throw new SQLException("no PostgreSQL URL", Failures.CANNOT_CONNECT);
        }
        connection.unwrap(PGConnection.class).setPrepareThreshold(1);
        return connection;
    }

    /// @param limit how long a read waits for a connection, and one statement may take
    HikariDataSource pool(String name, int size, Duration limit) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(url);
        Properties properties = properties(limit);
        PGProperty.CONNECT_TIMEOUT.set(properties, seconds(limit));
        config.setDataSourceProperties(properties);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0); // a log that nobody reads needs none
        config.setConnectionTimeout(limit.toMillis());
        config.setValidationTimeout(limit.toMillis());
        config.setInitializationFailTimeout(-1); // one that is away now may be back later
        return new HikariDataSource(config);
    }

    private Properties properties(Duration limit) {
        Properties properties = new Properties();
        fromEnvironment(properties, PGProperty.USER, "PGUSER");
        fromEnvironment(properties, PGProperty.PASSWORD, "PGPASSWORD");
        unlessGiven(
                properties,
                PGProperty.OPTIONS,
                "-c statement_timeout=%d -c jit=off".formatted(limit.toMillis()));
        unlessGiven(properties, PGProperty.TARGET_SERVER_TYPE, servers);
        PGProperty.SOCKET_TIMEOUT.set(properties, seconds(limit.plus(SOCKET_GRACE)));
        PGProperty.LOGIN_TIMEOUT.set(properties, seconds(limit));
        PGProperty.CANCEL_SIGNAL_TIMEOUT.set(properties, 2);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.APPLICATION_NAME.set(properties, "fakta-log");
        PGProperty.PREPARE_THRESHOLD.set(properties, 2);
        PGProperty.BINARY_TRANSFER_ENABLE.set(properties, BINARY_ARRAYS);
        return properties;
    }

    private void fromEnvironment(Properties properties, PGProperty property, String variable) {
        String value = environment.get(variable);
        if (value != null) {
            unlessGiven(properties, property, value);
        }
    }

    private void unlessGiven(Properties properties, PGProperty property, String value) {
        if (given.getProperty(property.getName()) == null) {
            property.set(properties, value);
        }
    }

    /// The driver counts whole seconds, and 0 is for ever.
    private static String seconds(Duration duration) {
        return Long.toString(Math.max(1, Math.ceilDiv(duration.toMillis(), 1000)));
    }
}
