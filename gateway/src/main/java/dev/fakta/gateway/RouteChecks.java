// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Processor;
import dev.fakta.domain.View;
import dev.fakta.runtime.Microsystems;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is wrong with routes, found before they are served instead of by the first client that asks
/// for one. All problems are reported at once.
final class RouteChecks {

    /// What every gateway serves by itself.
    static final Set<String> OWN =
            Stream.concat(
                            Stream.of("/health/live", "/health/ready", "/metrics"),
                            Stream.concat(
                                    Stream.of(EventStream.PATH, OpenApi.PATH),
                                    DocsPage.paths().stream()))
                    .collect(Collectors.toUnmodifiableSet());

    /// What a value of the path cannot be read as.
    private static final Set<Class<?>> NOT_IN_A_PATH =
            Set.of(
                    boolean.class,
                    Boolean.class,
                    double.class,
                    Double.class,
                    float.class,
                    Float.class);

    private final Routes routes;
    private final Microsystems microsystems;
    private final List<String> problems = new ArrayList<>();

    private RouteChecks(Routes routes, Microsystems microsystems) {
        this.routes = routes;
        this.microsystems = microsystems;
    }

    /// @throws IllegalArgumentException with all problems
    static void require(Routes routes, Microsystems microsystems) {
        RouteChecks checks = new RouteChecks(routes, microsystems);
        Map<String, String> seen = new HashMap<>();
        for (Routes.Line line : routes.all()) {
            Route route = line.route();
            checks.unique(route, seen);
            checks.path(route);
            checks.target(route);
            checks.bounds(line);
            checks.example(route);
        }
        for (Aggregate<?, ?, ?> whole : routes.owners().wholes()) {
            if (!routes.owners().knows(whole)) {
                checks.problems.add(
                        "others are part of %s, and nothing says whose that is: owned"
                                .formatted(whole));
            }
        }
        if (!checks.problems.isEmpty()) {
            throw new IllegalArgumentException("routes: " + String.join("; ", checks.problems));
        }
    }

    private static String text(Route route) {
        return route.method() + " " + route.path();
    }

    private void add(Route route, String problem) {
        problems.add(text(route) + " " + problem);
    }

    /// Routes may name the same parameter differently.
    private void unique(Route route, Map<String, String> seen) {
        String shape = Route.PARAMETER.matcher(route.path()).replaceAll("{}");
        String other = seen.put(route.method() + " " + shape, text(route));
        if (other != null) {
            add(route, other.equals(text(route)) ? "is listed twice" : "is the same as " + other);
        }
        if (OWN.contains(route.path())) {
            add(route, "is served by every gateway itself");
        }
    }

    private void path(Route route) {
        String rest = Route.PARAMETER.matcher(route.path()).replaceAll("");
        if (!route.path().startsWith("/")) {
            add(route, "does not begin with /");
        }
        if (rest.contains("{") || rest.contains("}")) {
            add(route, "has a parameter that is not letters only, as in {id}");
            return;
        }
        switch (route) {
            case Route.Command command -> parameters(route, command.command(), 1);
            case Route.Submit submit -> parameters(route, submit.processor().request(), 1);
            case Route.Create create -> parameters(route, create.processor().request(), 0);
            case Route.Preview preview -> parameters(route, preview.processor().request(), 0);
            case Route.Receive _, Route.Operation _ -> {
                if (!route.parameters().isEmpty()) {
                    add(route, "takes no parameters in its path");
                }
            }
            case Route.Read _, Route.Events _, Route.Ask _ -> {} // take what they ask for
            case Route.OnNode _ -> {} // the gateway's own
        }
    }

    /// @param ids how many parameters name the aggregate, and need be no component of the request
    private void parameters(Route route, Class<?> request, int ids) {
        if (route.parameters().size() < ids) {
            add(route, "has no {id}, which names the aggregate");
        }
        for (int i = 0; i < route.parameters().size(); i++) {
            String name = route.parameters().get(i);
            Optional<RecordComponent> component =
                    Arrays.stream(request.getRecordComponents())
                            .filter(one -> one.getName().equals(name))
                            .findFirst();
            if (component.isEmpty() && i >= ids) {
                add(
                        route,
                        "has {%s}, which is no component of %s"
                                .formatted(name, request.getSimpleName()));
            }
            component
                    .filter(one -> NOT_IN_A_PATH.contains(one.getType()))
                    .ifPresent(
                            one ->
                                    add(
                                            route,
                                            "has {%s}, and a path has no %s"
                                                    .formatted(
                                                            name, one.getType().getSimpleName())));
        }
    }

    private void example(Route route) {
        Optional<Record> given = routes.example(route);
        Class<?> record = ApiOperation.record(route);
        if (given.isPresent() && (record == null || !record.isInstance(given.get()))) {
            add(
                    route,
                    "takes no %s, as its example is"
                            .formatted(given.get().getClass().getSimpleName()));
        }
    }

    /// A route that is for customers says how it keeps each of them to what is its own.
    private void bounds(Routes.Line line) {
        if (!line.access().isForCustomers()) {
            return;
        }
        Route route = line.route();
        switch (line.bounds()) {
            case Bounds.Shared _ -> {} // need not
            case Bounds.Within(var aggregate) -> {
                owned(route, aggregate);
                if (request(route).isEmpty() || route.parameters().isEmpty()) {
                    add(route, "creates nothing within what its path names");
                }
            }
            case Bounds.Named named -> {
                if (!request(route).map(named.request()::equals).orElse(false)) {
                    add(route, "takes no %s".formatted(named.request().getSimpleName()));
                }
            }
            case Bounds.Owned _ -> {
                switch (route) {
                    case Route.Read read -> owned(route, read.aggregate());
                    case Route.Events events -> owned(route, events.aggregate());
                    case Route.Command command -> owned(route, command.aggregate());
                    case Route.Submit submit -> owned(route, submit.processor().target());
                    case Route.Create _, Route.Preview _ ->
                            add(
                                    route,
                                    "is for customers, and nothing says for whom they may: naming, within or shared");
                    case Route.Ask _ -> {} // its handler asks, see Query
                    case Route.Receive _, Route.Operation _, Route.OnNode _ ->
                            add(route, "is for customers, and does not know them");
                }
            }
        }
    }

    /// What a route that creates something takes.
    private static Optional<Class<?>> request(Route route) {
        return switch (route) {
            case Route.Create create -> Optional.of(create.processor().request());
            case Route.Preview preview -> Optional.of(preview.processor().request());
            case Route.Read _,
                    Route.Events _,
                    Route.Ask _,
                    Route.Command _,
                    Route.Submit _,
                    Route.Receive _,
                    Route.Operation _,
                    Route.OnNode _ ->
                    Optional.empty();
        };
    }

    private void owned(Route route, Aggregate<?, ?, ?> aggregate) {
        if (!routes.owners().knows(aggregate)) {
            add(
                    route,
                    "is for customers, and nothing says whose %s is: owned or shared"
                            .formatted(aggregate));
        }
    }

    private void target(Route route) {
        switch (route) {
            case Route.Command command -> aggregate(route, command.aggregate());
            case Route.Read read -> aggregate(route, read.aggregate());
            case Route.Events events -> aggregate(route, events.aggregate());
            case Route.Submit submit -> processor(route, submit.processor());
            case Route.Create create -> processor(route, create.processor());
            case Route.Preview preview -> processor(route, preview.processor());
            case Route.Ask ask -> view(route, ask.view());
            case Route.Receive _,
                    Route.Operation _,
                    Route.OnNode _ -> {} // say later what they are for
        }
    }

    private void aggregate(Route route, Aggregate<?, ?, ?> aggregate) {
        if (microsystems.hosted().stream().noneMatch(one -> one.name().equals(aggregate.name()))) {
            add(
                    route,
                    "is for aggregate %s, which is in no microsystem".formatted(aggregate.name()));
        } else if (!routes.isRepresented(aggregate)) {
            add(
                    route,
                    "is for aggregate %s, which no route is the resource of"
                            .formatted(aggregate.name()));
        }
    }

    private void processor(Route route, Processor<?, ?> processor) {
        if (microsystems.processors().stream()
                .noneMatch(one -> one.name().equals(processor.name()))) {
            add(
                    route,
                    "is for processor %s, which is in no microsystem".formatted(processor.name()));
        }
        aggregate(route, processor.target());
    }

    private void view(Route route, View view) {
        if (microsystems.views().stream()
                .noneMatch(
                        one -> one.name().equals(view.name()) && one.version() == view.version())) {
            add(
                    route,
                    "asks view %s version %d, which is in no microsystem"
                            .formatted(view.name(), view.version()));
        }
    }
}
