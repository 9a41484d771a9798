// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.runtime.Durations;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeLoad;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the gateway and its node count, in Prometheus' text format. Each metric stands in
/// `docs/operating/metrics.md`; a test compares the two.
final class Metrics {

    /// The status of a request whose connection was cut off.
    private static final String CUT = "cut";

    private static final int DEFECT = 500;

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Node node;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final LongAdder defects = new LongAdder();
    private volatile NodeLoad load;

    Metrics(
            Node node,
            RequestHeads heads,
            Bodies bodies,
            EventStream events,
            Chores chores,
            List<Routes.Figure> figures) {
        this.node = node;
        this.load = node.load();
        new JvmMemoryMetrics().bindTo(registry);
        new JvmGcMetrics().bindTo(registry);
        Gauge.builder("fakta.http.requests.in.flight", inFlight, AtomicInteger::get)
                .description("requests to routes that have no answer yet")
                .register(registry);
        FunctionCounter.builder("fakta.http.defects", defects, LongAdder::sum)
                .description("requests that were answered 500, which is our fault")
                .register(registry);
        FunctionCounter.builder("fakta.http.heads.broken", heads, RequestHeads::broken)
                .description("requests whose headers ended in the middle or did not come in time")
                .register(registry);
        health();
        bodies(bodies);
        streams(events);
        partitions();
        processors();
        appends();
        registry.getPrometheusRegistry().register(new QueriedMetrics(node, figures));
        chores.all().forEach(chore -> chore(chore.name(), chores));
    }

    private void health() {
        Gauge.builder("fakta.node.live", node, asked -> asked.isAlive() ? 1 : 0)
                .description("whether all threads of the node that must live do")
                .register(registry);
        Gauge.builder("fakta.node.ready", node, asked -> asked.missing().isEmpty() ? 1 : 0)
                .description("whether the node has all that it needs to serve")
                .register(registry);
    }

    /// @param https `null` when the gateway does not encrypt: the figure is `NaN` then
    void certificate(@Nullable Https https) {
        Gauge.builder(
                        "fakta.https.certificate.expires.timestamp.seconds",
                        () -> https == null ? Double.NaN : https.expires())
                .description("when the certificate that is in use ends, in seconds since 1970")
                .strongReference(true)
                .register(registry);
    }

    private void chore(String name, Chores chores) {
        FunctionCounter.builder("fakta.chores.failed", chores, all -> all.failed(name))
                .description("runs of what a gateway does beside its requests that have failed")
                .tag("chore", name)
                .register(registry);
    }

    private void streams(EventStream events) {
        Gauge.builder("fakta.http.streams", events, EventStream::open)
                .description("streams of events that are open")
                .register(registry);
        Gauge.builder("fakta.http.stream.bytes", events, EventStream::bytes)
                .description("memory that the events have which are kept for all streams")
                .register(registry);
        FunctionCounter.builder("fakta.http.streams.cut", events, EventStream::cut)
                .description("streams that were cut off because their client was too slow")
                .register(registry);
    }

    /// Lists that are answered whole.
    void lists(WholeLists lists) {
        Gauge.builder("fakta.http.lists", lists, WholeLists::open)
                .description("lists that are being answered whole, as lines or as a table")
                .register(registry);
        FunctionCounter.builder("fakta.http.lists.cut", lists, WholeLists::cut)
                .description("lists that were cut off because their client was too slow")
                .register(registry);
    }

    /// Requests of many lines.
    void bulks(BulkRequests bulks) {
        Gauge.builder("fakta.http.bulks", bulks, BulkRequests::open)
                .description("requests of many lines that are under way")
                .register(registry);
        FunctionCounter.builder("fakta.http.bulk.lines", bulks, BulkRequests::lines)
                .description("lines of such requests that were carried out or refused")
                .register(registry);
    }

    private void bodies(Bodies bodies) {
        Gauge.builder("fakta.http.body.bytes", bodies, Bodies::taken)
                .description("memory that bodies of requests have beyond their first 16 KiB")
                .register(registry);
        FunctionCounter.builder("fakta.http.bodies.refused", bodies, Bodies::busy)
                .description("requests that were refused because large bodies had all the memory")
                .register(registry);
        FunctionCounter.builder("fakta.http.bodies.slow", bodies, Bodies::slow)
                .description("bodies that did not come in time, and whose connection was cut")
                .register(registry);
    }

    /// Counts what the limits for callers keep out.
    void limits(RateLimits rates) {
        FunctionCounter.builder("fakta.http.rate.limited", rates, RateLimits::refused)
                .description("requests that were refused because their caller had sent too many")
                .register(registry);
    }

    /// Counts what is refused because too much is underway.
    void backlog(Backlog backlog) {
        FunctionCounter.builder("fakta.http.backlog.refused", backlog, Backlog::refused)
                .description("requests that were refused because too much was underway")
                .register(registry);
    }

    private void partitions() {
        gauge(
                "fakta.partitions.active",
                "partitions that this node owns",
                NodeLoad::activePartitions);
        gauge(
                "fakta.partitions.passive",
                "partitions that this node keeps a warm copy of",
                NodeLoad::passivePartitions);
        gauge(
                "fakta.commands.waiting",
                "commands and reads in this node's partitions that have no answer yet",
                NodeLoad::commandsWaiting);
        counter(
                "fakta.commands.refused",
                "commands and reads that a full partition has answered with busy",
                NodeLoad::commandsRefused);
        gauge(
                "fakta.calls.open",
                "questions to other nodes that have no answer yet",
                NodeLoad::callsOpen);
        counter(
                "fakta.images.compared",
                "passive copies of aggregates that were compared with their active one",
                NodeLoad::comparedImages);
        counter(
                "fakta.images.differing",
                "passive copies of aggregates that were found unequal to their active one",
                NodeLoad::differingImages);
    }

    private void processors() {
        gauge(
                "fakta.processors.in.flight",
                "requests that this node's processors work on",
                NodeLoad::processorsInFlight);
        counter(
                "fakta.processors.refused",
                "requests that the processors of this node have answered with busy",
                NodeLoad::processorsRefused);
    }

    private void appends() {
        counter(
                "fakta.events.appended",
                "events that this node's partitions have appended",
                NodeLoad::eventsAppended);
        counter(
                "fakta.events.decoded",
                "events that this node has read from their JSON, as they were not in memory",
                NodeLoad::eventsDecoded);
        gauge(
                "fakta.log.databases.away",
                "databases of the log that do not answer at present",
                NodeLoad::databasesAway);
        gauge(
                "fakta.clock.ahead.seconds",
                "by how much the furthest time that was met is ahead of this node's clock",
                NodeLoad::clockAheadSeconds);
        gauge(
                "fakta.backlog.seconds",
                "how long what happens now would wait for the sagas, couriers and clocks of this node",
                NodeLoad::backlogSeconds);
        counter("fakta.appends.failed", "appends that have failed", NodeLoad::appendsFailed);
        counter(
                "fakta.commands.forgotten",
                "command ids that were forgotten before they were ten minutes old",
                NodeLoad::commandsForgotten);
        counter(
                "fakta.snapshots.skipped",
                "snapshots that could not be made or used",
                NodeLoad::snapshotsSkipped);
        registry.getPrometheusRegistry()
                .register(
                        () ->
                                HistogramSnapshot.builder()
                                        .name("fakta_append_duration_seconds")
                                        .help("how long an append took until it was durable")
                                        .dataPoint(histogram(load.appends()))
                                        .build());
    }

    private static HistogramDataPointSnapshot histogram(Durations durations) {
        List<Double> upTo =
                Stream.concat(durations.upTo().stream(), Stream.of(Double.POSITIVE_INFINITY))
                        .toList();
        return HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(upTo, durations.counts()))
                .sum(durations.sum())
                .build();
    }

    private void gauge(String name, String meaning, ToDoubleFunction<NodeLoad> value) {
        Gauge.builder(name, this, metrics -> value.applyAsDouble(metrics.load))
                .description(meaning)
                .register(registry);
    }

    private void counter(String name, String meaning, ToDoubleFunction<NodeLoad> value) {
        FunctionCounter.builder(name, this, metrics -> value.applyAsDouble(metrics.load))
                .description(meaning)
                .register(registry);
    }

    /// Counts and times a handler's requests.
    Handler timed(String method, String path, Handler handler) {
        Map<String, Timer> timers = new ConcurrentHashMap<>();
        return (request, response) -> {
            long start = System.nanoTime();
            inFlight.incrementAndGet();
            String status = CUT;
            try {
                handler.handle(request, response);
                int code = response.status().code();
                status = Integer.toString(code);
                if (code == DEFECT) {
                    defects.increment();
                }
            } finally {
                inFlight.decrementAndGet();
                timers.computeIfAbsent(status, key -> timer(method, path, key))
                        .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            }
        };
    }

    private Timer timer(String method, String path, String status) {
        return Timer.builder("fakta.http.requests")
                .description("requests by route and status, and how long they took")
                .tag("method", method)
                .tag("path", path)
                .tag("status", status)
                .publishPercentileHistogram(false)
                .register(registry);
    }

    /// What the node has to do is asked for once, for all figures of it.
    void write(ServerRequest request, ServerResponse response) {
        load = node.load();
        response.header(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
        Answers.send(request, response, registry.scrape().getBytes(StandardCharsets.UTF_8));
    }
}
