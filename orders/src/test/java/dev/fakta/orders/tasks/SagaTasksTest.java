// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.runtime.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Sagas that wait for an operator, among the other tasks.
class SagaTasksTest {

    private static final Duration SOON = Duration.ofSeconds(90);
    private static final Duration LONG = Duration.ofDays(61);

    /// Longer than any saga of an order waits for nothing.
    private static final Duration PATIENCE = Duration.ofDays(3_700);

    @Test
    void a_saga_that_has_waited_too_long_is_a_task_among_the_others(@TempDir Path directory) {
        try (TaskShop shop = TaskShop.open(directory, EnumSet.allOf(Role.class))) {
            String id = shop.place("invoice");
            await().atMost(SOON).until(() -> items(shop, "/shipments?order=" + id).size() == 1);
            shop.advance(LONG); // the shipment is late by then, which is told
            await().atMost(SOON)
                    .until(() -> !items(shop, "/tasks?kind=attention&subject=" + id).isEmpty());
            shop.advance(PATIENCE);
            String clock = id + "-1"; // of the shipment
            String sagas = "/tasks?kind=saga&subject=" + clock;
            await().atMost(SOON).until(() -> !items(shop, sagas).isEmpty());
            JsonNode task = items(shop, sagas).getFirst();
            String path = "/sagas/" + task.path("what").asString() + "/" + clock;
            assertThat(task.path("href").asString()).isEqualTo(path);
            assertThat(task.path("reason").asString()).startsWith("STUCK: ");
            assertThat(task.path("help").path("href").asString()).isEqualTo(path + "/retry");
            assertThat(shop.get(path).path("instance").path("status").asString())
                    .isEqualTo("STUCK");
            assertThat(pages(shop)).isEqualTo(ids(items(shop, "/tasks")));
            assertThat(ids(items(shop, "/tasks?kind=attention")))
                    .noneMatch(one -> one.startsWith("saga"));
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
