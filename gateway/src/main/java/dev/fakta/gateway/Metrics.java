// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.log.LogException;
import dev.fakta.runtime.Durations;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeException;
import dev.fakta.runtime.NodeLoad;
import dev.fakta.runtime.NodeStatus;
import dev.fakta.runtime.SagaCounts;
import dev.fakta.views.ViewLag;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the gateway and its node count, in Prometheus' text format. Each metric stands in
/// `docs/operating/metrics.md`; a test compares the two.
final class Metrics {

    private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Node node;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile List<ViewLag> lags = List.of();
    private volatile List<SagaCounts> sagas = List.of();

    Metrics(
            Node node,
            RequestHeads heads,
            Bodies bodies,
            EventStream events,
            Chores chores,
            List<Routes.Figure> figures) {
        this.node = node;
        new JvmMemoryMetrics().bindTo(registry);
        new JvmGcMetrics().bindTo(registry);
        Gauge.builder("fakta.http.requests.in.flight", inFlight, AtomicInteger::get)
                .description("requests to routes that have no answer yet")
                .register(registry);
        FunctionCounter.builder("fakta.http.heads.broken", heads, RequestHeads::broken)
                .description("requests whose headers ended in the middle or did not come in time")
                .register(registry);
        bodies(bodies);
        streams(events);
        partitions();
        processors();
        appends();
        views();
        sagas();
        chores.all().forEach(chore -> chore(chore.name(), chores));
        figures.forEach(this::figure);
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

    private void figure(Routes.Figure figure) {
        Gauge.builder(figure.name(), node, asked -> value(figure, asked))
                .description(figure.meaning())
                .register(registry);
    }

    private static double value(Routes.Figure figure, Node node) {
        try {
            return node.rows(figure.view(), figure.select(), row -> row.number("figure"))
                    .getFirst();
        } catch (NodeException e) {
            LOG.debug("{} cannot be asked", figure.view(), e);
            return Double.NaN;
        }
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
                                        .dataPoint(histogram(node.load().appends()))
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

    private void views() {
        for (var view : node.microsystems().views()) {
            lag(
                    "fakta.view.lag.events",
                    "records of the log that the view has not applied yet",
                    view.name(),
                    ViewLag::events);
            lag(
                    "fakta.view.lag.seconds",
                    "for how long the view is behind the log",
                    view.name(),
                    ViewLag::seconds);
            lag(
                    "fakta.view.parked.streams",
                    "streams that wait behind an event on which the view failed",
                    view.name(),
                    ViewLag::parkedStreams);
        }
    }

    private void sagas() {
        node.microsystems().sagas().forEach(saga -> sagas(saga.name()));
        node.microsystems().couriers().forEach(courier -> sagas(courier.name()));
        node.microsystems().clocks().forEach(clock -> sagas(clock.name()));
    }

    private void sagas(String name) {
        count(
                "fakta.sagas.live",
                "instances that have not ended; of a courier, errands that are tried again",
                name,
                SagaCounts::live);
        count("fakta.sagas.stuck", "instances that wait for an operator", name, SagaCounts::stuck);
        count(
                "fakta.sagas.parked",
                "instances that an input is set aside for, because the code failed on it",
                name,
                SagaCounts::parked);
        count(
                "fakta.sagas.late",
                "instances that have been due for longer than a second",
                name,
                SagaCounts::late);
        count(
                "fakta.sagas.behind",
                "records of the log that the saga or courier has not dealt with",
                name,
                SagaCounts::behind);
    }

    private void count(
            String name, String meaning, String saga, ToDoubleFunction<SagaCounts> value) {
        Gauge.builder(name, this, metrics -> metrics.ofSaga(saga, value))
                .description(meaning)
                .tag("saga", saga)
                .register(registry);
    }

    private double ofSaga(String saga, ToDoubleFunction<SagaCounts> value) {
        for (SagaCounts counts : sagas) {
            if (counts.saga().equals(saga)) {
                return value.applyAsDouble(counts);
            }
        }
        return Double.NaN;
    }

    private void gauge(String name, String meaning, ToDoubleFunction<NodeLoad> value) {
        Gauge.builder(name, node, n -> value.applyAsDouble(n.load()))
                .description(meaning)
                .register(registry);
    }

    private void counter(String name, String meaning, ToDoubleFunction<NodeLoad> value) {
        FunctionCounter.builder(name, node, n -> value.applyAsDouble(n.load()))
                .description(meaning)
                .register(registry);
    }

    private void lag(String name, String meaning, String view, ToDoubleFunction<ViewLag> value) {
        Gauge.builder(name, this, metrics -> metrics.ofView(view, value))
                .description(meaning)
                .tag("view", view)
                .register(registry);
    }

    private double ofView(String view, ToDoubleFunction<ViewLag> value) {
        for (ViewLag lag : lags) {
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
                        .description("requests by route, and how long they took")
                        .tag("method", method)
                        .tag("path", path)
                        .publishPercentileHistogram(false)
                        .register(registry);
        return (request, response) -> {
            long start = System.nanoTime();
            inFlight.incrementAndGet();
            try {
                handler.handle(request, response);
            } finally {
                inFlight.decrementAndGet();
                timer.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            }
        };
    }

    /// Views and sagas are asked once for all their figures: those that run elsewhere answer from a
    /// database. None while the log cannot be asked: the other figures are wanted then more than
    /// ever.
    void write(ServerRequest request, ServerResponse response) {
        try {
            NodeStatus status = node.status();
            lags = status.views();
            sagas = status.sagas();
        } catch (LogException e) {
            LOG.debug("the log cannot be asked", e);
            lags = List.of();
            sagas = List.of();
        }
        response.header(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
        Answers.send(request, response, registry.scrape().getBytes(StandardCharsets.UTF_8));
    }
}
