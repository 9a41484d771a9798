// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the server answered to one request.
public record Answer(String request, int status, HttpHeaders headers, String body) {

    /// The body as JSON.
    public JsonNode json() {
        return JsonMapper.shared().readTree(body);
    }

    /// A text in the body, at a JSON pointer.
    String text(String pointer) {
        return json().at(pointer).asString();
    }

    /// A number in the body, at a JSON pointer.
    long number(String pointer) {
        return json().at(pointer).asLong();
    }

    /// The text of one field of every item of a list.
    List<String> each(String field) {
        List<String> texts = new ArrayList<>();
        json().path("items").forEach(item -> texts.add(item.path(field).asString()));
        return texts;
    }

    /// A header; empty when there is none.
    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /// Asserts the status, and says the request and the body when it is another.
    Answer is(int expected) {
        assertThat(status).as("%s%n%s", request, body).isEqualTo(expected);
        return this;
    }

    /// Asserts a problem document of this status and type.
    Answer isProblem(int expected, String type) {
        is(expected);
        assertThat(header("Content-Type")).as(request).isEqualTo("application/problem+json");
        assertThat(text("/type")).as("%s%n%s", request, body).isEqualTo("/problems/" + type);
        assertThat(number("/status")).as(request).isEqualTo(expected);
        assertThat(text("/title")).as(request).isNotBlank();
        assertThat(text("/detail")).as(request).isNotBlank();
        assertThat(json().path("errors").isArray()).as("%s%n%s", request, body).isTrue();
        return this;
    }

    /// The fields that a problem document finds at fault.
    List<String> fields() {
        List<String> fields = new ArrayList<>();
        json().path("errors").forEach(error -> fields.add(error.path("field").asString()));
        return fields;
    }
}
