// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.NamedTests;
import dev.fakta.orders.order.Order.Attention.Topic;
import dev.fakta.orders.order.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Holds `docs/orders/tasks.md` to what there is.
class TasksPageTest {

    private static final Path PAGE = Path.of("..", "docs", "orders", "tasks.md");

    @Test
    void every_test_that_the_page_names_is_there() throws IOException, ClassNotFoundException {
        assertThat(NamedTests.in(PAGE)).isGreaterThanOrEqualTo(15);
    }

    @Test
    void the_page_has_a_row_for_every_kind_topic_and_code() throws IOException {
        String page = Files.readString(PAGE);
        for (TaskKind kind : TaskKind.values()) {
            assertThat(page).contains("\n| `" + kind + "` |");
        }
        for (Topic topic : Topic.values()) {
            assertThat(page).contains("\n| " + topic + " |");
        }
        for (Waiting.Code code : Waiting.Code.values()) {
            assertThat(page).contains("\n| " + code + " |");
        }
    }
}
