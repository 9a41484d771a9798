// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import dev.fakta.orders.OrderManagement;
import dev.fakta.postgres.server.LocalPorts;
import dev.fakta.postgres.server.LocalPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// A PostgreSQL and some nodes, each a process of its own, on this machine. Each node reaches the
/// database by a proxy of its own. Nodes keep their ports over restarts. Ended by [#close].
final class ClusterUnderTest implements AutoCloseable {

    /// Of the log of orders, which the faults and the checks are about.
    static final int PARTITIONS = 64;

    /// Of the logs of all microsystems.
    static final int ALL_PARTITIONS = PARTITIONS * OrderManagement.SERVED.size();

    static final Duration START = Duration.ofMinutes(3);

    /// No saga: an order is what its clients made of it, as they alone say what was done.
    private static final String ROLES = "gateway,processor,aggregate,view";

    private static final Duration STOP = Duration.ofSeconds(40);
    private static final Map<String, String> PARAMETERS = Map.of("max_connections", "500");

    /// The newest claim of each partition says whose it is.
    private static final String OWNED =
            """
            select p from generate_series(0, %d) p where ? = (
              select e.node from event e where e.partition_no = p and e.node is not null
              order by e."offset" desc limit 1)
            """
                    .formatted(PARTITIONS - 1);

    /// The key of administrators: of this cluster only, which nobody else reaches.
    static final String ADMIN_KEY = "the-key-of-a-cluster-that-is-only-tested";

    private final Path directory;
    private final Path adminKey;
    private final Path messages;
    private final List<String> jvm;

    /// Whether the agent that sets a clock is in the nodes: a JVM with it starts in twice the time.
    private final boolean hasClocks;

    private final Network network;
    private final List<Integer> httpPorts;
    private final List<Integer> clusterPorts;
    private final List<DatabaseProxy> proxies = new ArrayList<>();
    private final List<NodeClock> clocks = new ArrayList<>();
    private final Optional<SlowDisk> disk;
    private final NodeJvm[] nodes;
    private final Thread hook;
    private LocalPostgres postgres;

    private ClusterUnderTest(Path directory, Storm.Settings settings, Network network)
            throws IOException {
        int nodes = settings.nodes();
        this.directory = directory;
        this.adminKey = Files.writeString(directory.resolve("admin.key"), ADMIN_KEY);
        Files.setPosixFilePermissions(adminKey, PosixFilePermissions.fromString("rw-------"));
        this.messages = settings.directory();
        this.jvm = settings.jvm();
        this.hasClocks = settings.faults().stream().anyMatch(Fault::isOfClock);
        this.network = network;
        this.nodes = new NodeJvm[nodes];
        List<Integer> ports = LocalPorts.free(2 * nodes);
        this.httpPorts = ports.subList(0, nodes);
        this.clusterPorts = ports.subList(nodes, 2 * nodes);
        Path agent = directory.resolve("clock-agent.jar");
        NodeClock.writeAgent(agent);
        for (int node = 0; node < nodes; node++) {
            clocks.add(NodeClock.open(agent, directory.resolve(name(node) + ".clock")));
        }
        this.postgres = startPostgres(0);
        this.disk = SlowDisk.beneath(directory);
        this.hook = Thread.ofPlatform().name("shutdown").unstarted(this::abandon);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// The run ends early: nothing is left behind. PostgreSQL has a hook of its own.
    private void abandon() {
        for (NodeJvm node : nodes) {
            if (node != null) {
                node.kill();
            }
        }
        network.close();
    }

    /// Starts all of it, and waits until every node is ready.
    ///
    /// @param directory for data
    static ClusterUnderTest start(Path directory, Storm.Settings settings) throws IOException {
        Network network = Namespaces.orLoopback(settings.nodes());
        ClusterUnderTest cluster;
        try {
            cluster = new ClusterUnderTest(directory, settings, network);
        } catch (IOException | RuntimeException e) {
            network.close();
            throw e;
        }
        try {
            cluster.postgres.createDatabase("fakta");
            for (int node = 0; node < settings.nodes(); node++) {
                cluster.proxies.add(DatabaseProxy.open(network.outside(), cluster.postgres.port()));
            }
            for (int node = 0; node < settings.nodes(); node++) {
                cluster.start(node);
            }
            for (int node = 0; node < settings.nodes(); node++) {
                if (!cluster.nodes[node].awaitReady(START)) {
                    throw new IllegalStateException(
                            "%s is not ready in time; it says why in %s"
                                    .formatted(name(node), cluster.messages));
                }
            }
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private LocalPostgres startPostgres(int port) {
        return LocalPostgres.start(directory.resolve("postgres"), port, PARAMETERS);
    }

    static String name(int node) {
        return "node-" + (node + 1);
    }

    int size() {
        return nodes.length;
    }

    Network network() {
        return network;
    }

    NodeJvm node(int node) {
        return nodes[node];
    }

    DatabaseProxy proxy(int node) {
        return proxies.get(node);
    }

    NodeClock clock(int node) {
        return clocks.get(node);
    }

    /// Whether a fault can be brought about on this machine.
    boolean canSuffer(Fault fault) {
        return (!fault.cutsNodes() || network.canCut())
                && (!fault.isOfClock() || hasClocks)
                && (fault != Fault.DISK_SLOW || disk.isPresent());
    }

    /// Lets the database write so many blocks per second to its disk for a while.
    void slowDisk(int writesPerSecond, Duration time) {
        SlowDisk slow = disk.orElseThrow();
        ProcessHandle server = postgres.process().orElseThrow();
        slow.slow(server, writesPerSecond);
        try {
            Pause.of(time);
        } finally {
            slow.heal(server);
        }
    }

    URI uri(int node) {
        return URI.create("http://%s:%d".formatted(network.host(node), httpPorts.get(node)));
    }

    /// Starts a node, again or for the first time; does not wait until it is ready.
    void start(int node) {
        String seeds =
                String.join(
                        ",",
                        IntStream.range(0, nodes.length)
                                .mapToObj(i -> network.host(i) + ":" + clusterPorts.get(i))
                                .toList());
        List<String> arguments =
                List.of(
                        "--admin-key-file",
                        adminKey.toString(),
                        "--insecure-http",
                        "--host",
                        network.host(node),
                        "--port",
                        Integer.toString(httpPorts.get(node)),
                        "--data",
                        directory.resolve(name(node)).toString(),
                        "--postgres",
                        proxies.get(node).url(postgres.url("fakta")),
                        "--node",
                        name(node),
                        "--cluster-host",
                        network.host(node),
                        "--cluster-port",
                        Integer.toString(clusterPorts.get(node)),
                        "--roles",
                        ROLES,
                        "--seeds",
                        seeds);
        List<String> options = new ArrayList<>(jvm);
        if (hasClocks) {
            clocks.get(node).setRightToStart();
            options.add(clocks.get(node).option());
        }
        try {
            nodes[node] =
                    NodeJvm.start(
                            network.command(node, NodeJvm.command(options, arguments)),
                            messages.resolve(name(node) + ".log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Stops the database, which cuts all connections, and starts it again after a while.
    void restartDatabase(Duration away) {
        int port = postgres.port();
        postgres.close();
        Pause.of(away);
        postgres = startPostgres(port);
    }

    /// The partitions that a node owns, as the log has it.
    Set<Integer> ownedBy(int node) throws SQLException {
        try (Connection connection = connect();
                var owned = connection.prepareStatement(OWNED)) {
            owned.setString(1, name(node));
            Set<Integer> partitions = new HashSet<>();
            try (ResultSet rows = owned.executeQuery()) {
                while (rows.next()) {
                    partitions.add(rows.getInt(1));
                }
            }
            return partitions;
        }
    }

    /// A connection for looking at the log of the orders, not by way of a proxy.
    Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection(postgres.url("fakta"));
        try (Statement statement = connection.createStatement()) {
            statement.execute("set statement_timeout = '120s'");
            statement.execute("set search_path = orders");
        }
        return connection;
    }

    @Override
    public void close() {
        network.heal();
        for (NodeJvm node : nodes) {
            if (node != null) {
                node.thaw();
                node.terminate();
            }
        }
        for (NodeJvm node : nodes) {
            if (node != null && !node.awaitEnd(STOP)) {
                node.kill();
            }
        }
        for (DatabaseProxy proxy : proxies) {
            try {
                proxy.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        try {
            postgres.close();
        } finally {
            network.close();
            forgetHook();
        }
    }

    private void forgetHook() {
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // it runs already
        }
    }
}
