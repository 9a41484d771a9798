// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPostgresTest {

    @TempDir Path directory;

    @Test
    void what_is_committed_is_there_after_a_restart_and_durable_by_default() throws SQLException {
        Path data = directory.resolve("data");
        try (LocalPostgres server = LocalPostgres.start(data, 0, Map.of("max_connections", "20"))) {
            server.createDatabase("shop");
            server.createDatabase("shop");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> server.createDatabase("a; drop database shop"));
            assertThat(server.url("shop")).contains(":" + server.port() + "/shop");
            ask(server, "create table kept as select 7 as number");
            assertThat(ask(server, "show fsync")).isEqualTo("on");
            assertThat(ask(server, "show synchronous_commit")).isEqualTo("on");
            assertThat(ask(server, "show max_connections")).isEqualTo("20");
            assertThat(ask(server, "show server_version")).startsWith("18.");
            assertThatIllegalStateException()
                    .isThrownBy(() -> LocalPostgres.start(data, 0, Map.of()))
                    .withMessageContaining("still runs")
                    .withMessageContaining("kill -INT");
        }
        try (LocalPostgres again = LocalPostgres.start(data, 0, Map.of())) {
            assertThat(ask(again, "select number from kept")).isEqualTo("7");
        }
    }

    @Test
    void a_server_that_cannot_start_says_why() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatIllegalStateException()
                    .isThrownBy(
                            () -> LocalPostgres.start(directory, taken.getLocalPort(), Map.of()))
                    .withMessageContaining("cannot listen on port " + taken.getLocalPort());
        }
        Path foreign = Files.createDirectories(directory.resolve("foreign"));
        Files.writeString(foreign.resolve("notes.txt"), "not a database");
        assertThatIllegalStateException()
                .isThrownBy(() -> LocalPostgres.start(foreign, 0, Map.of()))
                .withMessageContaining("did not start in " + foreign);
    }

    private static String ask(LocalPostgres server, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url("shop"));
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet rows = statement.getResultSet()) {
                assertThat(rows.next()).isTrue();
                return rows.getString(1);
            }
        }
    }
}
