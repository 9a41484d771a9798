// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Microsystem;
import dev.fakta.log.EventLog;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.net.URI;
import java.time.InstantSource;
import java.util.function.Consumer;

/// A microsystem that is being served: its embedded log, its node and its gateway in this JVM.
public final class Served implements AutoCloseable {

    private final EventLog log;
    private final Node node;
    private final Gateway gateway;
    private final String host;
    private boolean isClosed;

    private Served(EventLog log, Node node, Gateway gateway, String host) {
        this.log = log;
        this.node = node;
        this.gateway = gateway;
        this.host = host;
    }

    /// Opens the log below the data directory, starts the node and serves the routes.
    public static Served start(
            ServeOptions options, Microsystem microsystem, Consumer<Routes> routes) {
        GatewaySettings settings = options.gateway();
        EventLog log =
                SegmentLog.open(options.data().resolve("log"), SegmentLogSettings.defaults());
        Node node = null;
        try {
            NodeSettings embedded = NodeSettings.embedded(options.data().resolve("views"));
            node = Node.start(embedded, microsystem, log, InstantSource.system());
            return new Served(log, node, Gateway.start(node, settings, routes), settings.host());
        } catch (RuntimeException e) {
            if (node != null) {
                node.close();
            }
            log.close();
            throw e;
        }
    }

    /// Where it is served.
    public URI uri() {
        String bracketed = host.contains(":") ? "[" + host + "]" : host;
        return URI.create("http://" + bracketed + ":" + gateway.port());
    }

    /// The line that says so, for scripts that wait for it.
    public String readyLine() {
        return "ready " + uri() + " pid=" + ProcessHandle.current().pid();
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
        if (!isClosed) {
            isClosed = true;
            gateway.close();
            node.close();
            log.close();
        }
    }
}
