// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Microsystem;
import dev.fakta.log.EventLog;
import dev.fakta.log.Positions;
import dev.fakta.postgres.server.ThrowawayPostgres;
import dev.fakta.runtime.Tally.Command.Add;
import dev.fakta.views.ViewLag;
import dev.fakta.views.ViewPlace;
import dev.fakta.views.engine.ViewHost;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A node that does not run the view it is asked for.
class ViewsElsewhereTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final ViewPlace place = new ViewPlace.Database(ThrowawayPostgres.database());
    private final Facts facts = new Facts(Tally.SUMS);
    private final ViewHost elsewhere = facts.host("elsewhere", place);
    private final AtomicReference<Duration> wrong = new AtomicReference<>(Duration.ZERO);
    private final InstantSource clock = () -> InstantSource.system().instant().plus(wrong.get());
    private final Node node = node(facts.log(), place, clock);

    private static Node node(EventLog log, ViewPlace place, InstantSource clock) {
        var cluster =
                ClusterSettings.of(
                        "127.0.0.1", 0, List.of(), EnumSet.complementOf(EnumSet.of(Role.VIEW)));
        return Node.start(
                NodeSettings.embedded(Path.of("none")).withViews(place).inCluster("node", cluster),
                Microsystem.named("tallies").with(Tally.AGGREGATE).with(Tally.SUMS),
                log,
                clock);
    }

    /// Else the node finds out during a test that the cluster lets it run no view.
    @BeforeEach
    void awaitPlacement() {
        await().atMost(PATIENCE).until(() -> node.missing().isEmpty());
    }

    @AfterEach
    void close() {
        node.close();
        elsewhere.close();
        facts.close();
    }

    private Positions add(long amount) {
        Reply<Tally> reply =
                node.await(node.send(Tally.AGGREGATE, "a", new Add(amount), Cause.fresh()));
        assertThat(reply).isInstanceOf(Reply.Accepted.class);
        return ((Reply.Accepted<Tally>) reply).aggregate().seen();
    }

    private ViewLag lag() {
        return node.status().views().getFirst();
    }

    @Test
    void it_waits_for_the_view_and_shows_its_rows() {
        elsewhere.start(Tally.SUMS);
        for (int i = 1; i <= 20; i++) {
            assertThat(node.await(Tally.SUMS, add(1), PATIENCE)).isTrue();
            assertThat(
                            node.rows(
                                    Tally.SUMS,
                                    "select sum from tally where id = ?",
                                    row -> row.number("sum"),
                                    "a"))
                    .containsExactly((long) i);
        }
        assertThat(node.views().runs(Tally.SUMS)).isFalse();
    }

    @Test
    void it_says_how_far_the_view_is_behind() {
        Positions seen = add(Tally.UNLUCKY);
        assertThat(node.await(Tally.SUMS, seen, Duration.ofMillis(300))).isFalse();
        assertThatThrownBy(
                        () ->
                                node.rows(
                                        Tally.SUMS,
                                        "select sum from tally",
                                        row -> row.number("sum")))
                .isInstanceOf(NodeException.class);
        await().atMost(PATIENCE).until(() -> lag().events() > 0 && lag().seconds() > 0.1);
        assertThat(node.status().isWell()).isTrue();
        elsewhere.start(Tally.SUMS);
        assertThat(node.await(Tally.SUMS, seen, PATIENCE)).isTrue();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lag()).isEqualTo(new ViewLag("sums", 1, 0, 0, 1)));
    }

    @Test
    void a_clock_that_is_set_does_not_change_for_how_long_the_view_is_behind() {
        add(1);
        await().atMost(PATIENCE).until(() -> lag().seconds() > 0.1);
        wrong.set(Duration.ofHours(1));
        assertThat(lag().seconds()).isBetween(0.1, 600.0);
        wrong.set(Duration.ofHours(-1));
        assertThat(lag().seconds()).isBetween(0.1, 600.0);
    }

    @Test
    void a_wait_goes_on_elsewhere_when_the_view_moves_away() {
        node.views().start(Tally.SUMS);
        assertThat(node.await(Tally.SUMS, add(1), PATIENCE)).isTrue();
        elsewhere.start(Tally.SUMS);
        assertThat(node.await(Tally.SUMS, add(2), PATIENCE)).isTrue();
        await().atMost(PATIENCE).until(() -> !node.views().runs(Tally.SUMS));
        assertThat(node.await(Tally.SUMS, add(3), PATIENCE)).isTrue();
        assertThat(Facts.rows(node.views())).containsExactly("a|6|3");
        assertThat(elsewhere.runs(Tally.SUMS)).isTrue();
        assertThat(node.status().isWell()).isTrue();
    }
}
