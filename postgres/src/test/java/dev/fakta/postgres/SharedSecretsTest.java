// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fakta.postgres.server.ThrowawayPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedSecretsTest {

    private final String url = ThrowawayPostgres.database();
    private final PostgresLogSettings home =
            LogPlaces.parse(List.of(url), Set.of("orders"), 4).home();
    private final AtomicInteger made = new AtomicInteger();

    private byte[] fresh() {
        return new byte[] {(byte) made.incrementAndGet(), 0, -1};
    }

    @Test
    void the_first_secret_of_a_name_is_the_one_that_all_get() throws Exception {
        List<Future<byte[]>> all = new ArrayList<>();
        try (ExecutorService nodes = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int node = 0; node < 8; node++) {
                all.add(nodes.submit(() -> SharedSecrets.of(home, "key", this::fresh)));
            }
        }
        byte[] first = all.getFirst().get();
        for (Future<byte[]> each : all) {
            assertThat(each.get()).isEqualTo(first);
        }
        assertThat(SharedSecrets.of(home, "other", this::fresh)).isNotEqualTo(first);
        assertThat(SharedSecrets.of(home, "key", this::fresh)).isEqualTo(first);
    }

    @Test
    void a_database_with_a_log_of_an_earlier_version_is_left_alone() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("create table fakta_log (is_one boolean)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SharedSecrets.of(home, "key", this::fresh))
                    .withMessageContaining("one log for all microsystems");
            assertThat(statement.execute("select 1 where to_regnamespace('fakta') is null"))
                    .isTrue();
            assertThat(statement.getResultSet().next()).isTrue();
        }
    }
}
