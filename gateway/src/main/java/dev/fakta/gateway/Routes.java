// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.At;
import dev.fakta.domain.Processor;
import dev.fakta.domain.View;
import dev.fakta.runtime.Versioned;
import java.io.Serializable;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a gateway serves, one line a route. Paths have their parameters in braces; the first one is
/// the aggregate's id. A request's body is the command or request itself, as JSON.
///
/// Answers to commands carry the aggregate's representation, its revision as `ETag`, and a
/// `Fakta-Token`; they honour `Idempotency-Key`, `If-Match`, `If-None-Match` and `Prefer:
/// return=minimal`. `HEAD` and `OPTIONS` need no line.
///
/// A line that does not say whom it is for ([#allowing], [#open], [#forRoles]) is for
/// administrators only.
public final class Routes {

    private final List<Line> all = new ArrayList<>();
    private final List<Authenticator> authenticators = new ArrayList<>();
    private final List<Chore> chores = new ArrayList<>();
    private final List<Figure> figures = new ArrayList<>();
    private final Map<String, Representation<?>> representations = new HashMap<>();
    private final Map<String, Representation<?>> forCustomers = new HashMap<>();
    private final Owners owners = new Owners();
    private final Map<String, String> resources = new HashMap<>();
    private final Map<String, Set<String>> answers = new HashMap<>();
    private final Map<String, Integer> longest = new HashMap<>();
    private final List<BodyCheck<?>> checks = new ArrayList<>();
    private final IdentityHashMap<Route, Record> examples = new IdentityHashMap<>();
    private final Set<Route> undocumented = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Route> beginning = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Set<Route> bulk = Collections.newSetFromMap(new IdentityHashMap<>());

    /// The first route of the line that was listed last.
    private int last;

    Routes() {}

    /// The line before this is for callers with one of these roles, and for administrators.
    public Routes allowing(CallerRole... roles) {
        return lastFor(RouteAccess.of(roles));
    }

    /// The line before this is for anybody, without credentials too.
    public Routes open() {
        return lastFor(RouteAccess.ANYBODY);
    }

    /// The events of the resource before this are for callers with one of these roles, and for
    /// administrators, whoever may see the resource: they say who did what, and why.
    public Routes eventsAllowing(CallerRole... roles) {
        RouteAccess access = RouteAccess.of(roles);
        return changeLast(
                line ->
                        line.route() instanceof Route.Events
                                ? new Line(line.route(), access, line.bounds())
                                : line);
    }

    private Routes lastFor(RouteAccess access) {
        return changeLast(line -> new Line(line.route(), access, line.bounds()));
    }

    private Routes changeLast(UnaryOperator<Line> change) {
        if (last == all.size()) {
            throw new IllegalStateException("say whom a line is for behind the line itself");
        }
        for (int i = last; i < all.size(); i++) {
            all.set(i, change.apply(all.get(i)));
        }
        return this;
    }

    /// Says whose an aggregate is: a customer, who has no other role that a route is for, finds and
    /// changes its own only, by any route. What is somebody else's is 404, as if it did not exist.
    ///
    /// A route that is for customers and about an aggregate of which this is not said is refused at
    /// the start, unless it is [#shared].
    ///
    /// @param customer the customer's id, from the state of the aggregate; `null`: it is nobody's
    public <S> Routes owned(Aggregate<?, ?, S> aggregate, Function<S, @Nullable String> customer) {
        owners.put(aggregate, found -> customer.apply(found.state()));
        return this;
    }

    /// The same of an aggregate whose id is that of its customer.
    public Routes ownedById(Aggregate<?, ?, ?> aggregate) {
        owners.put(aggregate, Versioned::id);
        return this;
    }

    /// The same of an aggregate that is whose another one is.
    ///
    /// @param wholeId the other one's id, from the state of the part; `null`: it is nobody's
    /// @param whole the other one, which is [#owned]
    public <S> Routes partOf(
            Aggregate<?, ?, S> part,
            Function<S, @Nullable String> wholeId,
            Aggregate<?, ?, ?> whole) {
        owners.putPart(part, wholeId, whole);
        return this;
    }

    /// The line before this is about what is the same for every customer.
    public Routes shared() {
        return bounded(new Bounds.Shared());
    }

    /// In a request to the line before this a customer has to name itself; 403 otherwise.
    ///
    /// @param field where it does
    /// @param customer whom the request names
    @SuppressWarnings("unchecked")
    public <R> Routes naming(
            String field, Class<R> request, Function<R, @Nullable String> customer) {
        return bounded(
                new Bounds.Named(
                        field,
                        request,
                        (Function<Object, @Nullable String>) (Function<?, ?>) customer));
    }

    /// What the line before this creates belongs to an aggregate that the path's first parameter
    /// names: it has to be the customer's own; 404 otherwise.
    public Routes within(Aggregate<?, ?, ?> aggregate) {
        return bounded(new Bounds.Within(aggregate));
    }

    private Routes bounded(Bounds bounds) {
        return changeLast(line -> new Line(line.route(), line.access(), bounds));
    }

    /// What customers see of an aggregate, who have no other role that a route is for.
    public <S> Routes customersSee(Aggregate<?, ?, S> aggregate, Representation<S> representation) {
        forCustomers.put(aggregate.name(), representation);
        return this;
    }

    /// Lists lines, of which those that do not say whom they are for are for these roles.
    public Routes forRoles(Set<CallerRole> roles, Consumer<Routes> lines) {
        int first = all.size();
        lines.accept(this);
        RouteAccess otherwise = new RouteAccess(false, roles);
        for (int i = first; i < all.size(); i++) {
            if (all.get(i).access().equals(RouteAccess.ADMINS)) {
                all.set(i, new Line(all.get(i).route(), otherwise, all.get(i).bounds()));
            }
        }
        last = all.size();
        return this;
    }

    /// Asks this authenticator too who sends a request, behind those that were listed before.
    public Routes authenticating(Authenticator authenticator) {
        authenticators.add(authenticator);
        return this;
    }

    /// What the gateway serves of a microsystem of its own.
    ///
    /// @param status of what was done
    /// @param body the record that the body is
    /// @param answer the record that is answered
    Routes on(
            Method method,
            String path,
            int status,
            Class<?> body,
            Class<?> answer,
            Route.NodeWork work) {
        Route.About about = new Route.About(List.of(), body, List.of(answer));
        return serve(new Route.OnNode(method, path, status, work, about));
    }

    private Routes serve(Route... routes) {
        last = all.size();
        for (Route route : routes) {
            all.add(new Line(route, RouteAccess.ADMINS));
        }
        return this;
    }

    /// `GET path/{id}`, also as of `?revision=N` or `?at=TIME`, and `GET path/{id}/events`. From
    /// here on the aggregate is represented like this in every answer.
    public <S> Routes resource(
            String path, Aggregate<?, ?, S> aggregate, Representation<S> representation) {
        representations.put(aggregate.name(), representation);
        resources.put(aggregate.name(), path);
        return read(path + "/{id}", "{id}", aggregate);
    }

    /// The same of an aggregate whose id is made of several parameters of the path.
    ///
    /// @param path as in `/stock/{sku}/{location}`
    /// @param idForm as in `{sku}@{location}`
    public <S> Routes resourceAt(
            String path,
            String idForm,
            Aggregate<?, ?, S> aggregate,
            Representation<S> representation) {
        representations.put(aggregate.name(), representation);
        return read(path, idForm, aggregate);
    }

    /// Answers an aggregate, and its events, at a path beside that of its resource.
    ///
    /// @param idForm as in [#resourceAt]
    public Routes read(String path, String idForm, Aggregate<?, ?, ?> aggregate) {
        return serve(
                new Route.Read(path, aggregate, idForm),
                new Route.Events(
                        path + "/events",
                        aggregate,
                        idForm,
                        recorded -> Optional.of(Fact.of(recorded)),
                        () -> Fact.class));
    }

    /// What the aggregate's events of one type say, oldest first, as a list.
    ///
    /// @param shown what is answered of an event and of when it was recorded
    public <E> Routes list(
            String path, Aggregate<?, ?, ?> aggregate, Class<E> type, ShownFact<E> shown) {
        return serve(
                new Route.Events(
                        path,
                        aggregate,
                        "{id}",
                        recorded ->
                                type.isInstance(recorded.event())
                                        ? Optional.of(
                                                shown.of(
                                                        type.cast(recorded.event()), recorded.at()))
                                        : Optional.empty(),
                        () -> AnswerType.of(shown)));
    }

    /// Bounds the ids that paths have under this name, so that a route takes no id that others
    /// refuse. Without it, an id has at most 100 characters.
    ///
    /// @param parameter as in `sku`, for `/products/{sku}`
    /// @param characters 1 to 100
    public Routes longest(String parameter, int characters) {
        longest.put(parameter, characters);
        return this;
    }

    /// Sends the body as a command to the aggregate that the path names; 404 when it has no events.
    public <C> Routes post(String path, Class<? extends C> command, Aggregate<C, ?, ?> aggregate) {
        return command(Method.POST, 200, path, command, aggregate, (id, _) -> id);
    }

    /// The same, to the aggregate whose id follows from the path's and the command.
    public <C, T extends C> Routes postTo(
            String path,
            Class<T> command,
            Aggregate<C, ?, ?> aggregate,
            BiFunction<String, T, String> id) {
        return command(Method.POST, 200, path, command, aggregate, id);
    }

    /// Adds something to what the aggregate that the path names has: 201, with the aggregate. The
    /// path is that of the list of such things.
    public <C> Routes add(String path, Class<? extends C> command, Aggregate<C, ?, ?> aggregate) {
        return command(Method.POST, 201, path, command, aggregate, (id, _) -> id);
    }

    /// Ends what the path names with a command to its aggregate, the path's first parameter; 404
    /// when that has no events.
    public <C> Routes delete(
            String path, Class<? extends C> command, Aggregate<C, ?, ?> aggregate) {
        return command(Method.DELETE, 200, path, command, aggregate, (id, _) -> id);
    }

    /// The same, by a processor. Parameters of the path are components of the request.
    public Routes delete(String path, Processor<?, ?> processor) {
        return serve(new Route.Submit(Method.DELETE, path, processor));
    }

    /// Sends the body as a command to the aggregate that the path names, new or not.
    public <C> Routes put(String path, Class<? extends C> command, Aggregate<C, ?, ?> aggregate) {
        return command(Method.PUT, 200, path, command, aggregate, (id, _) -> id);
    }

    /// The same, to the aggregate whose id follows from the path's and the command.
    public <C, T extends C> Routes putTo(
            String path,
            Class<T> command,
            Aggregate<C, ?, ?> aggregate,
            BiFunction<String, T, String> id) {
        return command(Method.PUT, 200, path, command, aggregate, id);
    }

    @SuppressWarnings("unchecked")
    private <T> Routes command(
            Method method,
            int status,
            String path,
            Class<T> command,
            Aggregate<?, ?, ?> aggregate,
            BiFunction<String, ? super T, String> id) {
        return serve(
                new Route.Command(
                        method,
                        status,
                        path,
                        command,
                        aggregate,
                        (BiFunction<String, Object, String>) id));
    }

    /// What a request to the line before this may have as its body, for `/openapi.json` and
    /// `/docs`: the record that the line reads. What the path gives is shown there, and what is
    /// `null` is not.
    public Routes example(Record body) {
        return changeLast(
                line -> {
                    examples.put(line.route(), body);
                    return line;
                });
    }

    /// Has the line before this, which creates, also take many requests at once: a body of
    /// `application/x-ndjson`, one a line, whatever its length. Each goes the way of a single
    /// request, and is answered by a line.
    public Routes bulk() {
        return changeLast(
                line -> {
                    if (!(line.route() instanceof Route.Create)) {
                        throw new IllegalArgumentException(
                                line.route().path()
                                        + " does not create: only that is done in bulk");
                    }
                    bulk.add(line.route());
                    return line;
                });
    }

    boolean isBulk(Route route) {
        return bulk.contains(route);
    }

    Optional<Record> example(Route route) {
        return Optional.ofNullable(examples.get(route));
    }

    /// A request to the line before this begins work that sagas, couriers and alarm clocks have to
    /// finish. It is refused with 503 and `Retry-After`, before anything is recorded, while what it
    /// begins would have to wait for longer than [GatewaySettings#longestBacklog]: to be told to
    /// come again is better than a promise that is kept late, and what is underway gets done.
    public Routes unlessBehind() {
        return changeLast(
                line -> {
                    beginning.add(line.route());
                    return line;
                });
    }

    /// Whether a request begins work that others finish.
    boolean begins(Route route) {
        return beginning.contains(route);
    }

    /// Has the `PUT` at this path take what `GET` answers: fields of the answer that the request
    /// does not have are passed over.
    ///
    /// @param answer the record that is answered
    public Routes puttingBack(String path, Class<? extends Record> answer) {
        answers.put(
                path,
                Arrays.stream(answer.getRecordComponents())
                        .map(RecordComponent::getName)
                        .collect(Collectors.toUnmodifiableSet()));
        return this;
    }

    /// The fields that a request's body may have and that are passed over.
    Set<String> passedOver(Route route) {
        return route.method() == Method.PUT
                ? answers.getOrDefault(route.path(), Set.of())
                : Set.of();
    }

    /// Has the fields of every body of this type looked through, by whatever route it comes: when
    /// something is wrong with them the answer is 400 with all of it, and nothing is sent. So what
    /// an aggregate refuses itself is what does not fit its state.
    ///
    /// @param bodies the record, or an interface of several
    /// @param check finds what is wrong whatever the state, all of it
    public <T> Routes checking(
            Class<T> bodies, Function<? super T, List<Processor.Problem>> check) {
        checks.add(new BodyCheck<>(bodies, check));
        return this;
    }

    private record BodyCheck<T>(
            Class<T> bodies, Function<? super T, List<Processor.Problem>> check) {
        List<Processor.Problem> problems(Object body) {
            return check.apply(bodies.cast(body));
        }
    }

    /// What looks through bodies of a type.
    Function<Object, List<Processor.Problem>> check(Class<?> body) {
        List<BodyCheck<?>> all =
                checks.stream().filter(one -> one.bodies.isAssignableFrom(body)).toList();
        return value -> all.stream().flatMap(one -> one.problems(value).stream()).toList();
    }

    /// Gives the body to a processor, and creates an aggregate: 201 with the `Location` of its
    /// resource. Parameters of the path are components of the request.
    public Routes create(String path, Processor<?, ?> processor) {
        return serve(new Route.Create(path, processor));
    }

    /// Has a processor work on the body, and answers what is shown of the command that it would
    /// send: nothing is sent, and nothing recorded. Faults of the request are answered as ever;
    /// what only the aggregate would refuse is not.
    @SuppressWarnings("unchecked")
    public <C> Routes preview(String path, Processor<?, C> processor, ShownCommand<C> shown) {
        return serve(new Route.Preview(path, processor, (ShownCommand<Object>) shown));
    }

    /// Gives the body to a processor, for the aggregate that the path names; 404 when it has no
    /// events.
    public Routes post(String path, Processor<?, ?> processor) {
        return serve(new Route.Submit(Method.POST, path, processor));
    }

    /// Gives the body to a processor, for the aggregate that the path names.
    public Routes put(String path, Processor<?, ?> processor) {
        return serve(new Route.Submit(Method.PUT, path, processor));
    }

    /// Answers from a view, once it has seen what the caller's `Fakta-Token` has. The handler's
    /// value is written as JSON; parameters that it does not ask for are refused. Those of the path
    /// are asked for like the others, see [Query#path]. It has to ask for all of them before it
    /// reads rows: `/openapi.json` lists what it asks for without being given any.
    public Routes get(String path, View view, Handler handler) {
        return serve(new Route.Ask(path, view, handler));
    }

    /// Takes what another system sends: see [Receiver]. The answer is 200 once it is recorded. It
    /// is open to anybody unless it says otherwise, since the receiver checks who sends it; what is
    /// recorded has the path as its actor.
    ///
    /// @param longestBody in bytes
    public Routes receive(String path, int longestBody, Receiver receiver) {
        return serve(new Route.Receive(path, longestBody, receiver)).open();
    }

    /// Does this beside the requests, as long as the gateway serves.
    public Routes chore(Chore chore) {
        chores.add(chore);
        return this;
    }

    /// A gauge among the metrics, asked of a view with every scrape; absent while the view cannot
    /// be read, or answers too late.
    ///
    /// @param name as in `fakta.orders.stalled`
    /// @param meaning what it counts, in a phrase
    /// @param select has one row with one number, `figure`
    public Routes gauge(String name, String meaning, View view, String select) {
        figures.add(new Figure(name, meaning, view, select));
        return this;
    }

    /// Lists lines that `/openapi.json` is silent about: those of before, that nobody is to begin
    /// with.
    public Routes undocumented(Consumer<Routes> lines) {
        int first = all.size();
        lines.accept(this);
        all.subList(first, all.size()).forEach(line -> undocumented.add(line.route()));
        last = all.size();
        return this;
    }

    boolean isDocumented(Route route) {
        return !undocumented.contains(route);
    }

    List<Chore> chores() {
        return List.copyOf(chores);
    }

    List<Figure> figures() {
        return List.copyOf(figures);
    }

    /// A gauge that a view answers.
    record Figure(String name, String meaning, View view, String select) {}

    /// Where the aggregate with this id is found.
    String location(Aggregate<?, ?, ?> aggregate, String id) {
        return resources.get(aggregate.name()) + "/" + id;
    }

    List<Line> all() {
        return List.copyOf(all);
    }

    List<Authenticator> authenticators() {
        return List.copyOf(authenticators);
    }

    Owners owners() {
        return owners;
    }

    /// A route, and whom it is for.
    ///
    /// @param bounds how it keeps a customer to what is its own
    record Line(Route route, RouteAccess access, Bounds bounds) {

        Line(Route route, RouteAccess access) {
            this(route, access, Bounds.OWNED);
        }

        /// Whose things a request of this caller may be about.
        Reach reach(Caller caller) {
            return new Reach(access.admitsAsCustomer(caller) ? caller.customer() : null, bounds);
        }
    }

    Map<String, Integer> longest() {
        return Map.copyOf(longest);
    }

    boolean isRepresented(Aggregate<?, ?, ?> aggregate) {
        return representations.containsKey(aggregate.name());
    }

    /// What is answered of an aggregate.
    ///
    /// @param reach of the request
    @SuppressWarnings("unchecked")
    <S> Representation<S> representation(Aggregate<?, ?, S> aggregate, Reach reach) {
        Representation<?> otherwise = representations.get(aggregate.name());
        Representation<?> found =
                reach.customer() == null
                        ? otherwise
                        : forCustomers.getOrDefault(aggregate.name(), otherwise);
        if (found == null) {
            throw new IllegalArgumentException("no route is the resource of " + aggregate);
        }
        return (Representation<S>) found;
    }

    /// Answers a query. A method reference, so that `/openapi.json` can say what is answered.
    @FunctionalInterface
    public interface Handler extends Serializable {
        Object answer(Query query);
    }

    /// What is answered of an event, and of when it was recorded. A method reference, as above.
    @FunctionalInterface
    public interface ShownFact<E> extends Serializable {
        Object of(E event, At at);
    }

    /// What is answered of a command that is not sent. A method reference, as above.
    @FunctionalInterface
    public interface ShownCommand<C> extends Serializable {
        Object of(C command);
    }

    enum Method {
        GET,
        POST,
        PUT,
        DELETE
    }
}
