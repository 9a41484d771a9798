// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The requests that the document shows as examples.
final class ExamplesTest {

    private static final String BASE = "https://fakta.test/openapi.json";

    private static Shop shop;
    private static Operations operations;
    private static JsonNode document;
    private static String orderId;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.open(directory);
        document = shop.get("/openapi.json").is(200).json();
        operations = Operations.of(document);
        shop.put("/products/tea", product("Tea", 100)).is(200);
        orderId = shop.post("/orders", order("tea", 2)).is(201).text("/id");
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void every_operation_that_needs_something_said_has_one() {
        assertThat(operations.withBody())
                .filteredOn(
                        one ->
                                !Set.of("keys", "sagas", "webhook-subscriptions")
                                        .contains(one.tag()))
                .filteredOn(one -> one.schema().hasFields())
                .hasSizeGreaterThan(30)
                .allMatch(one -> one.content().has("example"));
    }

    @Test
    void each_is_what_its_schema_says() {
        SchemaRegistry schemas =
                SchemaRegistry.withDialect(
                        Dialects.getOpenApi31(),
                        registry -> registry.schemas(Map.of(BASE, document.toString())));
        for (Operation one : operations.withExample()) {
            assertThat(
                            schemas.getSchema(SchemaLocation.of(BASE + "#" + one.schemaPlace()))
                                    .validate(one.example()))
                    .as("%s %s", one, one.example())
                    .isEmpty();
        }
    }

    @Test
    void the_server_finds_no_fault_with_the_fields_of_any() {
        for (Operation one : operations.withExample()) {
            Answer answer = send(one, one.target(orderId));
            assertThat(answer.status())
                    .as("%s %s%n%s", one, one.example(), answer.body())
                    .isIn(200, 201, 404, 409);
        }
    }

    @Test
    void a_shop_can_be_run_with_them() {
        taken("PUT", "/products/{id}", "/products/tea");
        taken("POST", "/products/{sku}/change-price", "/products/tea/change-price");
        taken("PUT", "/stock/{sku}", "/stock/tea");
        taken("POST", "/stock/{sku}/receive", "/stock/tea/receive");
        taken("POST", "/stock/{sku}/adjust", "/stock/tea/adjust");
        taken("POST", "/stock/{sku}/write-off", "/stock/tea/write-off");
        taken("PUT", "/stock/{sku}/safety-stock", "/stock/tea/safety-stock");
        taken("PUT", "/stock/{sku}/backorders", "/stock/tea/backorders");
        taken("PUT", "/campaigns/{id}", "/campaigns/spring");
        taken("POST", "/campaigns/{id}/codes", "/campaigns/spring/codes");
        taken("PUT", "/store-credits/{id}/issues/{reference}", "/store-credits/ada/issues/1");
        taken("POST", "/orders/price", "/orders/price");
        String order = taken("POST", "/orders", "/orders").text("/id");
        taken("POST", "/orders/{id}/notes", "/orders/" + order + "/notes");
        taken("PUT", "/orders/{id}/holds/{kind}", "/orders/" + order + "/holds/MANUAL");
        taken("PUT", "/orders/{id}/address", "/orders/" + order + "/address");
        taken("POST", "/orders/{id}/cancel", "/orders/" + order + "/cancel");
    }

    private static Answer taken(String method, String path, String target) {
        Answer answer = send(operations.of(method, path), target);
        assertThat(answer.status()).as("%s%n%s", target, answer.body()).isIn(200, 201);
        return answer;
    }

    private static Answer send(Operation one, String target) {
        return shop.send(one.method(), target, BodyPublishers.ofString(one.example().toString()));
    }
}
