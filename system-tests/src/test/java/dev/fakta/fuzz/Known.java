// SPDX-License-Identifier: Apache-2.0
package dev.fakta.fuzz;

import dev.fakta.http.Answer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the answers so far have told: ids, cursors and tokens that exist, and bodies that were
/// taken. Serves all threads.
final class Known {

    private static final int MOST = 40;

    private final Set<String> untouched;
    private final Map<String, List<String>> all = new HashMap<>();

    /// @param untouched ids of the keys that the requests are sent with: nobody is to revoke them
    Known(Set<String> untouched) {
        this.untouched = Set.copyOf(untouched);
    }

    /// @param kind as in `orders`, `cursor` or `body POST /orders`
    synchronized void add(String kind, String value, Random random) {
        if (untouched.contains(value) || value.isEmpty()) {
            return;
        }
        List<String> values = all.computeIfAbsent(kind, _ -> new ArrayList<>());
        if (values.size() < MOST) {
            values.add(value);
        } else {
            values.set(random.nextInt(MOST), value);
        }
    }

    /// One of a kind.
    synchronized String any(String kind, String otherwise, Random random) {
        List<String> values = all.getOrDefault(kind, List.of());
        return values.isEmpty() ? otherwise : values.get(random.nextInt(values.size()));
    }

    /// Takes from an answer what later requests can name.
    void learn(Operation operation, RawRequest request, Answer answer, Random random) {
        add("token", answer.header("Fakta-Token"), random);
        add("tag", answer.header("ETag"), random);
        if (answer.status() >= 300) {
            return;
        }
        String location = answer.header("Location");
        if (!location.isEmpty()) {
            String[] parts = location.split("/", -1);
            add(parts[1], parts[parts.length - 1], random);
        }
        if (request.body().length > 0
                && request.body().length < 10_000
                && request.all("Content-Encoding").isEmpty()) {
            add("body " + operation.name(), text(request.body()), random);
        }
        if (operation.method().equals("GET") && answer.body().startsWith("{")) {
            learnList(operation.collection(), answer.body(), random);
        }
    }

    private static String text(byte[] body) {
        return new String(body, java.nio.charset.StandardCharsets.UTF_8);
    }

    private void learnList(String collection, String body, Random random) {
        try {
            JsonNode json = JsonMapper.shared().readTree(body);
            add("cursor", json.path("next").asString(""), random);
            for (JsonNode item : json.path("items")) {
                add(collection, item.path("id").asString(item.path("sku").asString("")), random);
                add("sagas", item.path("saga").asString(""), random);
            }
        } catch (JacksonException | NumberFormatException _) {
            // the check of the answer says so
        }
    }
}
