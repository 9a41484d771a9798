// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.campaign;
import static dev.fakta.http.Bodies.object;
import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static dev.fakta.http.Bodies.withCodes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.Payment.Command.Fact;
import dev.fakta.postgres.server.LocalPostgres;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Every list of the shop answers the same from SQLite and from PostgreSQL: the same log, the same
/// queries, page by page.
@Order(1)
final class SameListsTest {

    private static final List<String> SKUS = List.of("tea", "Tea", "TEA", "tea-2", "tea.2", "cup");
    private static final List<String> CUSTOMERS =
            List.of("zoe", "Zoë", "käthe", "Ada", "\ud83d\ude00");
    private static final int MOST_PAGES = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir Path directory;

    @Test
    void every_list_is_the_same_from_both_stores() throws SQLException {
        List<String> queries;
        Map<String, String> expected;
        try (Shop shop = Shop.openForImports(directory)) {
            fill(shop);
            queries = queries(shop);
            expected = answers(shop, queries);
            Set<String> kinds = new HashSet<>(); // each list with each set of its parameters
            queries.stream()
                    .filter(query -> !query.contains("limit="))
                    .filter(query -> kinds.add(query.replaceAll("=[^&]*", "")))
                    .forEach(query -> assertWhole(shop, query));
        }
        assertThat(expected).hasSizeGreaterThan(500);
        assertThat(expected.values())
                .anyMatch(body -> body.contains("REFUND_FAILED a"))
                .anyMatch(body -> body.contains("\"dispute\""));
        try (LocalPostgres server =
                        LocalPostgres.start(
                                directory.resolve("database"), 0, Map.of("fsync", "off"));
                Shop shop = Shop.openWithDatabase(directory, database(server))) {
            Map<String, String> answers = answers(shop, queries);
            expected.forEach(
                    (query, body) -> assertThat(answers.get(query)).as(query).isEqualTo(body));
            assertThat(answers).hasSameSizeAs(expected);
        }
    }

    /// A database whose own collation is not that of bytes, as on most servers.
    private static String database(LocalPostgres server) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create database views template template0 locale_provider icu icu_locale 'en' locale 'C'");
        }
        return server.url("views");
    }

    private static void fill(Shop shop) {
        for (String sku : SKUS) {
            shop.put("/products/" + sku, product("Name of " + sku + " ä\u4e2d", 100)).is(200);
            for (String location : List.of("main", "Main", "north")) {
                shop.put("/stock/" + sku, object().put("location", location).put("onHand", 5))
                        .is(200);
            }
        }
        shop.post("/products/cup/retire", "").is(200);
        shop.put("/products/tea", product("Better tea", 120)).is(200);
        shop.put("/stock/tea", object().put("location", "main").put("onHand", 0)).is(200);
        for (String id : List.of("sun", "Sun", "rain")) {
            shop.put(
                            "/campaigns/" + id,
                            campaign("percentage", "C" + id.hashCode()).put("percent", 5))
                    .is(200);
        }
        shop.put("/campaigns/code", campaign("percentage", "SUN").put("percent", 5)).is(200);
        shop.post("/campaigns/rain/pause", "").is(200);
        for (int i = 0; i < 60; i++) {
            place(shop, i);
        }
        shop.tellPayment(
                "pay",
                new Payment.Command.RequestAuthorization("pay", usd(90), usd(90), "card", "tok"),
                new Fact.RecordAuthorized(
                        1, usd(90), "a", Instant.parse("2030-01-01T00:00:00Z"), null),
                new Payment.Command.Capture("p1", usd(40)),
                new Fact.RecordCaptured(1, usd(40), "c", null),
                new Payment.Command.Capture("p2", usd(40)),
                new Fact.RecordCaptureFailed(2, "no \u4e2d", null),
                new Payment.Command.Refund("a \u0000 reason ä", usd(5)),
                new Fact.RecordRefundFailed(1, "down \u0000", null),
                new Payment.Command.Refund("other", usd(5)),
                new Fact.RecordOutcomeUnknown(Kind.REFUND, 2),
                new Fact.RecordDispute("d1", usd(40), "fraud", null),
                new Fact.RecordDispute("d2", usd(40), "fraud", null),
                new Fact.RecordDisputeClosed("d1", true, null));
        for (String id : List.of("pay-a", "pay-b", "Pay-a")) {
            shop.tellPayment(
                    id,
                    new Payment.Command.RequestAuthorization(id, usd(70), usd(70), "card", "tok"),
                    new Fact.RecordDeclined(1, "no", null));
        }
    }

    private static Money usd(long minor) {
        return Money.of(minor, "USD");
    }

    /// Four orders at a time have the same time.
    private static void place(Shop shop, int number) {
        String customer = CUSTOMERS.get(number % CUSTOMERS.size());
        var order =
                order(SKUS.get(number % 4), 1, SKUS.get((number + 1) % 4), 2)
                        .put("customerId", customer)
                        .put(
                                "email",
                                (number % 3 == 0 ? "Grace" : "ada") + number % 7 + "@Example.org")
                        .put("placedAt", "2020-01-%02dT00:00:00Z".formatted(1 + number / 4));
        if (number % 11 == 0) {
            order.putObject("payment").put("method", "invoice"); // as it will cost more
        }
        if (number % 6 == 0) {
            withCodes(order, "SUN");
        }
        Answer placed = shop.post("/orders", order).is(201);
        String location = placed.header("Location");
        if (number % 5 == 0) {
            shop.put(location + "/holds/ADDRESS", object()).is(200);
            shop.post(location + "/notes", object().put("text", "a note")).is(201);
        }
        if (number % 10 == 0) {
            shop.delete(location + "/holds/ADDRESS").is(200);
        }
        if (number % 11 == 0) {
            ObjectNode edit = object();
            edit.putArray("more")
                    .addObject()
                    .put("sku", SKUS.get((number + 2) % 4))
                    .put("quantity", 1);
            shop.put(location + "/edit", edit).is(200);
            shop.post(location + "/edit/apply", "").is(200);
        }
        if (number % 7 == 0) {
            shop.post(location + "/cancel", "").is(200);
        }
    }

    private static List<String> queries(Shop shop) {
        List<String> queries = new ArrayList<>();
        List<String> afters =
                parameters("after", "", "tea", "Tea@main", "u", "\u0000", "\uffff", "ä");
        for (String after : afters) {
            for (String limit : parameters("limit", "1", "3")) {
                queries.add(query("/products", after, limit));
                queries.add(query("/campaigns", after, limit));
                for (String sku : parameters("sku", "tea", "TEA", "none", "\u0000")) {
                    queries.add(query("/stock", after, limit, sku));
                }
            }
        }
        for (String kind : List.of("kind=hold", "kind=payment", "kind=dispute", "kind=return")) {
            for (String subject : parameters("subject", "pay", "none", "\u0000")) {
                queries.add(query("/tasks", kind, subject));
                queries.add(query("/tasks", kind, subject, "limit=1"));
            }
        }
        for (String sort : parameters("sort", "total", "-total", "requestedAt")) {
            for (String status : parameters("status", "PARTIALLY_CAPTURED", "DECLINED")) {
                for (String limit : parameters("limit", "1")) {
                    queries.add(query("/payments", sort, status, limit));
                    queries.add(query("/payments", sort, status, limit, "method=card"));
                }
            }
        }
        for (String sort : parameters("sort", "placedAt", "grand", "-grand")) {
            for (String hold : parameters("hold", "ADDRESS", "MANUAL")) {
                for (String axis :
                        List.of("", "payment=NONE", "fulfilment=NOTHING", "returns=NONE")) {
                    queries.add(query("/orders", sort, hold, axis));
                    queries.add(query("/orders", sort, hold, axis, "limit=4"));
                }
            }
        }
        Answer first = awaited(shop, "/orders?limit=1").is(200);
        String number = first.text("/items/0/number");
        for (String customer : parameters("customer", "zoe", "Zoë", "\ud83d\ude00", "\u0000")) {
            for (String status : parameters("status", "Created", "Cancelled")) {
                for (String sku : parameters("sku", "tea", "Tea")) {
                    for (String code : parameters("code", "sun", "none")) {
                        for (String time : times()) {
                            queries.add(query("/orders", customer, status, sku, code, time));
                            queries.add(
                                    query("/orders", customer, status, sku, code, time, "limit=4"));
                        }
                    }
                }
            }
        }
        for (String q :
                parameters(
                        "q",
                        "GRACE",
                        "grace0@",
                        "ada1@example.org",
                        "@",
                        number,
                        number.substring(0, 8),
                        "\u0000")) {
            for (String sku : parameters("sku", "tea")) {
                for (String code : parameters("code", "sun")) {
                    queries.add(query("/orders", q, sku, code));
                    queries.add(query("/orders", q, sku, code, "limit=3"));
                }
            }
        }
        return queries;
    }

    private static List<String> times() {
        return List.of(
                "",
                "from=2020-01-05T00:00:00Z",
                "until=2020-01-05T00:00:00Z",
                "from=2020-01-03T00:00:00Z&until=2020-01-07T00:00:00Z");
    }

    /// The parameter left out, and with each of these values.
    private static List<String> parameters(String name, String... values) {
        return Stream.concat(
                        Stream.of(""),
                        Stream.of(values)
                                .map(value -> name + "=" + URLEncoder.encode(value, UTF_8)))
                .toList();
    }

    private static String query(String path, String... parameters) {
        return path
                + "?"
                + String.join("&", Stream.of(parameters).filter(one -> !one.isEmpty()).toList());
    }

    private static Map<String, String> answers(Shop shop, List<String> queries) {
        Map<String, String> answers = new LinkedHashMap<>();
        for (String query : queries) {
            String page = query;
            for (int i = 0; i < MOST_PAGES && answers.get(page) == null; i++) {
                Answer answer = awaited(shop, page);
                answers.put(page, answer.json().toString());
                String next = answer.json().path("next").asString("");
                if (next.isEmpty() || !query.contains("limit=")) {
                    break;
                }
                page =
                        query.replaceAll("after=[^&]*&", "")
                                + "&after="
                                + URLEncoder.encode(next, UTF_8);
            }
        }
        return answers;
    }

    /// Asserts that a list as lines, and as a table, has what its pages have one after the other.
    private static void assertWhole(Shop shop, String query) {
        List<String> items = new ArrayList<>();
        Answer page = awaited(shop, query);
        page.json().path("items").forEach(item -> items.add(item.toString()));
        String next = page.json().path("next").asString("");
        String others = query.replaceAll("after=[^&]*&?", "");
        while (!next.isEmpty()) {
            String after = "after=" + URLEncoder.encode(next, UTF_8);
            page = shop.get(others + (others.endsWith("?") ? "" : "&") + after).is(200);
            page.json().path("items").forEach(item -> items.add(item.toString()));
            next = page.json().path("next").asString("");
        }
        Answer lines = shop.get(query, "Accept", "application/x-ndjson").is(200);
        assertThat(lines.body().lines()).as(query).containsExactlyElementsOf(items);
        Answer table = shop.get(query, "Accept", "text/csv").is(200);
        assertThat(table.body().split("\r\n", -1)).as(query).hasSize(items.size() + 2);
    }

    /// The answer once the view is made and has seen everything: until then it is 503.
    private static Answer awaited(Shop shop, String query) {
        String seen = Objects.toString(shop.heads());
        long end = System.nanoTime() + PATIENCE.toNanos();
        Answer answer = shop.get(query, "Fakta-Token", seen);
        while (answer.status() == 503 && System.nanoTime() < end) {
            answer = shop.get(query, "Fakta-Token", seen);
        }
        return answer.is(200);
    }
}
