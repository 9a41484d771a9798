// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.money;
import static dev.fakta.http.Bodies.object;
import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Orders that nothing but store credit is to pay, over HTTP.
final class StoreCreditTest {

    private static Shop shop;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.open(directory);
        shop.put("/products/tea", product("Tea", 1_000)).is(200);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static ObjectNode byCredit(String customer) {
        ObjectNode order = order("tea", 2).put("customerId", customer);
        order.putObject("payment").put("method", "store-credit");
        return order;
    }

    private static void give(String customer, long minor, String currency) {
        ObjectNode issue = object();
        issue.set("amount", money(minor, currency));
        shop.put("/store-credits/" + customer + "/issues/gift", issue).is(200);
    }

    private static void refused(String customer, String reason) {
        Answer refused = shop.post("/orders", byCredit(customer)).isProblem(400, "invalid-request");
        assertThat(refused.fields()).containsExactly("payment.method");
        assertThat(refused.text("/errors/0/reason")).isEqualTo(reason);
        assertThat(refused.header("Location")).isEmpty();
    }

    @Test
    void a_customer_who_was_never_given_any_is_told_what_the_order_costs() {
        refused(
                "bob",
                "does not suffice: the customer has no store credit, the order costs 20.00 USD");
    }

    @Test
    void a_customer_who_has_too_little_is_told_how_much() {
        give("carl", 1_999, "USD");
        refused(
                "carl",
                "does not suffice: the customer has 19.99 USD of store credit,"
                        + " the order costs 20.00 USD");
    }

    @Test
    void credit_in_another_currency_pays_nothing() {
        give("dora", 5_000, "EUR");
        refused(
                "dora",
                "does not suffice: the customer has 50.00 EUR of store credit,"
                        + " the order costs 20.00 USD");
    }

    @Test
    void a_customer_who_has_enough_places_the_order() {
        give("eva", 2_000, "USD");
        Answer placed = shop.post("/orders", byCredit("eva")).is(201);
        assertThat(placed.number("/due/minor")).isEqualTo(2_000);
    }

    @Test
    void a_card_pays_what_store_credit_does_not() {
        ObjectNode both = byCredit("finn");
        both.putObject("payment")
                .put("method", "card")
                .put("token", "tok_ok")
                .put("storeCredit", true);
        shop.post("/orders", both).is(201);
    }
}
