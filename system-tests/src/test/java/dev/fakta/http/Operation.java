// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import tools.jackson.databind.JsonNode;

/// An operation of an OpenAPI document.
///
/// @param path as the document has it, with its parameters in braces
/// @param about what the document says of it
record Operation(JsonNode document, String method, String path, JsonNode about) {

    /// The body that it takes, if it takes one.
    JsonNode content() {
        return about.at("/requestBody/content/application~1json");
    }

    BodySchema schema() {
        return new BodySchema(document, content().path("schema"));
    }

    /// Where its body's schema stands in the document.
    String schemaPlace() {
        return "/paths/%s/%s/requestBody/content/application~1json/schema"
                .formatted(
                        path.replace("~", "~0").replace("/", "~1"),
                        method.toLowerCase(java.util.Locale.ROOT));
    }

    JsonNode example() {
        return content().path("example");
    }

    String tag() {
        return about.at("/tags/0").asString();
    }

    /// A path that can be asked for: as in the example if there is one, else of things that there
    /// are not, except for the order.
    String target(String orderId) {
        String target = path.replace("{orderId}", orderId);
        for (JsonNode one : about.path("parameters")) {
            String name = "{" + one.path("name").asString() + "}";
            target = target.replace(name, one.path("example").asString("x"));
        }
        return target;
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
