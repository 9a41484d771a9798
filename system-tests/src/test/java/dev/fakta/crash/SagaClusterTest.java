// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.awaitility.Awaitility.await;

import dev.fakta.example.Paying;
import dev.fakta.log.EventLog;
import dev.fakta.postgres.PostgresLog;
import dev.fakta.postgres.PostgresLogSettings;
import dev.fakta.postgres.server.LocalPorts;
import dev.fakta.postgres.server.LocalPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three processes on one PostgreSQL, and the one that runs the saga is killed while the others
/// take orders: the saga goes on elsewhere, and every purchase ends, paid once by all or by nobody.
@Order(1)
final class SagaClusterTest {

    private static final Duration ENOUGH = Duration.ofMinutes(3);
    private static final List<String> NAMES = List.of("n1", "n2", "n3");
    private static final int BEFORE = 30;

    @TempDir Path directory;

    @Test
    void a_saga_goes_on_elsewhere_when_the_process_that_runs_it_is_killed() throws Exception {
        Map<String, ServerProcess> nodes = new HashMap<>();
        try (LocalPostgres postgres =
                        LocalPostgres.start(directory.resolve("postgres"), 0, Map.of());
                Shopper shopper = new Shopper()) {
            postgres.createDatabase("purchases");
            String url = postgres.url("purchases");
            String seed = "127.0.0.1:" + LocalPorts.free();
            for (String name : NAMES) {
                nodes.put(name, start(name, url, seed, nodes.isEmpty()));
            }
            shopAndKill(nodes, shopper, url);
            ServerProcess survivor = nodes.values().iterator().next();
            await().atMost(ENOUGH)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> shopper.everyOneMovesByItself(survivor.uri()) == 0);
            try (EventLog log =
                    PostgresLog.open(PostgresLogSettings.of(url).withSchema("purchases"))) {
                new PurchaseBooks(log).check(shopper.ordered);
            }
        } finally {
            nodes.values().forEach(ServerProcess::close);
        }
    }

    private ServerProcess start(String name, String url, String seed, boolean isFirst)
            throws Exception {
        return ServerProcess.start(
                List.of(Paying.class.getName(), "--trusted"),
                directory.resolve(name),
                "--postgres",
                url,
                "--node",
                name,
                "--seeds",
                seed,
                "--cluster-port",
                isFirst ? seed.substring(seed.indexOf(':') + 1) : "0");
    }

    private static void shopAndKill(Map<String, ServerProcess> nodes, Shopper shopper, String url)
            throws Exception {
        shopper.fillWallets(nodes.values().iterator().next().uri());
        await().atMost(ENOUGH)
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> nodes.containsKey(runner(url)));
        AtomicBoolean isOver = new AtomicBoolean();
        List<Thread> clients = new ArrayList<>();
        nodes.forEach(
                (name, node) ->
                        clients.add(
                                Thread.startVirtualThread(
                                        () -> shopper.order(node.uri(), name, isOver))));
        await().atMost(ENOUGH).until(() -> shopper.ordered.size() > BEFORE);
        ServerProcess killed = Objects.requireNonNull(nodes.remove(runner(url)));
        killed.kill();
        await().atMost(ENOUGH).until(() -> shopper.ordered.size() > 2 * BEFORE);
        isOver.set(true);
        for (Thread client : clients) {
            client.join();
        }
    }

    /// The name of the node that has taken the saga's index.
    private static String runner(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            String schema;
            try (ResultSet row =
                    statement.executeQuery(
                            "select table_schema from information_schema.tables where table_name = 'instance'")) {
                if (!row.next()) {
                    return "";
                }
                schema = row.getString(1);
            }
            try (ResultSet row =
                    statement.executeQuery("select node from \"" + schema + "\".fakta_view")) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }
}
