// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Rejection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// The parts of the document that operations share: what may be answered instead of what was asked
/// for, and the headers of requests and answers.
final class ApiProblems {

    /// What aggregates refuse with, each in its own words.
    static final int REFUSED = 409;

    private static final Map<Integer, String> MEANINGS =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry(400, "The request cannot be read, or not be carried out."),
                            Map.entry(401, "The request does not say who sends it."),
                            Map.entry(403, "The caller may not do this."),
                            Map.entry(404, "There is no such thing."),
                            Map.entry(406, "The answer has no form that Accept allows."),
                            Map.entry(408, "The body did not come in time."),
                            Map.entry(
                                    REFUSED,
                                    "The request is refused: code says why, and revision where the"
                                            + " resource is now."),
                            Map.entry(412, "The revision is not what the request asks for."),
                            Map.entry(413, "The body is too large."),
                            Map.entry(415, "The body has a form that is not read."),
                            Map.entry(422, "The idempotency key was used for another request."),
                            Map.entry(429, "Too many requests: not now."),
                            Map.entry(
                                    503,
                                    "Not now: try again, under the same Idempotency-Key if there"
                                            + " is one.")));

    private static final String PLACE = "#/components/";
    private static final String KEY = "Idempotency-Key";

    private ApiProblems() {}

    /// A reference to what is answered with this status.
    static ObjectNode response(int status) {
        return reference("responses", "Problem" + status);
    }

    /// A reference to what is answered when an aggregate refuses.
    static ObjectNode refusal(Aggregate<?, ?, ?> aggregate) {
        return aggregate.refusals().isEmpty()
                ? response(REFUSED)
                : reference("responses", refusalName(aggregate));
    }

    private static String refusalName(Aggregate<?, ?, ?> aggregate) {
        return "Problem" + REFUSED + ApiWords.camel(aggregate.name());
    }

    /// A reference to what may be answered besides.
    static ObjectNode otherResponse() {
        return reference("responses", "Problem");
    }

    static ObjectNode reference(String kind, String name) {
        return Json.mapper().createObjectNode().put("$ref", PLACE + kind + "/" + name);
    }

    /// Adds them.
    ///
    /// @param fault the schema of a [Fault]
    /// @param aggregates all that requests can get to
    /// @param references that operations have
    static void describe(
            ObjectNode components,
            ObjectNode fault,
            List<Aggregate<?, ?, ?>> aggregates,
            Set<String> references) {
        components.withObject("schemas").set("Problem", schema(fault));
        ObjectNode responses = components.putObject("responses");
        MEANINGS.forEach(
                (status, meaning) -> {
                    ObjectNode response = problem(responses, "Problem" + status, meaning);
                    codes(response, status);
                    if (status == 401) {
                        header(response, "WWW-Authenticate");
                    }
                    if (status == 429 || status == 503) {
                        header(response, "Retry-After");
                    }
                    if (status == 429) {
                        header(response, "RateLimit");
                        header(response, "RateLimit-Policy");
                    }
                });
        for (Aggregate<?, ?, ?> aggregate : aggregates) {
            if (references.contains(PLACE + "responses/" + refusalName(aggregate))) {
                refusals(responses, aggregate);
            }
        }
        if (!aggregates.isEmpty()
                && aggregates.stream().noneMatch(one -> one.refusals().isEmpty())) {
            codes(
                    responses.withObjectProperty("Problem" + REFUSED),
                    aggregates.stream()
                            .flatMap(one -> one.refusals().stream())
                            .map(Rejection::name)
                            .distinct()
                            .sorted());
        }
        problem(responses, "Problem", "Another problem.");
        requestHeaders(components.putObject("parameters"));
        answerHeaders(components.putObject("headers"));
        components
                .putObject("securitySchemes")
                .putObject("bearer")
                .put("type", "http")
                .put("scheme", "bearer");
    }

    private static ObjectNode problem(ObjectNode responses, String name, String meaning) {
        ObjectNode response = responses.putObject(name).put("description", meaning);
        response.putObject("content")
                .putObject("application/problem+json")
                .set("schema", reference("schemas", "Problem"));
        return response;
    }

    /// Which codes come with a status, where they are the gateway's own.
    private static void codes(ObjectNode response, int status) {
        List<String> own = ProblemType.of(status).stream().map(Enum::name).toList();
        if (!own.isEmpty()) {
            codes(
                    response,
                    status >= 500
                            ? own.stream()
                            : Stream.concat(own.stream(), Stream.of(ProblemType.BEFORE_ANY_ROUTE)));
        }
    }

    /// Which codes an aggregate refuses with, and what they mean.
    private static void refusals(ObjectNode responses, Aggregate<?, ?, ?> aggregate) {
        String details =
                aggregate.refusals().stream()
                        .map(one -> "- `%s`: %s".formatted(one.name(), one.detail()))
                        .collect(Collectors.joining("\n"));
        String meaning = MEANINGS.get(REFUSED) + "\n\n" + details;
        codes(
                problem(responses, refusalName(aggregate), meaning),
                aggregate.refusals().stream().map(Rejection::name));
    }

    private static void codes(ObjectNode response, Stream<String> words) {
        ObjectNode schema = Json.mapper().createObjectNode();
        ObjectNode code = Json.mapper().createObjectNode();
        words.forEach(code.withArray("enum")::add);
        schema.withArray("allOf").add(reference("schemas", "Problem"));
        schema.withArray("allOf").addObject().putObject("properties").set("code", code);
        response.withObjectProperty("content")
                .withObjectProperty("application/problem+json")
                .set("schema", schema);
    }

    static void header(ObjectNode response, String name) {
        response.withObject("headers").set(name, reference("headers", name));
    }

    /// As [Answers] writes it. A view that is behind adds to it what it has.
    private static ObjectNode schema(ObjectNode fault) {
        ObjectNode schema = Json.mapper().createObjectNode().put("type", "object");
        schema.put("description", "A problem (RFC 9457).");
        ObjectNode properties = schema.putObject("properties");
        text(properties, "type", "A relative reference that stays as it is.");
        text(properties, "title", "The kind of problem, for people.");
        properties.putObject("status").put("type", "integer");
        text(properties, "detail", "This problem, for people.");
        text(properties, "code", "The type as a word, for programs.")
                .put("pattern", "^[A-Z0-9_]+$");
        properties
                .putObject("errors")
                .put("type", "array")
                .put("description", "The faults of the request, field by field.")
                .set("items", fault);
        properties
                .putObject("revision")
                .put("type", "integer")
                .put("format", "int64")
                .put("description", "Where the resource is that refuses.");
        for (String name : new String[] {"type", "title", "status", "detail", "code", "errors"}) {
            schema.withArray("required").add(name);
        }
        return schema;
    }

    private static ObjectNode text(ObjectNode properties, String name, String meaning) {
        return properties.putObject(name).put("type", "string").put("description", meaning);
    }

    private static void requestHeaders(ObjectNode parameters) {
        requestHeader(parameters, KEY, "Sent again under it, a request is carried out once.")
                .put("minLength", 1)
                .put("maxLength", Request.LONGEST_KEY);
        requestHeader(parameters, "If-Match", "The revision that it is for, in quotes; else 412.");
        requestHeader(parameters, "If-None-Match", "A revision that it is not for, or *.");
        requestHeader(
                parameters,
                Request.TOKEN_NAME,
                "Of an earlier answer: what is answered has seen at least what that had.");
        requestHeader(parameters, "Prefer", "return=minimal: an answer without a body.");
    }

    private static ObjectNode requestHeader(ObjectNode parameters, String name, String meaning) {
        return parameters
                .putObject(name)
                .put("name", name)
                .put("in", "header")
                .put("description", meaning)
                .putObject("schema")
                .put("type", "string");
    }

    private static void answerHeaders(ObjectNode headers) {
        answerHeader(headers, "ETag", "The revision, in quotes.");
        answerHeader(headers, "Location", "Where what was created is found.");
        answerHeader(headers, Request.TOKEN_NAME, "What this answer has seen, for later requests.");
        answerHeader(headers, "Retry-After", "In so many seconds.");
        answerHeader(headers, "RateLimit", "How many requests are left (r), all again in t s.");
        answerHeader(headers, "RateLimit-Policy", "How many requests (q) in how many seconds (w).");
        answerHeader(headers, "WWW-Authenticate", "How to say who sends a request.");
        answerHeader(headers, "Idempotency-Replayed", "true: it was carried out before.");
        answerHeader(headers, "Preference-Applied", "return=minimal, when that was asked for.");
    }

    private static void answerHeader(ObjectNode headers, String name, String meaning) {
        headers.putObject(name)
                .put("description", meaning)
                .putObject("schema")
                .put("type", "string");
    }
}
