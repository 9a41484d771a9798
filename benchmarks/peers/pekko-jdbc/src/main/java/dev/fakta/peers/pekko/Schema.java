// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.pekko;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/// The journal's tables.
final class Schema {

    private Schema() {}

    /// Makes them where they are missing.
    static void create(String jdbcUrl) throws IOException, SQLException {
        try (InputStream script = Schema.class.getResourceAsStream("/schema.sql");
                Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement statement = connection.createStatement()) {
            if (script == null) {
                throw new IllegalStateException("schema.sql is not on the class path");
            }
            statement.execute(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
