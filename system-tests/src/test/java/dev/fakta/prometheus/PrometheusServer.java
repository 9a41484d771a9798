// SPDX-License-Identifier: Apache-2.0
package dev.fakta.prometheus;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A Prometheus on a free port, which scrapes one node each second and evaluates rules.
final class PrometheusServer implements AutoCloseable {

    private static final Pattern LISTENING =
            Pattern.compile(".*msg=\"Listening on\".* address=(?:\\S*:)(\\d+).*");
    private static final long START_SECONDS = 60;
    private static final String CONFIGURATION =
            """
            global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
            rule_files: [%s]
            scrape_configs:
              - job_name: fakta
                authorization: {credentials_file: %s}
                static_configs: [{targets: ['127.0.0.1:%d']}]
            """;

    private final Process process;
    private final int port;
    private final HttpClient client = HttpClient.newHttpClient();

    private PrometheusServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// @param folder for its files
    /// @param node the port of the node
    /// @param key with which the node lets it in
    static PrometheusServer start(
            PrometheusPrograms programs, Path folder, Path rules, int node, String key)
            throws IOException, InterruptedException {
        Path credentials = Files.writeString(folder.resolve("prometheus.key"), key);
        Path configuration =
                Files.writeString(
                        folder.resolve("prometheus.yml"),
                        CONFIGURATION.formatted(rules, credentials, node));
        Process process =
                new ProcessBuilder(
                                programs.folder().resolve("prometheus").toString(),
                                "--config.file=" + configuration,
                                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                                "--web.listen-address=127.0.0.1:0")
                        .redirectErrorStream(true)
                        .start();
        CompletableFuture<Integer> port = new CompletableFuture<>();
        Thread.ofVirtual().name("prometheus-says").start(() -> read(process, port));
        try {
            return new PrometheusServer(process, port.get(START_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new AssertionError("Prometheus does not start", e);
        }
    }

    private static void read(Process process, CompletableFuture<Integer> port) {
        StringBuilder said = new StringBuilder();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.append(line).append('\n');
                Matcher listening = LISTENING.matcher(line);
                if (listening.matches()) {
                    port.complete(Integer.valueOf(listening.group(1)));
                }
            }
        } catch (IOException e) {
            said.append(e);
        }
        port.completeExceptionally(new IOException("it ended: " + said));
    }

    /// The results of an instant query.
    JsonNode query(String expression) {
        return get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .path("result");
    }

    /// The rules, with the outcome of their last evaluation.
    JsonNode rules() {
        return get("/api/v1/rules").path("groups").path(0).path("rules");
    }

    private JsonNode get(String path) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
        try {
            String answer = client.send(request, BodyHandlers.ofString()).body();
            JsonNode json = JsonMapper.shared().readTree(answer);
            if (!json.path("status").asString().equals("success")) {
                throw new AssertionError(path + " answers " + answer);
            }
            return json.path("data");
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        client.close();
        process.destroyForcibly();
        process.onExit().join();
    }
}
