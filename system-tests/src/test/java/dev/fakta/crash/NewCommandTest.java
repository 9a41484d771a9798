// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.Main;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.BooleanNode;

/// The new command that CONTRIBUTING shows as a diff: the diff is made in a copy of the sources,
/// which are compiled, and a server of them is sent the command.
final class NewCommandTest {

    private static final Path PAGE = Path.of("..", "CONTRIBUTING.md");
    private static final Path SOURCES = Path.of("..", "orders", "src", "main", "java");
    private static final Path PACKAGE = Path.of("dev", "fakta", "orders", "order");
    private static final int MOST_LINES = 25;
    private static final long MOST_FILES = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /// Lines to add to a file behind the one line that reads like this.
    private record Hunk(String file, String behind, List<String> added) {}

    @TempDir Path directory;

    private static List<Hunk> diff() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf("```diff\n");
        assertThat(begin).as("a diff").isPositive();
        List<Hunk> hunks = new ArrayList<>();
        String file = "";
        for (String line :
                page.substring(begin + 8, page.indexOf("```", begin + 8)).lines().toList()) {
            if (line.startsWith("+++ ")) {
                file = line.substring(4);
            } else if (line.startsWith("@@ ")) {
                hunks.add(new Hunk(file, line.substring(3), new ArrayList<>()));
            } else {
                assertThat(line).as("a line to add").startsWith("+");
                hunks.getLast().added.add(line.substring(1));
            }
        }
        return hunks;
    }

    @Test
    void a_new_command_costs_25_lines_in_3_files_at_most() throws IOException {
        List<Hunk> hunks = diff();
        assertThat(hunks.stream().mapToInt(hunk -> hunk.added.size()).sum())
                .isBetween(5, MOST_LINES);
        assertThat(hunks.stream().map(Hunk::file).distinct().count()).isBetween(1L, MOST_FILES);
    }

    @Test
    void its_diff_compiles_and_the_order_takes_the_command() throws Exception {
        String classes = compiled(changed());
        List<String> program =
                List.of(
                        "-Xshare:off",
                        "-cp",
                        classes + File.pathSeparator + System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "run");
        try (ServerProcess server =
                        ServerProcess.start(
                                program,
                                directory.resolve("data"),
                                "--trusted",
                                "--review-above",
                                "EUR=1");
                HttpClient client = HttpClient.newHttpClient()) {
            Shop shop = new Shop(client, server.uri());
            String order = "/orders/" + shop.place().path("id").asString();
            shop.send("PUT", order + "/address", "{\"address\":%s}".formatted(address("Weg 2")));
            JsonNode changed = shop.send("GET", order, "");
            assertThat(changed.path("address").path("line1").asString()).isEqualTo("Weg 2");
            assertThat(changed.path("actions").path("restore-address").path("allowed"))
                    .isEqualTo(BooleanNode.TRUE);
            JsonNode restored = shop.send("POST", order + "/restore-address", "{}");
            assertThat(restored.path("address").path("line1").asString()).isEqualTo("Weg 1");
            assertThat(shop.send("GET", order + "/events", "").toString())
                    .contains("order-address-restored");
        }
    }

    /// The files of the diff as they are with its lines, by name.
    private static Map<String, List<String>> changed() throws IOException {
        Map<String, List<String>> files = new LinkedHashMap<>();
        for (Hunk hunk : diff()) {
            if (!files.containsKey(hunk.file)) {
                Path source = SOURCES.resolve(PACKAGE).resolve(hunk.file);
                files.put(hunk.file, new ArrayList<>(Files.readAllLines(source)));
            }
            List<String> lines = files.get(hunk.file);
            List<String> bare = lines.stream().map(String::strip).toList();
            assertThat(bare).as(hunk.file).containsOnlyOnce(hunk.behind);
            lines.addAll(bare.indexOf(hunk.behind) + 1, hunk.added);
        }
        return files;
    }

    /// Compiles all of `orders` with these files in the place of its own.
    ///
    /// @return the directory of the classes
    private String compiled(Map<String, List<String>> changed) throws IOException {
        Path copies = Files.createDirectories(directory.resolve("sources").resolve(PACKAGE));
        List<Path> sources = new ArrayList<>();
        for (Map.Entry<String, List<String>> one : changed.entrySet()) {
            sources.add(Files.write(copies.resolve(one.getKey()), one.getValue()));
        }
        try (Stream<Path> all = Files.walk(SOURCES)) {
            all.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !isOneOf(changed, SOURCES.relativize(path)))
                    .forEach(sources::add);
        }
        Path classes = Files.createDirectories(directory.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean isCompiled =
                    compiler.getTask(
                                    said,
                                    files,
                                    null,
                                    List.of(
                                            "-proc:none",
                                            "-parameters",
                                            "-cp",
                                            System.getProperty("java.class.path"),
                                            "-d",
                                            classes.toString()),
                                    null,
                                    files.getJavaFileObjectsFromPaths(sources))
                            .call();
            assertThat(isCompiled).as("%s", said).isTrue();
        }
        return classes.toString();
    }

    private static boolean isOneOf(Map<String, List<String>> changed, Path source) {
        return PACKAGE.equals(source.getParent())
                && changed.containsKey(source.getFileName().toString());
    }

    private static String address(String line) {
        return """
                {"name":"Eva","line1":"%s","city":"Bonn","postalCode":"53111","country":"DE"}"""
                .formatted(line);
    }

    /// A client of the server.
    private record Shop(HttpClient client, URI server) {

        /// An order that somebody has to look at, so that nothing else happens to it.
        JsonNode place() throws Exception {
            send(
                    "PUT",
                    "/products/tea",
                    "{\"name\":\"Tea\",\"prices\":[{\"minor\":450,\"currency\":\"EUR\"}]}");
            send("PUT", "/stock/tea", "{\"onHand\":10}");
            return send(
                    "POST",
                    "/orders",
                    """
                    {"customerId":"eva","email":"eva@example.com","currency":"EUR",
                     "lines":[{"sku":"tea","quantity":1}],
                     "shipping":{"method":"standard","address":%s},
                     "payment":{"method":"card","token":"tok_ok"}}"""
                            .formatted(address("Weg 1")));
        }

        JsonNode send(String method, String path, String body) throws Exception {
            HttpRequest request =
                    HttpRequest.newBuilder(server.resolve(path))
                            .timeout(PATIENCE)
                            .method(method, BodyPublishers.ofString(body))
                            .build();
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode())
                    .as("%s %s: %s", method, path, answer.body())
                    .isBetween(200, 201);
            return JsonMapper.shared().readTree(answer.body());
        }
    }
}
