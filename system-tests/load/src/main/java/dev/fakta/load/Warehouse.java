// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import dev.fakta.load.Shop.Answer;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The people behind the shop: they pack what is planned, carriers bring it or lose it, some
/// customers cancel, and some send things back. What becomes of an order is decided by its id, so
/// that it is the same however often it is tried.
final class Warehouse {

    private static final int OK = 200;
    private static final int CONFLICT = 409;
    private static final int HUNDRED = 100;
    private static final int CANCELLED = 8;
    private static final int LOST = 12;
    private static final int SILENT = 13;
    private static final int RETURNED = 24;

    private final Shop shop;

    Warehouse(Shop shop) {
        this.shop = shop;
    }

    /// Where an order's id stands among a hundred.
    private static int fate(String order) {
        return Math.floorMod(order.hashCode() * 31 + order.length(), HUNDRED);
    }

    private static ObjectNode object() {
        return JsonMapper.shared().createObjectNode();
    }

    /// What is to be done about each shipment that has not left: none when there is none.
    List<Callable<Answer>> shipments() throws IOException, InterruptedException {
        List<Callable<Answer>> work = new ArrayList<>();
        for (String status : List.of("PLANNED", "PICKED", "PACKED")) {
            for (JsonNode row : all("/shipments?status=" + status)) {
                String id = row.path("id").asString();
                work.add(() -> ship(id));
            }
        }
        return work;
    }

    /// What customers send back of what was delivered.
    List<Callable<Answer>> returns() throws IOException, InterruptedException {
        List<Callable<Answer>> work = new ArrayList<>();
        for (JsonNode row : all("/orders?status=Completed")) {
            String order = row.path("id").asString();
            int fate = fate(order);
            if (fate >= SILENT && fate < RETURNED) {
                work.add(() -> sendBack(order));
            }
        }
        return work;
    }

    private List<JsonNode> all(String path) throws IOException, InterruptedException {
        List<JsonNode> rows = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = shop.get(path + "&limit=200" + after);
            page.path("items").forEach(rows::add);
            after = page.path("next").isString() ? "&after=" + page.path("next").asString() : "";
        } while (!after.isEmpty());
        return rows;
    }

    private Answer ship(String id) throws IOException, InterruptedException {
        JsonNode shipment = shop.get("/shipments/" + id);
        String order = shipment.path("orderId").asString();
        int fate = fate(order);
        if (fate < CANCELLED) {
            return done(
                    shop.send(
                            "POST",
                            "/orders/" + order + "/cancel",
                            "cancel-" + order,
                            object().put("reason", "changed my mind")));
        }
        step(id, "picking", object());
        step(id, "packing", packed(shipment));
        ObjectNode left = object();
        left.putArray("labels")
                .addObject()
                .put("parcel", "p1")
                .put("carrier", "post")
                .put("code", "T-" + id);
        left.putObject("cost").put("minor", 300).put("currency", "USD");
        Answer dispatched = step(id, "dispatch", left);
        if (dispatched.status() != OK || (fate >= LOST && fate < SILENT)) {
            return dispatched;
        }
        return fate < LOST
                ? step(id, "loss", object().put("parcel", "p1").put("reason", "fell into the sea"))
                : step(
                        id,
                        "delivery",
                        object().put("parcel", "p1")
                                .put("at", InstantSource.system().instant().toString()));
    }

    private static ObjectNode packed(JsonNode shipment) {
        ObjectNode body = object();
        ObjectNode parcel =
                body.putArray("parcels").addObject().put("id", "p1").put("weightGrams", 500);
        for (JsonNode line : shipment.path("lines")) {
            parcel.withArray("contents")
                    .addObject()
                    .put("line", line.path("line").asInt())
                    .put("quantity", line.path("quantity").asLong());
        }
        return body;
    }

    private Answer sendBack(String order) throws IOException, InterruptedException {
        ObjectNode wish = object();
        wish.putArray("lines").addObject().put("line", 0).put("quantity", 1);
        String key = "return-" + order;
        Answer asked =
                shop.send(
                        "POST",
                        "/orders/" + order + "/returns",
                        key,
                        wish.put("reason", "does not fit"));
        if (asked.status() == CONFLICT) {
            return asked;
        }
        String path = "/returns/" + asked.body().path("id").asString();
        done(shop.send("POST", path + "/approve", key + "-a", object()));
        done(shop.send("POST", path + "/receive", key + "-r", object()));
        ObjectNode found = object();
        boolean isGood = fate(order) % 2 == 0;
        found.putArray("lines")
                .addObject()
                .put("line", 0)
                .put("restocked", isGood ? 1 : 0)
                .put("writtenOff", isGood ? 0 : 1);
        return done(shop.send("POST", path + "/inspect", key + "-i", found));
    }

    private Answer step(String shipment, String step, ObjectNode body)
            throws IOException, InterruptedException {
        return done(
                shop.send(
                        "POST",
                        "/shipments/" + shipment + "/" + step,
                        step + "-" + shipment,
                        body));
    }

    /// The shop may say that it is too late for it, and nothing else.
    private static Answer done(Answer answer) throws IOException {
        if (answer.status() != OK && answer.status() != CONFLICT) {
            throw new IOException("refused: " + answer);
        }
        return answer;
    }
}
