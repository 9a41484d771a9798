// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What the document calls required is what the server cannot do without.
final class RequiredFieldsTest {

    private static Shop shop;
    private static JsonNode document;
    private static Operations operations;
    private static String orderId;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.openForImports(directory);
        document = shop.get("/openapi.json").is(200).json();
        operations = Operations.of(document);
        shop.put("/products/tea", product("Tea", 100)).is(200);
        orderId = shop.post("/orders", order("tea", 1)).is(201).text("/id");
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void a_body_without_a_required_field_is_refused_and_the_field_named() {
        int fields = 0;
        for (Operation operation : operations.withBody()) {
            for (String field : operation.schema().required()) {
                String body = operation.schema().least(field).toString();
                Answer answer =
                        shop.send(
                                operation.method(),
                                operation.target(orderId),
                                BodyPublishers.ofString(body));
                assertThat(answer.status())
                        .as("%s without %s: %s%n%s", operation, field, body, answer.body())
                        .isEqualTo(400);
                assertThat(answer.fields()).as("%s %s", operation, body).contains(field);
                fields++;
            }
        }
        assertThat(fields).isGreaterThan(60);
    }

    @Test
    void an_order_needs_what_its_check_asks_for_deep_inside_too() {
        Set<String> all =
                Set.of(
                        "customerId",
                        "email",
                        "currency",
                        "lines",
                        "lines[0].sku",
                        "lines[0].quantity",
                        "shipping",
                        "shipping.method",
                        "shipping.address",
                        "shipping.address.name",
                        "shipping.address.line1",
                        "shipping.address.city",
                        "shipping.address.country",
                        "payment",
                        "payment.method");
        assertThat(operations.of("POST", "/orders").schema().required())
                .containsAll(all)
                .doesNotContain("placedAt", "campaignCodes", "payment.token", "lines[0].unitPrice")
                // which some countries do not have
                .doesNotContain("shipping.address.postalCode");
        assertThat(operations.of("POST", "/orders/price").schema().required()).containsAll(all);
    }

    @Test
    void what_the_path_gives_is_not_required() {
        assertThat(operations.of("PUT", "/stock/{sku}").schema().required())
                .contains("onHand")
                .doesNotContain("sku");
        assertThat(operations.of("PUT", "/orders/{id}/holds/{kind}").schema().required()).isEmpty();
    }

    @Test
    void a_field_that_is_required_is_not_null_either() {
        JsonNode fields = document.at("/components/schemas/PlaceOrder/properties");
        assertThat(fields.at("/email/type").asString("")).isEqualTo("string");
        assertThat(fields.at("/shipping/$ref").asString(""))
                .isEqualTo("#/components/schemas/PlaceOrderShipping");
        assertThat(fields.at("/placedAt/type").toString()).contains("null");
    }
}
