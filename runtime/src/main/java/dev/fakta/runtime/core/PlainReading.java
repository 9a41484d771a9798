// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeFactory;

/// Whether Jackson reads a type by its components alone, so that what reflection finds in it is all
/// there is to find: then no two of them have one JSON name, and nothing else is asked to make it.
/// To have Jackson make a reader instead, just to see that it can, takes a start ten times as long.
///
/// Any annotation that could mean something to Jackson says no, here or on a type above; and so do
/// a record's methods that Jackson takes for getters, setters or factories, and a constructor of
/// one argument beside the canonical one.
///
/// One thread.
final class PlainReading {

    private static final Set<String> FACTORIES = Set.of("valueOf", "fromString");

    private final TypeFactory types;
    private final Map<JavaType, Boolean> known = new HashMap<>();

    PlainReading(TypeFactory types) {
        this.types = types;
    }

    /// Whether it is so for the type and for whatever is in it.
    boolean suffices(JavaType type) {
        Boolean before = known.putIfAbsent(type, true); // what holds its own kind is asked once
        if (before != null) {
            return before;
        }
        boolean suffices = look(type);
        if (!suffices) {
            known.values().removeIf(Boolean::booleanValue); // some may hold this one: see above
            known.put(type, false);
        }
        return suffices;
    }

    private boolean look(JavaType type) {
        Class<?> raw = type.getRawClass();
        if (raw.isArray()) {
            return suffices(type.getContentType());
        }
        if (raw.isPrimitive() || raw.getName().startsWith("java.")) {
            return type.getBindings().getTypeParameters().stream().allMatch(this::suffices);
        }
        if (!isPlain(raw)) {
            return false;
        }
        if (raw.isEnum()) {
            return Arrays.stream(raw.getDeclaredFields()).noneMatch(PlainReading::isMarked);
        }
        if (raw.isRecord()) {
            return isPlainRecord(raw)
                    && Arrays.stream(raw.getRecordComponents())
                            .map(one -> part(type, one))
                            .allMatch(this::suffices);
        }
        return PlainTypes.isSealed(raw)
                && Arrays.stream(raw.getPermittedSubclasses())
                        .map(one -> types.constructSpecializedType(type, one))
                        .allMatch(this::suffices);
    }

    private JavaType part(JavaType record, RecordComponent component) {
        return types.resolveMemberType(component.getGenericType(), record.getBindings());
    }

    /// Neither the type nor one that it is of says anything to Jackson.
    private static boolean isPlain(Class<?> type) {
        if (type.getName().startsWith("java.")) {
            return true;
        }
        Class<?> above = type.getSuperclass();
        return !isMarked(type)
                && Arrays.stream(type.getDeclaredMethods()).allMatch(PlainReading::isPlain)
                && (above == null || isPlain(above))
                && Arrays.stream(type.getInterfaces()).allMatch(PlainReading::isPlain);
    }

    private static boolean isPlain(Method method) {
        String name = method.getName();
        return !isMarked(method)
                && noneMarked(method.getParameterAnnotations())
                && (method.getDeclaringClass().isEnum() // is read by what toString says
                        || !(FACTORIES.contains(name)
                                || isNamed(name, "get")
                                || isNamed(name, "is")
                                || isNamed(name, "set")));
    }

    /// As in `getTotal`, whereas `settle` is no setter.
    private static boolean isNamed(String name, String before) {
        return name.startsWith(before)
                && (name.length() == before.length()
                        || !Character.isLowerCase(name.charAt(before.length())));
    }

    private static boolean isPlainRecord(Class<?> type) {
        Constructor<?>[] constructors = type.getDeclaredConstructors();
        return Arrays.stream(constructors)
                        .allMatch(one -> isPlain(one) && isAlone(one, constructors.length))
                && Stream.of(type.getDeclaredFields(), type.getRecordComponents())
                        .flatMap(Arrays::stream)
                        .map(AnnotatedElement.class::cast)
                        .noneMatch(PlainReading::isMarked);
    }

    private static boolean isPlain(Constructor<?> constructor) {
        return !isMarked(constructor) && noneMarked(constructor.getParameterAnnotations());
    }

    /// Jackson may make a record of a bare value by a constructor that takes one, and takes no
    /// other than the canonical one else.
    private static boolean isAlone(Constructor<?> constructor, int constructors) {
        return constructors == 1 || constructor.getParameterCount() > 1;
    }

    private static boolean noneMarked(Annotation[][] parameters) {
        return Arrays.stream(parameters)
                .flatMap(Arrays::stream)
                .noneMatch(PlainReading::isForJackson);
    }

    private static boolean isMarked(AnnotatedElement element) {
        return Arrays.stream(element.getAnnotations()).anyMatch(PlainReading::isForJackson);
    }

    /// One of a program's own may have Jackson's on it.
    private static boolean isForJackson(Annotation annotation) {
        String name = annotation.annotationType().getName();
        return !name.startsWith("java.lang.") && !name.startsWith("org.jspecify.");
    }
}
