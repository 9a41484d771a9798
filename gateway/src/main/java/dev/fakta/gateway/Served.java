// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Microsystem;
import dev.fakta.log.EventLog;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Role;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A microsystem that is being served: its log, its node and its gateway in this JVM.
public final class Served implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Served.class);
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 2_000_000;

    private final EventLog log;
    private final Node node;
    private final Gateway gateway;
    private final String host;
    private final String name;
    private volatile boolean isClosing;
    private boolean isClosed;

    private Served(EventLog log, Node node, Gateway gateway, String host, String name) {
        this.log = log;
        this.node = node;
        this.gateway = gateway;
        this.host = host;
        this.name = name;
    }

    /// Opens the log, starts the node, serves the routes, and waits until the node is ready.
    ///
    /// The log is embedded, below the data directory, unless the options name a database.
    ///
    /// @throws IllegalStateException when it is not ready in time
    public static Served start(
            ServeOptions options, Microsystem microsystem, Consumer<Routes> routes) {
        Path views = options.data().resolve("views");
        ClusterOptions cluster = options.cluster();
        GatewaySettings settings =
                cluster == null
                        ? options.gateway()
                        : options.gateway().withNotice(cluster.notice());
        NodeSettings nodeSettings =
                cluster == null ? NodeSettings.embedded(views) : cluster.settings(views);
        EventLog log =
                cluster == null
                        ? SegmentLog.open(
                                options.data().resolve("log"), SegmentLogSettings.defaults())
                        : cluster.openLog();
        Node node = null;
        Gateway gateway = null;
        try {
            node = Node.start(nodeSettings, microsystem, log, InstantSource.system());
            boolean isGateway = nodeSettings.cluster().roles().contains(Role.GATEWAY);
            gateway = Gateway.start(node, settings, isGateway ? routes : _ -> {});
            awaitReady(node);
            return new Served(
                    log,
                    node,
                    gateway,
                    settings.host(),
                    cluster == null ? "" : "node=" + cluster.name() + " ");
        } catch (RuntimeException | Error e) {
            if (gateway != null) {
                gateway.close();
            }
            if (node != null) {
                node.close();
            }
            log.close();
            throw e;
        }
    }

    private static void awaitReady(Node node) {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (!node.status().isWell()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(
                        "the node is not ready after %d s: does it reach its seeds?"
                                .formatted(READY_WITHIN.toSeconds()));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /// Where it is served.
    public URI uri() {
        String bracketed = host.contains(":") ? "[" + host + "]" : host;
        return URI.create("http://" + bracketed + ":" + gateway.port());
    }

    /// The line that says so, for scripts that wait for it.
    public String readyLine() {
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

    /// Ends with status 0 when the process is asked to stop: drains, then closes everything.
    public void closeOnShutdown() {
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("shutdown")
                                .unstarted(
                                        () -> {
                                            close();
                                            Runtime.getRuntime().halt(0);
                                        }));
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
        }
    }
}
