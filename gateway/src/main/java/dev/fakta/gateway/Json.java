// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

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

    private Json() {}

    static JsonMapper mapper() {
        return MAPPER;
    }

    static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /// Reads bodies of one type.
    record Reader<T>(Class<T> type, ObjectReader reader) {

        static <T> Reader<T> of(Class<T> type) {
            return new Reader<>(type, MAPPER.readerFor(type));
        }

        /// @throws ProblemException 400 when the body is not such a value
        T read(byte[] body) {
            Object value;
            try {
                value = body.length == 0 ? null : reader.readValue(body);
            } catch (JacksonException e) {
                throw new ProblemException(problem(e));
            }
            if (value == null) {
                throw new ProblemException(Problem.unreadable("", "the body is empty"));
            }
            return type.cast(value);
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
