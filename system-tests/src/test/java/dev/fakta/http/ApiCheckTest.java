// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.object;
import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpHeaders;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the other tests lean on: that something is found out which is not as the document says.
final class ApiCheckTest {

    private static Shop shop;
    private static ApiCheck api;
    private static Answer answered;
    private static ObjectNode order;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.open(directory);
        api = ApiCheck.of(shop.get("/openapi.json").is(200).body());
        shop.put("/products/tea", product("Tea", 1_000)).is(200);
        answered = shop.get(shop.post("/orders", order("tea", 2)).is(201).header("Location"));
        order = (ObjectNode) answered.json();
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static void check(String method, String path, String body, Answer answer) {
        api.check(method, path, body.getBytes(UTF_8), answer);
    }

    private static Answer with(int status, ObjectNode body) {
        return new Answer("GET /orders/x", status, answered.headers(), body.toString());
    }

    private static void refusesOrder(ObjectNode changed) {
        assertThatThrownBy(() -> check("GET", "/orders/x", "", with(200, changed)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("is not what the document says");
    }

    @Test
    void what_is_answered_is_found_good() {
        check("GET", "/orders/x", "", with(200, order));
        assertThat(order.path("lines").size()).isEqualTo(1);
    }

    @Test
    void a_field_that_is_new_is_found_out() {
        refusesOrder(order.deepCopy().put("colour", "red"));
    }

    @Test
    void a_field_that_is_gone_is_found_out() {
        ObjectNode changed = order.deepCopy();
        changed.remove("number");
        refusesOrder(changed);
    }

    @Test
    void a_field_of_another_type_is_found_out_deep_inside() {
        ObjectNode changed = order.deepCopy();
        ((ObjectNode) changed.at("/account/due")).put("minor", "2000");
        refusesOrder(changed);
    }

    @Test
    void a_status_that_no_document_says_is_found_out() {
        assertThatThrownBy(() -> check("GET", "/orders/x", "", with(206, order)))
                .hasMessageContaining("answers 206, which no document says");
    }

    @Test
    void an_answer_without_its_tag_is_found_out() {
        HttpHeaders bare =
                HttpHeaders.of(
                        Map.of("Content-Type", java.util.List.of("application/json")),
                        (_, _) -> true);
        Answer answer = new Answer("GET /orders/x", 200, bare, order.toString());
        assertThatThrownBy(() -> check("GET", "/orders/x", "", answer))
                .hasMessageContaining("ETag of GET /orders/x");
    }

    @Test
    void a_problem_without_its_code_is_found_out() {
        Answer unknown = shop.get("/orders/none").is(404);
        ObjectNode problem = (ObjectNode) unknown.json();
        problem.remove("code");
        Answer changed = new Answer("GET /orders/none", 404, unknown.headers(), problem.toString());
        assertThatThrownBy(() -> check("GET", "/orders/none", "", changed))
                .hasMessageContaining("is not what the document says");
    }

    @Test
    void a_parameter_that_is_taken_and_in_no_document_is_found_out() {
        Answer list = shop.get("/orders?limit=1").is(200);
        check("GET", "/orders?status=CREATED&limit=1", "", list);
        assertThatThrownBy(() -> check("GET", "/orders?colour=red", "", list))
                .hasMessageContaining("parameters of");
        assertThatThrownBy(() -> check("GET", "/orders?limit=201", "", list))
                .hasMessageContaining("the parameter limit");
    }

    @Test
    void a_body_that_is_taken_and_in_no_document_is_found_out() {
        Answer product = shop.get("/products/tea").is(200);
        check("PUT", "/products/tea", product.body(), put(product));
        String other = product("Tea", 1).put("colour", "red").toString();
        assertThatThrownBy(() -> check("PUT", "/products/tea", other, put(product)))
                .hasMessageContaining("the request of");
    }

    /// As a `PUT` answers it.
    private static Answer put(Answer product) {
        return shop.sendUnchecked("PUT", "/products/tea", BodyPublishers.ofString(product.body()));
    }

    @Test
    void a_path_that_is_served_and_in_no_document_is_found_out() {
        Answer order = shop.post("/orders/none/pay", object().put("token", "tok_ok")).is(404);
        check("POST", "/orders/none/payments", "", order);
        Answer taken = new Answer("POST /orders/x/payments", 200, order.headers(), "{}");
        assertThatThrownBy(() -> check("POST", "/orders/x/payments", "", taken))
                .hasMessageContaining("is in no document");
        assertThat(JsonMapper.shared().readTree(order.body()).path("status").asInt())
                .isEqualTo(404);
    }
}
