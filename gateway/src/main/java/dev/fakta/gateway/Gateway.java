// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.log.LogException;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeStatus;
import io.helidon.common.features.HelidonFeatures;
import io.helidon.common.features.api.HelidonFlavor;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.Method;
import io.helidon.http.PathMatchers;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves a microsystem over HTTP: its routes, `/events`, `/health/live`, `/health/ready`,
/// `/metrics`, `/openapi.json` and `/docs`.
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    /// Each has a stack and the free bytes of a body.
    private static final int MOST_CONNECTIONS = 8_192;

    private final WebServer server;
    private final Duration notice;
    private final EventStream events;
    private final Chores chores;
    private final SlowConnections connections = new SlowConnections();
    private final @Nullable Https https;
    private volatile boolean isDraining;

    private Gateway(Node node, GatewaySettings settings, Routes routes) {
        this.notice = settings.notice();
        Bodies bodies = new Bodies(settings.bodiesMemory(), settings.bodyWithin(), connections);
        RequestHeads heads = new RequestHeads(connections, settings.bodyWithin());
        HttpsFiles files = settings.https();
        this.https = files == null ? null : new Https(files, heads::onEncrypted);
        SecureHeaders secure = new SecureHeaders(https != null);
        Cors cors = new Cors(settings.origins());
        ForeignRequests foreign = new ForeignRequests(settings, cors);
        this.events = new EventStream(node, connections);
        this.chores = new Chores(node, routes.chores());
        Metrics metrics = new Metrics(node, heads, bodies, events, chores, routes.figures());
        RateLimits rates = new RateLimits(settings.rateLimits());
        metrics.limits(rates);
        CallerCheck callers = new CallerCheck(node, settings, routes.authenticators(), rates);
        WholeLists lists = new WholeLists(connections);
        metrics.lists(lists);
        BulkRequests bulks = new BulkRequests(connections, bodies, settings.longestBody());
        metrics.bulks(bulks);
        Handlers handlers = new Handlers(node, routes, settings, bodies, callers, lists, bulks);
        metrics.backlog(handlers.backlog());
        metrics.certificate(https);
        HttpRouting.Builder routing =
                HttpRouting.builder()
                        .addFilter(
                                telling(
                                        heads,
                                        (chain, request, response) -> {
                                            secure.begin(response.headers());
                                            cors.begin(request.headers(), response.headers());
                                            Problem fault = fault(request, foreign);
                                            if (fault == null) {
                                                chain.proceed();
                                            } else {
                                                Answers.problem(request, response, fault);
                                            }
                                            bodies.drop(
                                                    request.content(),
                                                    request.headers().contentLength().orElse(-1));
                                            closeWhenSaid(response);
                                        }));
        List<Routes.Line> lines = lines(routes, new SagaRoutes(node, settings));
        lines.add(new OpenApi(node, routes, lines, events.line()).line());
        lines.addAll(new DocsPage().lines());
        RequestSpans spans = new RequestSpans(node.tracing());
        Map<String, List<String>> methods = new LinkedHashMap<>();
        for (Routes.Line line : lines) {
            serve(routing, line.route(), metrics, spans, handlers.of(line), methods);
        }
        get(routing, "/health/live", (request, response) -> live(node, request, response));
        get(routing, EventStream.PATH, guarded(handlers.of(events.line())));
        get(routing, "/health/ready", (request, response) -> ready(node, request, response));
        get(routing, "/metrics", guarded(forOperators(callers, metrics::write)));
        for (String path : RouteChecks.OWN) {
            methods.put(path, List.of("GET"));
        }
        answerOthers(routing, methods, cors);
        WebServerConfig.Builder server = server(settings, heads);
        server.directHandlers(directHandlers(heads, secure, cors)).routing(routing);
        if (https != null) {
            server.tls(https.tls()).useNio(false);
        }
        this.server = server.build();
        listen(settings);
        chores.start();
    }

    /// @param methods which each path has
    private void serve(
            HttpRouting.Builder routing,
            Route route,
            Metrics metrics,
            RequestSpans spans,
            Handler handler,
            Map<String, List<String>> methods) {
        String method = route.method().name();
        methods.computeIfAbsent(shape(route.path()), _ -> new ArrayList<>()).add(method);
        Handler timed = metrics.timed(method, route.path(), guarded(handler));
        routing.route(
                served(method),
                PathMatchers.create(route.path()),
                spans.of(method, route.path(), timed));
    }

    /// What is asked of a path with a method that it has not, and of paths that are not served.
    private void answerOthers(
            HttpRouting.Builder routing, Map<String, List<String>> methods, Cors cors) {
        methods.forEach(
                (path, served) -> {
                    String allowed = allowed(served);
                    routing.options(
                            path,
                            (request, response) -> {
                                cors.preflight(request.headers(), response.headers(), allowed);
                                options(response, allowed);
                            });
                    routing.any(path, guarded((_, response) -> notAllowed(response, allowed)));
                });
        routing.any(
                guarded(
                        (_, _) -> {
                            throw new ProblemException(
                                    Problem.unknown("Nothing is served at this path."));
                        }));
    }

    private static WebServerConfig.Builder server(GatewaySettings settings, RequestHeads heads) {
        return WebServer.builder()
                .host(settings.host())
                .port(settings.port())
                .shutdownHook(false)
                .contentEncoding(new Encodings())
                .maxPayloadSize(-1) // see Bodies: one of many lines is as long as it likes
                .shutdownGracePeriod(settings.drain())
                .addProtocol(Http1Config.builder().addReceiveListener(heads).build())
                .maxTcpConnections(MOST_CONNECTIONS);
    }

    /// The filter, which says when the server itself fails at a request that could be read.
    private static Filter telling(RequestHeads heads, Filter filter) {
        return (chain, request, response) -> {
            try {
                filter.filter(chain, request, response);
            } catch (io.helidon.http.RequestException
                    | HttpException
                    | CloseConnectionException
                    | UncheckedIOException e) {
                throw e;
            } catch (RuntimeException e) {
                heads.onDefect();
                throw e;
            }
        };
    }

    /// What is wrong with a request whatever its route; `null` when nothing is.
    private static @Nullable Problem fault(ServerRequest request, ForeignRequests foreign) {
        Problem fault = PathCheck.fault(request.prologue());
        return fault != null ? fault : foreign.fault(request);
    }

    private static List<Routes.Line> lines(Routes routes, SagaRoutes sagas) {
        List<Routes.Line> all = new ArrayList<>(routes.all());
        sagas.all().forEach(route -> all.add(new Routes.Line(route, RouteAccess.OPERATORS)));
        return all;
    }

    private static Handler forOperators(CallerCheck callers, Handler handler) {
        return (request, response) -> {
            callers.admitted(request, response, RouteAccess.OPERATORS);
            handler.handle(request, response);
        };
    }

    private static void get(HttpRouting.Builder routing, String path, Handler handler) {
        routing.route(served("GET"), PathMatchers.create(path), handler);
    }

    /// Where `GET` is, `HEAD` is too: Helidon sends the headers then, and no body.
    private static Predicate<Method> served(String method) {
        return method.equals("GET")
                ? Method.predicate(Method.GET, Method.HEAD)
                : Method.predicate(Method.create(method));
    }

    /// As the header `Allow` has it.
    private static String allowed(List<String> served) {
        Stream<String> head = served.contains("GET") ? Stream.of("HEAD") : Stream.of();
        return Stream.of(served.stream(), head, Stream.of("OPTIONS"))
                .flatMap(names -> names)
                .collect(Collectors.joining(", "));
    }

    /// Finds out whether a gateway can listen there, before anything else is started.
    ///
    /// @throws IllegalStateException with the reason when it cannot
    static void requireListening(GatewaySettings settings) {
        InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
        if (address.isUnresolved()) {
            throw cannotListen(settings, "there is no such host");
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(address);
        } catch (IOException e) {
            throw cannotListen(settings, String.valueOf(e.getMessage()));
        }
    }

    private static IllegalStateException cannotListen(GatewaySettings settings, String reason) {
        return new IllegalStateException(
                "cannot listen on %s:%d: %s; --host and --port name another address"
                        .formatted(settings.host(), settings.port(), reason));
    }

    /// Helidon's start does not throw when it cannot listen.
    private void listen(GatewaySettings settings) {
        // Else a thread looks at the class path for parts of Helidon, to log a line of them, but
        // only for the kind of Helidon that is named first: this names another one.
        HelidonFeatures.flavor(HelidonFlavor.MP);
        server.start();
        if (!server.isRunning() || server.port() < 0) {
            connections.close();
            closeFiles();
            server.stop();
            throw cannotListen(settings, "somebody was quicker");
        }
    }

    /// The path without the names of its parameters: routes may name the same one differently.
    private static String shape(String path) {
        return Route.PARAMETER.matcher(path).replaceAll("{any}");
    }

    /// Starts to serve.
    ///
    /// @param list lists the routes
    public static Gateway start(Node node, GatewaySettings settings, Consumer<Routes> list) {
        Routes routes = new Routes();
        list.accept(routes);
        RouteChecks.require(routes, node.microsystems());
        return new Gateway(node, settings, routes);
    }

    /// The port that it listens on.
    public int port() {
        return server.port();
    }

    /// Gives notice, takes no new requests, lets those under way end, and stops. Waits for it.
    @Override
    public void close() {
        isDraining = true;
        LockSupport.parkNanos(notice.toNanos());
        chores.close();
        events.close();
        server.stop();
        connections.close();
        closeFiles();
    }

    private void closeFiles() {
        if (https != null) {
            https.close();
        }
    }

    private Handler guarded(Handler handler) {
        return (request, response) -> {
            if (isDraining) {
                response.header(HeaderValues.CONNECTION_CLOSE);
            }
            try {
                handler.handle(request, response);
            } catch (io.helidon.http.RequestException | CloseConnectionException e) {
                throw e; // answered by the direct handlers, or not at all
            } catch (Exception e) {
                Problem problem = Handlers.problem(e);
                if (problem.status() == 500 && !(e instanceof ProblemException)) {
                    // a reply that says so was logged by the node that found the defect
                    LOG.error("{} {} fails", request.prologue().method(), request.path().path(), e);
                }
                Answers.problem(request, response, problem);
            }
        };
    }

    private static void options(ServerResponse response, String allowed) {
        response.status(Status.NO_CONTENT_204).header(HeaderNames.ALLOW, allowed).send();
    }

    private static void notAllowed(ServerResponse response, String allowed) {
        response.header(HeaderNames.ALLOW, allowed);
        throw new ProblemException(Problem.methodNotAllowed(allowed));
    }

    /// A process that is not live is to be started anew.
    private static void live(Node node, ServerRequest request, ServerResponse response) {
        boolean isAlive = node.isAlive();
        Answers.json(
                request, response, isAlive ? 200 : 503, Map.of("status", isAlive ? "UP" : "DOWN"));
    }

    private void ready(Node node, ServerRequest request, ServerResponse response) {
        NodeStatus status;
        try {
            status = node.status();
        } catch (LogException e) {
            LOG.debug("the log cannot be asked", e);
            Answers.json(request, response, 503, Map.of("status", "DOWN"));
            return;
        }
        boolean isReady = status.isWell() && status.isReady() && !isDraining;
        Answers.json(
                request,
                response,
                isReady ? 200 : 503,
                Map.of(
                        "status", isReady ? "UP" : "DOWN",
                        "activePartitions", status.activePartitions(),
                        "partitions", status.partitions(),
                        "nodes", status.nodes(),
                        "clockAheadSeconds", node.load().clockAheadSeconds(),
                        "views", status.views()));
    }

    /// Helidon says that it closes a connection, and leaves that to the client.
    private static void closeWhenSaid(ServerResponse response) {
        if (response.headers().contains(HeaderValues.CONNECTION_CLOSE)) {
            throw new CloseConnectionException("as the answer says");
        }
    }

    private static boolean isHead(DirectHandler.TransportRequest request) {
        return request.method().equals(Method.HEAD_NAME);
    }

    /// What the server answers by itself, before any route: as problem documents too.
    private static DirectHandlers directHandlers(
            RequestHeads heads, SecureHeaders secure, Cors cors) {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            handlers.addHandler(
                    type,
                    (request, eventType, status, headers, message) -> {
                        boolean isDefect = status.code() == 500;
                        Status sent =
                                heads.areBroken(isDefect)
                                        ? Status.BAD_REQUEST_400
                                        : isDefect ? Status.INTERNAL_SERVER_ERROR_500 : status;
                        Problem problem =
                                Problem.http(
                                        sent.code(),
                                        sent.reasonPhrase(),
                                        eventType == DirectHandler.EventType.PAYLOAD_TOO_LARGE
                                                ? "The body is too large."
                                                : "The server cannot take this request.");
                        secure.begin(headers);
                        cors.begin(request.headers(), headers);
                        return DirectHandler.TransportResponse.builder()
                                .status(sent)
                                .headers(headers)
                                .header(HeaderNames.CONTENT_TYPE, "application/problem+json")
                                .keepAlive(eventType.keepAlive())
                                .entity(isHead(request) ? new byte[0] : Answers.document(problem))
                                .build();
                    });
        }
        return handlers.build();
    }
}
