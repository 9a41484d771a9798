// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import dev.fakta.postgres.server.ThrowawayPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/// Databases for the tests of views, in the [ThrowawayPostgres] of this JVM. Their own collation is
/// not that of bytes, as on most servers.
public final class ViewDatabases {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private ViewDatabases() {}

    /// The JDBC URL of a new, empty database.
    public static String create() {
        String name = "views_" + COUNT.incrementAndGet();
        run(
                "create database %s template template0 locale_provider icu icu_locale 'en' locale 'C'"
                        .formatted(name));
        return ThrowawayPostgres.server().url(name);
    }

    /// Lets nobody into a database until it is opened again, and throws out who is in.
    public static void shut(String url) {
        run("alter database %s allow_connections false".formatted(name(url)));
        run(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s'"
                        .formatted(name(url)));
    }

    /// What a server says to who wants to get into a database that is shut.
    public static String refusal(String url) {
        return "database \"%s\" is not currently accepting connections".formatted(name(url));
    }

    public static void open(String url) {
        run("alter database %s allow_connections true".formatted(name(url)));
    }

    /// Ends the connections that write views in a database.
    public static void cutWriters(String url) {
        run(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s' and application_name like 'fakta-view %%' and query not like '%%as parked%%'"
                        .formatted(name(url)));
    }

    private static String name(String url) {
        return url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
    }

    private static void run(String statement) {
        try (Connection connection =
                        DriverManager.getConnection(ThrowawayPostgres.server().url("postgres"));
                Statement one = connection.createStatement()) {
            one.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(statement, e);
        }
    }
}
