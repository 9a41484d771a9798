// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.money;
import static dev.fakta.http.Bodies.object;
import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.shipping.Shipment.Command.PlanShipment;
import dev.fakta.orders.shipping.Shipment.Planned;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Paths of before that are kept for scripts until the next version. Goes with them.
final class OldPathsTest {

    private static Shop shop;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.openForOldPaths(directory);
        shop.put("/products/tea", product("Tea", 1_000)).is(200);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void stock_is_read_and_moved_where_it_was() {
        shop.put("/stock/old", object().put("onHand", 3)).is(200);
        Answer old = shop.get("/stock/old@main").is(200);
        assertThat(old.body()).isEqualTo(shop.get("/stock/old/main").is(200).body());
        assertThat(shop.get("/stock/old@main/events").is(200).body())
                .isEqualTo(shop.get("/stock/old/main/events").body());
        shop.post("/stock/old@main/receipts", object().put("quantity", 2)).is(200);
        shop.post("/stock/old@main/adjustments", object().put("change", -1)).is(200);
        shop.put("/stock/old@main/backorders", object().put("allowed", true)).is(200);
        Answer now = shop.get("/stock/old/main").is(200);
        assertThat(now.number("/onHand")).isEqualTo(4);
        assertThat(now.json().path("backorders").asBoolean()).isTrue();
    }

    @Test
    void an_order_is_held_edited_and_credited_as_before() {
        String order = shop.post("/orders", order("tea", 3)).is(201).header("Location");
        shop.post(order + "/lines/cancellation", lines(1)).is(200);
        shop.put(order + "/edit", fewer(1)).is(200);
        Answer edited = shop.post(order + "/edit/application", "").is(200);
        assertThat(edited.number("/due/minor")).isEqualTo(1_000);
        Answer held = shop.post(order + "/holds", object().put("kind", "MANUAL")).is(200);
        assertThat(held.text("/holds/0/kind")).isEqualTo("MANUAL");
        ObjectNode goodwill = object().put("purpose", "late");
        goodwill.set("amount", money(100, "USD"));
        String payment = order.replace("orders", "payments");
        Answer credited = shop.post(payment + "/refunds", goodwill).is(200);
        assertThat(credited.number("/due/minor")).isEqualTo(900);
    }

    private static ObjectNode lines(int quantity) {
        ObjectNode body = object();
        body.putArray("lines").addObject().put("line", 0).put("quantity", quantity);
        return body;
    }

    private static ObjectNode fewer(int quantity) {
        ObjectNode body = object();
        body.putArray("fewer").addObject().put("line", 0).put("quantity", quantity);
        return body;
    }

    @Test
    void a_shipment_is_picked_and_cancelled_as_before() {
        shop.tellShipment(
                "old", new PlanShipment("o", "main", List.of(new Planned(0, "tea", 2, 2))));
        assertThat(shop.post("/shipments/old/picking", "").is(200).text("/status"))
                .isEqualTo("PICKED");
        shop.post("/shipments/old/packing", "{}").isProblem(400, "invalid-request");
        shop.post("/shipments/old/delivery", "{\"parcel\":\"p\"}").is(400);
        shop.post("/shipments/old/loss", "{\"parcel\":\"p\"}").isProblem(409, "not-dispatched");
        assertThat(shop.post("/shipments/old/cancellation", "{}").is(200).text("/status"))
                .isEqualTo("CANCELLED");
    }

    @ParameterizedTest
    @CsvSource({"approval", "receipt", "inspection"})
    void a_return_goes_on_as_before(String step) {
        shop.post("/returns/none/" + step, "").isProblem(404, "unknown");
        Answer options =
                shop.send("OPTIONS", "/returns/none/" + step, BodyPublishers.noBody()).is(204);
        assertThat(options.header("Allow")).contains("POST");
    }
}
