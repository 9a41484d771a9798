// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.gateway.OrderlyExit;
import dev.fakta.orders.payments.provider.ProviderWebhooks;
import dev.fakta.orders.payments.provider.WebhookSecret;
import dev.fakta.orders.payments.sandbox.Sandbox;
import dev.fakta.orders.payments.sandbox.SandboxSettings;
import dev.fakta.postgres.server.LocalPorts;
import dev.fakta.postgres.server.LocalPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Runs a whole cluster on this machine: a PostgreSQL and some nodes, each a process of its own.
@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a PostgreSQL, or several, and a cluster of nodes on this machine; Ctrl-C stops all of it.",
            "Each node says 'ready URL node=NAME pid=PID'. Kill one and see.",
            "One node says the admin key of them all, once, and keeps it in DIR/NODE/admin.key."
        })
final class ClusterCommand implements Callable<Integer> {

    private static final int MOST_NODES = 16;
    private static final int MOST_DATABASES = 8;
    private static final int PARTITIONS = 64;

    @Spec private CommandSpec spec;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "how many nodes (default: ${DEFAULT-VALUE})",
            defaultValue = "3")
    private int nodes;

    @Option(
            names = "--databases",
            paramLabel = "N",
            description =
                    "how many PostgreSQL servers share the log's partitions (default: ${DEFAULT-VALUE})",
            defaultValue = "1")
    private int databases;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description =
                    "HTTP port of the first node, the next has the next; 0 picks free ones (default: ${DEFAULT-VALUE})",
            defaultValue = "8080")
    private int port;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "where the databases are kept (default: ${DEFAULT-VALUE})",
            defaultValue = "data/cluster")
    private Path data;

    @Option(
            names = "--trusted",
            description =
                    "let whoever reaches a port of the nodes do everything without credentials; they are on loopback")
    private boolean isTrusted;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (nodes < 1 || nodes > MOST_NODES) {
            throw new ParameterException(
                    spec.commandLine(), "--nodes: 1 to %d, not %d".formatted(MOST_NODES, nodes));
        }
        if (port < 0 || port > 65_535 - nodes) {
            throw new ParameterException(
                    spec.commandLine(), "--port: 0 to %d".formatted(65_535 - nodes));
        }
        if (databases < 1 || databases > MOST_DATABASES) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--databases: 1 to %d, not %d".formatted(MOST_DATABASES, databases));
        }
        List<LocalPostgres> servers = new ArrayList<>();
        List<NodeProcess> started = new ArrayList<>();
        OrderlyExit.closing(() -> stop(started, servers));
        List<String> log = startDatabases(servers);
        List<Integer> ports = LocalPorts.free(2 * nodes);
        String secret = WebhookSecret.generate();
        Sandbox sandbox = startSandbox(WebhookSecret.of(secret), ports);
        for (int i = 0; i < nodes; i++) {
            synchronized (started) {
                started.add(
                        NodeProcess.start(
                                "node-" + (i + 1),
                                arguments(i, log, ports, sandbox.uri()),
                                Map.of(PaymentOptions.SECRET, secret),
                                System.out,
                                System.err));
            }
        }
        new CountDownLatch(1).await(); // until the process is asked to stop
        return CommandLine.ExitCode.OK;
    }

    /// The options that name the databases: a URL, or one for each range of the partitions.
    private List<String> startDatabases(List<LocalPostgres> servers) {
        List<String> options = new ArrayList<>();
        for (int i = 0; i < databases; i++) {
            String name = i == 0 ? "postgres" : "postgres-" + (i + 1);
            LocalPostgres server =
                    LocalPostgres.start(data.resolve(name), 0, Map.of("max_connections", "500"));
            synchronized (servers) {
                servers.add(server);
            }
            server.createDatabase("fakta");
            options.add("--postgres");
            options.add(range(i) + server.url("fakta"));
        }
        return options;
    }

    private String range(int database) {
        return databases == 1
                ? ""
                : "%d-%d="
                        .formatted(
                                PARTITIONS * database / databases,
                                PARTITIONS * (database + 1) / databases - 1);
    }

    /// One for all nodes: each of them takes its webhooks.
    private Sandbox startSandbox(WebhookSecret secret, List<Integer> ports) {
        Sandbox sandbox =
                Sandbox.start(
                        SandboxSettings.of(data.resolve("sandbox").resolve("ledger.jsonl"), secret),
                        InstantSource.system());
        List<URI> targets = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            targets.add(
                    URI.create("http://127.0.0.1:" + httpPort(i, ports) + ProviderWebhooks.PATH));
        }
        sandbox.deliverTo(targets);
        return sandbox;
    }

    private int httpPort(int number, List<Integer> ports) {
        return port == 0 ? ports.get(nodes + number) : port + number;
    }

    private List<String> arguments(
            int number, List<String> log, List<Integer> ports, URI provider) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "run",
                                "--port",
                                Integer.toString(httpPort(number, ports)),
                                "--payment-provider",
                                provider.toString(),
                                "--data",
                                data.resolve("node-" + (number + 1)).toString(),
                                "--node",
                                "node-" + (number + 1),
                                "--cluster-port",
                                Integer.toString(ports.get(number)),
                                "--seeds",
                                String.join(
                                        ",",
                                        ports.stream()
                                                .limit(nodes)
                                                .map(free -> "127.0.0.1:" + free)
                                                .toList())));
        if (isTrusted) {
            arguments.add("--trusted");
        }
        arguments.addAll(log);
        return arguments;
    }

    private static void stop(List<NodeProcess> started, List<LocalPostgres> servers) {
        synchronized (started) {
            started.forEach(NodeProcess::askToStop);
            started.forEach(NodeProcess::awaitEnd);
        }
        synchronized (servers) {
            servers.forEach(LocalPostgres::close);
        }
    }
}
