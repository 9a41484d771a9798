// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The shape of a state: the names and types of its record's components, and of the records, sealed
/// types and enums in them, as a short text that is the same in every JVM. A snapshot of another
/// shape is not used, so that a changed record is noticed without raising `Aggregate.version`.
///
/// Of the program's own types the simple name counts, so that they can be moved; a type from
/// elsewhere is its name. Where a component's declared type says nothing, as a saga's own state,
/// the class of the initial value counts.
final class StateShape {

    private static final int HASH_BYTES = 8;

    private final Set<Class<?>> described = new HashSet<>();

    private StateShape() {}

    /// @param initial the state before the first event
    static String of(Object initial) {
        return hash(new StateShape().text(StateType.of(initial), () -> initial));
    }

    /// A short text that is the same for the same text, in every JVM.
    static String hash(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /// @param value the one that stands there at first; it is asked for only where the declared
    ///   type says nothing, as each accessor that is called by reflection costs the start some time
    private String text(Type type, Supplier<@Nullable Object> value) {
        return switch (type) {
            case Class<?> known when known == Object.class -> textOf(value.get(), known.getName());
            case Class<?> known -> text(known, value);
            case ParameterizedType known ->
                    text(known.getRawType(), value)
                            + Arrays.stream(known.getActualTypeArguments())
                                    .map(argument -> text(argument, StateShape::none))
                                    .collect(Collectors.joining(",", "<", ">"));
            case TypeVariable<?> known -> textOf(value.get(), known.getName());
            case WildcardType known -> "? " + text(known.getUpperBounds()[0], StateShape::none);
            case GenericArrayType known ->
                    text(known.getGenericComponentType(), StateShape::none) + "[]";
            default -> type.getTypeName(); // there are no other kinds
        };
    }

    private static @Nullable Object none() {
        return null;
    }

    private String textOf(@Nullable Object value, String otherwise) {
        return value == null ? otherwise : text(StateType.of(value), () -> value);
    }

    private String text(Class<?> type, Supplier<@Nullable Object> value) {
        if (type.isArray()) {
            return text(type.getComponentType(), StateShape::none) + "[]";
        }
        if (!(type.isRecord() || type.isSealed() || type.isEnum())
                || type.getName().startsWith("java.")) {
            return type.getName();
        }
        if (!described.add(type)) {
            return type.getSimpleName();
        }
        if (type.isEnum()) {
            return type.getSimpleName()
                    + Arrays.stream(type.getEnumConstants())
                            .map(constant -> ((Enum<?>) constant).name())
                            .toList();
        }
        if (type.isRecord()) {
            return Arrays.stream(type.getRecordComponents())
                    .map(
                            part ->
                                    part.getName()
                                            + ":"
                                            + text(
                                                    part.getGenericType(),
                                                    () -> of(part, value.get())))
                    .collect(Collectors.joining(",", type.getSimpleName() + "(", ")"));
        }
        return Arrays.stream(type.getPermittedSubclasses())
                .sorted(Comparator.comparing(Class::getSimpleName))
                .map(part -> text(part, () -> part.isInstance(value.get()) ? value.get() : null))
                .collect(Collectors.joining("|", type.getSimpleName() + "{", "}"));
    }

    /// `null` when it cannot be had: the declared type has to do then.
    private static @Nullable Object of(RecordComponent part, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        try {
            part.getAccessor().setAccessible(true);
            return part.getAccessor().invoke(value);
        } catch (ReflectiveOperationException | RuntimeException _) {
            return null;
        }
    }
}
