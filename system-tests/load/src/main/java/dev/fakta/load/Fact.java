// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An event, as `fakta log export` writes it.
///
/// @param command by which it came about: the events of one command were recorded together
record Fact(String aggregate, String id, UUID command, String name, JsonNode data) {

    /// The event of one exported line; nothing for a claim.
    static Optional<Fact> parse(String line) {
        JsonNode event = JsonMapper.shared().readTree(line);
        String stream = event.path("subject").asString("");
        int slash = stream.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        return Optional.of(
                new Fact(
                        stream.substring(0, slash),
                        stream.substring(slash + 1),
                        UUID.fromString(event.path("commandid").asString()),
                        event.path("type").asString(),
                        event.path("data")));
    }

    String text(String field) {
        return needed(field).asString();
    }

    long number(String field) {
        return needed(field).asLong();
    }

    /// The minor units of an amount.
    long minor(String field) {
        return needed(field).path("minor").asLong();
    }

    /// A fact without what a rule looks at would let the rule pass by mistake.
    private JsonNode needed(String field) {
        JsonNode value = data.path(field);
        if (value.isMissingNode() || value.isNull()) {
            throw new IllegalStateException(name + " of " + id + ": " + field + " is missing");
        }
        return value;
    }
}
