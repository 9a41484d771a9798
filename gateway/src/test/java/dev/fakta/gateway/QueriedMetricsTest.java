// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.log.LogException;
import dev.fakta.runtime.NodeStatus;
import dev.fakta.runtime.SagaCounts;
import dev.fakta.views.ViewLag;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// What a scrape does while a log or a database keeps it waiting.
final class QueriedMetricsTest {

    private static final Duration LONG = Duration.ofSeconds(90);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Routes.Figure FIGURE =
            new Routes.Figure("fakta.wishes.open", "wishes that are open", Wish.VIEW, "");
    private static final NodeStatus STATUS =
            new NodeStatus(
                    64,
                    0,
                    64,
                    0,
                    List.of(new ViewLag("wishes", 1, 3, 0.5, 1)),
                    0,
                    0,
                    List.of(new SagaCounts("granting", 1, 2, 3, 4, 5)),
                    1,
                    true,
                    true);

    private static List<String> names(MetricSnapshots found) {
        return found.stream().map(metric -> metric.getMetadata().getName()).toList();
    }

    private static QueriedMetrics of(Supplier<NodeStatus> status, Duration longest) {
        return new QueriedMetrics(status, List.of(FIGURE), _ -> 7.0, longest);
    }

    @Test
    void all_that_was_asked_is_among_the_metrics() {
        assertThat(names(of(() -> STATUS, LONG).collect()))
                .contains("fakta_view_lag_seconds", "fakta_sagas_parked", "fakta_wishes_open");
    }

    @Test
    void what_does_not_come_in_time_is_absent_and_all_else_comes() {
        CountDownLatch slow = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        QueriedMetrics metrics =
                of(
                        () -> {
                            asked.incrementAndGet();
                            awaitUninterrupted(slow);
                            return STATUS;
                        },
                        SHORT);
        try {
            await().atMost(LONG)
                    .untilAsserted(
                            () ->
                                    assertThat(names(metrics.collect()))
                                            .containsExactly("fakta_wishes_open"));
            assertThat(names(metrics.collect())).doesNotContain("fakta_view_lag_seconds");
            assertThat(asked).as("questions that are under way").hasValue(1);
        } finally {
            slow.countDown();
        }
        await().atMost(LONG)
                .untilAsserted(
                        () ->
                                assertThat(names(metrics.collect()))
                                        .contains("fakta_view_lag_seconds"));
    }

    @Test
    void scrapes_at_the_same_time_share_one_answer() {
        CountDownLatch slow = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        SharedQuestion<String> question =
                new SharedQuestion<>(
                        "word",
                        () -> {
                            asked.incrementAndGet();
                            awaitUninterrupted(slow);
                            return "word";
                        });
        var first = question.begin();
        var second = question.begin();
        slow.countDown();
        assertThat(first.join()).contains("word");
        assertThat(second).isSameAs(first);
        assertThat(question.begin().join()).as("asked anew").contains("word");
        assertThat(asked).hasValue(2);
    }

    @Test
    void a_log_that_cannot_be_asked_leaves_the_other_metrics() {
        QueriedMetrics metrics =
                of(
                        () -> {
                            throw new LogException(
                                    LogException.Category.UNAVAILABLE, "no database answers");
                        },
                        LONG);
        assertThat(names(metrics.collect())).containsExactly("fakta_wishes_open");
        assertThat(CompletableFuture.supplyAsync(metrics::collect).join().size()).isEqualTo(1);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
