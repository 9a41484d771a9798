// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Processor.Problem;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.SagaState.Status;
import dev.fakta.log.EventLog;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Steps of sagas that go through a processor, which asks somebody outside.
class SagaProcessorTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int MOST_AT_ONCE = 8;

    @TempDir Path directory;
    private @Nullable EventLog log;
    private @Nullable Node node;

    private void start(Errand.Outside outside) {
        EventLog opened = SegmentLog.open(directory.resolve("log"), SegmentLogSettings.defaults());
        log = opened;
        node =
                Node.start(
                        NodeSettings.embedded(directory.resolve("views"))
                                .withProcessorsAtOnce(MOST_AT_ONCE),
                        Errand.microsystem(outside),
                        opened,
                        InstantSource.system());
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

    private Node node() {
        return Objects.requireNonNull(node, "it is started first");
    }

    private void run(String id, long amount) {
        var run = new Errand.Run(amount);
        assertThat(node().await(node().send(Errand.AGGREGATE, id, run, Cause.fresh())))
                .isInstanceOf(Reply.Accepted.class);
    }

    @SuppressWarnings("unchecked")
    private SagaState<Errand> saga(String id) {
        return (SagaState<Errand>)
                node().state(node().microsystems().sagas().getFirst().aggregate(), id).state();
    }

    private void awaitStatus(String id, Status status) {
        await().pollDelay(Duration.ZERO).atMost(SOON).until(() -> saga(id).status() == status);
    }

    private long sum(String tally) {
        return node().state(Tally.AGGREGATE, tally).state().sum();
    }

    private static Outcome<Tally.Command> add(long amount) {
        return new Outcome.Send<>(new Tally.Command.Add(amount));
    }

    @Test
    void a_step_is_done_when_the_command_that_the_processor_made_is_accepted() {
        start(SagaProcessorTest::add);
        run("e", 5);
        awaitStatus("e", Status.COMPLETED);
        assertThat(sum("asked")).isEqualTo(5);
    }

    @Test
    void what_the_processor_refuses_reaches_the_saga() {
        start(_ -> new Outcome.Refuse<>(List.of(new Problem("amount", "is too odd"))));
        run("e", 5);
        awaitStatus("e", Status.COMPLETED);
        assertThat(saga("e").state().refused()).isEqualTo("REFUSED amount: is too odd");
        assertThat(sum("asked")).isZero();
    }

    @Test
    void a_step_without_an_answer_is_tried_again() {
        AtomicInteger asked = new AtomicInteger();
        start(
                amount ->
                        asked.incrementAndGet() < 3
                                ? new Outcome.Unanswered<>("nobody there")
                                : add(amount));
        run("e", 5);
        awaitStatus("e", Status.COMPLETED);
        assertThat(sum("asked")).isEqualTo(5);
        assertThat(asked).hasValue(3);
    }

    @Test
    void a_step_that_never_gets_an_answer_is_stuck_for_its_reason() {
        start(_ -> new Outcome.Unanswered<>("nobody there"));
        run("e", 5);
        awaitStatus("e", Status.STUCK);
        assertThat(saga("e").trouble().reason()).contains("nobody there");
    }

    @Test
    void a_processor_that_fails_is_a_step_without_an_answer() {
        AtomicInteger asked = new AtomicInteger();
        start(
                amount -> {
                    if (asked.incrementAndGet() == 1) {
                        throw new IllegalStateException("broken");
                    }
                    return add(amount);
                });
        run("e", 5);
        awaitStatus("e", Status.COMPLETED);
        assertThat(sum("asked")).isEqualTo(5);
    }

    @Test
    void processors_that_hang_hold_up_no_other_saga_and_leave_room_for_clients() {
        CountDownLatch released = new CountDownLatch(1);
        AtomicInteger most = new AtomicInteger();
        AtomicInteger now = new AtomicInteger();
        start(
                amount -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    boolean isReleased = isReleased(released);
                    now.decrementAndGet();
                    return isReleased ? add(amount) : new Outcome.Unanswered<>("interrupted");
                });
        int errands = 40;
        for (int i = 0; i < errands; i++) {
            run("e" + i, 1);
        }
        await().atMost(SOON).until(() -> sum("noted") == errands);
        assertThat(sum("asked")).isZero();
        assertThat(most.get()).isBetween(1, MOST_AT_ONCE / 4);
        released.countDown();
        await().atMost(SOON).until(() -> sum("asked") == errands);
    }

    private static boolean isReleased(CountDownLatch released) {
        try {
            released.await();
            return true;
        } catch (InterruptedException _) {
            return false;
        }
    }

    @Test
    void what_was_under_way_is_asked_again_after_a_restart() {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        start(
                amount -> {
                    asked.countDown();
                    return isReleased(never) ? add(amount) : new Outcome.Unanswered<>("stopped");
                });
        run("e", 5);
        await().atMost(SOON).until(() -> asked.getCount() == 0);
        stop();
        start(SagaProcessorTest::add);
        awaitStatus("e", Status.COMPLETED);
        assertThat(sum("asked")).isEqualTo(5);
    }
}
