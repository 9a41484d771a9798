// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.runtime.Role;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A webhook subscription that was given up, among the other tasks.
class WebhookTasksTest {

    private static final Duration SOON = Duration.ofSeconds(90);

    /// It is called by nobody: a shop calls public addresses only.
    private static final String NEVER_CALLED = "https://127.0.0.1/events";

    @Test
    void a_subscription_that_was_given_up_is_a_task_until_it_goes_on(@TempDir Path directory) {
        try (TaskShop shop = TaskShop.open(directory, EnumSet.allOf(Role.class))) {
            HttpResponse<String> made =
                    shop.post("/webhook-subscriptions", "{\"url\":\"" + NEVER_CALLED + "\"}");
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
            String id = JsonMapper.shared().readTree(made.body()).path("id").asString();
            shop.place("invoice");
            assertThat(tasks(shop, "?kind=webhook")).isEmpty();
            Instant before = shop.now();
            await().atMost(SOON)
                    .until(
                            () -> {
                                shop.advance(Duration.ofHours(12));
                                return tasks(shop, "?kind=webhook&subject=" + id).size() == 1;
                            });

            JsonNode task = tasks(shop, "?subject=" + id).getFirst();
            assertThat(task.path("href").asString()).isEqualTo("/webhook-subscriptions/" + id);
            assertThat(task.path("what").asString()).isEqualTo("FAILING");
            assertThat(task.path("reason").asString()).contains("not public");
            assertThat(Instant.parse(task.path("since").asString())).isAfter(before);
            assertThat(tasks(shop, "?kind=webhook&subject=other")).isEmpty();
            assertThat(tasks(shop, "?kind=saga&subject=" + id)).isEmpty();
            assertThat(task.path("help").path("method").asString()).isEqualTo("POST");
            String help = task.path("help").path("href").asString();
            assertThat(shop.post(help, "{}").statusCode()).isEqualTo(200);
            await().atMost(SOON).until(() -> tasks(shop, "?subject=" + id).isEmpty());
        }
    }

    private static List<JsonNode> tasks(TaskShop shop, String query) {
        List<JsonNode> all = new ArrayList<>();
        shop.get("/tasks" + query).path("items").forEach(all::add);
        return all;
    }
}
