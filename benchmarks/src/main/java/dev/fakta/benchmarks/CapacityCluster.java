// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.orders.Main;
import dev.fakta.postgres.server.LocalPorts;
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
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Nodes of one cluster, each a process with its roles, and the load on those with the role
/// `gateway`. The orders are for many products, so that these are spread over the partitions too.
final class CapacityCluster implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PRODUCTS = 64;
    private static final List<String> JVM_OPTIONS =
            List.of(
                    "-Xmx512m",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow");

    private final List<String> roles;
    private final List<ChildJvm> nodes = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    private CapacityCluster(List<String> roles) {
        this.roles = roles;
    }

    /// Starts the nodes one after the other, and lists the products.
    ///
    /// @param roles of each node, as `--roles` takes them
    static CapacityCluster start(Path folder, String logUrl, String viewsUrl, List<String> roles)
            throws IOException, InterruptedException {
        CapacityCluster cluster = new CapacityCluster(roles);
        int seed = LocalPorts.free();
        try {
            for (int i = 0; i < roles.size(); i++) {
                cluster.nodes.add(
                        ChildJvm.start(
                                Main.class,
                                JVM_OPTIONS,
                                List.of(
                                        "run",
                                        "--trusted",
                                        "--port",
                                        "0",
                                        "--data",
                                        folder.resolve("node-" + i).toString(),
                                        "--postgres",
                                        logUrl,
                                        "--views-postgres",
                                        viewsUrl,
                                        "--node",
                                        "node-" + i,
                                        "--notice",
                                        "0",
                                        "--roles",
                                        roles.get(i),
                                        "--cluster-port",
                                        Integer.toString(i == 0 ? seed : 0),
                                        "--seeds",
                                        "127.0.0.1:" + seed)));
            }
            cluster.listProducts();
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    List<Long> pids() {
        return nodes.stream().map(ChildJvm::pid).toList();
    }

    private void listProducts() throws IOException, InterruptedException {
        for (int i = 0; i < PRODUCTS; i++) {
            HttpRequest put =
                    HttpRequest.newBuilder(
                                    gateways().getFirst().address().resolve("/products/p" + i))
                            .header("Content-Type", "application/json")
                            .timeout(PATIENCE)
                            .PUT(
                                    BodyPublishers.ofString(
                                            """
                                            {"name":"A product","prices":[{"minor":450,"currency":"EUR"}]}"""))
                            .build();
            HttpResponse<String> answer = client.send(put, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("a product is not listed: " + answer.body());
            }
        }
    }

    private List<ChildJvm> gateways() {
        return IntStream.range(0, nodes.size())
                .filter(i -> roles.get(i).contains("gateway"))
                .mapToObj(nodes::get)
                .toList();
    }

    /// A closed load on all gateways at once.
    ///
    /// @param connections to each
    /// @throws IllegalStateException when requests failed
    List<LoadResult> load(int connections, Duration time) throws InterruptedException {
        List<LoadResult> results = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (ChildJvm gateway : gateways()) {
            threads.add(
                    Thread.ofPlatform()
                            .name("load")
                            .start(
                                    () -> {
                                        LoadResult result = load(gateway, connections, time);
                                        synchronized (results) {
                                            results.add(result);
                                        }
                                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (results.size() < threads.size()
                || results.stream().anyMatch(result -> result.failures() > 0)) {
            throw new IllegalStateException(
                    "requests failed: " + results.stream().map(LoadResult::errors).toList());
        }
        return results;
    }

    private static LoadResult load(ChildJvm gateway, int connections, Duration time) {
        String host = gateway.address().getAuthority();
        List<RequestTemplate> orders =
                IntStream.range(0, PRODUCTS)
                        .mapToObj(
                                i ->
                                        RequestTemplate.post(
                                                host,
                                                "/orders",
                                                Map.of(),
                                                EchoBenchmark.ORDER.replace("S18_2325", "p" + i)))
                        .toList();
        return LoadGenerator.run(
                Load.of(gateway.socketAddress(), connections, Duration.ZERO, time),
                (number, out) -> orders.get((int) (number % PRODUCTS)).write(number, out));
    }

    /// How many partitions each of these nodes owns.
    List<Integer> partitions() throws IOException, InterruptedException {
        List<Integer> partitions = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            if (roles.get(i).contains("aggregate")) {
                partitions.add(health(nodes.get(i).address()).path("activePartitions").asInt());
            }
        }
        return partitions;
    }

    /// How far the view of orders is behind, in events.
    long behind() throws IOException, InterruptedException {
        for (JsonNode view : health(nodes.getFirst().address()).path("views")) {
            if (view.path("view").asString().equals("orders")) {
                return view.path("events").asLong();
            }
        }
        throw new IOException("there is no view of orders");
    }

    private JsonNode health(URI address) throws IOException, InterruptedException {
        HttpRequest get =
                HttpRequest.newBuilder(address.resolve("/health/ready")).timeout(PATIENCE).build();
        return JsonMapper.shared().readTree(client.send(get, BodyHandlers.ofString()).body());
    }

    @Override
    public void close() {
        client.shutdownNow();
        nodes.forEach(ChildJvm::close);
    }
}
