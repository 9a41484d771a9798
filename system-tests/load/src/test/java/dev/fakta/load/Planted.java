// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Facts to plant, each of a command of its own.
final class Planted {

    private Planted() {}

    /// @param data with ' for quotes
    static Fact fact(String stream, String name, String data) {
        return fact(UUID.randomUUID(), stream, name, data);
    }

    /// @param command that of other facts which were recorded together with it
    static Fact fact(UUID command, String stream, String name, String data) {
        String line =
                JsonMapper.shared()
                        .writeValueAsString(
                                Map.of(
                                        "subject",
                                        stream,
                                        "type",
                                        name,
                                        "commandid",
                                        command.toString(),
                                        "data",
                                        json(data)));
        return Fact.parse(line).orElseThrow();
    }

    static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }
}
