// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.gateway.AuditLog;
import dev.fakta.orders.OrdersMicrosystem;
import dev.fakta.orders.order.Order;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Who did what, as operators are told.
final class AuditTest {

    private static final String STAFF = "staff:sue";
    private static final String ADA = "customer:ada";
    private static final String OPERATOR = "operator:ops";

    private static Shop shop;
    private static String order;
    private static String token;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.openForCallers(directory);
        shop.put("/products/tea", product("Tea", 1_000), Keys.with(STAFF)).is(200);
        Answer placed = shop.post("/orders", order("tea", 2), Keys.with(ADA)).is(201);
        order = placed.text("/id");
        shop.tell(order, new Order.Command.AddNote("nobody said so"));
        Answer held =
                shop.put(
                                "/orders/" + order + "/holds/MANUAL",
                                "{\"reason\":\"look\"}",
                                Keys.with(STAFF))
                        .is(200);
        token = held.header("Fakta-Token");
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static List<JsonNode> deeds(String query) {
        Answer answer =
                shop.get("/audit?" + query, Keys.with(OPERATOR, "Fakta-Token", token)).is(200);
        List<JsonNode> deeds = new ArrayList<>();
        answer.json().path("items").forEach(deeds::add);
        return deeds;
    }

    private static List<String> events(String query) {
        return deeds(query).stream().map(deed -> deed.path("event").asString()).toList();
    }

    @Test
    void what_callers_did_is_listed_newest_first_and_what_nobody_said_is_not() {
        assertThat(events("subject=order/" + order))
                .containsExactly("order-hold-placed", "order-created");
        assertThat(events("")).contains("product-listed").doesNotContain("order-note-added");
    }

    @Test
    void it_is_asked_for_by_who_what_and_when() {
        JsonNode created = deeds("event=order-created").getFirst();
        assertThat(created.path("actor").asString()).isEqualTo("ada");
        assertThat(created.path("revision").asInt()).isEqualTo(1);
        assertThat(events("actor=ada")).containsExactly("order-created");
        assertThat(events("correlationId=" + created.path("correlationId").asString()))
                .containsExactly("order-created");
        String at = created.path("at").asString();
        assertThat(events("subject=order/" + order + "&until=" + at)).isEmpty();
        assertThat(events("subject=order/" + order + "&from=" + at)).hasSize(2);
    }

    @Test
    void it_is_for_operators() {
        shop.get("/audit", Keys.with(STAFF)).is(403);
        shop.get("/audit", Keys.with(ADA)).is(403);
        shop.get("/audit").is(401);
    }

    @Test
    void what_a_courier_does_by_itself_is_nobodys_deed() {
        View view = AuditLog.of(List.of(OrdersMicrosystem.DEFINITION));
        List<String> written = new ArrayList<>();
        for (String actor : List.of("courier stock-courier", "", "sue")) {
            UUID id = new UUID(0, 1);
            At at = new At("o1", 2, 0, 2, Instant.EPOCH, actor, id, id, id);
            view.apply(
                    new Order.Event.OrderNoteAdded("note"),
                    at,
                    (_, arguments) -> written.add(String.valueOf(arguments[2])));
        }
        assertThat(written).containsExactly("sue");
    }
}
