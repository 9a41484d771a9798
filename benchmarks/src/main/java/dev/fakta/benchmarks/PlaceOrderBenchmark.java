// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.orders.Main;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// PlaceOrder through the whole path (HTTP, processor, partition, log with a disk flush, views),
/// against the echo of the same request on the same HTTP server, one after the other in one run.
/// What becomes of the orders is not part of it: no saga runs.
final class PlaceOrderBenchmark implements Benchmark {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PRODUCT =
            """
            {"name":"1932 Model A Ford J-Coupe","prices":[{"minor":12715,"currency":"EUR"}]}""";

    @Override
    public String name() {
        return "place-order";
    }

    @Override
    public String description() {
        return "PlaceOrder, durable, with the views on, beside "
                + new EchoBenchmark().description();
    }

    @Override
    public List<Figure> run(Duration time) throws Exception {
        List<Figure> echo = new EchoBenchmark().run(time);
        List<Figure> figures = new ArrayList<>();
        echo.forEach(
                figure ->
                        figures.add(
                                Figure.of("echo " + figure.name(), figure.value(), figure.unit())));
        List<Figure> orders = orders(time);
        for (int i = 0; i < orders.size(); i++) {
            figures.add(i == 0 ? orders.get(i).comparedWith(echo.get(i)) : orders.get(i));
        }
        return figures;
    }

    private static List<Figure> orders(Duration time) throws Exception {
        try (TemporaryDirectory data = TemporaryDirectory.create();
                ChildJvm server = start(data.path());
                HttpClient client = HttpClient.newHttpClient()) {
            prepare(client, server.address());
            RequestFactory requests =
                    RequestTemplate.post(
                            server.address().getAuthority(),
                            "/orders",
                            Map.of(),
                            EchoBenchmark.ORDER);
            LoadResult result =
                    LoadGenerator.run(
                            Load.of(
                                    server.socketAddress(),
                                    EchoBenchmark.CONNECTIONS,
                                    EchoBenchmark.WARM_UP,
                                    time),
                            requests);
            List<Figure> figures = new ArrayList<>();
            EchoBenchmark.figures(result)
                    .forEach(
                            f -> figures.add(Figure.of("orders " + f.name(), f.value(), f.unit())));
            figures.addAll(lag(client, server.address()));
            return figures;
        }
    }

    /// A node without sagas, on a heap of 512 MB.
    static ChildJvm start(Path data) throws IOException, InterruptedException {
        return ChildJvm.start(
                Main.class,
                List.of(
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"),
                arguments(data));
    }

    /// Of a node without sagas.
    static List<String> arguments(Path data) {
        return List.of(
                "run",
                "--trusted",
                "--port",
                "0",
                "--roles",
                "gateway,processor,aggregate,view",
                "--data",
                data.toString());
    }

    /// Lists the product that the load orders.
    static void prepare(HttpClient client, URI address) throws IOException, InterruptedException {
        HttpRequest put =
                HttpRequest.newBuilder(address.resolve("/products/S18_2325"))
                        .header("Content-Type", "application/json")
                        .timeout(PATIENCE)
                        .PUT(BodyPublishers.ofString(PRODUCT))
                        .build();
        HttpResponse<String> answer = client.send(put, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("the product is not listed: " + answer.body());
        }
    }

    /// How far the views are behind when the load ends, and how long they take to catch up.
    private static List<Figure> lag(HttpClient client, URI address)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        long first = behind(client, address);
        for (long left = first; left > 0; left = behind(client, address)) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IOException("the views do not catch up; " + left + " events are left");
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return List.of(
                Figure.of("view lag when the load ends", (double) first, "events"),
                Figure.of("view lag when the load ends", seconds, "s to catch up"));
    }

    private static long behind(HttpClient client, URI address)
            throws IOException, InterruptedException {
        HttpRequest get =
                HttpRequest.newBuilder(address.resolve("/health/ready")).timeout(PATIENCE).build();
        JsonNode health =
                JsonMapper.shared().readTree(client.send(get, BodyHandlers.ofString()).body());
        long most = 0;
        for (JsonNode view : health.path("views")) {
            most = Math.max(most, view.path("events").asLong());
        }
        return most;
    }
}
