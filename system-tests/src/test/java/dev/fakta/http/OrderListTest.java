// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.campaign;
import static dev.fakta.http.Bodies.object;
import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static dev.fakta.http.Bodies.withCodes;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// The list of orders: filters, pages, and a caller's own writes.
final class OrderListTest {

    private static Shop shop;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.openForImports(directory);
        for (String sku : List.of("tea", "jam", "cup")) {
            shop.put("/products/" + sku, product(sku, 100)).is(200);
        }
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static Answer place(ObjectNode order) {
        return shop.post("/orders", order).is(201);
    }

    private static ObjectNode orderOf(String customer) {
        return order("tea", 1).put("customerId", customer);
    }

    /// The ids of a list that has seen these answers.
    private static List<String> ids(String query, Answer... seen) {
        List<String> tokens = new ArrayList<>();
        for (Answer answer : seen) {
            tokens.add(answer.header("Fakta-Token"));
        }
        return shop.get("/orders?" + query, "Fakta-Token", String.join(",", tokens))
                .is(200)
                .each("id");
    }

    @Nested
    final class Filters {

        @Test
        void by_customer() {
            Answer one = place(orderOf("customer-1"));
            Answer other = place(orderOf("customer-2"));
            assertThat(ids("customer=customer-1", one, other)).containsExactly(one.text("/id"));
            assertThat(ids("customer=customer", one, other)).isEmpty();
        }

        @Test
        void by_status() {
            Answer open = place(orderOf("status"));
            Answer cancelled =
                    shop.post(place(orderOf("status")).header("Location") + "/cancel", "");
            assertThat(ids("customer=status&status=Created", open, cancelled))
                    .containsExactly(open.text("/id"));
            assertThat(ids("customer=status&status=CANCELLED", open, cancelled))
                    .containsExactly(cancelled.text("/id"));
            assertThat(shop.get("/orders?status=Bogus").is(400).fields()).containsExactly("status");
        }

        @Test
        void by_sku() {
            Answer both = place(order("jam", 1, "cup", 2).put("customerId", "sku"));
            Answer tea = place(orderOf("sku"));
            assertThat(ids("sku=jam", both, tea)).containsExactly(both.text("/id"));
            assertThat(ids("sku=cup&customer=sku", both, tea)).containsExactly(both.text("/id"));
            assertThat(ids("sku=cup&customer=nobody", both, tea)).isEmpty();
        }

        @Test
        void by_campaign_code() {
            shop.put("/campaigns/listed", campaign("percentage", "LISTED").put("percent", 5))
                    .is(200);
            Answer with = place(withCodes(orderOf("code"), "LISTED"));
            Answer without = place(orderOf("code"));
            assertThat(ids("code=LISTED", with, without)).containsExactly(with.text("/id"));
            assertThat(ids("code=listed&sku=tea", with, without)).containsExactly(with.text("/id"));
        }

        @Test
        void by_number_by_its_beginning_and_by_email() {
            Answer placed = place(orderOf("q").put("email", "Grace.Hopper@example.org"));
            String id = placed.text("/id");
            String number = placed.text("/number");
            assertThat(ids("q=" + number, placed)).containsExactly(id);
            assertThat(ids("q=" + id, placed)).containsExactly(id);
            assertThat(ids("q=" + number.toLowerCase(java.util.Locale.ROOT), placed))
                    .containsExactly(id);
            assertThat(ids("q=" + number.substring(0, 21), placed)).contains(id);
            assertThat(ids("q=grace.hopper@example.org", placed)).containsExactly(id);
            assertThat(ids("q=Grace.Hopper@ex", placed)).containsExactly(id);
            assertThat(ids("q=hopper@example.org", placed)).isEmpty();
            assertThat(ids("q=no-such-number", placed)).isEmpty();
        }

        @Test
        void by_time() {
            Answer early = place(orderOf("time").put("placedAt", "2020-01-01T00:00:00Z"));
            Answer late = place(orderOf("time").put("placedAt", "2020-01-02T00:00:00Z"));
            String query = "customer=time&";
            assertThat(ids(query + "from=2020-01-01T00:00:00Z", early, late))
                    .containsExactly(late.text("/id"), early.text("/id"));
            assertThat(ids(query + "from=2020-01-01T00:00:00.001Z", early, late))
                    .containsExactly(late.text("/id"));
            assertThat(ids(query + "until=2020-01-02T00:00:00Z", early, late))
                    .containsExactly(early.text("/id"));
            assertThat(ids("sku=tea&until=2020-01-01T12:00:00Z&limit=1", early, late))
                    .containsExactly(early.text("/id"));
        }
    }

    @Nested
    final class Pages {

        private static final int ORDERS = 250;

        @Test
        void every_order_is_on_one_page_while_new_ones_are_placed() throws Exception {
            List<String> placed = new ArrayList<>();
            Answer last = placeAll(placed);
            AtomicBoolean isOver = new AtomicBoolean();
            List<String> seen;
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Integer> more = threads.submit(() -> placeUntil(isOver));
                try {
                    seen = readAll(last);
                } finally {
                    isOver.set(true);
                }
                assertThat(more.get()).as("orders placed meanwhile").isPositive();
            }
            assertThat(seen).doesNotHaveDuplicates().containsAll(placed);
        }

        /// Ten orders at a time have the same time, so that the pages end within it.
        private static Answer placeAll(List<String> ids) {
            Answer last = null;
            for (int i = 0; i < ORDERS; i++) {
                Instant time =
                        Instant.parse("2020-02-01T00:00:00Z").plus(Duration.ofMinutes(i / 10));
                last = place(orderOf("pages").put("placedAt", time.toString()));
                ids.add(last.text("/id"));
            }
            return java.util.Objects.requireNonNull(last);
        }

        private static int placeUntil(AtomicBoolean isOver) {
            int count = 0;
            while (!isOver.get()) {
                place(orderOf("pages"));
                count++;
            }
            return count;
        }

        private static List<String> readAll(Answer last) {
            List<String> seen = new ArrayList<>();
            String cursor = "";
            do {
                Answer page =
                        shop.get(
                                        "/orders?customer=pages&limit=20" + cursor,
                                        "Fakta-Token",
                                        last.header("Fakta-Token"))
                                .is(200);
                seen.addAll(page.each("id"));
                String next = page.json().path("next").asString("");
                assertThat(page.each("id")).hasSizeLessThanOrEqualTo(20);
                cursor = next.isEmpty() ? "" : "&after=" + next;
            } while (!cursor.isEmpty());
            return seen;
        }

        @Test
        void the_last_page_has_no_next() {
            Answer one = place(orderOf("last"));
            Answer two = place(orderOf("last"));
            Answer page = list("customer=last&limit=2", one, two);
            assertThat(page.each("id")).hasSize(2);
            assertThat(page.json().path("next").isNull()).isTrue();
            Answer first = list("customer=last&limit=1", one, two);
            assertThat(first.json().path("next").asString()).isNotEmpty();
        }

        private static Answer list(String query, Answer one, Answer two) {
            String token = one.header("Fakta-Token") + "," + two.header("Fakta-Token");
            return shop.get("/orders?" + query, "Fakta-Token", token).is(200);
        }
    }

    @Nested
    final class Tokens {

        @Test
        void a_list_shows_what_its_caller_has_just_written() {
            for (int i = 0; i < 200; i++) {
                String customer = "writer-" + i;
                Answer placed = place(orderOf(customer));
                assertThat(ids("customer=" + customer, placed)).containsExactly(placed.text("/id"));
            }
        }

        @Test
        void a_token_given_to_a_change_comes_back_with_it() {
            Answer one = place(orderOf("chain"));
            Answer other =
                    shop.post(
                            "/orders", orderOf("chain"), "Fakta-Token", one.header("Fakta-Token"));
            assertThat(ids("customer=chain", other.is(201))).hasSize(2);
        }

        @Test
        void a_token_from_the_future_is_answered_in_time_with_what_there_is() {
            Answer placed = place(orderOf("future"));
            ids("customer=future", placed);
            String token = placed.header("Fakta-Token");
            String future = token.substring(0, token.indexOf('.')) + ".1000000000";
            Answer late = shop.get("/orders?customer=future", "Fakta-Token", future);
            late.isProblem(503, "view-behind");
            assertThat(late.header("Retry-After")).matches("[1-9][0-9]*");
            assertThat(late.each("id")).containsExactly(placed.text("/id"));
        }
    }

    @Nested
    final class Rows {

        @Test
        void a_row_follows_the_order() {
            Answer placed = place(orderOf("row"));
            String location = placed.header("Location");
            Answer held = shop.put(location + "/holds/ADDRESS", object()).is(200);
            String token = held.header("Fakta-Token");
            var row = shop.get("/orders?customer=row", "Fakta-Token", token).json().at("/items/0");
            assertThat(row.path("number").asString()).isEqualTo(placed.text("/number"));
            assertThat(row.path("status").asString()).isEqualTo("Created");
            assertThat(row.path("holds").asLong()).isEqualTo(1);
            assertThat(row.path("revision").asLong()).isEqualTo(2);
            assertThat(row.at("/grand/minor").asLong()).isEqualTo(100);
            assertThat(row.path("placedAt")).isEqualTo(placed.json().path("placedAt"));
        }
    }
}
