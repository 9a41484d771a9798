// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The operations of an OpenAPI document.
record Operations(List<Operation> all) {

    static Operations of(JsonNode document) {
        List<Operation> all = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> one : path.getValue().properties()) {
                String method = one.getKey().toUpperCase(Locale.ROOT);
                all.add(new Operation(document, method, path.getKey(), one.getValue()));
            }
        }
        return new Operations(all);
    }

    Operation of(String method, String path) {
        return all.stream()
                .filter(one -> one.method().equals(method) && one.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    List<Operation> withBody() {
        return all.stream().filter(one -> one.content().has("schema")).toList();
    }

    List<Operation> withExample() {
        return all.stream().filter(one -> one.content().has("example")).toList();
    }
}
