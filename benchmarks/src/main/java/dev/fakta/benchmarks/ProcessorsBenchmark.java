// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.postgres.server.LocalPorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/// Roles apart: one node has the gateway and all aggregates, and one after the other up to four
/// nodes come that do nothing but run a processor. The processor waits for an external call, and a
/// node works on few requests at a time, so that the rate is that of the processors. All nodes are
/// processes of their own, on one machine.
final class ProcessorsBenchmark implements Benchmark {

    private static final int MOST_NODES = 4;
    private static final int AT_ONCE = 8;
    private static final Duration WAIT = Duration.ofMillis(20);
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    /// Of all requests. The gateway may send a node one too many, which is answered 503.
    private static final double MOST_REFUSED = 0.02;

    @Override
    public String name() {
        return "processors";
    }

    @Override
    public String description() {
        return "1 to %d nodes run a processor that waits %d ms for an HTTP call, %d at a time each"
                .formatted(MOST_NODES, WAIT.toMillis(), AT_ONCE);
    }

    @Override
    public List<Figure> run(Duration time) throws Exception {
        List<Figure> figures = new ArrayList<>();
        try (TemporaryDirectory folder = TemporaryDirectory.create();
                Database database = Database.start(folder.path());
                PriceServer prices = PriceServer.start(WAIT);
                Nodes nodes = new Nodes(folder.path(), database.create("quotes"), prices)) {
            ChildJvm gateway = nodes.add("gateway,aggregate,view");
            for (int count = 1; count <= MOST_NODES; count++) {
                nodes.add("processor");
                LoadResult result = load(gateway, count, time);
                String nodesThen = count == 1 ? "1 node, " : count + " nodes, ";
                Figure rate = Figure.of(nodesThen + "rate", result.rate(), "requests/s");
                figures.add(count == 1 ? rate : rate.comparedWith(figures.getFirst()));
                figures.add(Figure.of(nodesThen + "latency p50", result.p50Micros() / 1_000, "ms"));
            }
        }
        return figures;
    }

    private static LoadResult load(ChildJvm gateway, int nodes, Duration time) throws IOException {
        LoadResult result =
                LoadGenerator.run(
                        Load.of(gateway.socketAddress(), nodes * AT_ONCE, WARM_UP, time),
                        RequestTemplate.post(
                                gateway.address().getAuthority(),
                                "/quotes",
                                Map.of(),
                                "{\"quantity\":3}"));
        if (result.failures() > MOST_REFUSED * result.requests()) {
            throw new IllegalStateException("requests failed: " + result.errors());
        }
        return result;
    }

    /// The last one started is stopped first.
    private static final class Nodes implements AutoCloseable {
        private final Deque<ChildJvm> started = new ArrayDeque<>();
        private final Path folder;
        private final String url;
        private final PriceServer prices;
        private final int seed;

        Nodes(Path folder, String url, PriceServer prices) throws IOException {
            this.folder = folder;
            this.url = url;
            this.prices = prices;
            this.seed = LocalPorts.free();
        }

        ChildJvm add(String roles) throws IOException, InterruptedException {
            ChildJvm node =
                    NodeProcess.start(
                            QuotesNode.class,
                            List.of("-D%s=%s".formatted(QuotesNode.PRICES, prices.price())),
                            folder,
                            List.of(
                                    "--postgres",
                                    url,
                                    "--node",
                                    "node-" + started.size(),
                                    "--seeds",
                                    "127.0.0.1:" + seed,
                                    "--cluster-port",
                                    Integer.toString(started.isEmpty() ? seed : 0),
                                    "--roles",
                                    roles,
                                    "--processors-at-once",
                                    Integer.toString(AT_ONCE)));
            started.push(node);
            return node;
        }

        @Override
        public void close() {
            started.forEach(ChildJvm::close);
        }
    }
}
