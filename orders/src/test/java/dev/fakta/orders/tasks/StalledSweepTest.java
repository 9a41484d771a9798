// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.orders.order.Order;
import dev.fakta.runtime.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The look for orders that nothing goes on with, in a shop whose sagas do not run.
class StalledSweepTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final StalledSweep sweep = new StalledSweep(StalledSweep.AFTER);
    private TaskShop shop;

    @BeforeEach
    void open(@TempDir Path directory) {
        shop = TaskShop.open(directory, EnumSet.complementOf(EnumSet.of(Role.SAGA)));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private void awaitListed(String id) {
        await().atMost(SOON).until(() -> shop.get("/orders?q=" + id).path("items").size() == 1);
    }

    private void awaitStalled(int count) {
        await().atMost(SOON)
                .until(
                        () ->
                                shop.metrics()
                                        .contains(
                                                "\nfakta_orders_stalled %d.0\n".formatted(count)));
    }

    private boolean isStalled(String id) {
        return shop.get("/orders/" + id).path("attentions").toString().contains("STALLED");
    }

    @Test
    void an_order_that_nothing_happens_to_is_found_listed_counted_and_settled() throws Exception {
        String id = shop.place("card");
        awaitListed(id);
        assertThat(shop.metrics()).contains("\nfakta_orders_stalled 0.0\n");
        shop.advance(StalledSweep.AFTER.plusMinutes(1));
        sweep.run(shop.node());
        sweep.run(shop.node());
        awaitStalled(1);
        JsonNode order = shop.get("/orders/" + id);
        assertThat(order.path("attentions")).hasSize(1);
        assertThat(order.path("revision").asInt()).isEqualTo(2);
        JsonNode task = shop.get("/tasks?kind=stalled").path("items").path(0);
        assertThat(task.path("subject").asString()).isEqualTo(id);
        assertThat(task.path("href").asString()).isEqualTo("/orders/" + id);
        String subject = order.path("attentions").path(0).path("subject").asString();
        assertThat(subject).isEqualTo("STOCK_ANSWER");
        String settle = task.path("help").path("href").asString();
        String body = "{\"topic\":\"STALLED\",\"subject\":\"%s\"}".formatted(subject);
        assertThat(shop.post(settle, body).statusCode()).isEqualTo(200);
        awaitStalled(0);
        sweep.run(shop.node());
        assertThat(isStalled(id)).as("it was looked at just now").isFalse();
    }

    @Test
    void an_order_that_is_young_or_waits_for_people_or_has_ended_is_left_alone() throws Exception {
        String held = shop.place("card");
        shop.tell(Order.AGGREGATE, held, new Order.Command.PlaceHold("MANUAL", "m", Instant.EPOCH));
        String ended = shop.place("card");
        assertThat(shop.post("/orders/" + ended + "/cancel", "{}").statusCode()).isEqualTo(200);
        shop.advance(StalledSweep.AFTER.plusMinutes(1));
        String young = shop.place("card");
        awaitListed(young);
        sweep.run(shop.node());
        for (String id : new String[] {held, ended, young}) {
            assertThat(isStalled(id)).isFalse();
        }
    }

    @Test
    void an_old_order_that_something_has_happened_to_is_left_alone() throws Exception {
        String id = shop.place("card");
        shop.advance(StalledSweep.AFTER.plusMinutes(1));
        assertThat(shop.post("/orders/" + id + "/notes", "{\"text\":\"n\"}").statusCode())
                .isEqualTo(201);
        awaitListed(id);
        sweep.run(shop.node());
        assertThat(isStalled(id)).isFalse();
        shop.advance(StalledSweep.AFTER.plusMinutes(1));
        sweep.run(shop.node());
        assertThat(isStalled(id)).isTrue();
    }
}
