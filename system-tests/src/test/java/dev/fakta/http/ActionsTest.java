// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.campaign;
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
import dev.fakta.orders.order.PaymentFacts.Command.RecordMoney;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDelivered;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDispatched;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentPlanned;
import dev.fakta.orders.order.Sourcing;
import dev.fakta.orders.order.StockFacts.Command.RecordStock;
import dev.fakta.orders.payments.Payment.Command.RequestAuthorization;
import dev.fakta.orders.shipping.Shipment.Command.PlanShipment;
import dev.fakta.orders.shipping.Shipment.Planned;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What answers say may be done next: each action has a route, and its name is that of its path.
final class ActionsTest {

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

    private static String place() {
        return shop.post("/orders", order("tea", 2)).is(201).text("/id");
    }

    private static String shipment(String id) {
        shop.tellShipment(
                id,
                new PlanShipment("order-of-" + id, "main", List.of(new Planned(0, "tea", 2, 2))));
        return "/shipments/" + id;
    }

    private static String payment(String id) {
        Money total = Money.of(2_000, "USD");
        shop.tellPayment(id, new RequestAuthorization(id, total, total, "card", "tok_ok"));
        return "/payments/" + id;
    }

    private static String askedBack() {
        String id = place();
        Instant placed = Instant.parse(shop.get("/orders/" + id).text("/placedAt"));
        shop.tell(
                id,
                money(2_000, 0),
                new RecordStock(
                        List.of(new LineStock(0, Sourcing.MAIN, 1, 2, 0, 0, 0, null)), false),
                new RecordShipmentPlanned("s-" + id, List.of(new LineUnits(0, 2))),
                new RecordShipmentDispatched("s-" + id, "TRACK"),
                money(0, 2_000),
                new RecordShipmentDelivered("s-" + id, List.of(), placed));
        ObjectNode units = object();
        units.putArray("lines").addObject().put("line", 0).put("quantity", 1);
        return shop.post("/orders/" + id + "/returns", units).is(201).header("Location");
    }

    private static RecordMoney money(long setAside, long captured) {
        return new RecordMoney(
                new MoneyStanding(
                        new OfCards(setAside, captured, 0, 0, 1, Outcome.AUTHORIZED, List.of()),
                        OfCredit.UNKNOWN));
    }

    /// Every action of the thing at this path.
    private static void walked(String path, int actions) {
        JsonNode all = shop.get(path).is(200).json().path("actions");
        assertThat(all.properties()).hasSize(actions);
        all.properties().forEach(entry -> isServed(path, entry.getKey(), entry.getValue()));
    }

    private static void isServed(String path, String name, JsonNode action) {
        String href = action.path("href").asString();
        String method = action.path("method").asString();
        assertThat(href).startsWith(path + "/");
        String[] words = href.replaceAll("/\\{[a-z]+}", "").split("/");
        String last = words[words.length - 1];
        String now = name.equals("propose-edit") ? "edit" : name; // goes with the old paths
        assertThat(now).isEqualTo(method.equals("DELETE") ? "end-" + last : last);
        Answer options =
                shop.send("OPTIONS", href.replaceAll("\\{[a-z]+}", "X"), BodyPublishers.noBody());
        assertThat(options.is(204).header("Allow").split(", ")).as(href).contains(method);
        assertThat(action.path("allowed").asBoolean())
                .as("%s: %s", name, action)
                .isEqualTo(action.path("reason").isNull());
    }

    @Test
    void every_action_of_an_order_has_a_route() {
        walked("/orders/" + place(), 16);
    }

    @Test
    void every_action_of_a_return_has_a_route() {
        walked(askedBack(), 6);
    }

    @Test
    void every_action_of_a_shipment_has_a_route() {
        walked(shipment("walked"), 7);
    }

    @Test
    void every_action_of_a_payment_has_a_route() {
        walked(payment("walked"), 3);
    }

    @Test
    void every_action_of_a_campaign_has_a_route() {
        shop.put("/campaigns/walked", campaign("percentage", "WALKED").put("percent", 5)).is(200);
        walked("/campaigns/walked", 3);
    }

    @Test
    void what_a_return_does_not_allow_is_refused_for_that_reason() {
        refusedAsSaid(askedBack());
    }

    @Test
    void what_a_shipment_does_not_allow_is_refused_for_that_reason() {
        refusedAsSaid(shipment("refusing"));
    }

    /// Transitions that need no body, and those whose body is looked at behind the state.
    private static void refusedAsSaid(String path) {
        List<String> bare = List.of("receive", "inspect", "close", "cancel", "expire", "pick");
        for (String name : bare) {
            JsonNode action = shop.get(path).json().path("actions").path(name);
            if (action.path("reason").isString()) {
                Answer refused = shop.post(action.path("href").asString(), "{}");
                assertThat(refused.is(409).text("/code"))
                        .as(name)
                        .isEqualTo(action.path("reason").asString());
            }
        }
    }
}
