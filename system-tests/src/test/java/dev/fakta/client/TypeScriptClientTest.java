// SPDX-License-Identifier: Apache-2.0
package dev.fakta.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.client.NpmProject.Run;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What programmers of another language have of the API's document: a client is generated from it,
/// and a program uses this client for an order from its placing to its return. The programs stand
/// in `src/test/resources/typescript`.
final class TypeScriptClientTest {

    private static final String GENERATOR = "node_modules/@hey-api/openapi-ts/bin/run.js";
    private static final String COMPILER = "node_modules/typescript/bin/tsc";

    private static @Nullable OpenedShop opened;
    private static OpenedShop shop;
    private static NpmProject project;

    /// What the compiler says of all programs: it is asked once, since that takes seconds.
    private static List<String> faults;

    @BeforeAll
    static void generate(@TempDir Path folder) throws IOException, InterruptedException {
        Path module = module();
        project =
                NpmProject.install(
                        module.resolve("src/test/resources/typescript"), module.resolve("target"));
        shop = new OpenedShop(folder);
        opened = shop;
        Files.writeString(project.folder().resolve("openapi.json"), get("/openapi.json"));
        done(
                project.node(
                        GENERATOR, "--input", "openapi.json", "--output", "api", "--no-log-file"));
        Run compiled = project.node(COMPILER, "--project", "tsconfig.json", "--pretty", "false");
        faults = compiled.printed().lines().toList();
    }

    @AfterAll
    static void close() {
        if (opened != null) {
            opened.close();
        }
    }

    private static Path module() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
                .map(above -> above.resolve("system-tests"))
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow();
    }

    private static String get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(shop.url() + path))
                        .header("Authorization", "Bearer " + OpenedShop.STAFF_KEY)
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
            return answer.body();
        }
    }

    private static JsonNode read(String path) throws IOException, InterruptedException {
        return JsonMapper.shared().readTree(get(path));
    }

    private static String done(Run run) {
        assertThat(run.status()).as(run.printed()).isZero();
        return run.printed();
    }

    @Test
    void a_program_with_a_generated_client_places_edits_and_returns_an_order()
            throws IOException, InterruptedException {
        assertThat(faults).allMatch(fault -> fault.startsWith("wrong.ts("));
        String printed =
                done(
                        project.node(
                                "compiled/shop.js",
                                shop.url(),
                                OpenedShop.STAFF_KEY,
                                OpenedShop.CUSTOMER_KEY));
        JsonNode came = JsonMapper.shared().readTree(printed);
        assertThat(came.at("/edited/price"))
                .isEqualTo(JsonMapper.shared().readTree("{\"minor\":-400,\"currency\":\"USD\"}"));
        JsonNode order = read("/orders/" + came.path("order").asString());
        assertThat(order.path("customerId").asString()).isEqualTo("ada");
        assertThat(order.path("status").asString()).isEqualTo("Completed");
        assertThat(order.path("payment").asString()).isEqualTo("Captured");
        assertThat(order.path("fulfilment").asString()).isEqualTo("Delivered");
        assertThat(order.at("/due/minor").asLong()).isEqualTo(1_600);
        assertThat(order.at("/units/0/delivered").asInt()).isEqualTo(1);
        assertThat(order.at("/units/1/delivered").asInt()).isEqualTo(2);
        JsonNode returned = read("/returns/" + came.path("returned").asString());
        assertThat(returned.path("orderId")).isEqualTo(order.path("id"));
        assertThat(returned.path("status").asString()).isEqualTo("Approved");
        assertThat(returned.at("/quote/minor").asLong()).isEqualTo(300);
    }

    @Test
    void a_program_with_wrong_names_of_fields_does_not_compile() {
        assertThat(faults)
                .filteredOn(fault -> fault.startsWith("wrong.ts("))
                .hasSize(2)
                .anyMatch(
                        fault ->
                                fault.contains("'currencyCode' does not exist in type 'PlaceOrder"))
                .anyMatch(fault -> fault.contains("'orderStatus' does not exist on type 'Order'"));
    }
}
