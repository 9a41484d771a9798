// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The shape of an event as JSON shows it: what stands at each path of its fields.
///
///     (empty)            record
///     flight             String
///     seats              int
///     fare.amount        long               the record `fare` has a component of its own
///     passengers         list               any collection or array
///     passengers[].name  String
///     extras{}           int                the values of a map; `{key}` are its keys
///     status             one of OPEN, SOLD  an enum
///     payment(Card)      record             a type of a sealed one
///
/// A record's own name does not count, so that it can be moved. Where a type is met again below
/// itself it is not described twice.
final class EventShape {

    static final String RECORD = "record";
    static final String ONE_OF = "one of ";

    private final SortedMap<String, String> components = new TreeMap<>();
    private final Map<String, String> aliases = new TreeMap<>();
    private final Map<Class<?>, String> above = new HashMap<>();

    private EventShape() {}

    static EventShape of(Class<?> event) {
        EventShape shape = new EventShape();
        shape.add("", event, Map.of());
        return shape;
    }

    /// What stands at each path.
    SortedMap<String, String> components() {
        return components;
    }

    /// Other components, with the names of this shape where this one reads theirs by an alias.
    SortedMap<String, String> namedAsHere(Map<String, String> others) {
        SortedMap<String, String> renamed = new TreeMap<>();
        others.forEach((path, type) -> renamed.put(nameHere(path), type));
        return renamed;
    }

    private String nameHere(String path) {
        for (Map.Entry<String, String> alias : aliases.entrySet()) {
            if (isAtOrBelow(path, alias.getKey())) {
                return alias.getValue() + path.substring(alias.getKey().length());
            }
        }
        return path;
    }

    /// Whether a path is another one, or what is there is a part of what is at the other one.
    static boolean isAtOrBelow(String path, String other) {
        return path.startsWith(other)
                && (path.length() == other.length()
                        || other.isEmpty()
                        || ".[{(".indexOf(path.charAt(other.length())) >= 0);
    }

    private void add(String path, Type type, Map<TypeVariable<?>, Type> bound) {
        switch (type) {
            case Class<?> known -> add(path, known, List.of());
            case ParameterizedType known ->
                    add(
                            path,
                            (Class<?>) known.getRawType(),
                            Arrays.stream(known.getActualTypeArguments())
                                    .map(argument -> resolved(argument, bound))
                                    .toList());
            case GenericArrayType known ->
                    add(
                            path,
                            List.class,
                            List.of(resolved(known.getGenericComponentType(), bound)));
            default -> add(path, resolved(type, bound), Map.of());
        }
    }

    /// What a variable stands for; of one that stands for nothing, and of a wildcard, its bound.
    private static Type resolved(Type type, Map<TypeVariable<?>, Type> bound) {
        return switch (type) {
            case TypeVariable<?> variable ->
                    bound.containsKey(variable)
                            ? bound.get(variable)
                            : erased(variable.getBounds()[0]);
            case WildcardType wildcard -> resolved(wildcard.getUpperBounds()[0], bound);
            default -> type;
        };
    }

    private static Type erased(Type type) {
        return switch (type) {
            case ParameterizedType known -> known.getRawType();
            case TypeVariable<?> known -> erased(known.getBounds()[0]);
            default -> type;
        };
    }

    private void add(String path, Class<?> type, List<Type> arguments) {
        if (type.isArray()) {
            addList(path, List.of(type.getComponentType()));
        } else if (Collection.class.isAssignableFrom(type)) {
            addList(path, arguments);
        } else if (Map.class.isAssignableFrom(type)) {
            addMap(path, arguments);
        } else if (type == Optional.class && !arguments.isEmpty()) {
            add(path, arguments.getFirst(), Map.of());
        } else if (type.isEnum()) {
            components.put(path, ONE_OF + constants(type));
        } else if (above.containsKey(type)) {
            components.put(path, "as at '%s'".formatted(above.get(type)));
        } else if (type.isRecord() || type.isSealed()) {
            above.put(type, path);
            addParts(path, type, arguments);
            above.remove(type);
        } else {
            components.put(path, type.getSimpleName());
        }
    }

    private void addList(String path, List<Type> element) {
        components.put(path, "list");
        if (element.size() == 1) {
            add(path + "[]", element.getFirst(), Map.of());
        }
    }

    private void addMap(String path, List<Type> keyAndValue) {
        components.put(path, "map");
        if (keyAndValue.size() == 2) {
            add(path + "{key}", keyAndValue.getFirst(), Map.of());
            add(path + "{}", keyAndValue.getLast(), Map.of());
        }
    }

    private static String constants(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private void addParts(String path, Class<?> type, List<Type> arguments) {
        components.put(path, type.isRecord() ? RECORD : "sealed");
        if (type.isRecord()) {
            Map<TypeVariable<?>, Type> bound = new HashMap<>();
            for (int i = 0; i < arguments.size(); i++) {
                bound.put(type.getTypeParameters()[i], arguments.get(i));
            }
            for (RecordComponent component : type.getRecordComponents()) {
                addComponent(path.isEmpty() ? "" : path + ".", component, bound);
            }
        } else {
            leaves(type)
                    .forEach(leaf -> add(path + "(" + leaf.getSimpleName() + ")", leaf, Map.of()));
        }
    }

    private void addComponent(
            String before, RecordComponent component, Map<TypeVariable<?>, Type> bound) {
        AnnotatedElement accessor = component.getAccessor();
        JsonProperty property = accessor.getAnnotation(JsonProperty.class);
        boolean isNamed = property != null && !property.value().isEmpty();
        String path = before + (isNamed ? property.value() : component.getName());
        JsonAlias alias = accessor.getAnnotation(JsonAlias.class);
        for (String other : alias == null ? new String[0] : alias.value()) {
            aliases.put(before + other, path);
        }
        add(path, component.getGenericType(), bound);
    }

    /// The types of a sealed one that are not sealed themselves.
    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(EventShape::leaves)
                : Stream.of(type);
    }
}
