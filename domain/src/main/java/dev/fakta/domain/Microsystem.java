// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// A bounded context that owns its log, aggregates, processors, views, sagas, couriers, alarm
/// clocks and subscriptions.
///
/// @param retired names of aggregates, sagas, events, couriers and alarm clocks that its log knows
///   and the program has not, see [#retired(String)]
public record Microsystem(
        String name,
        List<Aggregate<?, ?, ?>> aggregates,
        List<Processor<?, ?>> processors,
        List<View> views,
        List<Saga<?, ?>> sagas,
        List<Courier> couriers,
        List<AlarmClock> clocks,
        List<Subscription> subscriptions,
        Set<String> retired) {

    public Microsystem {
        Names.stable("microsystem", name);
        aggregates = List.copyOf(aggregates);
        processors = List.copyOf(processors);
        views = List.copyOf(views);
        sagas = List.copyOf(sagas);
        couriers = List.copyOf(couriers);
        clocks = List.copyOf(clocks);
        subscriptions = List.copyOf(subscriptions);
        retired = Set.copyOf(retired);
        refuseTwins(
                "aggregate",
                Stream.concat(
                        aggregates.stream().map(Aggregate::name), sagas.stream().map(Saga::name)));
        refuseTwins(
                "saga, courier, alarm clock or subscription",
                Stream.of(
                                sagas.stream().map(Saga::name),
                                withoutStream(couriers, clocks),
                                subscriptions.stream().map(Subscription::name))
                        .flatMap(names -> names));
        refuseTwins(
                "aggregate, courier or alarm clock", // one of them may be retired by its name
                Stream.concat(
                        aggregates.stream().map(Aggregate::name), withoutStream(couriers, clocks)));
        refuseTwins("event", eventNames(aggregates, sagas));
        refuseTwins("processor", processors.stream().map(Processor::name));
        refuseTwins("view", views.stream().map(View::name));
        aggregates.forEach(Microsystem::refuseNoEvents);
        aggregates.forEach(aggregate -> refuseUnnamedEvents(aggregate, aggregate.events()));
        sagas.forEach(saga -> refuseUnnamedEvents(saga, saga.events()));
        refuseInUse(
                retired,
                Stream.of(
                                aggregates.stream().map(Aggregate::name),
                                sagas.stream().map(Saga::name),
                                withoutStream(couriers, clocks),
                                eventNames(aggregates, sagas))
                        .flatMap(names -> names));
    }

    private static Stream<String> withoutStream(List<Courier> couriers, List<AlarmClock> clocks) {
        return Stream.concat(
                couriers.stream().map(Courier::name), clocks.stream().map(AlarmClock::name));
    }

    private static void refuseInUse(Set<String> retired, Stream<String> names) {
        names.filter(retired::contains)
                .findFirst()
                .ifPresent(
                        name -> {
                            throw new IllegalArgumentException(
                                    "%s is retired and in use: only one of them can be meant"
                                            .formatted(name));
                        });
    }

    private static Stream<String> eventNames(
            List<Aggregate<?, ?, ?>> aggregates, List<Saga<?, ?>> sagas) {
        Stream<EventType<?>> own =
                Stream.concat(
                        aggregates.stream().flatMap(aggregate -> aggregate.events().stream()),
                        sagas.stream().flatMap(saga -> saga.events().stream()));
        return Stream.concat(own, SagaEvent.types().stream()).map(EventType::name);
    }

    /// Starts the definition of a microsystem that has nothing in it.
    public static Microsystem named(String name) {
        return new Microsystem(
                name, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
                Set.of());
    }

    public Microsystem with(Aggregate<?, ?, ?> aggregate) {
        return new Microsystem(
                name,
                plus(aggregates, aggregate),
                processors,
                views,
                sagas,
                couriers,
                clocks,
                subscriptions,
                retired);
    }

    public Microsystem with(Processor<?, ?> processor) {
        return new Microsystem(
                name,
                aggregates,
                plus(processors, processor),
                views,
                sagas,
                couriers,
                clocks,
                subscriptions,
                retired);
    }

    public Microsystem with(View view) {
        return new Microsystem(
                name,
                aggregates,
                processors,
                plus(views, view),
                sagas,
                couriers,
                clocks,
                subscriptions,
                retired);
    }

    public Microsystem with(Saga<?, ?> saga) {
        return new Microsystem(
                name,
                aggregates,
                processors,
                views,
                plus(sagas, saga),
                couriers,
                clocks,
                subscriptions,
                retired);
    }

    /// Adds a courier, and the processor that does its errands.
    public Microsystem with(Courier courier) {
        return new Microsystem(
                name,
                aggregates,
                plus(processors, courier.processor()),
                views,
                sagas,
                plus(couriers, courier),
                clocks,
                subscriptions,
                retired);
    }

    /// Adds an alarm clock. Processors that its alarms send through have to be added too.
    public Microsystem with(AlarmClock clock) {
        return new Microsystem(
                name,
                aggregates,
                processors,
                views,
                sagas,
                couriers,
                plus(clocks, clock),
                subscriptions,
                retired);
    }

    /// Adds a subscription.
    public Microsystem with(Subscription subscription) {
        return new Microsystem(
                name,
                aggregates,
                processors,
                views,
                sagas,
                couriers,
                clocks,
                plus(subscriptions, subscription),
                retired);
    }

    /// Says that the program has no aggregate, saga, event, courier or alarm clock of this name any
    /// more, though the log knows it; a node refuses to start otherwise. The events stay in the
    /// log, and so must this line. Views and sagas pass over them; an aggregate that has a retired
    /// event among its own cannot be read. The events of a retired aggregate or saga are retired
    /// with it.
    public Microsystem retired(String formerName) {
        Set<String> more = new LinkedHashSet<>(retired);
        more.add(Names.stable("retired", formerName));
        return new Microsystem(
                name, aggregates, processors, views, sagas, couriers, clocks, subscriptions, more);
    }

    /// All that lives in partitions: the aggregates, and those that the instances of sagas are.
    public List<Aggregate<?, ?, ?>> hosted() {
        List<Aggregate<?, ?, ?>> hosted = new ArrayList<>(aggregates);
        sagas.forEach(saga -> hosted.add(saga.aggregate()));
        return hosted;
    }

    private static <T> List<T> plus(List<T> list, T one) {
        List<T> more = new ArrayList<>(list);
        more.add(one);
        return more;
    }

    private static void refuseTwins(String what, Stream<String> names) {
        Set<String> seen = new HashSet<>();
        names.forEach(
                name -> {
                    if (!seen.add(name)) {
                        throw new IllegalArgumentException(
                                "two definitions of %s %s".formatted(what, name));
                    }
                });
    }

    private static void refuseNoEvents(Aggregate<?, ?, ?> aggregate) {
        if (aggregate.events().isEmpty()) {
            throw new IllegalArgumentException(
                    "%s gives no name to any of its events: each needs an .event(\"name\", Type.class)"
                            .formatted(aggregate));
        }
    }

    /// An event without a name would be found out when it is first recorded: too late.
    private static void refuseUnnamedEvents(
            Object definition, List<? extends EventType<?>> events) {
        Set<Class<?>> named = new LinkedHashSet<>();
        events.forEach(event -> named.add(event.type()));
        Set<Class<?>> family = new LinkedHashSet<>();
        named.forEach(type -> addSealedParents(type, family));
        for (Class<?> parent : family) {
            for (Class<?> child : parent.getPermittedSubclasses()) {
                if (!child.isSealed() && !named.contains(child)) {
                    throw new IllegalArgumentException(
                            "%s gives no name to its event %s"
                                    .formatted(definition, child.getSimpleName()));
                }
            }
        }
    }

    /// Adds the sealed types above this one, and the sealed types below those.
    private static void addSealedParents(Class<?> type, Set<Class<?>> family) {
        for (Class<?> parent : type.getInterfaces()) {
            if (parent.isSealed() && family.add(parent)) {
                addSealedParents(parent, family);
                addSealedChildren(parent, family);
            }
        }
    }

    private static void addSealedChildren(Class<?> parent, Set<Class<?>> family) {
        for (Class<?> child : parent.getPermittedSubclasses()) {
            if (child.isSealed() && family.add(child)) {
                addSealedChildren(child, family);
            }
        }
    }
}
