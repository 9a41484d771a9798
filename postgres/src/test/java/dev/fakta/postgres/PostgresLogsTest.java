// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fakta.log.JoinedLog;
import dev.fakta.log.LogReader;
import dev.fakta.log.Positions;
import dev.fakta.log.Writer;
import dev.fakta.postgres.server.ThrowawayPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The logs of several microsystems: where they are, and the numbers of their partitions.
class PostgresLogsTest {

    private static final int PARTITIONS = 4;

    private final String url = ThrowawayPostgres.database();

    /// Each microsystem has one kind of aggregate, called `NAME-thing`.
    private static JoinedLog open(List<String> given, String... microsystems) {
        Map<String, Set<String>> aggregates = new LinkedHashMap<>();
        for (String name : microsystems) {
            aggregates.put(name, Set.of(name + "-thing"));
        }
        return PostgresLogs.open(
                LogPlaces.parse(given, aggregates.keySet(), PARTITIONS), aggregates);
    }

    private static String ask(String url, String question) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(question)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        }
    }

    private static void change(String url, String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement open = connection.createStatement()) {
            open.execute(statement);
        }
    }

    private static void append(JoinedLog log, String stream) {
        Writer writer = log.claim(log.partitionOf(stream), "n");
        long _ = writer.append(List.of(Samples.event(stream, 1))).toCompletableFuture().join();
    }

    @Test
    void each_microsystem_has_tables_of_its_own_in_one_database() throws SQLException {
        try (JoinedLog log = open(List.of(url), "orders", "gift-cards")) {
            assertThat(log.partitions()).isEqualTo(2 * PARTITIONS);
            append(log, "gift-cards-thing/1");
        }
        assertThat(ask(url, "select count(*) from orders.event")).isEqualTo("0");
        assertThat(ask(url, "select stream from gift_cards.event where revision = 1"))
                .isEqualTo("gift-cards-thing/1");
    }

    @Test
    void one_can_have_a_database_of_its_own_and_ranges_of_several() throws SQLException {
        String own = ThrowawayPostgres.database();
        String high = ThrowawayPostgres.database();
        List<String> given = List.of(url, "stock:0-1=" + own, "stock:2-3=" + high);
        try (JoinedLog log = open(given, "orders", "stock")) {
            for (int partition = 0; partition < log.partitions(); partition++) {
                assertThat(log.claim(partition, "n").head()).isEqualTo(1);
            }
        }
        assertThat(ask(url, "select count(*) from orders.event")).isEqualTo("4");
        assertThat(ask(url, "select to_regclass('stock.event') is null")).isEqualTo("t");
        assertThat(ask(own, "select count(*) from stock.event")).isEqualTo("2");
        assertThat(ask(high, "select count(*) from stock.event")).isEqualTo("2");
    }

    @Test
    void partitions_keep_their_numbers_when_the_program_lists_microsystems_otherwise() {
        open(List.of(url), "orders", "stock").close();
        try (JoinedLog log = open(List.of(url), "billing", "stock", "orders")) {
            assertThat(log.parts())
                    .extracting(JoinedLog.Part::microsystem)
                    .containsExactly("orders", "stock", "billing");
        }
    }

    @Test
    void a_microsystem_that_the_program_does_not_have_is_refused() {
        open(List.of(url), "orders", "stock").close();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(List.of(url), "orders"))
                .withMessageContaining("microsystem stock, which this program does not have");
    }

    @Test
    void a_log_that_is_not_where_it_was_is_refused() {
        open(List.of(url), "orders", "stock").close();
        String wrong = "stock=" + ThrowawayPostgres.database();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(List.of(url, wrong), "orders", "stock"))
                .withMessageContaining("has no log of stock, though there was one");
    }

    @Test
    void one_log_for_all_as_earlier_versions_kept_it_is_refused() {
        PostgresLog.open(PostgresLogSettings.of(url)).close();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(List.of(url), "orders"))
                .withMessageContaining("as an earlier version kept it");
    }

    @Test
    void each_log_wakes_its_own_readers_only() {
        PostgresLogSettings settings = PostgresLogSettings.of(url);
        assertThat(Connections.toPrimary(settings.url(), Map.of()).channel())
                .isEqualTo("fakta_log");
        assertThat(Connections.toPrimary(settings.withSchema("stock").url(), Map.of()).channel())
                .isEqualTo("fakta_log_stock");
    }

    @Test
    void readers_go_on_when_the_connections_of_one_log_are_cut() throws SQLException {
        try (JoinedLog log = open(List.of(url), "orders", "stock");
                LogReader reader = log.reader(Positions.start(log.partitions()))) {
            append(log, "orders-thing/1");
            change(
                    url,
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
            int records = 0;
            while (records < 2) {
                records += reader.next(10, Duration.ofSeconds(20)).size();
            }
            assertThat(reader.positions().offset(log.partitionOf("orders-thing/1"))).isEqualTo(2);
        }
    }

    @Nested
    class Options {
        private static final String A = "jdbc:postgresql://a/x";
        private static final String B = "jdbc:postgresql://b/x?password=hush";

        private String refusal(String... given) {
            try {
                return "none: "
                        + LogPlaces.parse(List.of(given), List.of("orders", "stock"), PARTITIONS);
            } catch (IllegalArgumentException e) {
                return String.valueOf(e.getMessage());
            }
        }

        @Test
        void every_microsystem_needs_all_of_its_partitions() {
            assertThat(refusal("stock=" + B)).isEqualTo("no database for the log of orders");
            assertThat(refusal("orders=" + A, "stock:0-2=" + B))
                    .isEqualTo("stock: no database holds partition 3");
            assertThat(refusal("0-1=" + A, "stock=" + B))
                    .isEqualTo("no database holds partitions 2 to 3");
        }

        @Test
        void a_microsystem_that_there_is_not_is_named_and_no_password() {
            assertThat(refusal(A, "stack=" + B)).isEqualTo("there is no microsystem stack");
            assertThat(refusal(A + "?currentSchema=x")).contains("no currentSchema");
        }

        @Test
        void the_home_is_the_database_for_all_or_the_one_of_the_first() {
            List<String> names = List.of("orders", "stock");
            assertThat(LogPlaces.parse(List.of("stock=" + B, A), names, 4).home().url())
                    .isEqualTo(A);
            assertThat(LogPlaces.parse(List.of("stock=" + A, "orders=" + B), names, 4).home().url())
                    .isEqualTo(B);
        }
    }
}
