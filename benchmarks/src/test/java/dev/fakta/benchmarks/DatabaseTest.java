// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatabaseTest {

    @Test
    void each_contender_has_a_database_that_commits_to_disk(@TempDir Path folder) throws Exception {
        try (Database database = Database.start(folder)) {
            database.create("first");
            String url = database.create("second");
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                statement.execute("create table one as select 7 as number");
                assertThat(connection.getMetaData().getDatabaseMajorVersion()).isEqualTo(18);
            }
            assertThat(database.number("second", "select number from one")).isEqualTo(7);
            assertThat(
                            database.number(
                                    "first",
                                    "select count(*) from pg_tables where tablename = 'one'"))
                    .isZero();
            assertThat(
                            database.number(
                                    "first",
                                    "select count(*) from pg_settings where setting = 'on'"
                                            + " and name in ('fsync', 'synchronous_commit')"))
                    .isEqualTo(2);
        }
    }
}
