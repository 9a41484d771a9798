// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation;
import dev.fakta.orders.payments.provider.ProviderNotice;
import dev.fakta.runtime.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What waits for an operator of sagas, couriers and alarm clocks, among the other tasks.
class SagaTasksTest {

    private static final Duration SOON = Duration.ofSeconds(90);

    private static final ProviderNotice.Content LATE =
            new ProviderNotice.Content(
                    ProviderNotice.Topic.SUCCEEDED,
                    "nobody",
                    Operation.Kind.AUTHORIZATION,
                    1,
                    Money.of(100, "EUR"),
                    "op_1",
                    "",
                    Instant.EPOCH,
                    Instant.EPOCH.plusSeconds(60));

    @Test
    void an_alarm_that_goes_wrong_is_a_task_among_the_others(@TempDir Path directory) {
        try (TaskShop shop = TaskShop.open(directory, EnumSet.allOf(Role.class))) {
            String id = shop.place("invoice");
            shop.send("PUT", "/orders/" + id + "/holds/MANUAL", "{\"reason\":\"odd\"}");
            shop.tell(ProviderNotice.AGGREGATE, "evt_1", new ProviderNotice.Command.Receive(LATE));
            String alarm = "hand-over:nobody:evt_1";
            String alarms = "/tasks?kind=saga&subject=" + alarm;
            await().atMost(SOON).until(() -> !items(shop, alarms).isEmpty());
            JsonNode task = items(shop, alarms).getFirst();
            String path = "/sagas/notice-clock/" + alarm;
            assertThat(task.path("href").asString()).isEqualTo(path);
            assertThat(task.path("reason").asString()).startsWith("STUCK: UNKNOWN_PAYMENT");
            assertThat(task.path("help").path("href").asString()).isEqualTo(path + "/retry");
            assertThat(shop.get(path).path("status").asString()).isEqualTo("STUCK");
            assertThat(pages(shop)).isEqualTo(ids(items(shop, "/tasks")));
            assertThat(ids(items(shop, "/tasks?kind=hold")))
                    .isNotEmpty()
                    .noneMatch(one -> one.startsWith("saga"));
            shop.post("/payment-notices/evt_1/dismiss", "{\"reason\":\"not ours\"}");
            await().atMost(SOON).until(() -> items(shop, alarms).isEmpty());
        }
    }

    private static List<JsonNode> items(TaskShop shop, String path) {
        List<JsonNode> all = new ArrayList<>();
        shop.get(path).path("items").forEach(all::add);
        return all;
    }

    private static List<String> ids(List<JsonNode> items) {
        return items.stream().map(one -> one.path("id").asString()).toList();
    }

    /// All tasks, one a page.
    private static List<String> pages(TaskShop shop) {
        List<String> all = new ArrayList<>();
        String after = "";
        while (true) {
            JsonNode page = shop.get("/tasks?limit=1" + after);
            page.path("items").forEach(one -> all.add(one.path("id").asString()));
            if (page.path("next").isNull()) {
                return all;
            }
            after = "&after=" + page.path("next").asString().replace(" ", "%20");
        }
    }
}
