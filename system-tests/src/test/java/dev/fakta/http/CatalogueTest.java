// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.money;
import static dev.fakta.http.Bodies.object;
import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Products and stock over HTTP.
final class CatalogueTest {

    private static Shop shop;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.open(directory);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Nested
    final class Products {

        @Test
        void a_listed_product_is_answered_as_it_was_listed() {
            Answer put = shop.put("/products/tea", product("Green tea", 450)).is(200);
            assertThat(put.header("ETag")).isEqualTo("\"1\"");
            assertThat(put.header("Fakta-Token")).isNotEmpty();
            Answer got = shop.get("/products/tea").is(200);
            assertThat(got.text("/sku")).isEqualTo("tea");
            assertThat(got.text("/name")).isEqualTo("Green tea");
            assertThat(got.text("/taxCategory")).isEqualTo("standard");
            assertThat(got.number("/prices/0/minor")).isEqualTo(450);
            assertThat(got.json().path("active").asBoolean()).isTrue();
        }

        @Test
        void saying_the_same_again_changes_nothing() {
            shop.put("/products/same", product("Same", 1)).is(200);
            Answer again = shop.put("/products/same", product("Same", 1)).is(200);
            assertThat(again.header("ETag")).isEqualTo("\"1\"");
        }

        @Test
        void a_price_changes_in_one_currency_and_stays_in_the_others() {
            shop.put("/products/dear", product("Dear", 100)).is(200);
            Answer changed =
                    shop.post(
                            "/products/dear/change-price",
                            object().set("price", money(120, "EUR")));
            changed.is(200);
            assertThat(changed.text("/prices/0/currency")).isEqualTo("USD");
            assertThat(changed.number("/prices/0/minor")).isEqualTo(100);
            assertThat(changed.text("/prices/1/currency")).isEqualTo("EUR");
            assertThat(changed.number("/prices/1/minor")).isEqualTo(120);
        }

        @Test
        void a_retired_product_cannot_be_ordered_and_a_relisted_one_can() {
            shop.put("/products/gone", product("Gone", 100)).is(200);
            shop.post("/products/gone/retire", "").is(200);
            Answer refused =
                    shop.post("/orders", order("gone", 1)).isProblem(400, "invalid-request");
            assertThat(refused.fields()).containsExactly("lines[0].sku");
            shop.put("/products/gone", product("Gone", 100)).is(200);
            shop.post("/orders", order("gone", 1)).is(201);
        }

        @Test
        void an_unknown_product_is_not_found() {
            shop.get("/products/nowhere").isProblem(404, "unknown");
            shop.post("/products/nowhere/retire", "").isProblem(404, "unknown");
        }

        @Test
        void the_list_is_read_page_by_page() {
            List<String> skus = new ArrayList<>();
            String token = "";
            for (int i = 0; i < 7; i++) {
                Answer put = shop.put("/products/page-" + i, product("Page", i + 1)).is(200);
                token += (i == 0 ? "" : ",") + put.header("Fakta-Token");
            }
            String next = "page-";
            while (!next.isEmpty()) {
                String path = "/products?limit=2&after=" + next;
                Answer page = shop.get(path, "Fakta-Token", token).is(200);
                skus.addAll(page.each("sku"));
                next = page.json().path("next").asString("");
            }
            assertThat(skus)
                    .filteredOn(sku -> sku.startsWith("page-"))
                    .containsExactly(
                            "page-0", "page-1", "page-2", "page-3", "page-4", "page-5", "page-6");
        }

        @Test
        void the_facts_of_a_product_tell_its_prices() {
            shop.put("/products/told", product("Told", 100)).is(200);
            shop.put("/products/told", product("Told", 150)).is(200);
            Answer events = shop.get("/products/told/events").is(200);
            assertThat(events.each("name"))
                    .containsExactly("product-listed", "product-price-changed");
            assertThat(shop.get("/products/told?revision=1").number("/prices/0/minor"))
                    .isEqualTo(100);
        }
    }

    @Nested
    final class Stock {

        @Test
        void counted_stock_is_answered_by_sku_and_location() {
            Answer put = shop.put("/stock/tea", object().put("onHand", 100)).is(200);
            assertThat(put.text("/location")).isEqualTo("main");
            shop.put("/stock/tea", object().put("location", "north").put("onHand", 5)).is(200);
            assertThat(shop.get("/stock/tea/main").is(200).number("/onHand")).isEqualTo(100);
            assertThat(shop.get("/stock/tea/north").is(200).number("/onHand")).isEqualTo(5);
        }

        @Test
        void the_list_shows_one_sku_at_all_its_locations() {
            shop.put("/stock/rice", object().put("onHand", 1)).is(200);
            Answer put = shop.put("/stock/rice", object().put("location", "east").put("onHand", 2));
            Answer main = shop.put("/stock/rice", object().put("onHand", 3));
            String token = put.header("Fakta-Token") + "," + main.header("Fakta-Token");
            Answer list = shop.get("/stock?sku=rice", "Fakta-Token", token).is(200);
            assertThat(list.each("location")).containsExactly("east", "main");
            assertThat(list.each("onHand")).containsExactly("2", "3");
        }

        @Test
        void what_is_answered_of_a_product_and_of_stock_can_be_put_back() {
            Answer product = shop.put("/products/back", product("Back", 100)).is(200);
            Answer again = shop.put("/products/back", product.body()).is(200);
            assertThat(again.body()).isEqualTo(product.body());
            assertThat(shop.put("/products/other", product.body()).is(400).fields())
                    .containsExactly("sku");
            shop.put("/stock/back", object().put("onHand", 4)).is(200);
            Answer stock = shop.get("/stock/back/main").is(200);
            assertThat(shop.put("/stock/back", stock.body()).is(200).body())
                    .isEqualTo(stock.body());
            assertThat(shop.put("/stock/other", stock.body()).is(400).fields())
                    .containsExactly("sku");
        }

        @Test
        void stock_is_moved_at_the_location_that_the_body_names() {
            shop.put("/stock/salt", object().put("onHand", 1)).is(200);
            ObjectNode north = object().put("location", "north").put("quantity", 7);
            shop.post("/stock/salt/receive", north).is(200);
            shop.post("/stock/salt/receive", object().put("quantity", 3)).is(200);
            shop.post("/stock/salt/adjust", object().put("change", -1)).is(200);
            shop.post("/stock/salt/write-off", north.deepCopy().put("quantity", 2)).is(200);
            shop.put("/stock/salt/safety-stock", object().put("units", 2)).is(200);
            Answer allowed = shop.put("/stock/salt/backorders", object().put("allowed", true));
            assertThat(allowed.is(200).number("/onHand")).isEqualTo(3);
            assertThat(allowed.number("/safetyStock")).isEqualTo(2);
            Answer all =
                    shop.get("/stock/salt", "Fakta-Token", allowed.header("Fakta-Token")).is(200);
            assertThat(all.each("location")).containsExactly("main", "north");
            assertThat(all.each("onHand")).containsExactly("3", "5");
            assertThat(all.each("safetyStock")).containsExactly("2", "0");
            assertThat(all.each("backorders")).containsExactly("true", "false");
            ObjectNode odd = object().put("location", "a@b").put("quantity", 1);
            shop.post("/stock/salt/receive", odd).isProblem(400, "invalid-request");
        }

        @Test
        void stock_at_an_unknown_location_is_not_found() {
            shop.get("/stock/tea/nowhere").isProblem(404, "unknown");
            shop.get("/stock/none").isProblem(404, "unknown");
        }
    }
}
