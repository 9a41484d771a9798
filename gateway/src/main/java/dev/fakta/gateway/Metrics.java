// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.runtime.Node;
import dev.fakta.runtime.ViewLag;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/// What the gateway and its node count, in Prometheus' text format.
final class Metrics {

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    Metrics(Node node) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmGcMetrics().bindTo(registry);
        Gauge.builder("fakta.partitions.active", node, n -> n.status().activePartitions())
                .register(registry);
        Gauge.builder("fakta.partitions.passive", node, n -> n.status().passivePartitions())
                .register(registry);
        Gauge.builder("fakta.images.differing", node, n -> n.status().differingImages())
                .description("passive copies that were found unequal to their active one")
                .register(registry);
        Gauge.builder("fakta.commands.waiting", node, n -> n.status().commandsWaiting())
                .register(registry);
        node.microsystem()
                .views()
                .forEach(
                        view -> {
                            gauge(node, "fakta.view.lag.events", view.name(), ViewLag::events);
                            gauge(node, "fakta.view.lag.seconds", view.name(), ViewLag::seconds);
                            gauge(
                                    node,
                                    "fakta.view.parked.streams",
                                    view.name(),
                                    ViewLag::parkedStreams);
                        });
    }

    private void gauge(Node node, String name, String view, ToDoubleFunction<ViewLag> value) {
        Gauge.builder(name, node, n -> ofView(n, view, value)).tag("view", view).register(registry);
    }

    private static double ofView(Node node, String view, ToDoubleFunction<ViewLag> value) {
        for (ViewLag lag : node.status().views()) {
            if (lag.view().equals(view)) {
                return value.applyAsDouble(lag);
            }
        }
        return Double.NaN;
    }

    /// Counts and times a handler's requests.
    Handler timed(String method, String path, Handler handler) {
        Timer timer =
                Timer.builder("fakta.http.requests")
                        .tag("method", method)
                        .tag("path", path)
                        .publishPercentileHistogram(false)
                        .register(registry);
        return (request, response) -> {
            long start = System.nanoTime();
            try {
                handler.handle(request, response);
            } finally {
                timer.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            }
        };
    }

    void write(ServerResponse response) {
        response.header(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
                .send(registry.scrape().getBytes(StandardCharsets.UTF_8));
    }
}
