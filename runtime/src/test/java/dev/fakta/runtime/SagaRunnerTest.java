// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaCommand;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.SagaState.Status;
import dev.fakta.domain.Send;
import dev.fakta.domain.Step;
import dev.fakta.log.EventLog;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Sagas on a node with a log on disk: their lives, and what restarts do to them.
@ResourceLock("Wish.isFixed")
class SagaRunnerTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir Path directory;
    private final HeldClock clock = new HeldClock();
    private @Nullable EventLog log;
    private @Nullable Node node;

    @BeforeEach
    void breakAgain() {
        Wish.isFixed = false;
        clock.run();
    }

    private Node node() {
        return node == null ? start(Wish.MICROSYSTEM) : node;
    }

    private Node start(Microsystem microsystem) {
        EventLog opened = SegmentLog.open(directory.resolve("log"), SegmentLogSettings.defaults());
        try {
            Node started =
                    Node.start(
                            NodeSettings.embedded(directory.resolve("views")),
                            microsystem,
                            opened,
                            clock);
            log = opened;
            node = started;
            return started;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    @AfterEach
    void stop() {
        if (node != null) {
            node.close();
            node = null;
        }
        if (log != null) {
            log.close();
            log = null;
        }
    }

    private void restart() {
        stop();
        node();
    }

    private void wish(String id, long amount, Duration pause, String... tallies) {
        var make = new Wish.Make(List.of(tallies), amount, pause.toMillis());
        assertThat(node().await(node().send(Wish.AGGREGATE, id, make, Cause.fresh())))
                .isInstanceOf(Reply.Accepted.class);
    }

    private long sum(String tally) {
        return node().state(Tally.AGGREGATE, tally).state().sum();
    }

    private SagaState<Wish> saga(String id) {
        return node().state(Wish.SAGA.aggregate(), id).state();
    }

    private void awaitStatus(String id, Status status) {
        await().pollDelay(Duration.ZERO).atMost(SOON).until(() -> saga(id).status() == status);
    }

    private List<SagaRow> listed(@Nullable Status status) {
        return Listed.of(() -> node().sagas(Wish.SAGA, status, "", 100));
    }

    private void awaitListed(Status status, String... ids) {
        await().atMost(SOON)
                .ignoreExceptionsInstanceOf(NodeException.class) // before the index is made
                .untilAsserted(
                        () ->
                                assertThat(listed(status))
                                        .extracting(SagaRow::id)
                                        .containsExactly(ids));
    }

    private Reply<SagaState<Wish>> operate(String id, SagaCommand command) {
        return node().await(
                        node().send(
                                        Wish.SAGA.aggregate(),
                                        id,
                                        command,
                                        Cause.of(Cause.freshId(), 0, "anna")));
    }

    private SagaCommand.Retry retry() {
        return new SagaCommand.Retry(node().clock().instant(), "fixed");
    }

    @Test
    void a_saga_does_all_its_steps_and_ends() {
        wish("w", 5, Duration.ZERO, "a", "b", "c");
        awaitStatus("w", Status.COMPLETED);
        assertThat(List.of(sum("a"), sum("b"), sum("c"), sum("finished"), sum("given-up")))
                .containsExactly(5L, 5L, 5L, 1L, 0L);
        awaitListed(Status.LIVE);
    }

    @Test
    void a_saga_that_cannot_go_on_takes_back_what_it_did() {
        wish("big", Tally.LIMIT - 4, Duration.ZERO, "b");
        awaitStatus("big", Status.COMPLETED);
        wish("w", 5, Duration.ZERO, "a", "b", "c");
        awaitStatus("w", Status.COMPLETED);
        assertThat(List.of(sum("a"), sum("c"), sum("given-up"))).containsExactly(0L, 0L, 1L);
    }

    @Test
    void a_timer_is_kept_over_a_restart_and_comes_in_its_time() {
        clock.hold();
        wish("w", 5, Duration.ofMillis(1_500), "a");
        awaitListed(Status.LIVE, "w");
        restart();
        clock.advance(Duration.ofMillis(1_499));
        wish("quick", 5, Duration.ZERO, "b");
        awaitStatus("quick", Status.COMPLETED); // so the runner has looked at the timers since
        assertThat(sum("a")).isZero();
        clock.run();
        awaitStatus("w", Status.COMPLETED);
        assertThat(sum("a")).isEqualTo(5);
    }

    @Test
    void a_timer_that_was_due_while_nobody_ran_comes_at_the_start() {
        clock.hold();
        wish("w", 5, Duration.ofHours(1), "a");
        awaitListed(Status.LIVE, "w");
        stop();
        clock.advance(Duration.ofHours(1));
        clock.run();
        awaitStatus("w", Status.COMPLETED);
        assertThat(sum("a")).isEqualTo(5);
    }

    @Test
    void a_saga_goes_on_when_its_index_is_lost() throws IOException {
        wish("w", 5, Duration.ofMillis(500), "a");
        wish("done", 5, Duration.ZERO, "b");
        awaitStatus("done", Status.COMPLETED);
        stop();
        loseIndex();
        awaitStatus("w", Status.COMPLETED);
        assertThat(List.of(sum("a"), sum("b"), sum("finished"))).containsExactly(5L, 5L, 2L);
    }

    private void loseIndex() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("views"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void an_instance_that_cannot_be_told_anything_holds_up_no_other() throws IOException {
        Microsystem without =
                Microsystem.named("wishes").with(Wish.AGGREGATE).with(Tally.AGGREGATE);
        Saga<Wish.Begun, Wish> newer = Wish.SAGA.version(2);
        start(without.with(Wish.SAGA)); // so that it is no new program when it comes back
        stop();
        start(without.with(newer));
        wish("w", 5, Duration.ofHours(1), "a");
        await().atMost(SOON)
                .until(() -> node().state(newer.aggregate(), "w").state().version() == 2);
        stop();
        loseIndex();
        start(without.with(Wish.SAGA)); // older, so that it must leave "w" alone
        awaitListed(Status.PARKED, "w");
        wish("other", 5, Duration.ZERO, "b");
        awaitStatus("other", Status.COMPLETED);
        await().pollDelay(Duration.ofSeconds(3)).until(() -> true); // "w" is held by now
        stop();
        start(without.with(newer));
        awaitListed(Status.PARKED);
        awaitListed(Status.LIVE, "w");
        assertThat(operate("w", new SagaCommand.Compensate(node().clock().instant(), "enough")))
                .isInstanceOf(Reply.Accepted.class);
        await().atMost(SOON)
                .until(
                        () ->
                                node().state(newer.aggregate(), "w").state().status()
                                        == Status.COMPLETED);
        assertThat(List.of(sum("a"), sum("b"), sum("given-up"))).containsExactly(0L, 5L, 1L);
    }

    @Test
    void a_parked_saga_holds_up_no_other_and_goes_on_after_the_fix() {
        wish("w", Wish.UNLUCKY, Duration.ZERO, "a");
        wish("other", 5, Duration.ZERO, "b");
        awaitStatus("other", Status.COMPLETED);
        awaitStatus("w", Status.PARKED);
        awaitListed(Status.PARKED, "w");
        assertThat(listed(Status.PARKED).getFirst().reason()).contains("unlucky amount");
        Wish.isFixed = true;
        restart();
        assertThat(saga("w").status()).isEqualTo(Status.PARKED);
        assertThat(operate("w", retry())).isInstanceOf(Reply.Accepted.class);
        awaitStatus("w", Status.COMPLETED);
        assertThat(sum("a")).isEqualTo(Wish.UNLUCKY);
    }

    private void awaitStuck() {
        wish("w", 5, Duration.ZERO, "a", Wish.BROKEN);
        awaitStatus("w", Status.STUCK);
        awaitListed(Status.STUCK, "w");
    }

    @Test
    void a_stuck_saga_is_listed_and_skipped() {
        awaitStuck();
        restart();
        awaitListed(Status.STUCK, "w");
        operate("w", new SagaCommand.Skip(node().clock().instant(), "not needed"));
        awaitStatus("w", Status.COMPLETED);
        assertThat(List.of(sum("a"), sum("finished"))).containsExactly(5L, 1L);
        awaitListed(Status.STUCK);
    }

    @Test
    void a_stuck_saga_is_taken_back_and_every_act_has_its_actor() {
        awaitStuck();
        Wish.isFixed = true;
        operate("w", new SagaCommand.Compensate(node().clock().instant(), "too late"));
        awaitStatus("w", Status.COMPLETED);
        assertThat(List.of(sum("a"), sum("given-up"))).containsExactly(0L, 1L);
        assertThat(node().events(Wish.SAGA.aggregate(), "w", 1, 100))
                .filteredOn(recorded -> recorded.name().equals("saga-compensating"))
                .allMatch(recorded -> recorded.at().actor().equals("anna"))
                .hasSize(1);
    }

    @Test
    void each_of_many_sagas_does_everything_once_over_restarts_at_random_moments() {
        Random random = new Random(5);
        int wishes = 0;
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 60; i++) {
                String tally = "t" + random.nextInt(10);
                wish(
                        "w" + ++wishes,
                        1,
                        Duration.ofMillis(random.nextInt(300)),
                        tally,
                        tally + "x",
                        "all");
            }
            await().pollDelay(Duration.ofMillis(random.nextInt(1, 300))).until(() -> true);
            restart();
        }
        for (int i = 1; i <= wishes; i++) {
            awaitStatus("w" + i, Status.COMPLETED);
        }
        assertThat(List.of(sum("all"), sum("finished")))
                .containsExactly((long) wishes, (long) wishes);
        awaitListed(Status.LIVE);
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(node().status().sagas())
                                        .containsExactly(
                                                new SagaCounts("granting", 0, 0, 0, 0, 0)));
    }

    private static Saga<Wish.Begun, Wish> withTheStepCalledIncrease() {
        return Wish.saga(
                Step.<Wish>named("increase")
                        .doing(
                                (_, tally) ->
                                        Send.to(Tally.AGGREGATE, tally, new Tally.Command.Add(0))));
    }

    @Test
    void a_step_that_live_instances_are_in_cannot_vanish_but_it_can_be_renamed() {
        awaitStuck();
        stop();
        Microsystem without = Microsystem.named("wishes").with(Wish.AGGREGATE);
        Microsystem changed = without.with(Tally.AGGREGATE).with(withTheStepCalledIncrease());
        assertThatIllegalStateException()
                .isThrownBy(() -> start(changed))
                .withMessage(
                        "saga granting cannot be run: 1 live instances use step add, which this"
                                + " program does not have: keep the step, or declare"
                                + " .renamed(\"add\", its new name)");
        Microsystem renamed =
                without.with(Tally.AGGREGATE)
                        .with(withTheStepCalledIncrease().renamed("add", "increase"));
        start(renamed);
        assertThat(saga("w").status()).isEqualTo(Status.STUCK);
    }
}
