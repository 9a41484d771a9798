// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.fakta.log.EventLog;
import dev.fakta.log.LogDirectory;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Versioned;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OpenApiTest {

    private EventLog log;
    private Node node;
    private Gateway gateway;
    private HttpResponse<String> response;
    private JsonNode document;

    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
    sealed interface Shape {
        record Circle(long radius) implements Shape {}

        record Square(long side) implements Shape {}
    }

    sealed interface Untold {
        record Left(String left) implements Untold {}

        record Right(long right) implements Untold {}
    }

    record Shown(
            Everything.Colour colour, Shape shape, Untold untold, List<Shape> others, long filled) {
        static Shown of(Versioned<Everything> found) {
            Shape circle = new Shape.Circle(1);
            return new Shown(
                    Everything.Colour.RED,
                    circle,
                    new Untold.Left("left"),
                    List.of(circle),
                    found.state().filled());
        }
    }

    private static Page<Everything.Address> page(Query query) {
        query.time("from");
        query.oneOf("colour", Everything.Colour.values());
        query.text("colour");
        return query.page(
                "select id from everything limit ?",
                row -> new Everything.Address(row.text("id")),
                Everything.Address::street);
    }

    private static void routes(Routes http) {
        http.resource("/everything", Everything.AGGREGATE, Shown::of)
                .allowing(CallerRole.STAFF)
                .put("/everything/{id}", Everything.Command.Fill.class, Everything.AGGREGATE)
                .post(
                        "/everything/{id}/break",
                        Everything.Command.Break.class,
                        Everything.AGGREGATE)
                .post(
                        "/everything/{text}/fill",
                        Everything.Command.Fill.class,
                        Everything.AGGREGATE)
                .undocumented(
                        old ->
                                old.post(
                                        "/everything/{id}/fillings",
                                        Everything.Command.Fill.class,
                                        Everything.AGGREGATE))
                .get("/everything", Everything.VIEW, OpenApiTest::page)
                .open();
    }

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        Microsystems all = Microsystems.of(Everything.MICROSYSTEM);
        log =
                LogDirectory.open(
                        directory.resolve("log"), all.streams(), SegmentLogSettings.defaults());
        node = Node.start(NodeSettings.embedded(directory), all, log, InstantSource.system());
        gateway = Gateway.start(node, GatewaySettings.onLoopback(0), OpenApiTest::routes);
        response = get("/openapi.json");
        document = Json.mapper().readTree(response.body());
    }

    @AfterAll
    void stop() {
        gateway.close();
        node.close();
        log.close();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    private JsonNode operation(String method, String path) {
        return document.path("paths").path(path).path(method);
    }

    private JsonNode resolved(JsonNode schema) {
        String reference = schema.path("$ref").asString("");
        return reference.isEmpty() ? schema : document.at(reference.substring(1));
    }

    private JsonNode answer(String method, String path, String status) {
        return resolved(
                operation(method, path)
                        .at("/responses/" + status + "/content/application~1json/schema"));
    }

    private static List<String> texts(JsonNode array, String... field) {
        return array.valueStream()
                .map(one -> field.length == 0 ? one : one.path(field[0]))
                .map(one -> one.asString(""))
                .toList();
    }

    @Test
    void anybody_gets_the_document_without_credentials() {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(document.path("openapi").asString()).isEqualTo("3.1.1");
    }

    @Test
    void who_has_the_document_already_is_told_so() throws Exception {
        String tag = response.headers().firstValue("ETag").orElseThrow();
        assertThat(get("/openapi.json", "If-None-Match", tag).statusCode()).isEqualTo(304);
        assertThat(document.at("/paths/~1openapi.json/get/responses").propertyNames())
                .contains("200", "304");
        assertThat(get("/openapi.json", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }

    @Test
    void it_takes_no_parameters() throws Exception {
        assertThat(get("/openapi.json?pretty=true").statusCode()).isEqualTo(400);
    }

    @Test
    void every_line_is_an_operation_except_those_that_are_undocumented() {
        assertThat(document.path("paths").propertyNames())
                .containsExactlyInAnyOrder(
                        "/everything",
                        "/everything/{id}",
                        "/everything/{id}/events",
                        "/everything/{id}/break",
                        "/everything/{text}/fill",
                        "/events",
                        "/openapi.json",
                        "/health/live",
                        "/health/ready",
                        "/metrics");
    }

    @Test
    void a_query_has_the_parameters_that_its_handler_asks_for_by_name() {
        JsonNode parameters = operation("get", "/everything").path("parameters");
        assertThat(texts(parameters, "name")).containsExactly("colour", "from", "limit", "");
        assertThat(texts(parameters.path(0).at("/schema/enum"))).containsExactly("RED", "GREEN");
        assertThat(parameters.path(1).at("/schema/format").asString()).isEqualTo("date-time");
        assertThat(parameters.path(2).at("/schema/maximum").asInt()).isEqualTo(200);
    }

    @Test
    void a_list_has_items_of_the_type_that_its_handler_answers() {
        JsonNode items = answer("get", "/everything", "200").at("/properties/items/items");
        assertThat(resolved(items).path("properties").propertyNames()).containsExactly("street");
    }

    @Test
    void a_component_is_required_unless_it_is_nullable() {
        JsonNode fill =
                resolved(
                        operation("put", "/everything/{id}")
                                .at("/requestBody/content/application~1json/schema"));
        assertThat(fill.path("properties").propertyNames()).contains("seats", "colour");
        assertThat(fill.has("required")).isFalse();
        assertThat(texts(answer("get", "/everything/{id}", "200").path("required")))
                .containsExactlyInAnyOrder("colour", "shape", "untold", "others", "filled");
        assertThat(texts(fill.at("/properties/seats/type"))).containsExactly("integer", "null");
    }

    @Test
    void records_are_closed_and_maps_are_not() {
        JsonNode shown = answer("get", "/everything/{id}", "200");
        assertThat(shown.path("additionalProperties").asBoolean(true)).isFalse();
        JsonNode fill =
                resolved(
                        operation("put", "/everything/{id}")
                                .at("/requestBody/content/application~1json/schema"));
        assertThat(fill.at("/properties/notes").toString()).contains("\"string\"");
    }

    @Test
    void a_sealed_type_is_one_of_its_records_told_apart_as_it_says() {
        JsonNode shape = resolved(answer("get", "/everything/{id}", "200").at("/properties/shape"));
        assertThat(shape.at("/discriminator/propertyName").asString()).isEqualTo("kind");
        assertThat(texts(shape.path("oneOf").path(0).path("required")))
                .containsExactlyInAnyOrder("radius", "kind");
        assertThat(shape.at("/oneOf/0/properties/kind/const").asString()).isEqualTo("Circle");
        JsonNode untold =
                resolved(answer("get", "/everything/{id}", "200").at("/properties/untold"));
        assertThat(untold.path("anyOf").size()).isEqualTo(2);
    }

    @Test
    void an_operation_says_whom_it_is_for() {
        assertThat(texts(operation("get", "/everything/{id}").path("x-roles")))
                .containsExactly("staff", "admin");
        assertThat(operation("get", "/everything/{id}").at("/security/0").has("bearer")).isTrue();
        assertThat(operation("get", "/everything").path("security").size()).isZero();
        assertThat(operation("get", "/everything").path("responses").has("401")).isFalse();
    }

    @Test
    void an_operation_is_called_what_its_method_and_path_say() {
        assertThat(operation("post", "/everything/{id}/break").path("operationId").asString())
                .isEqualTo("breakEverything");
        assertThat(operation("get", "/everything").path("operationId").asString())
                .isEqualTo("getEverything");
        assertThat(operation("get", "/everything/{id}").path("operationId").asString())
                .isEqualTo("getEverythingById");
        assertThat(operation("post", "/everything/{id}/break").path("summary").asString())
                .isEqualTo("Break everything");
    }

    @Test
    void a_problem_has_one_of_the_codes_that_come_with_its_status() {
        assertThat(codes("412")).containsExactly("REVISION_MOVED", "HTTP");
        assertThat(codes("400")).contains("UNREADABLE_REQUEST", "INVALID_REQUEST");
        assertThat(codes("503")).contains("BUSY", "UNAVAILABLE").doesNotContain("HTTP");
    }

    @Test
    void what_an_aggregate_refuses_with_and_does_not_say_is_any_code() {
        assertThat(codes("409")).isEmpty();
    }

    /// Of an operation that changes something.
    private List<String> codes(String status) {
        JsonNode response =
                resolved(operation("put", "/everything/{id}").at("/responses/" + status));
        return texts(
                response.at(
                        "/content/application~1problem+json/schema/allOf/1/properties/code/enum"));
    }
}
