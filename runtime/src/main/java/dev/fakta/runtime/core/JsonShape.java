// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/// What the JSON of types consists of, found by reflection, and what of it could be written and not
/// be read back. A type that can be read back is looked at once.
///
/// A type that says by annotations how it is written and read is taken as it is, and so is one that
/// has a reader of its own. Both are asked for only where the parts of a type cannot be read back:
/// a start must not wait for the annotations of hundreds of types. One thread.
final class JsonShape {

    private static final Set<Class<?>> VALUES =
            Set.of(
                    String.class,
                    Boolean.class,
                    Byte.class,
                    Short.class,
                    Character.class,
                    Integer.class,
                    Long.class,
                    Float.class,
                    Double.class);
    private static final Set<LogicalType> NO_VALUES = Set.of(LogicalType.POJO, LogicalType.Untyped);

    private final DeserializationContext reading;
    private final PlainReading plain;
    private final Set<JavaType> known = new LinkedHashSet<>();
    private final List<String> finds = new ArrayList<>();

    JsonShape(JsonMapper json) {
        this.reading = json._deserializationContext();
        this.plain = new PlainReading(json.getTypeFactory());
    }

    /// Looks at a type.
    ///
    /// @param path how a find names it
    void add(Class<?> type, String path) {
        add(reading.constructType(type), path);
    }

    /// Looks at a type, and where there is more to it than [PlainReading] knows asks Jackson for
    /// what reflection does not see: two components of one JSON name, say.
    void addWithReader(Class<?> type, String path) {
        int before = finds.size();
        JavaType whole = reading.constructType(type);
        add(whole, path);
        if (finds.size() == before && !plain.suffices(whole)) {
            try {
                reading.findRootValueDeserializer(whole);
            } catch (JacksonException e) {
                find(path, type.getSimpleName(), e.getOriginalMessage());
            }
        }
    }

    /// What cannot be read back: path, type and what to do, one line each.
    List<String> finds() {
        return List.copyOf(finds);
    }

    /// The types that have been looked at, in the order in which they were met: a line for each,
    /// and one for each component of a record.
    List<String> lines() {
        return known.stream().flatMap(this::lines).toList();
    }

    private Stream<String> lines(JavaType type) {
        Class<?> raw = type.getRawClass();
        if (raw.isEnum()) {
            return Stream.of(text(type) + ": " + String.join(" | ", texts(raw)));
        }
        if (raw.isRecord()) {
            Stream<String> parts =
                    Arrays.stream(raw.getRecordComponents())
                            .map(one -> "  %s: %s".formatted(jsonName(one), text(part(type, one))));
            return Stream.concat(Stream.of(text(type)), parts);
        }
        if (PlainTypes.isSealed(raw)) {
            Stream<String> names = permitted(raw).map(Class::getSimpleName).sorted();
            return Stream.of(text(type) + ": " + names.collect(Collectors.joining(" | ")));
        }
        return Stream.of();
    }

    private void find(String path, String type, String advice) {
        finds.add("%s: %s %s".formatted(path, type, advice));
    }

    private void add(JavaType type, String path) {
        Class<?> raw = type.getRawClass();
        if (type.isMapLikeType()) {
            addMap(type, path);
        } else if (type.isArrayType() || type.isCollectionLikeType()) {
            failUnlessMade(type, path);
            add(type.getContentType(), path + "[]");
        } else if (raw == Optional.class) {
            add(type.containedTypeOrUnknown(0), path);
        } else if (!raw.isPrimitive() && !VALUES.contains(raw) && known.add(type)) {
            addOwn(type, path);
        }
    }

    private void addMap(JavaType type, String path) {
        failUnlessMade(type, path);
        JavaType key = type.getKeyType();
        if (!isJsonName(key)) {
            find(
                    path,
                    text(type),
                    "has a key that is no JSON name: use a text, a number, an enum or a UUID, or"
                            + " give %s @JsonValue and @JsonCreator".formatted(text(key)));
        } else if (key.getRawClass().isEnum()) {
            add(key, path + "{}");
        }
        add(type.getContentType(), path + "{}");
    }

    /// Jackson reads keys of any type with a constructor from one text, a record's too, but writes
    /// what `toString` says.
    private boolean isJsonName(JavaType key) {
        Class<?> raw = key.getRawClass();
        if (raw == Object.class || !(isJdk(raw) || raw.isEnum() || PlainTypes.hasOwnJson(raw))) {
            return false;
        }
        try {
            return reading.findKeyDeserializer(key, null) != null;
        } catch (JacksonException _) {
            return false;
        }
    }

    /// The JDK's collections can be made; others hardly.
    private void failUnlessMade(JavaType type, String path) {
        Class<?> raw = type.getRawClass();
        if (!type.isArrayType()
                && !(isJdk(raw) && Modifier.isPublic(raw.getModifiers()))
                && !isTakenAsItIs(type)) {
            find(
                    path,
                    text(type),
                    "is a collection that cannot be made: declare it as List, Set or Map");
        }
    }

    private static boolean isJdk(Class<?> type) {
        return type.getName().startsWith("java.");
    }

    private void addOwn(JavaType type, String path) {
        Class<?> raw = type.getRawClass();
        int before = finds.size();
        if (raw == Object.class) {
            find(
                    path,
                    "Object",
                    "says nothing of what it holds, as a raw type does: name the type");
        } else if (raw.isEnum()) {
            addEnum(type, path);
        } else if (raw.isRecord()) {
            addRecord(type, path);
        } else if (PlainTypes.isSealed(raw)) {
            addSealed(type, path);
        } else if (!isJdkValue(type)) {
            find(path, text(type), otherThanRecord(raw));
        }
        if (finds.size() > before && isTakenAsItIs(type)) {
            forget(before);
        } else if (finds.size() > before) {
            known.remove(type); // each path to it is told
        }
    }

    private void forget(int before) {
        finds.subList(before, finds.size()).clear();
    }

    private static String otherThanRecord(Class<?> type) {
        return Modifier.isAbstract(type.getModifiers())
                ? "is open, so that nobody knows which class to read: seal it, with records"
                : "is a class: make it a record, or give it @JsonValue and @JsonCreator";
    }

    private boolean isTakenAsItIs(JavaType type) {
        Class<?> raw = type.getRawClass();
        if (isJdk(raw)) {
            return false;
        }
        return PlainTypes.hasOwnJson(raw)
                || JsonNode.class.isAssignableFrom(raw)
                || reader(type)
                        .filter(known -> !known.getClass().getName().startsWith("tools.jackson."))
                        .isPresent();
    }

    private boolean isJdkValue(JavaType type) {
        return isJdk(type.getRawClass())
                && type.getRawClass() != Number.class
                && reader(type)
                        .filter(known -> known.logicalType() != null)
                        .filter(known -> !NO_VALUES.contains(known.logicalType()))
                        .isPresent();
    }

    private Optional<ValueDeserializer<?>> reader(JavaType type) {
        try {
            return Optional.of(reading.findNonContextualValueDeserializer(type));
        } catch (DatabindException _) {
            return Optional.empty(); // what is wrong with it is found out by looking at its parts
        }
    }

    private void addEnum(JavaType type, String path) {
        List<String> texts = texts(type.getRawClass());
        if (texts.stream().distinct().count() < texts.size()) {
            find(path, text(type), "has two constants of one text: let toString tell them apart");
        }
    }

    private static List<String> texts(Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).map(Object::toString).toList();
    }

    private void addRecord(JavaType type, String path) {
        for (RecordComponent component : type.getRawClass().getRecordComponents()) {
            int before = finds.size();
            add(part(type, component), path + "." + component.getName());
            if (finds.size() > before && isMarked(component)) {
                forget(before);
            }
        }
    }

    private JavaType part(JavaType record, RecordComponent component) {
        return reading.getTypeFactory()
                .resolveMemberType(component.getGenericType(), record.getBindings());
    }

    private static String jsonName(RecordComponent component) {
        JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
        return named == null || named.value().isEmpty() ? component.getName() : named.value();
    }

    private static boolean isMarked(RecordComponent component) {
        Method accessor = component.getAccessor();
        return PlainTypes.isMarked(component) || PlainTypes.isMarked(accessor);
    }

    private void addSealed(JavaType type, String path) {
        Map<String, Class<?>> names = new HashMap<>();
        for (Class<?> one : permitted(type.getRawClass()).toList()) {
            JavaType subtype = reading.constructSpecializedType(type, one);
            Class<?> twin = names.put(one.getSimpleName(), one);
            if (twin != null) {
                find(
                        path,
                        text(type),
                        "has two subtypes called %s (%s and %s): rename one"
                                .formatted(one.getSimpleName(), twin.getName(), one.getName()));
            }
            add(subtype, "%s(%s)".formatted(path, one.getSimpleName()));
        }
    }

    /// What a sealed type can be, down to what is not sealed any more.
    private static Stream<Class<?>> permitted(Class<?> type) {
        return Arrays.stream(type.getPermittedSubclasses())
                .flatMap(one -> PlainTypes.isSealed(one) ? permitted(one) : Stream.of(one))
                .distinct();
    }

    private static String text(JavaType type) {
        if (type.isArrayType()) {
            return text(type.getContentType()) + "[]";
        }
        String name = type.getRawClass().getSimpleName();
        return type.containedTypeCount() == 0
                ? name
                : name
                        + type.getBindings().getTypeParameters().stream()
                                .map(JsonShape::text)
                                .collect(Collectors.joining(", ", "<", ">"));
    }
}
