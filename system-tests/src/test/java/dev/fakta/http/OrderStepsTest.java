// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.object;
import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.LineStock;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.MoneyStanding;
import dev.fakta.orders.order.MoneyStanding.OfCards;
import dev.fakta.orders.order.MoneyStanding.OfCredit;
import dev.fakta.orders.order.MoneyStanding.Outcome;
import dev.fakta.orders.order.Order.Command;
import dev.fakta.orders.order.PaymentFacts.Command.RecordMoney;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDelivered;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDispatched;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentPlanned;
import dev.fakta.orders.order.Sourcing;
import dev.fakta.orders.order.StockFacts.Command.RecordStock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// What clients can do with an order after it is placed: two tea at 10.00 each.
final class OrderStepsTest {

    private static Shop shop;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.open(directory);
        shop.put("/products/tea", product("Tea", 1_000)).is(200);
        shop.put("/products/cup", product("Cup", 300)).is(200);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static Answer place() {
        return shop.post("/orders", order("tea", 2)).is(201);
    }

    private static Money usd(long minor) {
        return Money.of(minor, "USD");
    }

    private static ObjectNode units(String field, int line, int quantity) {
        ObjectNode body = object();
        body.putArray(field).addObject().put("line", line).put("quantity", quantity);
        return body;
    }

    /// An order that is paid and has been delivered.
    private static String delivered() {
        Answer placed = place();
        String id = placed.text("/id");
        Instant now = Instant.parse(placed.text("/placedAt"));
        shop.tell(
                id,
                money(2_000, 0),
                new RecordStock(
                        List.of(new LineStock(0, Sourcing.MAIN, 1, 2, 0, 0, 0, null)), false),
                new RecordShipmentPlanned("s1", List.of(new LineUnits(0, 2))),
                new RecordShipmentDispatched("s1", "TRACK-" + id),
                money(0, 2_000),
                new RecordShipmentDelivered("s1", List.of(), now));
        return id;
    }

    private static Command money(long setAside, long captured) {
        return new RecordMoney(
                new MoneyStanding(
                        new OfCards(setAside, captured, 0, 0, 1, Outcome.AUTHORIZED, List.of()),
                        OfCredit.UNKNOWN));
    }

    @Nested
    final class NextSteps {

        @Test
        void an_order_says_what_may_be_done_and_why_something_may_not() {
            Answer placed = place();
            assertThat(placed.json().at("/actions/cancel/allowed").asBoolean()).isTrue();
            assertThat(placed.json().at("/actions/cancel/reason").isNull()).isTrue();
            assertThat(placed.text("/actions/cancel/method")).isEqualTo("POST");
            assertThat(placed.text("/actions/cancel/href"))
                    .isEqualTo(placed.header("Location") + "/cancel");
            assertThat(placed.json().path("actions").has("confirm")).isFalse();
            assertThat(placed.json().path("actions").has("complete")).isFalse();
            assertThat(placed.text("/actions/returns/reason")).isEqualTo("NOTHING_TO_RETURN");
            Answer cancelled = shop.post(placed.header("Location") + "/cancel", "").is(200);
            assertThat(cancelled.text("/actions/holds/reason")).isEqualTo("ORDER_CANCELLED");
            Answer refused = shop.put(placed.header("Location") + "/holds/MANUAL", object());
            refused.isProblem(409, "order-cancelled");
            assertThat(refused.text("/code")).isEqualTo(cancelled.text("/actions/holds/reason"));
        }

        @Test
        void an_order_on_its_way_says_where_it_stands_and_what_is_due() {
            String id = delivered();
            Answer order = shop.get("/orders/" + id).is(200);
            assertThat(order.text("/status")).isEqualTo("Completed");
            assertThat(order.text("/payment")).isEqualTo("Captured");
            assertThat(order.text("/fulfilment")).isEqualTo("Delivered");
            assertThat(order.number("/due/minor")).isEqualTo(2_000);
            assertThat(order.number("/units/0/delivered")).isEqualTo(2);
            assertThat(order.text("/shipments/0/tracking")).isEqualTo("TRACK-" + id);
            Answer noted = shop.post("/orders/" + id + "/notes", object().put("text", "Nice"));
            Answer list =
                    shop.get(
                            "/orders?tracking=TRACK-" + id,
                            "Fakta-Token",
                            noted.header("Fakta-Token"));
            assertThat(list.is(200).each("id")).containsExactly(id);
            assertThat(list.each("fulfilment")).containsExactly("Delivered");
            assertThat(shop.get("/orders?tracking=TRACK-" + id + "&sku=cup").each("id")).isEmpty();
        }
    }

    @Nested
    final class Changing {

        @Test
        void units_of_a_line_are_cancelled() {
            String path = place().header("Location") + "/cancel-lines";
            Answer changed = shop.post(path, units("lines", 0, 1)).is(200);
            assertThat(changed.number("/due/minor")).isEqualTo(1_000);
            assertThat(changed.number("/units/0/cancelled")).isEqualTo(1);
            shop.post(path, units("lines", 0, 1)).isProblem(409, "nothing-left");
            shop.post(path, units("lines", 7, 1)).is(400);
            shop.post(path, object()).is(400);
            ObjectNode half = object();
            half.putArray("lines").addObject().put("line", 0);
            shop.post(path, half).is(400);
        }

        @Test
        void an_edit_shows_its_price_and_is_applied_or_discarded() {
            String location = place().header("Location");
            ObjectNode edit = units("fewer", 0, 1);
            edit.putArray("more").addObject().put("sku", "cup").put("quantity", 2);
            Answer proposed = shop.put(location + "/edit", edit).is(200);
            assertThat(proposed.number("/edit/difference/minor")).isEqualTo(-400);
            assertThat(proposed.number("/due/minor")).isEqualTo(2_000);
            Answer discarded = shop.delete(location + "/edit").is(200);
            assertThat(discarded.json().path("edit").isNull()).isTrue();
            shop.post(location + "/edit/apply", "").isProblem(409, "no-edit");
            shop.put(location + "/edit", edit).is(200);
            Answer applied = shop.post(location + "/edit/apply", "").is(200);
            assertThat(applied.number("/due/minor")).isEqualTo(1_600);
            assertThat(applied.text("/lines/1/sku")).isEqualTo("cup");
        }

        @Test
        void an_edit_with_faults_hears_them_all() {
            String location = place().header("Location");
            ObjectNode edit = object();
            edit.putArray("more")
                    .add(object().put("sku", "none").put("quantity", 1))
                    .add(object().put("sku", "cup").put("quantity", 0));
            Answer refused = shop.put(location + "/edit", edit).isProblem(400, "invalid-request");
            assertThat(refused.fields())
                    .containsExactlyInAnyOrder("more[0].sku", "more[1].quantity");
            shop.put(location + "/edit", object()).isProblem(400, "invalid-request");
            shop.put("/orders/none/edit", object()).isProblem(404, "unknown");
        }

        @Test
        void the_address_is_changed_for_the_revision_that_was_seen() {
            Answer placed = place();
            String path = placed.header("Location") + "/address";
            ObjectNode body = object();
            ObjectNode address = (ObjectNode) placed.json().path("address").deepCopy();
            body.set("address", address.put("line1", "2 Analytical Way"));
            shop.put(path, body, "If-Match", "\"7\"").isProblem(412, "revision-moved");
            Answer moved = shop.put(path, body, "If-Match", "\"1\"").is(200);
            assertThat(moved.text("/address/line1")).isEqualTo("2 Analytical Way");
            address.put("country", "CA");
            shop.put(path, body).isProblem(409, "tax-would-change");
            address.remove("city");
            assertThat(shop.put(path, body).is(400).fields()).containsExactly("address.city");
        }
    }

    @Nested
    final class Returning {

        private static Answer ask(String orderId, int units) {
            return shop.post("/orders/" + orderId + "/returns", units("lines", 0, units));
        }

        @Test
        void a_return_is_found_at_its_location_and_goes_to_its_refund() {
            String order = delivered();
            Answer asked = ask(order, 1).is(201);
            String location = asked.header("Location");
            assertThat(location).isEqualTo("/returns/" + asked.text("/id"));
            assertThat(asked.text("/status")).isEqualTo("Requested");
            assertThat(asked.number("/quote/minor")).isEqualTo(1_000);
            assertThat(shop.get("/orders/" + order).text("/returns")).isEqualTo("Requested");
            shop.post(location + "/close", "").isProblem(409, "return-not-inspected");
            shop.post(location + "/approve", "").is(200);
            shop.post(location + "/receive", "").is(200);
            assertThat(shop.get("/orders/" + order).text("/returns")).isEqualTo("InProgress");
            ObjectNode inspection = object();
            inspection
                    .putArray("lines")
                    .addObject()
                    .put("line", 0)
                    .put("restocked", 1)
                    .put("writtenOff", 0);
            shop.post(location + "/inspect", inspection).is(200);
            Answer closed = shop.post(location + "/close", "").is(200);
            assertThat(closed.number("/refund/minor")).isEqualTo(1_000);
            Answer after = shop.get("/orders/" + order).is(200);
            assertThat(after.text("/returns")).isEqualTo("PartiallyReturned");
            assertThat(after.number("/due/minor")).isEqualTo(1_000);
            Answer list =
                    shop.get(
                            "/returns?order=" + order, "Fakta-Token", closed.header("Fakta-Token"));
            assertThat(list.is(200).each("status")).containsExactly("Closed");
            assertThat(list.number("/items/0/refund/minor")).isEqualTo(1_000);
        }

        @Test
        void no_more_comes_back_than_was_delivered() {
            String order = delivered();
            ask(order, 3).isProblem(409, "units-not-returnable");
            Answer first = ask(order, 2).is(201);
            ask(order, 1).isProblem(409, "nothing-to-return");
            shop.post(first.header("Location") + "/reject", object().put("reason", "worn")).is(200);
            ask(order, 1).is(201);
        }

        @Test
        void what_was_not_delivered_does_not_come_back() {
            ask(place().text("/id"), 1).isProblem(409, "nothing-to-return");
            ask("none", 1).isProblem(404, "unknown");
            shop.get("/returns/none").isProblem(404, "unknown");
            shop.post("/returns/none/close", "").isProblem(404, "unknown");
            shop.post("/returns/none/approve", "").isProblem(404, "unknown");
        }

        @Test
        void a_return_that_is_asked_for_twice_under_one_key_is_one() {
            String order = delivered();
            String path = "/orders/" + order + "/returns";
            ObjectNode body = units("lines", 0, 1);
            Answer first = shop.post(path, body, "Idempotency-Key", "again").is(201);
            Answer second = shop.post(path, body, "Idempotency-Key", "again").is(201);
            assertThat(second.text("/id")).isEqualTo(first.text("/id"));
            assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        }
    }
}
