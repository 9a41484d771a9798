// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import java.lang.reflect.AnnotatedElement;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.Version;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;

/// Tells Jackson what types without annotations say by themselves: a primitive component must be
/// there, and a value whose declared type is sealed carries the simple name of its record, as
/// `"@type"`. No component can have that name. A type with annotations of its own is left alone.
final class PlainTypes extends NopAnnotationIntrospector {

    private static final long serialVersionUID = 1L;
    private static final JsonTypeInfo.Value SIMPLE_NAME =
            JsonTypeInfo.Value.construct(
                    JsonTypeInfo.Id.SIMPLE_NAME,
                    JsonTypeInfo.As.PROPERTY,
                    "@type",
                    null,
                    false,
                    null,
                    null);

    @Override
    public Version version() {
        return Version.unknownVersion();
    }

    /// Without this Jackson makes an absent primitive 0 or false.
    @Override
    public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
        return member instanceof AnnotatedParameter && member.getRawType().isPrimitive()
                ? Boolean.TRUE
                : null;
    }

    @Override
    public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(
            MapperConfig<?> config, Annotated type) {
        return type instanceof AnnotatedClass
                        && isSealed(type.getRawType())
                        && !hasOwnJson(type.getRawType())
                ? SIMPLE_NAME
                : null;
    }

    /// Whether the program has sealed this type. The JDK's own sealed types are about other things,
    /// and so is an enum, which is sealed where a constant has a body.
    static boolean isSealed(Class<?> type) {
        return type.isSealed() && !type.isEnum() && !type.getName().startsWith("java.");
    }

    /// Whether annotations say how the values of a type are written and read.
    static boolean hasOwnJson(Class<?> type) {
        return isMarked(type)
                || Stream.of(type.getDeclaredConstructors(), type.getDeclaredMethods())
                        .flatMap(Arrays::stream)
                        .anyMatch(PlainTypes::isMarked);
    }

    static boolean isMarked(AnnotatedElement element) {
        return element.isAnnotationPresent(JsonTypeInfo.class)
                || element.isAnnotationPresent(JsonDeserialize.class)
                || element.isAnnotationPresent(JsonSerialize.class)
                || element.isAnnotationPresent(JsonCreator.class)
                || element.isAnnotationPresent(JsonValue.class);
    }
}
