// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.View;
import dev.fakta.log.Positions;
import dev.fakta.views.ViewPlace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Several runners of one view in a real PostgreSQL: one writes, and each event counts once.
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class ViewTakeOverTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /// For what cannot be, as the database is away.
    private static final Duration A_MOMENT = Duration.ofMillis(1);

    private static final String ADD =
            "insert into tally values (?, ?, 1) on conflict (id) do update set sum = tally.sum + excluded.sum, events = tally.events + 1";

    private final String url = ViewDatabases.create();
    private final ViewPlace place = new ViewPlace.Database(url);
    private final Facts facts = new Facts(Tally.SUMS);
    private final List<ViewHost> hosts = new ArrayList<>();
    private final Random random = new Random(7);

    private ViewHost host(String name) {
        ViewHost host = facts.host(name, place);
        hosts.add(host);
        return host;
    }

    @AfterEach
    void close() {
        hosts.forEach(ViewHost::close);
        facts.close();
    }

    private void awaitAll(ViewHost host) {
        assertThat(host.await(Tally.SUMS, facts.log().heads(), PATIENCE)).isTrue();
    }

    /// Records events until `isEnough`, a few at a time.
    private Thread recording(AtomicBoolean isEnough) {
        return Thread.ofPlatform()
                .start(
                        () -> {
                            Random amounts = new Random(11);
                            for (int i = 0; !isEnough.get(); i++) {
                                facts.added("t" + amounts.nextInt(20), amounts.nextInt(14, 1_000));
                                if (i % 20 == 0) {
                                    pause(Duration.ofMillis(1));
                                }
                            }
                        });
    }

    private static void pause(Duration time) {
        await().pollDelay(time).until(() -> true);
    }

    @Test
    void each_event_counts_once_after_many_take_overs_at_random_moments() throws Exception {
        List<ViewHost> all = List.of(host("one"), host("two"), host("three"));
        AtomicBoolean isEnough = new AtomicBoolean();
        Thread recording = recording(isEnough);
        int fenced = 0;
        for (int i = 0; i < 60; i++) {
            ViewHost next = all.get(random.nextInt(all.size()));
            if (random.nextInt(10) == 0) {
                next.stop(Tally.SUMS);
            }
            next.start(Tally.SUMS);
            pause(Duration.ofMillis(random.nextInt(1, 120)));
        }
        isEnough.set(true);
        recording.join();
        ViewHost last = all.getFirst();
        last.start(Tally.SUMS);
        for (ViewHost host : all) {
            awaitAll(host);
            assertThat(Facts.rows(host)).isEqualTo(facts.rows());
        }
        await().atMost(PATIENCE)
                .until(() -> all.stream().filter(host -> host.runs(Tally.SUMS)).count() == 1);
        for (ViewHost host : all) {
            assertThat(host.isWell()).isTrue();
            fenced += host.runs(Tally.SUMS) ? 0 : 1;
        }
        assertThat(fenced).isEqualTo(2);
    }

    @Test
    void a_runner_notices_that_its_view_was_taken_though_no_event_comes() {
        ViewHost first = host("one");
        ViewHost second = host("two");
        first.start(Tally.SUMS);
        second.start(Tally.SUMS);
        await().atMost(PATIENCE).until(() -> !first.runs(Tally.SUMS));
        assertThat(second.runs(Tally.SUMS)).isTrue();
    }

    @Test
    void a_view_whose_tables_changed_without_a_new_version_is_refused_before_a_node_starts() {
        host("one").start(Tally.SUMS);
        View changed =
                View.named(Tally.SUMS.name())
                        .version(Tally.SUMS.version())
                        .table("create table tally (id text primary key)");
        try (Facts others = new Facts(changed)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> others.host("two", place))
                    .withMessageContaining(Tally.SUMS.name())
                    .withMessageContaining("raise its version");
        }
    }

    @Test
    void a_runner_whose_connection_is_cut_goes_on_and_counts_each_event_once() throws Exception {
        ViewHost host = host("one");
        host.start(Tally.SUMS);
        AtomicBoolean isEnough = new AtomicBoolean();
        Thread recording = recording(isEnough);
        for (int i = 0; i < 12; i++) {
            pause(Duration.ofMillis(random.nextInt(100, 700)));
            ViewDatabases.cutWriters(url);
        }
        isEnough.set(true);
        recording.join();
        awaitAll(host);
        assertThat(Facts.rows(host)).isEqualTo(facts.rows());
        assertThat(host.runs(Tally.SUMS)).isTrue();
        assertThat(parked(host)).isEmpty();
    }

    private static List<String> parked(ViewHost host) {
        return host.rows(Tally.SUMS, "select reason from fakta_parked", row -> row.text("reason"));
    }

    /// What runners say when this test's database does not let them in.
    private LoggedLines refusals() {
        return new LoggedLines(ViewHost.class.getPackageName(), ViewDatabases.refusal(url));
    }

    @Test
    void a_database_that_is_away_parks_nothing_and_the_view_catches_up() {
        ViewHost host = host("one");
        host.start(Tally.SUMS);
        facts.added("a", 1);
        awaitAll(host);
        try (LoggedLines refusals = refusals()) {
            ViewDatabases.shut(url);
            Positions seen = facts.added("a", 2);
            await().atMost(PATIENCE).until(() -> refusals.has("stops for a moment"));
            assertThat(host.await(Tally.SUMS, seen, A_MOMENT)).isFalse();
            assertThat(host.isWell()).isTrue();
        } finally {
            ViewDatabases.open(url);
        }
        awaitAll(host);
        assertThat(Facts.rows(host)).isEqualTo(facts.rows());
        assertThat(parked(host)).isEmpty();
    }

    @Test
    void a_runner_starts_without_its_database_and_takes_the_view_later() {
        facts.added("a", 1);
        ViewDatabases.shut(url);
        ViewHost host;
        try (LoggedLines refusals = refusals()) {
            host = host("one");
            host.start(Tally.SUMS);
            await().atMost(PATIENCE).until(() -> refusals.has("stops for a moment"));
            assertThat(host.await(Tally.SUMS, facts.log().heads(), A_MOMENT)).isFalse();
        } finally {
            ViewDatabases.open(url);
        }
        awaitAll(host);
        assertThat(Facts.rows(host)).isEqualTo(facts.rows());
    }

    /// A runner that stopped with its rows written, and not committed: as by SIGSTOP.
    private ViewWriter paused(PostgresViews views, String... statements) {
        ViewWriter writer = views.take(Tally.SUMS, facts.log());
        writer.apart(() -> writer.run(ADD, "a", 100));
        for (String statement : statements) {
            writer.apart(() -> writer.run(statement));
        }
        return writer;
    }

    private PostgresViews views(String node) {
        return new PostgresViews(new ViewPlace.Database(url), _ -> "tallies", node);
    }

    @Test
    void a_runner_that_is_paused_with_locks_on_rows_holds_nobody_up() {
        facts.added("a", 1);
        PostgresViews views = views("paused");
        ViewWriter paused = paused(views);
        takesOver();
        assertThatThrownBy(() -> paused.commit(facts.log().heads()))
                .isInstanceOfSatisfying(
                        ViewSqlException.class, e -> assertThat(e.isOperating()).isTrue());
        assertThatThrownBy(paused::reopen).isInstanceOf(ViewFencedException.class);
        views.close();
    }

    @Test
    void a_runner_that_is_paused_with_a_lock_on_the_checkpoint_holds_nobody_up() {
        facts.added("a", 1);
        PostgresViews views = views("paused");
        ViewWriter paused = paused(views, "update fakta_view set positions = '0.1,1.1,2.1,3.1'");
        takesOver();
        assertThatThrownBy(paused::reopen).isInstanceOf(ViewFencedException.class);
        views.close();
    }

    @Test
    void a_paused_runner_whose_server_process_cannot_be_named_holds_nobody_up_for_long() {
        facts.added("a", 1);
        PostgresViews views = views("paused");
        ViewWriter writer = views.take(Tally.SUMS, facts.log());
        writer.run("update fakta_view set backend = 0");
        writer.commit(Positions.NONE);
        writer.apart(() -> writer.run(ADD, "a", 100));
        takesOver(); // when the server's limit on idle transactions, 5 s, is up
        assertThatThrownBy(() -> writer.commit(facts.log().heads()))
                .isInstanceOf(ViewSqlException.class);
        assertThatThrownBy(writer::reopen).isInstanceOf(ViewFencedException.class);
        views.close();
    }

    private void takesOver() {
        ViewHost taker = host("taker");
        taker.start(Tally.SUMS);
        awaitAll(taker);
        assertThat(Facts.rows(taker)).isEqualTo(facts.rows());
    }

    @Test
    void a_fenced_runner_that_still_has_its_connection_commits_nothing() {
        facts.added("a", 1);
        PostgresViews views = views("zombie");
        ViewWriter zombie = views.take(Tally.SUMS, facts.log());
        zombie.run("update fakta_view set backend = 0");
        zombie.commit(Positions.NONE);
        takesOver();
        zombie.run(ADD, "a", 100);
        assertThatThrownBy(() -> zombie.commit(facts.log().heads()))
                .isInstanceOf(ViewFencedException.class);
        assertThat(Facts.rows(hosts.getFirst())).isEqualTo(facts.rows());
        views.close();
    }

    @Test
    void a_connection_that_its_own_runner_has_given_up_is_fenced_as_well() {
        PostgresViews views = views("one");
        ViewWriter lost = views.take(Tally.SUMS, facts.log());
        lost.commit(Positions.of(0, 1));
        ViewWriter again = lost.reopen();
        assertThat(again.checkpoint()).isEqualTo(Positions.of(0, 1));
        assertThat(
                        views.rows(
                                Tally.SUMS,
                                "select epoch from fakta_view",
                                row -> row.number("epoch")))
                .containsExactly(2L);
        again.close();
        views.close();
    }
}
