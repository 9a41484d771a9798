// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An error answer (`application/problem+json`, RFC 9457) as one line for people.
final class Problem {

    private static final int LONGEST = 300;

    private Problem() {}

    /// Status, title or type, detail, and the errors by field; the text itself, cut, when the body
    /// is no problem detail.
    static String describe(JsonMapper json, int status, byte[] body) {
        try {
            JsonNode problem = json.readTree(body);
            return problem.isObject() ? describe(status, problem) : status + " " + cut(body);
        } catch (JacksonException _) {
            return status + " " + cut(body);
        }
    }

    private static String describe(int status, JsonNode problem) {
        List<String> parts = new ArrayList<>();
        String title = text(problem, "title");
        parts.add(status + " " + (title.isEmpty() ? text(problem, "type") : title));
        parts.add(text(problem, "detail"));
        for (JsonNode error : problem.path("errors")) {
            parts.add(text(error, "field") + " " + text(error, "reason"));
        }
        parts.removeIf(String::isBlank);
        return String.join("; ", parts).strip();
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }

    private static String cut(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
