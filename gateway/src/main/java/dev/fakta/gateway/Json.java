// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// JSON at the outer edge: strict in what it takes (no unknown or double fields, no text for a
/// number), and clear about what is wrong with it.
final class Json {

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .build();

    /// A request without a body is one without fields.
    private static final byte[] EMPTY = {'{', '}'};

    private Json() {}

    static JsonMapper mapper() {
        return MAPPER;
    }

    static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /// Reads bodies of one record type.
    ///
    /// @param fromPath the record's components that are parameters of the path, not fields of the
    ///   body
    record Reader<T>(Class<T> type, ObjectReader reader, List<String> fromPath) {

        static <T> Reader<T> of(Class<T> type, Route route) {
            List<String> components =
                    Arrays.stream(type.getRecordComponents())
                            .map(RecordComponent::getName)
                            .toList();
            return new Reader<>(
                    type,
                    MAPPER.readerFor(type),
                    route.parameters().stream().filter(components::contains).toList());
        }

        /// @throws ProblemException 400 when the body is not such a value
        T read(byte[] body, Request request) {
            try {
                Object value =
                        fromPath.isEmpty()
                                ? reader.readValue(body.length == 0 ? EMPTY : body)
                                : reader.readValue(completed(body, request));
                if (value != null) {
                    return type.cast(value);
                }
            } catch (JacksonException e) {
                throw new ProblemException(problem(e));
            }
            throw new ProblemException(Problem.unreadable("", "the body is null"));
        }

        private JsonNode completed(byte[] body, Request request) {
            JsonNode tree = MAPPER.readTree(body.length == 0 ? EMPTY : body);
            if (!(tree instanceof ObjectNode fields)) {
                throw new ProblemException(Problem.unreadable("", "the body is no JSON object"));
            }
            for (String name : fromPath) {
                if (fields.has(name)) {
                    throw new ProblemException(Problem.unreadable(name, "is given by the path"));
                }
                fields.put(name, request.parameter(name));
            }
            return fields;
        }
    }

    private static Problem problem(JacksonException e) {
        return switch (e) {
            case UnrecognizedPropertyException unknown ->
                    Problem.unreadable(path(unknown), "there is no such field");
            case StreamReadException syntax ->
                    Problem.unreadable(
                            "",
                            "not JSON: " + firstLine(syntax.getOriginalMessage()) + where(syntax));
            case DatabindException other -> Problem.unreadable(path(other), reason(other));
            default -> Problem.unreadable("", firstLine(e.getOriginalMessage()));
        };
    }

    /// The record's own complaint when it has one; not Jackson's, which names classes.
    private static String reason(DatabindException e) {
        Throwable cause = e.getCause();
        if (cause instanceof IllegalArgumentException && cause.getMessage() != null) {
            return firstLine(cause.getMessage());
        }
        if (cause instanceof NullPointerException) {
            return "a value is missing";
        }
        return "not a value of the type that belongs here";
    }

    private static String where(JacksonException e) {
        return e.getLocation() == null
                ? ""
                : " (line %d, column %d)"
                        .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    }

    private static String path(DatabindException e) {
        String path =
                e.getPath().stream()
                        .map(
                                step ->
                                        step.getIndex() >= 0
                                                ? "[" + step.getIndex() + "]"
                                                : "." + step.getPropertyName())
                        .collect(Collectors.joining());
        return path.startsWith(".") ? path.substring(1) : path;
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
