// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.gateway.webhooks.WebhookSettings;
import dev.fakta.log.EventLog;
import dev.fakta.log.LogDirectory;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.postgres.LogPlaces;
import dev.fakta.postgres.PostgresLogs;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Role;
import dev.fakta.runtime.Tracing;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLoggerFactory;

/// Microsystems that are being served: their logs, their node and its gateway in this JVM.
public final class Served implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Served.class);
    private static final Duration READY_WITHIN = Duration.ofMinutes(3);
    private static final long PAUSE_NANOS = 2_000_000;

    private final EventLog log;
    private final @Nullable OtlpTraces traces;
    private final Node node;
    private final Gateway gateway;
    private final String scheme;
    private final String host;
    private final String name;
    private final String news;
    private volatile boolean isClosing;
    private boolean isClosed;

    private Served(
            EventLog log,
            @Nullable OtlpTraces traces,
            Node node,
            Gateway gateway,
            GatewaySettings settings,
            String name,
            String news) {
        this.traces = traces;
        this.news = news;
        this.log = log;
        this.node = node;
        this.gateway = gateway;
        this.scheme = settings.https() == null ? "http" : "https";
        this.host = settings.host();
        this.name = name;
    }

    /// Opens the logs, starts the node, serves the routes, and waits until the node is ready.
    ///
    /// The logs are embedded, below the data directory, unless the options name a database.
    ///
    /// @throws IllegalStateException when it is not ready in time
    public static Served start(ServeOptions options, List<ServedMicrosystem> served) {
        Microsystems microsystems =
                options.here(
                        new Microsystems(
                                served.stream().map(ServedMicrosystem::definition).toList()));
        ClusterOptions cluster = options.cluster();
        GatewaySettings settings =
                cluster == null
                        ? options.gateway()
                        : options.gateway().withNotice(cluster.notice());
        JwtAuthenticator jwt = options.jwt();
        Https.requireUsable(settings);
        Gateway.requireListening(settings);
        LogPlaces places = options.places(microsystems);
        OtlpTraces traces = options.traces(microsystems);
        NodeSettings nodeSettings =
                settings(options, places)
                        .withTracing(traces == null ? Tracing.OFF : traces.tracing());
        EventLog log =
                places == null
                        ? LogDirectory.open(
                                options.data().resolve("log"),
                                microsystems.streams(),
                                SegmentLogSettings.defaults())
                        : PostgresLogs.open(places, microsystems.streams());
        Node node = null;
        Gateway gateway = null;
        try {
            AdminKey adminKey = options.adminKey(microsystems);
            if (adminKey != null) {
                settings = settings.authenticating(adminKey);
            }
            if (jwt != null) {
                settings = settings.authenticating(jwt);
            }
            node = Node.start(nodeSettings, microsystems, log, InstantSource.system());
            boolean isGateway = nodeSettings.cluster().roles().contains(Role.GATEWAY);
            boolean hasWebhooks =
                    served.contains(Webhooks.SERVED)
                            && microsystems.here().contains(Webhooks.SERVED.definition().name());
            WebhookSettings webhooks = hasWebhooks ? options.webhooks(microsystems) : null;
            gateway =
                    Gateway.start(
                            node, settings, routes(served, microsystems, isGateway, webhooks));
            awaitReady(node);
            return new Served(
                    log,
                    traces,
                    node,
                    gateway,
                    settings,
                    cluster == null ? "" : "node=" + cluster.name() + " ",
                    adminKey == null ? "" : adminKey.news());
        } catch (RuntimeException | Error e) {
            if (gateway != null) {
                gateway.close();
            }
            if (node != null) {
                node.close();
            }
            log.close();
            if (traces != null) {
                traces.close();
            }
            throw e;
        }
    }

    private static NodeSettings settings(ServeOptions options, @Nullable LogPlaces places) {
        Path views = options.data().resolve("views");
        ClusterOptions cluster = options.cluster();
        return cluster == null || places == null
                ? NodeSettings.embedded(views).withRoles(options.roles())
                : cluster.settings(views, places.home().url(), options.roles());
    }

    /// @param webhooks how they are delivered; `null` when this node has none
    private static Consumer<Routes> routes(
            List<ServedMicrosystem> served,
            Microsystems microsystems,
            boolean isGateway,
            @Nullable WebhookSettings webhooks) {
        if (!isGateway) {
            return webhooks == null ? _ -> {} : http -> Webhooks.deliver(http, webhooks);
        }
        return http -> {
            for (ServedMicrosystem one : served) {
                if (one.equals(Webhooks.SERVED)) {
                    if (webhooks != null) {
                        Webhooks.routes(http, webhooks);
                    }
                } else if (microsystems.here().contains(one.definition().name())) {
                    one.routes().accept(http);
                } else if (one.equals(ApiKeys.SERVED)) {
                    http.authenticating(ApiKeys::authenticate); // asks the nodes that have them
                }
            }
        };
    }

    private static void awaitReady(Node node) {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        String missing = node.missing();
        while (!missing.isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(
                        "the node is not ready after %d s: %s"
                                .formatted(READY_WITHIN.toSeconds(), missing));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            missing = node.missing();
        }
    }

    /// Where it is served.
    public URI uri() {
        String bracketed = host.contains(":") ? "[" + host + "]" : host;
        return URI.create(scheme + "://" + bracketed + ":" + gateway.port());
    }

    /// Says where it is served, in a line for scripts that wait for it, and before that the admin
    /// key when this start has made it.
    public void announce(PrintStream out) {
        out.print(unlogged(LoggerFactory.getILoggerFactory()));
        out.print(news);
        out.println(readyLine());
    }

    /// Answers often say that the log has the reason: what to do when there is none.
    static String unlogged(ILoggerFactory factory) {
        return factory instanceof NOPLoggerFactory
                ? "fakta: nothing is logged, since SLF4J finds no provider: add one to the class"
                        + " path, such as ch.qos.logback:logback-classic%n".formatted()
                : "";
    }

    private String readyLine() {
        return "ready " + uri() + " " + name + "pid=" + ProcessHandle.current().pid();
    }

    /// Ends with status 1 when the node is no member of its cluster any more, though nobody asked
    /// it to stop: the others gave it up. Started again, it joins anew.
    public void exitWhenLost() {
        var _ =
                node.ended()
                        .thenRun(
                                () -> {
                                    if (!isClosing) {
                                        LOG.error("the cluster gave this node up");
                                        Runtime.getRuntime().halt(1);
                                    }
                                });
    }

    /// Ends with status 0 when the process is asked to stop: drains, closes everything, and lets
    /// the application's own shutdown hooks end.
    public void closeOnShutdown() {
        OrderlyExit.closing(this::close);
    }

    /// Lets requests under way end, then stops node and log. Idempotent.
    @Override
    public synchronized void close() {
        isClosing = true;
        if (!isClosed) {
            isClosed = true;
            gateway.close();
            node.close();
            log.close();
            if (traces != null) {
                traces.close();
            }
        }
    }
}
