// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.money;
import static dev.fakta.http.Bodies.object;
import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.gateway.CallerRole;
import dev.fakta.http.AccessTable.Access;
import dev.fakta.http.AccessTable.Row;
import dev.fakta.log.Positions;
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
import dev.fakta.orders.shipping.Shipment.Command.PlanShipment;
import dev.fakta.orders.shipping.Shipment.Planned;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Ada has an order, a return, a shipment and store credit. Mallory, who is a customer too, tries
/// to reach them.
final class OthersThingsTest {

    private static final String ADA = "customer:ada";
    private static final String MALLORY = "customer:mallory";
    private static final String STAFF = "staff:sue";

    /// The words of paths, and the ids that Ada's things have under them.
    private static Map<String, String> ids;

    private static Shop shop;
    private static String orderId;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.openForCallers(directory);
        shop.put("/products/tea", product("Tea", 1_000), Keys.with(STAFF)).is(200);
        Answer placed =
                shop.post("/orders", order("tea", 2), Keys.with(ADA, "Idempotency-Key", "adas"))
                        .is(201);
        orderId = placed.text("/id");
        String shipment = orderId + "-1";
        shop.tellShipment(
                shipment, new PlanShipment(orderId, "main", List.of(new Planned(0, "tea", 2, 2))));
        deliver(shipment, Instant.parse(placed.text("/placedAt")));
        String returned =
                shop.post("/orders/" + orderId + "/returns", oneUnit(), Keys.with(ADA))
                        .is(201)
                        .text("/id");
        ObjectNode issue = object().put("reason", "sorry");
        issue.set("amount", money(500, "USD"));
        shop.put("/store-credits/ada/issues/1", issue, Keys.with(STAFF)).is(200);
        shop.post("/orders", of("mallory"), Keys.with(MALLORY)).is(201);
        ids =
                Map.of(
                        "orders", orderId,
                        "shipments", shipment,
                        "returns", returned,
                        "store-credits", "ada");
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static void deliver(String shipment, Instant at) {
        shop.tell(
                orderId,
                heard(2_000, 0),
                new RecordStock(
                        List.of(new LineStock(0, Sourcing.MAIN, 1, 2, 0, 0, 0, null)), false),
                new RecordShipmentPlanned(shipment, List.of(new LineUnits(0, 2))),
                new RecordShipmentDispatched(shipment, "TRACK"),
                heard(0, 2_000),
                new RecordShipmentDelivered(shipment, List.of(), at));
    }

    private static RecordMoney heard(long setAside, long captured) {
        return new RecordMoney(
                new MoneyStanding(
                        new OfCards(setAside, captured, 0, 0, 1, Outcome.AUTHORIZED, List.of()),
                        OfCredit.UNKNOWN));
    }

    private static ObjectNode oneUnit() {
        ObjectNode units = object();
        units.putArray("lines").addObject().put("line", 0).put("quantity", 1);
        return units;
    }

    private static ObjectNode of(String customer) {
        return order("tea", 1).put("customerId", customer);
    }

    /// The routes that let customers in, and that name a thing of theirs.
    private static Stream<Row> named() {
        return AccessTable.rows().stream()
                .filter(row -> row.of(CallerRole.CUSTOMER) == Access.OWN)
                .filter(row -> row.path().contains("{"));
    }

    private static Answer ask(Row row, String id, String query, String... headers) {
        String path = row.path().replaceAll("\\{[a-zA-Z]+}", id) + query;
        return shop.send(
                row.method(),
                path,
                row.method().equals("GET")
                        ? BodyPublishers.noBody()
                        : BodyPublishers.ofString(body(row)),
                headers);
    }

    /// Without a fault in its fields, which is found before anybody's order is looked for.
    private static String body(Row row) {
        return row.path().endsWith("/pay") ? "{\"token\":\"tok_ok\"}" : "{}";
    }

    private static String adas(Row row) {
        String id = ids.get(row.path().split("/")[1]);
        assertThat(id).as("something of Ada's for %s", row).isNotNull();
        return id;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("named")
    void what_is_hers_is_answered_like_what_does_not_exist(Row row) {
        String id = adas(row);
        List<String[]> ways =
                List.of(
                        new String[0],
                        new String[] {"If-Match", "\"1\""},
                        new String[] {"If-Match", "\"99\""},
                        new String[] {"If-Match", "*"},
                        new String[] {"If-None-Match", "*"},
                        new String[] {"Prefer", "return=minimal"},
                        new String[] {"Idempotency-Key", "adas"});
        Positions before = shop.heads();
        for (String[] way : ways) {
            for (String query : row.method().equals("GET") ? queries() : List.of("")) {
                Answer hers = ask(row, id, query, Keys.with(MALLORY, way));
                Answer none = ask(row, "nothing", query, Keys.with(MALLORY, way));
                hers.isProblem(404, "unknown");
                assertThat(hers.body().replace(id, "nothing")).isEqualTo(none.body());
                assertThat(hers.header("ETag")).isEmpty();
                assertThat(hers.header("Fakta-Token")).isEmpty();
                assertThat(hers.header("Location")).isEmpty();
            }
        }
        assertThat(shop.recordedSince(before)).isEmpty();
    }

    private static List<String> queries() {
        return List.of("", "?revision=1", "?revision=99", "?at=2999-01-01T00:00:00Z");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("named")
    void she_reaches_it_herself(Row row) {
        Answer answer = ask(row, adas(row), "", Keys.with(ADA));

        if (row.method().equals("GET")) {
            answer.is(200);
        } else {
            assertThat(answer.status()).as("%s", answer).isIn(200, 400, 409);
        }
    }

    @Test
    void the_list_of_orders_has_ones_own_alone() {
        String cursor = shop.get("/orders?limit=1", Keys.with(STAFF)).is(200).text("/next");
        List<String> queries =
                List.of(
                        "",
                        "?customer=ada",
                        "?customer=",
                        "?q=ada@example.org",
                        "?q=" + orderId,
                        "?sku=tea&customer=ada",
                        "?status=CREATED",
                        "?limit=1",
                        "?after=" + cursor,
                        "?after=9999999999999.~");
        for (String query : queries) {
            Answer list = shop.get("/orders" + query, seen(MALLORY)).is(200);
            assertThat(list.each("customerId")).as(query).allMatch("mallory"::equals);
            assertThat(list.body()).as(query).doesNotContain(orderId);
        }
        assertThat(shop.get("/orders?customer=ada", seen(MALLORY)).each("id")).isNotEmpty();
        assertThat(shop.get("/orders", seen(ADA)).each("id")).contains(orderId);
    }

    /// Sees all that there is.
    private static String[] seen(String key) {
        return Keys.with(key, "Fakta-Token", shop.heads().token());
    }

    @Test
    void the_lists_of_what_belongs_to_an_order_want_ones_own_order() {
        for (String list : List.of("/returns", "/shipments")) {
            Answer without = shop.get(list, seen(MALLORY)).isProblem(400, "invalid-request");
            assertThat(without.fields()).containsExactly("order");
            String hers = list + "?order=" + orderId;
            assertThat(shop.get(hers, seen(MALLORY)).is(200).body())
                    .isEqualTo(shop.get(list + "?order=nothing", seen(MALLORY)).is(200).body());
            assertThat(shop.get(hers, seen(ADA)).is(200).each("orderId")).containsOnly(orderId);
        }
        assertThat(shop.get("/shipments?order=nothing&tracking=TRACK", seen(MALLORY)).each("id"))
                .isEmpty();
    }

    @Test
    void nobody_places_an_order_for_somebody_else() {
        Positions before = shop.heads();
        for (String path : List.of("/orders", "/orders/price")) {
            for (String[] headers :
                    List.of(
                            Keys.with(MALLORY),
                            Keys.with(MALLORY, "Idempotency-Key", "adas"),
                            Keys.with("customer:"),
                            Keys.with("customer:ada=mallory"))) {
                Answer answer = shop.post(path, order("tea", 2), headers);
                assertThat(answer.isProblem(403, "forbidden").fields())
                        .containsExactly("customerId");
                assertThat(answer.header("Location")).isEmpty();
            }
        }
        assertThat(shop.recordedSince(before)).isEmpty();
    }

    @Test
    void a_key_that_she_has_used_is_ones_own_still() {
        Answer first =
                shop.post("/orders", of("mallory"), Keys.with(MALLORY, "Idempotency-Key", "adas"))
                        .is(201);
        Answer again =
                shop.post("/orders", order("tea", 2), Keys.with(ADA, "Idempotency-Key", "adas"))
                        .is(201);

        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        assertThat(first.text("/id")).isNotEqualTo(orderId);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.text("/id")).isEqualTo(orderId);
    }

    @Test
    void no_customer_reads_events_or_notes() {
        for (String path :
                List.of(
                        "/events",
                        "/events?stream=order/" + orderId,
                        "/orders/" + orderId + "/events",
                        "/orders/" + orderId + "/notes",
                        "/shipments/" + ids.get("shipments") + "/events",
                        "/returns/" + ids.get("returns") + "/events",
                        "/store-credits/ada/events",
                        "/payments/" + orderId,
                        "/payment-operations?payment=" + orderId,
                        "/tasks?subject=" + orderId)) {
            shop.get(path, Keys.with(MALLORY)).isProblem(403, "forbidden");
            shop.get(path, Keys.with(ADA)).isProblem(403, "forbidden");
        }
    }

    @Test
    void a_customer_does_not_see_what_the_shop_thinks_of_its_order() {
        String path =
                "/orders/" + shop.post("/orders", order("tea", 1), Keys.with(ADA)).text("/id");
        ObjectNode reason = object().put("reason", "looks like a thief");
        shop.put(path + "/holds/FRAUD_REVIEW", reason, Keys.with(STAFF)).is(200);
        shop.post(path + "/notes", object().put("text", "a thief?"), Keys.with(STAFF)).is(201);
        Answer hers = shop.get(path, Keys.with(ADA)).is(200);
        Answer changed =
                shop.post(path + "/cancel", object().put("reason", "no"), Keys.with(ADA)).is(200);

        assertThat(shop.get(path, Keys.with(STAFF)).body()).contains("looks like a thief");
        for (Answer answer :
                List.of(hers, changed, shop.get(path + "?revision=2", Keys.with(ADA)))) {
            JsonNode seen = answer.is(200).json();
            assertThat(answer.body()).doesNotContain("thief", "FRAUD", "HOLD");
            assertThat(seen.path("holds")).isEmpty();
        }
        assertThat(shop.get("/orders", seen(ADA)).json().at("/items/0/holds").isNull()).isTrue();
    }

    @Test
    void a_customer_is_told_of_the_actions_that_it_may_ask_for() {
        String path = "/orders/" + orderId;
        JsonNode everybodys = shop.get(path, Keys.with(STAFF)).is(200).json().path("actions");
        JsonNode hers = shop.get(path, Keys.with(ADA)).is(200).json().path("actions");
        List<String> own = new ArrayList<>();
        everybodys.forEachEntry(
                (name, action) -> {
                    String href = action.path("href").asString().replace(orderId, "{id}");
                    String route = action.path("method").asString() + " " + href;
                    if (named().anyMatch(row -> row.route().replace("orderId", "id").equals(route))
                            && !name.equals("propose-edit")) { // goes with the old paths
                        own.add(name);
                    }
                });

        assertThat(own).contains("cancel", "returns");
        assertThat(hers.propertyNames()).containsExactlyInAnyOrderElementsOf(own);
        assertThat(hers.path("cancel")).isEqualTo(everybodys.path("cancel"));
    }

    @Test
    void an_order_that_was_rejected_for_fraud_does_not_say_so_to_its_customer() {
        String path =
                "/orders/" + shop.post("/orders", order("tea", 1), Keys.with(ADA)).text("/id");
        shop.post(path + "/reject", object().put("reason", "FRAUD"), Keys.with(STAFF)).is(200);

        assertThat(shop.get(path, Keys.with(STAFF)).text("/reason")).isEqualTo("FRAUD");
        Answer hers = shop.get(path, Keys.with(ADA)).is(200);
        assertThat(hers.text("/status")).isEqualTo("Rejected");
        assertThat(hers.body()).doesNotContain("FRAUD");
    }

    @Test
    void a_customer_sees_what_is_available_and_not_what_there_is() {
        shop.put("/stock/cups", object().put("onHand", 7), Keys.with(STAFF)).is(200);
        shop.put("/stock/cups/safety-stock", object().put("units", 3), Keys.with(STAFF)).is(200);
        for (String path : List.of("/stock/cups/main", "/stock/cups", "/stock?sku=cups")) {
            Answer seen = shop.get(path, seen(ADA)).is(200);
            assertThat(seen.body())
                    .contains("\"available\":4")
                    .contains("\"onHand\":null", "\"reserved\":null")
                    .contains("\"backordered\":null", "\"safetyStock\":null");
            assertThat(shop.get(path, seen(STAFF)).body()).contains("\"onHand\":7");
        }
    }

    @Test
    void the_id_as_a_customer_may_be_another_than_the_name() {
        shop.get("/orders/" + orderId, Keys.with("customer:shop-front=ada")).is(200);
        shop.get("/orders/" + orderId, Keys.with("customer:ada=mallory")).is(404);
        shop.get("/orders/" + orderId, Keys.with("customer:")).is(404);
        shop.get("/orders/" + orderId, Keys.with("customer:ada=")).is(404);
        assertThat(shop.get("/orders", seen("customer:")).is(200).each("id")).isEmpty();
    }

    @Test
    void staff_that_buys_too_sees_what_staff_sees_where_a_route_is_for_staff() {
        String both = "customer+staff:sue";
        shop.get("/orders/" + orderId, Keys.with(both)).is(200);
        assertThat(shop.get("/orders", seen(both)).each("customerId")).contains("ada", "mallory");
        // nothing of the order is for importers but to read it
        String path = "/orders/" + orderId + "/cancel";
        shop.post(path, object().put("reason", "x"), Keys.with("customer+importer:ivan")).is(404);
    }

    @Test
    void an_importer_alone_imports() {
        String[] importer = Keys.with("importer:ivan");
        shop.put("/products/urn", product("Urn", 9_000), importer).is(200);
        ObjectNode old = of("grace").put("placedAt", "2020-05-05T00:00:00Z");
        ((ObjectNode) old.at("/lines/0")).put("sku", "urn").set("unitPrice", money(700, "USD"));
        Answer placed = shop.post("/orders", old, importer).is(201);

        assertThat(placed.text("/placedAt")).isEqualTo("2020-05-05T00:00:00Z");
        assertThat(placed.number("/totals/grand/minor")).isEqualTo(700);
        shop.get("/orders/" + placed.text("/id"), importer).is(200);
        assertThat(shop.post("/orders", old, Keys.with(STAFF)).is(400).fields())
                .contains("placedAt");
        assertThat(shop.post("/orders", old, Keys.with("customer:grace")).is(400).fields())
                .contains("placedAt");
    }
}
