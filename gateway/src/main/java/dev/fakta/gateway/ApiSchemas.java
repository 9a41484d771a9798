// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.CustomDefinitionProviderV2;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaBuilder;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The schemas of what is sent and answered, as [Json] reads and writes it: records are closed, a
/// component is required unless it is `@Nullable`, and then it may be `null` too.
///
/// References are made first; what they refer to is there once all are collected.
final class ApiSchemas {

    static final String PLACE = "components/schemas";
    private static final String REFERENCE = "#/" + PLACE + "/";
    private static final Map<Class<?>, Text> TEXTS =
            Map.of(
                    Currency.class, new Text("pattern", "^[A-Z]{3}$"),
                    Duration.class, new Text("format", "duration"));

    private final SchemaBuilder builder = generator().buildMultipleSchemaDefinitions();
    private final List<Body> bodies = new ArrayList<>();
    private final List<ObjectNode> answers = new ArrayList<>();

    /// What is written as text, and what that text is like.
    private record Text(String keyword, String value) {}

    /// A body that takes more, or needs less, than its record says.
    ///
    /// @param place where its schema is to stand
    private record Body(
            ObjectNode place,
            ObjectNode record,
            Set<String> fromPath,
            Set<String> passedOver,
            Set<String> needed) {}

    private static SchemaGenerator generator() {
        SchemaGeneratorConfigBuilder config =
                new SchemaGeneratorConfigBuilder(
                                SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                        .with(
                                Option.DEFINITIONS_FOR_ALL_OBJECTS,
                                Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT,
                                Option.EXTRA_OPEN_API_FORMAT_VALUES,
                                Option.NULLABLE_ARRAY_ITEMS_ALLOWED,
                                Option.PLAIN_DEFINITION_KEYS)
                        .without(Option.SCHEMA_VERSION_INDICATOR);
        config.forFields()
                .withRequiredCheck(field -> !isNullable(field))
                .withNullableCheck(ApiSchemas::isNullable);
        config.forTypesInGeneral()
                .withPropertySorter((_, _) -> 0) // as they are declared
                .withDefinitionNamingStrategy(new ApiNames())
                .withCustomDefinitionProvider(new Sealed())
                .withCustomDefinitionProvider(ApiSchemas::plain);
        return new SchemaGenerator(config.build());
    }

    private static boolean isNullable(FieldScope field) {
        AnnotatedType type = component(field);
        if (field.isFakeContainerItemScope()) {
            return type instanceof AnnotatedParameterizedType list
                    && isNullable(list.getAnnotatedActualTypeArguments()[0]);
        }
        return type != null && isNullable(type);
    }

    private static boolean isNullable(AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class);
    }

    private static @Nullable AnnotatedType component(FieldScope field) {
        Class<?> record = field.getRawMember().getDeclaringClass();
        return record.isRecord()
                ? Arrays.stream(record.getRecordComponents())
                        .filter(one -> one.getName().equals(field.getDeclaredName()))
                        .map(RecordComponent::getAnnotatedType)
                        .findFirst()
                        .orElse(null)
                : null;
    }

    /// Of types that are written otherwise than by their fields.
    private static @Nullable CustomDefinition plain(
            ResolvedType type, SchemaGenerationContext context) {
        Class<?> raw = type.getErasedType();
        Text text = TEXTS.get(raw);
        ObjectNode schema = context.getGeneratorConfig().createObjectNode();
        if (text != null) {
            schema.put("type", "string").put(text.keyword, text.value);
        } else if (Map.class.isAssignableFrom(raw)) {
            ResolvedType value = context.getTypeContext().getTypeParameterFor(type, Map.class, 1);
            schema.put("type", "object")
                    .set(
                            "additionalProperties",
                            value == null
                                    ? context.getGeneratorConfig().createObjectNode()
                                    : context.createDefinitionReference(value));
        } else if (raw == BigDecimal.class) {
            schema.put("type", "number");
        } else if (raw != Object.class && !JsonNode.class.isAssignableFrom(raw)) {
            return null;
        }
        return new CustomDefinition(schema, true);
    }

    /// What is one of several records: told apart by a field where the type says so, else by what
    /// there is in it.
    private static final class Sealed implements CustomDefinitionProviderV2 {

        @Override
        public @Nullable CustomDefinition provideCustomSchemaDefinition(
                ResolvedType type, SchemaGenerationContext context) {
            Class<?> raw = type.getErasedType();
            if (!raw.isSealed()) {
                return null;
            }
            JsonTypeInfo told = raw.getAnnotation(JsonTypeInfo.class);
            ObjectNode schema = context.getGeneratorConfig().createObjectNode();
            List<Class<?>> all = records(raw).toList();
            if (told == null) {
                for (Class<?> one : all) {
                    schema.withArray("anyOf")
                            .add(context.createDefinitionReference(resolved(one, context)));
                }
            } else {
                for (Class<?> one : all) {
                    ObjectNode known =
                            context.createStandardDefinition(resolved(one, context), this);
                    known.withObject("properties")
                            .putObject(told.property())
                            .put("const", name(raw, one));
                    known.withArray("required").add(told.property());
                    schema.withArray("oneOf").add(known);
                }
                schema.putObject("discriminator").put("propertyName", told.property());
            }
            return new CustomDefinition(schema);
        }

        private static ResolvedType resolved(Class<?> type, SchemaGenerationContext context) {
            return context.getTypeContext().resolve(type);
        }

        private static Stream<Class<?>> records(Class<?> type) {
            return type.isSealed()
                    ? Arrays.stream(type.getPermittedSubclasses()).flatMap(Sealed::records)
                    : Stream.of(type);
        }

        private static String name(Class<?> all, Class<?> one) {
            JsonSubTypes listed = all.getAnnotation(JsonSubTypes.class);
            if (listed != null) {
                for (JsonSubTypes.Type type : listed.value()) {
                    if (type.value() == one && !type.name().isEmpty()) {
                        return type.name();
                    }
                }
            }
            JsonTypeName named = one.getAnnotation(JsonTypeName.class);
            return named == null ? one.getSimpleName() : named.value();
        }
    }

    /// The schema of a value of this type.
    ObjectNode of(Type type) {
        if (type instanceof ParameterizedType page && page.getRawType() == Page.class) {
            return page(page.getActualTypeArguments()[0]);
        }
        ObjectNode reference = builder.createSchemaReference(type);
        answers.add(reference);
        return reference;
    }

    /// The schema of a [Page] of items of this type.
    ObjectNode page(Type item) {
        return page(of(item));
    }

    private static ObjectNode page(ObjectNode item) {
        ObjectNode schema = object();
        schema.put("type", "object").putArray("required").add("items").add("next");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("items").put("type", "array").set("items", item);
        properties
                .putObject("next")
                .put("description", "what after takes to get the next page; null on the last one")
                .putArray("type")
                .add("string")
                .add("null");
        return schema.put("additionalProperties", false);
    }

    /// The schema of a body, once all are collected.
    ///
    /// @param fromPath components that the path gives: a body need not have them
    /// @param passedOver what a body may have besides
    /// @param needed what it has to have besides, see [NeededFields]
    ObjectNode body(
            Class<?> record, Set<String> fromPath, Set<String> passedOver, Set<String> needed) {
        ObjectNode place = object();
        ObjectNode reference = builder.createSchemaReference(record);
        bodies.add(new Body(place, reference, fromPath, passedOver, needed));
        return place;
    }

    /// All that was referred to, by name. Once, when all references are made.
    ObjectNode collect() {
        ObjectNode all = builder.collectDefinitions(PLACE);
        ApiNeeds needs = new ApiNeeds(all, answers);
        bodies.forEach(body -> needs.found(body.record, body.needed));
        needs.write();
        for (Body body : bodies) {
            boolean isRecord = body.fromPath.isEmpty() && body.passedOver.isEmpty();
            ObjectNode schema = isRecord ? body.record : adjusted(body, resolved(body.record, all));
            ObjectNode rest = needs.rest(body.record, body.needed);
            if (rest.isEmpty()) {
                body.place.setAll(schema);
            } else {
                body.place.putArray("allOf").add(schema).add(rest);
            }
        }
        return all;
    }

    /// What a schema refers to, or the schema itself.
    static ObjectNode resolved(JsonNode schema, ObjectNode all) {
        String reference = schema.path("$ref").asString("");
        return (ObjectNode)
                (reference.startsWith(REFERENCE)
                        ? all.path(reference.substring(REFERENCE.length()))
                        : schema);
    }

    private static ObjectNode adjusted(Body body, ObjectNode record) {
        ObjectNode schema = record.deepCopy();
        ObjectNode properties = schema.withObject("properties");
        for (String name : new TreeSet<>(body.passedOver)) { // the same on every node
            if (!properties.has(name)) {
                properties.putObject(name).put("readOnly", true).put("description", "passed over");
            }
        }
        for (String name : body.fromPath) {
            if (properties.get(name) instanceof ObjectNode field) {
                field.put("description", "as in the path, if at all");
            }
        }
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(name -> required.add(name.asString()));
        required.removeAll(body.fromPath);
        schema.remove("required");
        if (!required.isEmpty()) {
            required.forEach(schema.putArray("required")::add);
        }
        return schema;
    }

    private static ObjectNode object() {
        return Json.mapper().createObjectNode();
    }
}
