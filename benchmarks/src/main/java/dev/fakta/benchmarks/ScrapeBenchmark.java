// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.fakta.gateway.Gateway;
import dev.fakta.gateway.GatewaySettings;
import dev.fakta.log.EventLog;
import dev.fakta.log.LogDirectory;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.orders.OrderManagement;
import dev.fakta.postgres.LogPlaces;
import dev.fakta.postgres.PostgresLogs;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.views.ViewPlace;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;

/// What one scrape of `/metrics` costs an idle node that has all partitions of order management,
/// beside `/health/live`, in this process: its CPU time, with the client's, and the SQL statements
/// that are run for it. Once with everything in files and once in PostgreSQL.
///
/// Between two requests lies more than a second, so that no scrape takes what the one before has
/// found; as much time is measured without a request, and is taken off.
final class ScrapeBenchmark implements Benchmark {

    private static final long APART_NANOS = TimeUnit.MILLISECONDS.toNanos(1_100);
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final long APART_IN_WARM_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final double LEAST_MILLIS = 0.01; // below it is noise
    private static final int PARTITIONS = 64; // of each microsystem
    private static final double SCRAPED_EVERY_MILLIS = 15_000;
    private static final String TIMING = "jdk.MethodTiming";
    private static final String STATEMENTS =
            "org.sqlite.jdbc3.JDBC3PreparedStatement::executeQuery;"
                    + "org.postgresql.jdbc.PgPreparedStatement::executeQuery";
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    @Override
    public String name() {
        return "scrape";
    }

    @Override
    public String description() {
        return "one scrape of /metrics on an idle node with all partitions, beside /health/live";
    }

    @Override
    public List<Figure> run(Duration time) throws Exception {
        List<Figure> figures = new ArrayList<>();
        try (TemporaryDirectory data = TemporaryDirectory.create();
                EventLog log =
                        LogDirectory.open(
                                data.path().resolve("log"),
                                OrderManagement.MICROSYSTEMS.streams(),
                                SegmentLogSettings.defaults())) {
            figures.addAll(
                    measure(
                            "in files, ",
                            NodeSettings.embedded(data.path().resolve("views")),
                            log,
                            time));
        }
        try (TemporaryDirectory data = TemporaryDirectory.create();
                Database database = Database.start(data.path())) {
            String url = database.create("scrape");
            NodeSettings settings =
                    NodeSettings.embedded(data.path().resolve("views"))
                            .withViews(new ViewPlace.Database(url));
            try (EventLog log =
                    PostgresLogs.open(
                            LogPlaces.parse(
                                    List.of(url),
                                    OrderManagement.MICROSYSTEMS.streams().keySet(),
                                    PARTITIONS),
                            OrderManagement.MICROSYSTEMS.streams())) {
                figures.addAll(measure("in PostgreSQL, ", settings, log, time));
            }
        }
        return figures;
    }

    private static List<Figure> measure(
            String where, NodeSettings settings, EventLog log, Duration time) throws Exception {
        try (Node node =
                        Node.start(
                                settings,
                                OrderManagement.MICROSYSTEMS,
                                log,
                                InstantSource.system());
                Gateway gateway =
                        Gateway.start(
                                node,
                                GatewaySettings.onLoopback(0).trusting(),
                                OrderManagement::routes);
                HttpClient client = HttpClient.newHttpClient()) {
            URI at = URI.create("http://127.0.0.1:" + gateway.port());
            Runnable scrape =
                    request(
                            client,
                            at.resolve("/metrics"),
                            "fakta_sagas_live{",
                            "fakta_orders_stalled ");
            Runnable early = request(client, at.resolve("/metrics")); // views are still made
            Runnable live = request(client, at.resolve("/health/live"));
            long warm = System.nanoTime() + WARM_UP.toNanos();
            while (System.nanoTime() < warm) {
                early.run();
                live.run();
                LockSupport.parkNanos(APART_IN_WARM_UP_NANOS);
            }
            int rounds = (int) Math.max(3, time.toNanos() / APART_NANOS);
            List<Runnable> all = List.of(() -> {}, live, scrape);
            List<Double> millis = millis(all, rounds);
            List<Double> statements = statements(all, rounds);
            double ofLive = Math.max(LEAST_MILLIS, millis.get(1) - millis.get(0));
            double ofScrape = Math.max(LEAST_MILLIS, millis.get(2) - millis.get(0));
            Figure base = Figure.of(where + "CPU of /health/live", ofLive, "ms");
            return List.of(
                    Figure.of(where + "partitions", node.partitions(), ""),
                    base,
                    Figure.of(where + "CPU of a scrape", ofScrape, "ms").comparedWith(base),
                    Figure.of(
                            where + "a scrape each 15 s",
                            100 * ofScrape / SCRAPED_EVERY_MILLIS,
                            "% of a core"),
                    Figure.of(
                            where + "SQL statements",
                            Math.max(0, statements.get(2) - statements.get(0)),
                            "a scrape"));
        }
    }

    /// @param has what must be in the answer: a scrape without its dear figures is cheap
    private static Runnable request(HttpClient client, URI uri, String... has) {
        HttpRequest request = HttpRequest.newBuilder(uri).build();
        return () -> {
            try {
                HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
                if (answer.statusCode() != 200
                        || !Stream.of(has).allMatch(answer.body()::contains)) {
                    throw new IllegalStateException(uri + " answers " + answer.body());
                }
            } catch (IOException e) {
                throw new IllegalStateException(uri + " does not answer", e);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted");
            }
        };
    }

    /// The mean CPU time of each; they take turns, so that what else the machine does meets all.
    private static List<Double> millis(List<Runnable> all, int rounds) {
        long[] nanos = new long[all.size()];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < nanos.length; i++) {
                long before = SYSTEM.getProcessCpuTime();
                go(all.get(i));
                nanos[i] += SYSTEM.getProcessCpuTime() - before;
            }
        }
        return Arrays.stream(nanos).mapToObj(sum -> sum / 1e6 / rounds).toList();
    }

    private static void go(Runnable request) {
        request.run();
        LockSupport.parkNanos(APART_NANOS);
    }

    /// The mean number of statements; counted in a run of its own, as counting takes time too.
    private static List<Double> statements(List<Runnable> all, int rounds) throws IOException {
        List<Double> counts = new ArrayList<>();
        for (Runnable request : all) {
            counts.add((double) statements(request, rounds) / rounds);
        }
        return counts;
    }

    private static long statements(Runnable request, int times) throws IOException {
        Path file = Files.createTempFile("fakta-statements", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable(TIMING).with("filter", STATEMENTS).with("period", "endChunk");
            recording.start();
            for (int i = 0; i < times; i++) {
                go(request);
            }
            recording.stop();
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().equals(TIMING))
                    .mapToLong(event -> event.getLong("invocations"))
                    .sum();
        } finally {
            Files.delete(file);
        }
    }
}
