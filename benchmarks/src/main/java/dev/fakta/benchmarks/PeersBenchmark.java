// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.orders.Main;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// PlaceOrder on PostgreSQL: the same load on each contender in turn, each with an empty database
/// of the same server, which commits to disk. Every figure is compared with the first contender's.
final class PeersBenchmark implements Benchmark {

    private static final String FAKTA_COUNT =
            "select count(*) from orders.event where name = 'order-created'";

    /// Who is measured, in this order: the peers have no read side, so there is Fakta without one
    /// too, as on nodes without the role `view`.
    static final List<Contender> CONTENDERS =
            List.of(
                    Contender.peer(
                            "Spring JPA",
                            "peer-spring-jpa",
                            "dev.fakta.peers.spring.Main",
                            "select count(*) from purchase_order"),
                    Contender.peer(
                            "Pekko JDBC",
                            "peer-pekko-jdbc",
                            "dev.fakta.peers.pekko.Main",
                            "select count(*) from event_journal"),
                    Contender.fakta(
                            "Fakta",
                            Main.class.getName(),
                            "gateway,processor,aggregate",
                            FAKTA_COUNT),
                    Contender.fakta(
                            "Fakta with views",
                            Main.class.getName(),
                            "gateway,processor,aggregate,view",
                            FAKTA_COUNT));

    /// Longer than for others: Hibernate and Slick take their time until they are compiled.
    private static final Duration WARM_UP = Duration.ofSeconds(20);

    private record Outcome(Contender contender, List<Figure> figures) {

        List<Figure> named() {
            return figures.stream()
                    .map(
                            figure ->
                                    Figure.of(
                                            contender.name() + " " + figure.name(),
                                            figure.value(),
                                            figure.unit()))
                    .toList();
        }
    }

    @Override
    public String name() {
        return "peers";
    }

    @Override
    public String description() {
        return "PlaceOrder on PostgreSQL, durable, %d connections: other ways to build the service"
                .formatted(EchoBenchmark.CONNECTIONS);
    }

    @Override
    public List<Figure> run(Duration time) throws Exception {
        Path apps = Path.of(System.getenv().getOrDefault("FAKTA_APPS", "target/app"));
        List<Outcome> outcomes = new ArrayList<>();
        try (TemporaryDirectory folder = TemporaryDirectory.create();
                Database database = Database.start(folder.path())) {
            for (Contender contender : CONTENDERS) {
                String name = "orders_" + outcomes.size();
                String url = database.create(name);
                try (ChildJvm server = contender.start(apps, folder.path(), url)) {
                    LoadResult result = load(server, time);
                    requireStored(result, database, name, contender);
                    outcomes.add(new Outcome(contender, EchoBenchmark.figures(result)));
                }
            }
        }
        return figures(outcomes);
    }

    private static LoadResult load(ChildJvm server, Duration time)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            PlaceOrderBenchmark.prepare(client, server.address());
        }
        return LoadGenerator.run(
                Load.of(server.socketAddress(), EchoBenchmark.CONNECTIONS, WARM_UP, time),
                RequestTemplate.post(
                        server.address().getAuthority(), "/orders", Map.of(), EchoBenchmark.ORDER));
    }

    /// Nobody may answer and not write.
    private static void requireStored(
            LoadResult result, Database database, String name, Contender contender)
            throws SQLException {
        long stored = database.number(name, contender.count());
        if (stored < result.requests()) {
            throw new IllegalStateException(
                    "%s answered %,d requests and stored %,d orders"
                            .formatted(contender.name(), result.requests(), stored));
        }
    }

    private static List<Figure> figures(List<Outcome> outcomes) {
        Outcome baseline = outcomes.getFirst();
        List<Figure> all = new ArrayList<>(baseline.named());
        for (Outcome outcome : outcomes.subList(1, outcomes.size())) {
            for (int i = 0; i < baseline.figures().size(); i++) {
                all.add(outcome.named().get(i).comparedWith(baseline.figures().get(i)));
            }
        }
        return all;
    }
}
