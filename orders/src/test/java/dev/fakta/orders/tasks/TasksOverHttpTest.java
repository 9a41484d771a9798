// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.Payment.Command.Fact;
import dev.fakta.runtime.Role;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Currency;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The list of what waits for people, and what helps with it, in a shop whose sagas run. Nobody
/// answers for the provider but the test.
class TasksOverHttpTest {

    private static final Duration SOON = Duration.ofSeconds(90);

    private static TaskShop shop;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = TaskShop.open(directory, EnumSet.allOf(Role.class));
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static List<JsonNode> tasks(String query) {
        List<JsonNode> all = new ArrayList<>();
        shop.get("/tasks" + query).path("items").forEach(all::add);
        return all;
    }

    private static JsonNode awaitTask(String query) {
        await().atMost(SOON).until(() -> tasks(query).size() == 1);
        return tasks(query).getFirst();
    }

    private static String help(JsonNode task) {
        return task.path("help").path("method").asString()
                + " "
                + task.path("help").path("href").asString();
    }

    private static Money usd(long minor) {
        return Money.of(minor, "USD");
    }

    /// An order whose card has been asked for 10.00 and has promised it.
    private static String paid() {
        String id = shop.place("card");
        await().atMost(SOON)
                .until(() -> shop.send("GET", "/payments/" + id, "").statusCode() == 200);
        shop.tell(
                Payment.AGGREGATE,
                id,
                new Fact.RecordAuthorized(
                        1, usd(1000), "a", shop.now().plus(Duration.ofDays(30)), null));
        await().atMost(SOON)
                .until(
                        () ->
                                shop.get("/orders/" + id)
                                        .path("status")
                                        .asString()
                                        .equals("Confirmed"));
        return id;
    }

    @Test
    void a_filter_that_nothing_can_have_is_refused() {
        HttpResponse<String> answer = shop.send("GET", "/tasks?kind=bogus", "");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"kind\"", "dispute", "stalled");
        assertThat(shop.send("GET", "/tasks?status=x", "").statusCode()).isEqualTo(400);
        assertThat(shop.send("GET", "/tasks?after=x", "").statusCode()).isEqualTo(400);
    }

    @Test
    void a_hold_names_the_request_that_ends_it() {
        String id = shop.place("invoice");
        assertThat(
                        shop.send("PUT", "/orders/" + id + "/holds/MANUAL", "{\"reason\":\"m\"}")
                                .statusCode())
                .isEqualTo(200);
        JsonNode task = awaitTask("?kind=hold&subject=" + id);
        assertThat(help(task)).isEqualTo("DELETE /orders/" + id + "/holds/MANUAL");
        assertThat(task.path("since").asString()).isNotEmpty();
        assertThat(shop.send("DELETE", task.path("help").path("href").asString(), "").statusCode())
                .isEqualTo(200);
        await().atMost(SOON).until(() -> tasks("?subject=" + id).isEmpty());
    }

    @Test
    void a_dispute_is_listed_until_it_is_decided() {
        String id = paid();
        shop.tell(Payment.AGGREGATE, id, new Fact.RecordDispute("d1", usd(1000), "fraud", null));
        JsonNode task = awaitTask("?kind=dispute&subject=" + id);
        assertThat(task.path("href").asString()).isEqualTo("/payments/" + id);
        shop.tell(Payment.AGGREGATE, id, new Fact.RecordDisputeClosed("d1", false, null));
        await().atMost(SOON).until(() -> tasks("?kind=dispute&subject=" + id).isEmpty());
    }

    @Test
    void a_void_that_failed_is_asked_again_by_the_request_that_its_task_names() {
        String id = paid();
        HttpResponse<String> early = shop.post("/payments/" + id + "/retry", "{}");
        assertThat(early.statusCode()).isEqualTo(409);
        assertThat(early.body()).contains("nothing-failed");
        assertThat(shop.post("/orders/" + id + "/cancel", "{}").statusCode()).isEqualTo(200);
        await().atMost(SOON).until(() -> operations(id).contains("VOID 1 REQUESTED"));
        shop.tell(Payment.AGGREGATE, id, new Fact.RecordVoidFailed(1, "down", null));
        JsonNode task = awaitTask("?kind=payment&subject=" + id);
        assertThat(task.path("what").asString()).isEqualTo("VOID_FAILED 1");
        assertThat(help(task)).isEqualTo("POST /payments/" + id + "/retry");
        assertThat(shop.post(task.path("help").path("href").asString(), "{}").statusCode())
                .isEqualTo(200);
        assertThat(operations(id)).contains("VOID 1 FAILED", "VOID 2 REQUESTED");
        await().atMost(SOON).until(() -> tasks("?kind=payment&subject=" + id).isEmpty());
        assertThat(shop.post("/payments/none/retry", "{}").statusCode()).isEqualTo(404);
    }

    @Test
    void a_refund_that_was_one_too_many_is_settled_by_the_request_that_its_task_names() {
        String id = paid();
        shop.tell(
                Payment.AGGREGATE,
                id,
                new Payment.Command.Settle(
                        id,
                        1_000_000,
                        Currency.getInstance("USD"),
                        1000,
                        1000,
                        List.of(new Payment.GiveBack("R1", 300)),
                        null),
                new Fact.RecordCaptured(1, usd(1000), "c", null),
                new Fact.RecordRefundFailed(1, "down", null),
                new Payment.Command.AskAgain(Operation.Kind.REFUND, 1),
                new Fact.RecordRefunded(2, usd(300), "r2", null),
                new Fact.RecordRefunded(1, usd(300), "r1", null));
        JsonNode task = awaitTask("?kind=payment&subject=" + id);
        assertThat(task.path("what").asString()).isEqualTo("REFUNDED_BEYOND 1");
        assertThat(help(task)).isEqualTo("POST /payments/" + id + "/settle");
        String href = task.path("help").path("href").asString();
        assertThat(shop.post(href, "{\"number\":2,\"reason\":\"x\"}").body())
                .contains("not-beyond");
        assertThat(shop.post(href, "{\"number\":1}").body())
                .contains("\"field\":\"reason\"", "MISSING");
        assertThat(shop.post(href, "{\"number\":1,\"reason\":\"transferred back\"}").statusCode())
                .isEqualTo(200);
        await().atMost(SOON).until(() -> tasks("?kind=payment&subject=" + id).isEmpty());
        assertThat(operations(id)).contains("REFUND 1 SETTLED");
        assertThat(shop.get("/payments/" + id).path("refunded").path("minor").asLong())
                .isEqualTo(300);
    }

    private static List<String> operations(String id) {
        Payment payment = shop.node().state(Payment.AGGREGATE, id).state();
        List<String> all = new ArrayList<>();
        for (Operation one : payment.operations()) {
            all.add(one.kind() + " " + one.number() + " " + one.status());
        }
        return all;
    }

    @Test
    void an_order_in_transit_says_whom_it_waits_for() {
        String id = paid();
        await().atMost(SOON).until(() -> waits(id).contains("WAREHOUSE"));
        assertThat(shop.get("/orders/" + id).path("waitingFor").path(0).path("subject").asString())
                .isEqualTo(id + "-1");
    }

    private static List<String> waits(String id) {
        List<String> codes = new ArrayList<>();
        shop.get("/orders/" + id)
                .path("waitingFor")
                .forEach(one -> codes.add(one.path("code").asString()));
        return codes;
    }
}
