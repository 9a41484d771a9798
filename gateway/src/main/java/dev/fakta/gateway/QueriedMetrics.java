// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeStatus;
import dev.fakta.runtime.SagaCounts;
import dev.fakta.views.ViewLag;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// The metrics that the log or a database is asked for: how far the views are, what the sagas have
/// to do, and the gauges of an application. They are asked for once with each scrape, all at the
/// same time. A scrape waits for them as long as [#LONGEST] and goes without those that have not
/// come: it is wanted most when a database is slow, and Prometheus gives up after ten seconds.
final class QueriedMetrics implements MultiCollector {

    static final Duration LONGEST = Duration.ofSeconds(2);

    private record QueriedFigure(Routes.Figure figure, SharedQuestion<Double> asked) {}

    private record BegunFigure(Routes.Figure figure, CompletableFuture<Optional<Double>> begun) {}

    private final Duration longest;
    private final SharedQuestion<NodeStatus> status;
    private final List<QueriedFigure> figures;

    QueriedMetrics(Node node, List<Routes.Figure> figures) {
        this(node::status, figures, figure -> value(figure, node), LONGEST);
    }

    /// @param value asks for a figure
    /// @param longest how long a scrape waits
    QueriedMetrics(
            Supplier<NodeStatus> status,
            List<Routes.Figure> figures,
            Function<Routes.Figure, Double> value,
            Duration longest) {
        this.longest = longest;
        this.status = new SharedQuestion<>("views and sagas", status);
        this.figures =
                figures.stream()
                        .map(
                                figure ->
                                        new QueriedFigure(
                                                figure,
                                                new SharedQuestion<>(
                                                        figure.name(), () -> value.apply(figure))))
                        .toList();
    }

    private static double value(Routes.Figure figure, Node node) {
        return node.rows(figure.view(), figure.select(), row -> (double) row.number("figure"))
                .getFirst();
    }

    @Override
    public MetricSnapshots collect() {
        long until = System.nanoTime() + longest.toNanos();
        CompletableFuture<Optional<NodeStatus>> asked = status.begin();
        List<BegunFigure> begun =
                figures.stream()
                        .map(one -> new BegunFigure(one.figure, one.asked.begin()))
                        .toList();
        List<MetricSnapshot> found = new ArrayList<>();
        SharedQuestion.answer(asked, until)
                .ifPresent(
                        answer -> {
                            found.addAll(views(answer.views()));
                            found.addAll(sagas(answer.sagas()));
                        });
        for (BegunFigure one : begun) {
            SharedQuestion.answer(one.begun, until)
                    .ifPresent(value -> found.add(gauge(one.figure, value)));
        }
        return new MetricSnapshots(found);
    }

    private static MetricSnapshot gauge(Routes.Figure figure, double value) {
        return GaugeSnapshot.builder()
                .name(figure.name().replace('.', '_'))
                .help(figure.meaning())
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
                .build();
    }

    private static List<MetricSnapshot> views(List<ViewLag> lags) {
        return List.of(
                view(
                        "fakta_view_lag_events",
                        "records of the log that the view has not applied yet",
                        lags,
                        ViewLag::events),
                view(
                        "fakta_view_lag_seconds",
                        "for how long the view is behind the log",
                        lags,
                        ViewLag::seconds),
                view(
                        "fakta_view_parked_streams",
                        "streams that wait behind an event on which the view failed",
                        lags,
                        ViewLag::parkedStreams));
    }

    private static MetricSnapshot view(
            String name, String meaning, List<ViewLag> lags, ToDoubleFunction<ViewLag> value) {
        return labelled(name, meaning, "view", lags, ViewLag::view, value);
    }

    private static List<MetricSnapshot> sagas(List<SagaCounts> counts) {
        return List.of(
                saga(
                        "fakta_sagas_live",
                        "instances that have not ended; of a courier, errands that are tried again",
                        counts,
                        SagaCounts::live),
                saga(
                        "fakta_sagas_stuck",
                        "instances that wait for an operator",
                        counts,
                        SagaCounts::stuck),
                saga(
                        "fakta_sagas_parked",
                        "instances that an input is set aside for, because the code failed on it",
                        counts,
                        SagaCounts::parked),
                saga(
                        "fakta_sagas_late",
                        "instances that have been due for longer than a second",
                        counts,
                        SagaCounts::late),
                saga(
                        "fakta_sagas_behind",
                        "records of the log that the saga or courier has not dealt with",
                        counts,
                        SagaCounts::behind));
    }

    private static MetricSnapshot saga(
            String name,
            String meaning,
            List<SagaCounts> counts,
            ToDoubleFunction<SagaCounts> value) {
        return labelled(name, meaning, "saga", counts, SagaCounts::saga, value);
    }

    private static <T> MetricSnapshot labelled(
            String name,
            String meaning,
            String label,
            List<T> all,
            Function<T, String> of,
            ToDoubleFunction<T> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(meaning);
        for (T one : all) {
            gauge.dataPoint(
                    GaugeDataPointSnapshot.builder()
                            .labels(Labels.of(label, of.apply(one)))
                            .value(value.applyAsDouble(one))
                            .build());
        }
        return gauge.build();
    }
}
