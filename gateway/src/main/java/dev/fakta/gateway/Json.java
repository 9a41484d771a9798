// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fakta.domain.Processor;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.type.LogicalType;

/// JSON at the outer edge: strict in what it takes (no unknown or double fields, no text for a
/// number), and clear about what is wrong with it.
final class Json {

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS) // in trees too
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .withCoercionConfigDefaults(Json::refuseEmptyOnes)
                    .withCoercionConfig(LogicalType.Textual, Json::refuseScalars)
                    .addModule(new StrictModule())
                    .build();

    private static final int DEEPEST_PATH = 20;
    private static final String NUMBER_OUT_OF_RANGE = "the number is out of range";

    /// What a parameter of the path is read as a whole number for.
    static final Set<Class<?>> WHOLE = Set.of(int.class, Integer.class, long.class, Long.class);

    /// A request without a body is one without fields.
    private static final byte[] EMPTY = {'{', '}'};

    private Json() {}

    /// Jackson would take a text without characters for no value at all.
    private static void refuseEmptyOnes(MutableCoercionConfig others) {
        others.setAcceptBlankAsEmpty(false)
                .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.EmptyArray, CoercionAction.Fail);
    }

    private static void refuseScalars(MutableCoercionConfig texts) {
        texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
    }

    static JsonMapper mapper() {
        return MAPPER;
    }

    static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    static byte[] write(Object value, StepAccess.For whom) {
        return MAPPER.writer()
                .withAttribute(StepAccess.For.ATTRIBUTE, whom)
                .writeValueAsBytes(value);
    }

    /// Reads bodies of one record type.
    ///
    /// @param fromPath the record's components that are parameters of the path, not fields of the
    ///   body
    /// @param wholeNumbers those of them that are whole numbers
    /// @param passedOver fields of the body that are no components
    /// @param check finds what is wrong with the fields of a body that can be read
    record Reader<T>(
            Class<T> type,
            ObjectReader reader,
            List<String> fromPath,
            Set<String> wholeNumbers,
            Set<String> passedOver,
            Function<Object, List<Processor.Problem>> check) {

        /// @param answered fields that the body may have whether they are components or not
        /// @param check finds what is wrong with the fields of a body that can be read
        static <T> Reader<T> of(
                Class<T> type,
                Route route,
                Set<String> answered,
                Function<Object, List<Processor.Problem>> check) {
            List<String> components =
                    Arrays.stream(type.getRecordComponents())
                            .map(RecordComponent::getName)
                            .toList();
            return new Reader<>(
                    type,
                    MAPPER.readerFor(type),
                    route.parameters().stream().filter(components::contains).toList(),
                    Arrays.stream(type.getRecordComponents())
                            .filter(one -> WHOLE.contains(one.getType()))
                            .map(RecordComponent::getName)
                            .collect(Collectors.toUnmodifiableSet()),
                    answered.stream()
                            .filter(name -> !components.contains(name))
                            .collect(Collectors.toUnmodifiableSet()),
                    check);
        }

        /// @throws ProblemException 400 when the body is not such a value, or its fields are wrong
        T read(byte[] body, Request request) {
            T value = value(body, request);
            List<Processor.Problem> faults = check.apply(value);
            if (!faults.isEmpty()) {
                throw new ProblemException(Problem.invalid(faults));
            }
            return value;
        }

        private T value(byte[] body, Request request) {
            refuseOtherThanUtf8(body);
            try {
                Object value =
                        fromPath.isEmpty() && passedOver.isEmpty()
                                ? reader.readValue(body.length == 0 ? EMPTY : body)
                                : reader.readValue(completed(body, request));
                if (value != null) {
                    return type.cast(value);
                }
            } catch (DatabindException e) {
                throw new ProblemException(Problem.unreadable(faults(e, body, request)));
            } catch (JacksonException e) {
                throw new ProblemException(Problem.unreadable(List.of(fault(e))));
            } catch (NumberFormatException _) {
                throw new ProblemException(
                        Problem.unreadable(endlessNumber(body), NUMBER_OUT_OF_RANGE));
            }
            throw new ProblemException(Problem.unreadable("", "the body is null"));
        }

        /// Of a body that ends in the middle, the one that was found before.
        private List<Fault> faults(DatabindException first, byte[] body, Request request) {
            try {
                List<Fault> all = BodyFaults.of(type, completed(body, request));
                return all.isEmpty() ? List.of(fault(first)) : all;
            } catch (JacksonException | ProblemException | NumberFormatException _) {
                return List.of(fault(first));
            }
        }

        private JsonNode completed(byte[] body, Request request) {
            JsonNode tree = MAPPER.readTree(body.length == 0 ? EMPTY : body);
            if (!(tree instanceof ObjectNode fields)) {
                throw new ProblemException(Problem.unreadable("", "the body is no JSON object"));
            }
            request.pathParameters().forEach((name, given) -> refuseOther(fields, name, given));
            fields.remove(passedOver);
            for (String name : fromPath) {
                put(fields, name, request.parameter(name));
            }
            return fields;
        }

        private void refuseOther(ObjectNode fields, String name, String given) {
            boolean isKnown = fromPath.contains(name) || passedOver.contains(name);
            if (isKnown && fields.has(name) && !given.equals(fields.path(name).asString(""))) {
                throw new ProblemException(
                        Problem.unreadable(name, "is given by the path, and differs"));
            }
        }

        /// A path has texts only; components that are whole numbers take them as such.
        private void put(ObjectNode fields, String name, String value) {
            if (!wholeNumbers.contains(name)) {
                fields.put(name, value);
                return;
            }
            if (!Query.isWholeNumber(value)) {
                throw new ProblemException(Problem.unreadable(name, ExpectedValue.WHOLE_NUMBER));
            }
            fields.put(name, Long.parseLong(value));
        }
    }

    /// Jackson lets pass what is written in more bytes than needed.
    private static void refuseOtherThanUtf8(byte[] body) {
        for (byte one : body) {
            if (one < 0) {
                try {
                    UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
                    return;
                } catch (CharacterCodingException _) {
                    throw new ProblemException(Problem.unreadable("", "the body is not UTF-8"));
                }
            }
        }
    }

    /// What an exception says of the place where it was thrown.
    static Fault fault(JacksonException e) {
        return switch (e) {
            case UnrecognizedPropertyException unknown -> Fault.unknown(path(unknown));
            case InputCoercionException number ->
                    Fault.unreadable(path(number.processor()), NUMBER_OUT_OF_RANGE);
            case StreamReadException syntax ->
                    Fault.unreadable(
                            path(syntax.processor()),
                            "not JSON: " + complaint(syntax) + where(syntax));
            case DatabindException other when isMissing(other) -> Fault.missing(path(other));
            case DatabindException other -> Fault.unreadable(path(other), reason(other));
            default ->
                    Fault.unreadable(
                            "", "nested too deeply, or a name, a number or a text is too long");
        };
    }

    /// Where a body has the first number whose exponent has more digits than a `BigDecimal` takes:
    /// Jackson throws what is none of its exceptions then, without the place.
    private static String endlessNumber(byte[] body) {
        try (JsonParser parser = MAPPER.createParser(body)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
                    try {
                        parser.getDecimalValue();
                    } catch (NumberFormatException _) {
                        return path(parser);
                    }
                }
            }
        }
        return "";
    }

    /// The record's own complaint when it has one; not Jackson's, which names classes.
    private static String reason(DatabindException e) {
        Throwable cause = e.getCause();
        if (cause instanceof NumberFormatException) {
            return NUMBER_OUT_OF_RANGE;
        }
        return cause instanceof IllegalArgumentException && cause.getMessage() != null
                ? firstLine(cause.getMessage())
                : expected(e);
    }

    private static boolean isMissing(DatabindException e) {
        return e.getCause() instanceof NullPointerException
                || e instanceof InvalidNullException
                || e.getOriginalMessage().startsWith("Missing required creator property");
    }

    private static String expected(DatabindException e) {
        return ExpectedValue.of(
                e instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : null);
    }

    /// Where the parser stands.
    private static String path(@Nullable JsonParser parser) {
        String path = "";
        TokenStreamContext at = parser == null ? null : parser.streamReadContext();
        if (at == null || at.getNestingDepth() > DEEPEST_PATH) {
            return path;
        }
        for (; at != null; at = at.getParent()) {
            if (at.inArray()) {
                path = "[" + at.getCurrentIndex() + "]" + path;
            } else if (at.currentName() != null) {
                path = "." + at.currentName() + path;
            }
        }
        return path.startsWith(".") ? path.substring(1) : path;
    }

    /// The parser's own complaint, without the advice that names its settings.
    private static String complaint(StreamReadException syntax) {
        String line = firstLine(syntax.getOriginalMessage());
        int advice = line.indexOf(": enable `");
        return advice < 0 ? line : line.substring(0, advice);
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
