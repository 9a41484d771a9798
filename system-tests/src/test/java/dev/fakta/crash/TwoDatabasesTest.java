// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.log.MemoryLog;
import dev.fakta.postgres.server.LocalPorts;
import dev.fakta.postgres.server.LocalPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes on two PostgreSQL servers, each with half of the partitions, and what becomes of
/// orders when the second server is away. All of them are processes of their own, and serve all
/// tests one after the other: each leaves both databases as it found them.
@Order(1)
@TestInstance(Lifecycle.PER_CLASS)
final class TwoDatabasesTest {

    private static final int PARTITIONS = 64;
    private static final int FIRST_OF_SECOND = 32;
    private static final int ORDERS = 24;

    /// How often in a row trying again may bring nothing.
    private static final int MOST_IDLE = 2;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Map<String, String> PARAMETERS = Map.of("max_connections", "200");

    private final Customer customer = new Customer();
    private Path directory = Path.of("");
    private List<LocalPostgres> servers = List.of();
    private List<ServerProcess> nodes = List.of();

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        directory = folder;
        servers = List.of(server("low", 0), server("high", 0));
        servers.forEach(server -> server.createDatabase("fakta"));
        int seed = LocalPorts.free();
        ServerProcess first = node("north", seed, seed);
        nodes = List.of(first);
        nodes = List.of(first, node("south", 0, seed));
        customer.listProduct(first.uri());
    }

    @AfterAll
    void stop() throws Exception {
        customer.close();
        for (ServerProcess node : nodes) {
            node.kill();
        }
        servers.forEach(LocalPostgres::close);
    }

    @Test
    void orders_of_the_other_half_succeed_while_a_database_is_stopped() throws Exception {
        placeBefore("stopped");
        int port = servers.getLast().port();
        servers.getLast().close();
        placeAllThatCanBe("stopped");
        assertListed();
        servers = List.of(servers.getFirst(), server("high", port));
        assertOnlyTheStoppedHalfFailed("stopped");
    }

    @Test
    void orders_of_the_other_half_succeed_while_a_database_hangs() throws Exception {
        placeBefore("hanging");
        signal("STOP");
        try {
            placeAllThatCanBe("hanging");
            assertListed();
        } finally {
            signal("CONT");
        }
        assertOnlyTheStoppedHalfFailed("hanging");
    }

    /// Which of them were placed at the first try, by key.
    private final Map<String, Integer> answers = new ConcurrentHashMap<>();

    /// Places orders that succeed, and waits until they are listed: what a view has not read cannot
    /// be read while its database is away.
    private void placeBefore(String test) {
        String name = "before-" + test;
        place(name);
        assertThat(keys(name).map(answers::get)).hasSize(ORDERS);
        assertThat(keys(name).filter(customer.refusals::containsKey).map(customer.refusals::get))
                .as("only a machine that is busy is a reason")
                .allMatch(refusal -> refusal.contains("no answer in time"));
        await().atMost(PATIENCE).until(() -> placeMissing(name) == 0);
        assertListed();
    }

    /// Tries those again that were not acknowledged, all at once; answers how many still are not.
    private long placeMissing(String name) {
        List<String> missing =
                keys(name).filter(key -> !customer.acknowledged.containsKey(key)).toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String key : missing) {
                ServerProcess node = nodes.get(missing.indexOf(key) % nodes.size());
                var _ = threads.submit(() -> answers.put(key, customer.place(node.uri(), key)));
            }
        }
        return missing.stream().filter(key -> !customer.acknowledged.containsKey(key)).count();
    }

    /// Places orders while a database is away, until trying again brings nothing more: on a busy
    /// machine an order can get no answer in time for another reason too.
    private void placeAllThatCanBe(String name) {
        place(name);
        long before = ORDERS;
        long missing = placeMissing(name);
        for (int idle = 0; idle < MOST_IDLE; idle = missing < before ? 0 : idle + 1) {
            before = missing;
            missing = placeMissing(name);
        }
    }

    /// Waits until both nodes are ready and place all orders again, for the test that follows.
    private void awaitRecovery(String test) {
        String name = "after-" + test;
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(
                        () -> {
                            for (ServerProcess node : nodes) {
                                customer.get(node.uri(), "/health/ready");
                            }
                            place(name);
                            assertThat(keys(name).map(answers::get)).containsOnly(201);
                        });
    }

    private static Stream<String> keys(String name) {
        return IntStream.range(0, ORDERS).mapToObj(i -> name + "-" + i);
    }

    /// Places orders by both nodes, all at once.
    private void place(String name) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < ORDERS; i++) {
                String key = name + "-" + i;
                ServerProcess node = nodes.get(i % nodes.size());
                var _ = threads.submit(() -> answers.put(key, customer.place(node.uri(), key)));
            }
        }
    }

    /// The views are in the database that is there: what was placed is in the list, soon.
    private void assertListed() {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(
                        () -> {
                            String listed =
                                    customer.get(nodes.getLast().uri(), "/orders?limit=200")
                                            .toString();
                            assertThat(customer.acknowledged.values())
                                    .allSatisfy(order -> assertThat(listed).contains(order.id()));
                        });
    }

    /// Everything can be placed now, and what had failed belongs to the half that was away.
    private void assertOnlyTheStoppedHalfFailed(String test) {
        List<String> keys = keys(test).toList();
        Set<String> placed = Set.copyOf(customer.acknowledged.keySet());
        for (String key : keys) {
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> customer.place(nodes.getFirst().uri(), key) == 201);
        }
        Map<Boolean, Integer> halves = new TreeMap<>();
        for (String key : keys) {
            boolean isAway = partition(key) >= FIRST_OF_SECOND;
            halves.merge(isAway, 1, Integer::sum);
            assertThat(placed.contains(key))
                    .as("%s is placed meanwhile, %s", key, customer.refusals)
                    .isEqualTo(!isAway);
            if (isAway) {
                assertThat(answers.get(key)).as(key).isIn(503, 504);
            }
        }
        assertThat(halves).hasSize(2);
        assertListed();
        awaitRecovery(test);
    }

    private int partition(String key) {
        try (MemoryLog log = MemoryLog.create(PARTITIONS)) {
            return log.partitionOf(
                    "order/" + Objects.requireNonNull(customer.acknowledged.get(key)).id());
        }
    }

    private LocalPostgres server(String name, int port) {
        return LocalPostgres.start(directory.resolve(name), port, PARAMETERS);
    }

    private ServerProcess node(String name, int port, int seed) throws Exception {
        return ServerProcess.start(
                directory.resolve(name),
                "--postgres",
                "0-31=" + servers.getFirst().url("fakta"),
                "--postgres",
                "32-63=" + servers.getLast().url("fakta"),
                "--node",
                name,
                "--cluster-port",
                Integer.toString(port),
                "--seeds",
                "127.0.0.1:" + seed);
    }

    /// To all processes of the second server.
    private void signal(String name) throws IOException, InterruptedException {
        long pid =
                Long.parseLong(
                        Files.readAllLines(directory.resolve("high/postmaster.pid")).getFirst());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        List<String> command =
                Stream.concat(Stream.of(postmaster), postmaster.descendants())
                        .map(process -> Long.toString(process.pid()))
                        .toList();
        Process kill =
                new ProcessBuilder(
                                Stream.concat(Stream.of("kill", "-" + name), command.stream())
                                        .toList())
                        .start();
        assertThat(kill.waitFor()).isZero();
    }
}
