// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.log.EventLog;
import dev.fakta.postgres.PostgresLog;
import dev.fakta.postgres.PostgresLogSettings;
import dev.fakta.postgres.server.LocalPorts;
import dev.fakta.runtime.ClusterSettings;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What [CommandsBenchmark] measures, with the log in PostgreSQL: from inside the node that has the
/// aggregates, and over the wire from another node in another process.
final class PostgresCommandsBenchmark implements Benchmark {

    private static final String HOST = "127.0.0.1";

    @Override
    public String name() {
        return "commands-postgres";
    }

    @Override
    public String description() {
        return "the same commands on PostgreSQL, in process and over the wire from another node";
    }

    @Override
    public List<Figure> run(Duration time) throws Exception {
        try (TemporaryDirectory folder = TemporaryDirectory.create();
                Database database = Database.start(folder.path())) {
            List<Figure> figures = new ArrayList<>(inProcess(database, folder.path(), time));
            figures.addAll(overTheWire(database, folder.path(), time));
            return figures;
        }
    }

    private static List<Figure> inProcess(Database database, Path folder, Duration time)
            throws Exception {
        try (EventLog log = PostgresLog.open(PostgresLogSettings.of(database.create("near")));
                Node node = start(NodeSettings.embedded(folder.resolve("views")), log)) {
            return CommandLoad.measure("", node, time);
        }
    }

    private static List<Figure> overTheWire(Database database, Path folder, Duration time)
            throws Exception {
        String url = database.create("far");
        String seed = HOST + ":" + LocalPorts.free();
        NodeSettings sender =
                NodeSettings.embedded(folder.resolve("views"))
                        .inCluster(
                                "sender",
                                ClusterSettings.of(HOST, 0, List.of(seed), Set.of(Role.GATEWAY)));
        try (ChildJvm _ =
                        NodeProcess.start(
                                CounterNode.class,
                                List.of(),
                                folder,
                                List.of(
                                        "--postgres",
                                        url,
                                        "--seeds",
                                        seed,
                                        "--cluster-port",
                                        seed.substring(HOST.length() + 1),
                                        "--roles",
                                        "aggregate"));
                EventLog log = PostgresLog.open(PostgresLogSettings.of(url));
                Node node = start(sender, log)) {
            return CommandLoad.measure("over the wire, ", node, time);
        }
    }

    private static Node start(NodeSettings settings, EventLog log) {
        return Node.start(settings, Counter.MICROSYSTEM, log, InstantSource.system());
    }
}
