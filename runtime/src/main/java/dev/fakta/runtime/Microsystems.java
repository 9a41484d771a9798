// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.Courier;
import dev.fakta.domain.EventType;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Saga;
import dev.fakta.domain.Subscription;
import dev.fakta.domain.View;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The microsystems of a program, seen together: names are unique over all of them, so that a
/// command, an event, a view or a saga needs no other address than its name.
///
/// The first one's name is the name of their cluster. A node knows all of them, and hosts all or
/// some: those are `here`.
///
/// @param here the names of those that this node hosts
public record Microsystems(List<Microsystem> all, Set<String> here) {

    public Microsystems {
        all = List.copyOf(all);
        here = Set.copyOf(here);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("a program has at least one microsystem");
        }
        refuseTwins("name", all, one -> Stream.of(one.name()));
        refuseTwins("aggregate or saga", all, one -> one.hosted().stream().map(Aggregate::name));
        refuseTwins("saga, courier or subscription", all, Microsystems::readerNames);
        refuseTwins("event", all, Microsystems::eventNames);
        refuseTwins("processor", all, one -> one.processors().stream().map(Processor::name));
        refuseTwins("view", all, one -> one.views().stream().map(View::name));
        List<String> names = all.stream().map(Microsystem::name).toList();
        for (String name : here) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException(
                        "there is no microsystem %s; there are %s"
                                .formatted(name, String.join(", ", names)));
            }
        }
        if (here.isEmpty()) {
            throw new IllegalArgumentException("a node hosts at least one microsystem");
        }
    }

    /// All of them, all hosted.
    public Microsystems(List<Microsystem> all) {
        this(all, all.stream().map(Microsystem::name).collect(Collectors.toSet()));
    }

    /// One or several.
    public static Microsystems of(Microsystem... all) {
        return new Microsystems(List.of(all));
    }

    /// The same on a node that hosts these only.
    ///
    /// @throws IllegalArgumentException when there is none of that name
    public Microsystems hosting(Set<String> names) {
        return new Microsystems(all, names);
    }

    private static Stream<String> eventNames(Microsystem one) {
        return Stream.concat(
                        one.aggregates().stream().flatMap(aggregate -> aggregate.events().stream()),
                        one.sagas().stream().flatMap(saga -> saga.events().stream()))
                .map(EventType::name);
    }

    private static Stream<String> readerNames(Microsystem one) {
        return Stream.of(
                        one.sagas().stream().map(Saga::name),
                        one.couriers().stream().map(Courier::name),
                        one.clocks().stream().map(AlarmClock::name),
                        one.subscriptions().stream().map(Subscription::name))
                .flatMap(names -> names);
    }

    private static void refuseTwins(
            String what, List<Microsystem> all, Function<Microsystem, Stream<String>> names) {
        Map<String, Microsystem> owners = new HashMap<>();
        for (Microsystem one : all) {
            names.apply(one)
                    .forEach(
                            name -> {
                                Microsystem other = owners.put(name, one);
                                if (other != null) {
                                    throw new IllegalArgumentException(
                                            "the microsystems %s and %s both have the %s %s"
                                                    .formatted(
                                                            other.name(), one.name(), what, name));
                                }
                            });
        }
    }

    /// The name of the first.
    public String name() {
        return all.getFirst().name();
    }

    /// All that lives in partitions.
    public List<Aggregate<?, ?, ?>> hosted() {
        return flat(Microsystem::hosted);
    }

    public List<Processor<?, ?>> processors() {
        return flat(Microsystem::processors);
    }

    public List<View> views() {
        return flat(Microsystem::views);
    }

    public List<Saga<?, ?>> sagas() {
        return flat(Microsystem::sagas);
    }

    public List<Courier> couriers() {
        return flat(Microsystem::couriers);
    }

    public List<AlarmClock> clocks() {
        return flat(Microsystem::clocks);
    }

    public List<Subscription> subscriptions() {
        return flat(Microsystem::subscriptions);
    }

    private <T> List<T> flat(Function<Microsystem, List<T>> part) {
        return all.stream().flatMap(one -> part.apply(one).stream()).toList();
    }

    /// The kinds of streams in each one's log, by its name.
    public Map<String, Set<String>> streams() {
        Map<String, Set<String>> streams = new LinkedHashMap<>();
        for (Microsystem one : all) {
            Set<String> kinds = new LinkedHashSet<>();
            one.hosted().forEach(aggregate -> kinds.add(aggregate.name()));
            streams.put(one.name(), kinds);
        }
        return streams;
    }

    /// The one that has a saga.
    public Microsystem owner(Saga<?, ?> saga) {
        return owner(saga, one -> one.sagas().stream().map(Saga::name), saga.name());
    }

    /// The one that has a courier.
    public Microsystem owner(Courier courier) {
        return owner(courier, one -> one.couriers().stream().map(Courier::name), courier.name());
    }

    /// The one that has an alarm clock.
    public Microsystem owner(AlarmClock clock) {
        return owner(clock, one -> one.clocks().stream().map(AlarmClock::name), clock.name());
    }

    /// The one that has a subscription.
    public Microsystem owner(Subscription subscription) {
        return owner(
                subscription,
                one -> one.subscriptions().stream().map(Subscription::name),
                subscription.name());
    }

    /// The one that has a processor.
    public Microsystem owner(Processor<?, ?> processor) {
        return owner(
                processor, one -> one.processors().stream().map(Processor::name), processor.name());
    }

    private Microsystem owner(
            Object thing, Function<Microsystem, Stream<String>> names, String name) {
        for (Microsystem one : all) {
            if (names.apply(one).anyMatch(name::equals)) {
                return one;
            }
        }
        throw new IllegalArgumentException("no microsystem has " + thing);
    }

    /// The one that has a view.
    ///
    /// @throws IllegalArgumentException when none has
    public Microsystem owner(View view) {
        return owner(view, one -> one.views().stream().map(View::name), view.name());
    }
}
