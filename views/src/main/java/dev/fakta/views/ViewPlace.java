// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views;

import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/// Where a node keeps its views.
public sealed interface ViewPlace {

    /// SQLite files in a directory: for a cluster of one.
    record Directory(Path path) implements ViewPlace {}

    /// A PostgreSQL that all nodes of the cluster reach. Its user may create schemas in it.
    ///
    /// @param url a JDBC URL; user and password stand in it, or in `PGUSER` and `PGPASSWORD`.
    ///   Nothing but the connection sees them: [#toString] has host, port and database only
    record Database(String url) implements ViewPlace {

        public Database {
            if (Driver.parseURL(url, null) == null) {
                throw new IllegalArgumentException(
                        "views: a database is named jdbc:postgresql://HOST:PORT/DATABASE");
            }
        }

        @Override
        public String toString() {
            @Nullable Properties parts = Driver.parseURL(url, null);
            return parts == null
                    ? "postgresql"
                    : "postgresql %s port %s database %s"
                            .formatted(
                                    PGProperty.PG_HOST.getOrDefault(parts),
                                    PGProperty.PG_PORT.getOrDefault(parts),
                                    PGProperty.PG_DBNAME.getOrDefault(parts));
        }
    }
}
