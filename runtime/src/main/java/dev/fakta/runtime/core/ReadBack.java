// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import dev.fakta.runtime.CodecException;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;

/// Says in words where JSON could not be read, and where two of them differ. Never says a value: it
/// may be nobody's business.
final class ReadBack {

    private ReadBack() {}

    /// What cannot be read.
    ///
    /// @param what the event, or another thing
    static CodecException unreadable(String what, JacksonException e) {
        String path = path(e);
        String reason =
                e.getOriginalMessage().startsWith("Missing required creator property")
                        ? "is missing, and a primitive has no value that means so"
                        : e.getOriginalMessage();
        String complaint = path.isEmpty() ? reason : "component %s: %s".formatted(path, reason);
        return new CodecException("%s cannot be read: %s".formatted(what, complaint), e);
    }

    private static String path(JacksonException e) {
        StringBuilder path = new StringBuilder();
        if (e instanceof DatabindException known) {
            for (JacksonException.Reference step : known.getPath()) {
                if (step.getIndex() >= 0) {
                    path.append('[').append(step.getIndex()).append(']');
                } else {
                    path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
                }
            }
        }
        return path.toString();
    }

    /// The path of the first component that differs; `null` when none does. The order of fields
    /// does not count.
    static @Nullable String difference(JsonNode one, JsonNode other) {
        return one.equals(other) ? null : difference("", one, other);
    }

    private static String difference(String path, JsonNode one, JsonNode other) {
        if (one.isObject() && other.isObject()) {
            for (Map.Entry<String, JsonNode> field : one.properties()) {
                JsonNode twin = other.path(field.getKey());
                if (!field.getValue().equals(twin)) {
                    String dot = path.isEmpty() ? "" : ".";
                    return difference(path + dot + field.getKey(), field.getValue(), twin);
                }
            }
        } else if (one.isArray() && other.isArray() && one.size() == other.size()) {
            Iterator<JsonNode> twins = other.iterator();
            int index = 0;
            for (JsonNode element : one) {
                JsonNode twin = twins.next();
                if (!element.equals(twin)) {
                    return difference("%s[%d]".formatted(path, index), element, twin);
                }
                index++;
            }
        }
        return path;
    }
}
