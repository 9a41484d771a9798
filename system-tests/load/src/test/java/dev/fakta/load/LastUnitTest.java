// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.load.Shop.Answer;
import dev.fakta.servers.QuickStart;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Customers who want the same, or change their minds at the wrong moment, against the whole
/// system: a server of its own with its sandbox provider, over HTTP.
final class LastUnitTest {

    private static final int CLIENTS = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Shop SHOP = new Shop();

    private static ServerJvm server;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        server =
                ServerJvm.start(
                        QuickStart.options(),
                        List.of("--data", folder.resolve("data").toString()),
                        Map.of(),
                        folder.resolve("server.log"));
        SHOP.isAt(server.uri());
    }

    @AfterAll
    static void close() throws Exception {
        server.stop();
        SHOP.close();
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text);
    }

    private static void sell(String sku, long onHand) throws Exception {
        ObjectNode product =
                json(
                        """
                        {"name":"Tea","prices":[{"minor":1000,"currency":"EUR"}],"weightGrams":100}""");
        assertThat(SHOP.send("PUT", "/products/" + sku, "p" + sku, product).status())
                .isEqualTo(200);
        assertThat(SHOP.send("PUT", "/stock/" + sku, "s" + sku, Requests.stock(onHand)).status())
                .isEqualTo(200);
    }

    private static Answer order(String sku, String key) throws Exception {
        return pay(sku, "c", key, "{\"method\":\"card\",\"token\":\"tok_ok\"}");
    }

    /// The orders of a sku once none of them is still being decided on.
    private static List<JsonNode> decided(String sku, int count) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        List<JsonNode> rows = List.of();
        while (System.nanoTime() < until) {
            rows = rows(sku);
            boolean isDecided =
                    rows.size() == count
                            && rows.stream()
                                    .noneMatch(
                                            row -> row.path("status").asString().equals("Created"));
            if (isDecided) {
                return rows;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new AssertionError("not decided: " + rows);
    }

    private static List<JsonNode> rows(String sku) throws Exception {
        List<JsonNode> rows = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = SHOP.get("/orders?limit=200&sku=" + sku + after);
            page.path("items").forEach(rows::add);
            after = page.path("next").isString() ? "&after=" + page.path("next").asString() : "";
        } while (!after.isEmpty());
        return rows;
    }

    @Test
    void of_500_customers_who_want_the_last_unit_one_gets_it() throws Exception {
        sell("last", 1);
        List<Callable<Answer>> all = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            String key = "last-" + i;
            all.add(() -> order("last", key));
        }
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> placed : clients.invokeAll(all)) {
                assertThat(placed.get().status()).isEqualTo(201);
            }
        }

        Map<String, Integer> ends = new TreeMap<>();
        for (JsonNode row : decided("last", CLIENTS)) {
            String end = row.path("status").asString();
            if (end.equals("Rejected")) {
                JsonNode order = SHOP.get("/orders/" + row.path("id").asString());
                end += " " + order.path("reason").asString();
            }
            ends.merge(end, 1, Integer::sum);
        }
        assertThat(ends).isEqualTo(Map.of("Confirmed", 1, "Rejected OUT_OF_STOCK", CLIENTS - 1));
        JsonNode stock = SHOP.get("/stock/last/main");
        assertThat(stock.path("onHand").asLong()).isEqualTo(1);
        assertThat(stock.path("reserved").asLong()).isEqualTo(1);
    }

    private static Answer pay(String sku, String customer, String key, String payment)
            throws Exception {
        ObjectNode order =
                json(
                        """
                        {"customerId":"%s","email":"c@example.com","currency":"EUR",
                         "lines":[{"sku":"%s","quantity":1}],
                         "shipping":{"method":"standard","address":{"name":"C","line1":"1",
                           "city":"Berlin","postalCode":"10115","country":"DE"}},
                         "payment":%s}"""
                                .formatted(customer, sku, payment));
        return SHOP.send("POST", "/orders", key, order);
    }

    private static void give(String customer, long minor) throws Exception {
        ObjectNode issue =
                json(
                        """
                        {"amount":{"minor":%d,"currency":"EUR"}}"""
                                .formatted(minor));
        for (int i = 0; i < 2; i++) { // the second one is the same
            assertThat(
                            SHOP.send(
                                            "PUT",
                                            "/store-credits/" + customer + "/issues/welcome",
                                            customer + i,
                                            issue)
                                    .status())
                    .isEqualTo(200);
        }
    }

    private static long minor(JsonNode body, String field) {
        return body.path(field).path("minor").asLong();
    }

    /// Waits for a store credit of which nothing is held any more.
    private static JsonNode settled(String customer) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        JsonNode credit = SHOP.get("/store-credits/" + customer);
        while (minor(credit, "held") > 0 && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(100);
            credit = SHOP.get("/store-credits/" + customer);
        }
        return credit;
    }

    @Test
    void store_credit_pays_first_and_the_card_the_rest() throws Exception {
        sell("credited", 10);
        give("eva", 700);
        String card =
                """
                {"method":"card","token":"tok_ok","storeCredit":true}""";
        String id = pay("credited", "eva", "credited", card).body().path("id").asString();
        decided("credited", 1);

        JsonNode credit = settled("eva");
        assertThat(minor(credit, "balance")).isZero();
        assertThat(minor(credit.path("orders").path(0), "captured")).isEqualTo(700);
        JsonNode order = SHOP.get("/orders/" + id);
        assertThat(order.path("status").asString()).isEqualTo("Confirmed");
        assertThat(minor(SHOP.get("/payments/" + id), "authorized"))
                .isEqualTo(minor(order, "due") - 700);

        dispatch(id);
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (!order.path("payment").asString().equals("Captured") && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(100);
            order = SHOP.get("/orders/" + id);
        }
        assertThat(order.path("payment").asString()).isEqualTo("Captured");
        assertThat(minor(SHOP.get("/payments/" + id), "captured"))
                .isEqualTo(minor(order, "due") - 700);
    }

    /// All of the order leaves in one shipment.
    private static void dispatch(String order) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        JsonNode shipments = SHOP.get("/shipments?order=" + order).path("items");
        while (shipments.isEmpty() && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(100);
            shipments = SHOP.get("/shipments?order=" + order).path("items");
        }
        String shipment = "/shipments/" + shipments.path(0).path("id").asString();
        String packing =
                """
                {"parcels":[{"id":"p1","weightGrams":500,"contents":[{"line":0,"quantity":1}]}]}""";
        String dispatch =
                """
                {"labels":[{"parcel":"p1","carrier":"post","code":"T1"}],
                 "cost":{"minor":300,"currency":"EUR"}}""";
        assertThat(SHOP.send("POST", shipment + "/pick", order + 1, json("{}")).status())
                .isEqualTo(200);
        assertThat(SHOP.send("POST", shipment + "/pack", order + 2, json(packing)).status())
                .isEqualTo(200);
        assertThat(SHOP.send("POST", shipment + "/dispatch", order + 3, json(dispatch)).status())
                .isEqualTo(200);
    }

    /// As many orders at once as the credit would pay for twice.
    @Test
    void store_credit_is_never_spent_twice() throws Exception {
        sell("twice", 100);
        long price = minor(order("twice", "twice-price").body(), "due");
        give("otto", 5 * price);
        List<Callable<Answer>> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            String key = "twice-" + i;
            all.add(() -> pay("twice", "otto", key, "{\"method\":\"store-credit\"}"));
        }
        List<Answer> answers = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> placed : clients.invokeAll(all)) {
                answers.add(placed.get());
            }
        }
        Map<Boolean, Integer> ends = new TreeMap<>();
        for (Answer answer : answers) { // 400: others held it all before the order was placed
            assertThat(answer.status()).isIn(201, 400);
            boolean isPaid =
                    answer.status() == 201
                            && paid(answer.body().path("id").asString()).equals("Confirmed");
            ends.merge(isPaid, 1, Integer::sum);
        }
        assertThat(ends).isEqualTo(Map.of(true, 5, false, 5));
        assertThat(minor(settled("otto"), "balance")).isZero();
    }

    /// Waits until an order is confirmed or its payment declined.
    private static String paid(String id) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            JsonNode order = SHOP.get("/orders/" + id);
            if (order.path("status").asString().equals("Confirmed")) {
                return "Confirmed";
            }
            if (order.path("payment").asString().equals("Declined")) {
                return "Declined";
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new AssertionError("not decided: " + SHOP.get("/orders/" + id));
    }

    /// Whoever adds to an order after its money is promised has to promise more; what is not in
    /// stock any more is not charged.
    @Test
    void a_cart_that_is_changed_while_it_is_paid_never_gets_more_than_was_paid_for()
            throws Exception {
        sell("cart", 100);
        List<Callable<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String order = order("cart", "cart-" + i).body().path("id").asString();
            all.add(() -> apply(order));
        }
        try (ExecutorService attackers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> applied : attackers.invokeAll(all)) {
                assertThat(applied.get()).isIn(200, 409); // rejected: others were quicker
            }
        }
        long wanted = 0;
        for (JsonNode row : decided("cart", 20)) {
            if (row.path("status").asString().equals("Rejected")) {
                continue;
            }
            JsonNode order = secured(row.path("id").asString());
            assertThat(order.path("status").asString()).isEqualTo("Confirmed");
            JsonNode payment = SHOP.get("/payments/" + row.path("id").asString());
            assertThat(minor(payment, "authorized") - minor(payment, "voided"))
                    .isGreaterThanOrEqualTo(minor(order, "due"));
            for (JsonNode units : order.path("units")) {
                wanted += units.path("ordered").asLong() - units.path("cancelled").asLong();
            }
        }
        assertThat(wanted).isPositive().isLessThanOrEqualTo(100);
        assertThat(SHOP.get("/stock/cart/main").path("reserved").asLong()).isEqualTo(wanted);
    }

    /// Waits until what is due is promised, and what is not to be had is cancelled.
    private static JsonNode secured(String id) throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            JsonNode order = SHOP.get("/orders/" + id);
            boolean isSecured = order.path("payment").asString().equals("Authorized");
            if (isSecured && order.path("fulfilment").asString().equals("Allocated")) {
                return order;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new AssertionError("not settled: " + SHOP.get("/orders/" + id));
    }

    /// Asks for nine more, at once and again.
    private static int apply(String order) throws Exception {
        ObjectNode edit =
                json(
                        """
                        {"more":[{"sku":"cart","quantity":9}]}""");
        int status = 0;
        for (int i = 0; i < 3; i++) {
            String key = order + "-" + i;
            SHOP.send("PUT", "/orders/" + order + "/edit", key, edit);
            String path = "/orders/" + order + "/edit/apply";
            status = SHOP.send("POST", path, key + "-apply", json("{}")).status();
        }
        return status;
    }
}
