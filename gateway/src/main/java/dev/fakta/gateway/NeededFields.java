// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Processor;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Which fields a body has to have although its record could do without them.
///
/// Nobody writes that down: it is what refuses a body that knows, the checks of its type and the
/// processor that it is for. So they are asked, about bodies that are made up. A field is needed
/// when leaving it out is refused and the refusal names it, both of a body that has hardly anything
/// else and of one that has everything else: what is only needed beside another field passes one of
/// the two. Nothing is sent, and no state is read: all that a processor sees is as before the first
/// event.
final class NeededFields {

    private static final int DEEPEST = 5;

    /// What is taken for a value of each type that is no record, list or enum.
    private static final Map<Class<?>, Object> VALUES =
            Map.ofEntries(
                    Map.entry(String.class, "x"),
                    Map.entry(boolean.class, true),
                    Map.entry(Boolean.class, true),
                    Map.entry(int.class, 1),
                    Map.entry(Integer.class, 1),
                    Map.entry(long.class, 1),
                    Map.entry(Long.class, 1),
                    Map.entry(BigDecimal.class, 1),
                    Map.entry(Instant.class, "2026-01-01T00:00:00Z"),
                    Map.entry(Duration.class, "PT1S"),
                    Map.entry(Currency.class, "EUR"),
                    Map.entry(Map.class, Map.of()));

    private final Class<?> record;
    private final Set<String> fromPath;
    private final List<Function<Object, List<Processor.Problem>>> refusals;

    private NeededFields(
            Class<?> record,
            Set<String> fromPath,
            List<Function<Object, List<Processor.Problem>>> refusals) {
        this.record = record;
        this.fromPath = fromPath;
        this.refusals = refusals;
    }

    /// Their paths, as a fault has them: `lines[0].sku` of each line.
    ///
    /// @param record that the body is read as
    /// @param fromPath its components that the path gives
    static Set<String> of(Routes routes, Route route, Class<?> record, Set<String> fromPath) {
        NeededFields asked =
                new NeededFields(record, fromPath, refusals(route, routes.check(record)));
        Set<String> needed = new LinkedHashSet<>();
        asked.look("", record, needed);
        return needed;
    }

    /// Each of them has to name a field, or none of them is sure of it; those of a processor come
    /// in pairs, for callers who may do nothing beyond the ordinary and for those who may do
    /// everything.
    private static List<Function<Object, List<Processor.Problem>>> refusals(
            Route route, Function<Object, List<Processor.Problem>> check) {
        Optional<Processor<?, ?>> processor =
                switch (route) {
                    case Route.Submit submit -> Optional.of(submit.processor());
                    case Route.Create create -> Optional.of(create.processor());
                    case Route.Preview preview -> Optional.of(preview.processor());
                    case Route.Command _,
                            Route.Read _,
                            Route.Events _,
                            Route.Ask _,
                            Route.Receive _,
                            Route.Operation _,
                            Route.OnNode _ ->
                            Optional.empty();
                };
        return processor
                .map(
                        one ->
                                Stream.of(false, true)
                                        .map(may -> both(check, one, new BeforeAll(may)))
                                        .toList())
                .orElse(List.of(check));
    }

    private static Function<Object, List<Processor.Problem>> both(
            Function<Object, List<Processor.Problem>> check,
            Processor<?, ?> processor,
            Processor.Context context) {
        return body ->
                Stream.concat(
                                check.apply(body).stream(),
                                problems(processor, body, context).stream())
                        .toList();
    }

    private static <R> List<Processor.Problem> problems(
            Processor<R, ?> processor, Object body, Processor.Context context) {
        try {
            return processor.process(processor.request().cast(body), context)
                            instanceof Processor.Outcome.Refuse<?>(var problems)
                    ? problems
                    : List.of();
        } catch (RuntimeException _) {
            return List.of(); // the check would have kept such a body from it
        }
    }

    /// The world before anything has happened.
    private record BeforeAll(boolean permitsAll) implements Processor.Context {
        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public String id() {
            return "x";
        }

        @Override
        public boolean permits(String permission) {
            return permitsAll;
        }

        @Override
        public <S> Processor.Read<S> read(Aggregate<?, ?, S> aggregate, String id) {
            return new Processor.Read<>(aggregate.initial(), 0);
        }
    }

    private void look(String at, Class<?> type, Set<String> needed) {
        for (RecordComponent component : type.getRecordComponents()) {
            String path = within(at, component);
            if (isGiven(at, component) || depth(path) > DEEPEST) {
                continue;
            }
            if (isNullable(component) && isRefusedWithout(path)) {
                needed.add(path);
            }
            JavaType inner = Json.mapper().constructType(component.getGenericType());
            if (inner.isCollectionLikeType() && inner.getContentType().getRawClass().isRecord()) {
                look(path + "[0]", inner.getContentType().getRawClass(), needed);
            } else if (inner.getRawClass().isRecord()) {
                look(path, inner.getRawClass(), needed);
            }
        }
    }

    private boolean isRefusedWithout(String path) {
        return isRefused(path, false) && isRefused(path, true);
    }

    private boolean isRefused(String path, boolean isFull) {
        Object body;
        try {
            body = Json.mapper().treeToValue(made(record, "", path, isFull), record);
        } catch (JacksonException | IllegalArgumentException _) {
            return false; // the record asks for more than any value of its types
        }
        return refusals.stream()
                .allMatch(
                        refusal ->
                                refusal.apply(body).stream()
                                        .anyMatch(fault -> fault.field().equals(path)));
    }

    /// A body without a field.
    ///
    /// @param isFull whether it has everything else, or what it cannot do without
    private ObjectNode made(Class<?> type, String at, String without, boolean isFull) {
        ObjectNode made = Json.mapper().createObjectNode();
        for (RecordComponent component : type.getRecordComponents()) {
            String path = within(at, component);
            boolean isPart = without.startsWith(path + ".") || without.startsWith(path + "[");
            boolean isMore = (isPart || isFull) && depth(path) <= DEEPEST;
            boolean isThere = isMore || isGiven(at, component) || !isNullable(component);
            if (isThere && !path.equals(without)) {
                JavaType inner = Json.mapper().constructType(component.getGenericType());
                JsonNode value = value(inner, path, without, isFull);
                if (value != null) {
                    made.set(component.getName(), value);
                }
            }
        }
        return made;
    }

    /// `null` for a type of which none is made up.
    private @Nullable JsonNode value(JavaType type, String path, String without, boolean isFull) {
        Class<?> raw = type.getRawClass();
        if (raw.isRecord()) {
            return made(raw, path, without, isFull);
        }
        if (type.isCollectionLikeType()) {
            boolean hasItem = (isFull || without.startsWith(path + "[")) && depth(path) <= DEEPEST;
            JsonNode item =
                    hasItem ? value(type.getContentType(), path + "[0]", without, isFull) : null;
            return Json.mapper().valueToTree(item == null ? List.of() : List.of(item));
        }
        Object value = raw.isEnum() ? raw.getEnumConstants()[0] : VALUES.get(raw);
        return value == null ? null : Json.mapper().valueToTree(value);
    }

    private boolean isGiven(String at, RecordComponent component) {
        return at.isEmpty() && fromPath.contains(component.getName());
    }

    private static boolean isNullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static String within(String at, RecordComponent component) {
        return at.isEmpty() ? component.getName() : at + "." + component.getName();
    }

    private static long depth(String path) {
        return path.chars().filter(c -> c == '.').count();
    }
}
