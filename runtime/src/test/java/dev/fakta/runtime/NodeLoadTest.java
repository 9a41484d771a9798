// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.domain.View;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Positions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a node says of its load while an aggregate or a processor is held at a gate.
final class NodeLoadTest {

    private record Steps(int count) {}

    private record Step() {}

    private record Stepped() {}

    private record Request() {}

    @TempDir Path directory;
    private final EventLog log = MemoryLog.create(1);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch reached = new CountDownLatch(1);
    private final Aggregate<Step, Stepped, Steps> walk =
            Aggregate.named("walk")
                    .taking(Step.class)
                    .startingAs(new Steps(0))
                    .deciding((steps, step) -> atGate(Decision.accept(new Stepped())))
                    .evolving((steps, stepped) -> new Steps(steps.count() + 1))
                    .event("stepped", Stepped.class);
    private final Processor<Request, Step> guide =
            Processor.named("guide")
                    .taking(Request.class)
                    .sendingTo(walk)
                    .processing(
                            (request, context) -> atGate(new Processor.Outcome.Send<>(new Step())));
    private Node node;

    private <T> T atGate(T then) {
        reached.countDown();
        await(gate);
        return then;
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(90, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody came");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /// Two commands may wait in the partition, and one request be processed at a time.
    @BeforeEach
    void start() {
        NodeSettings usual = NodeSettings.embedded(directory);
        NodeSettings narrow =
                new NodeSettings(
                        "narrow",
                        usual.cluster(),
                        usual.views(),
                        100,
                        2,
                        200,
                        usual.answerWithin(),
                        100,
                        1);
        Microsystem walks = Microsystem.named("walks").with(walk).with(guide);
        node = Node.start(narrow, walks, log, InstantSource.system());
        assertThat(node.state(walk, "a").revision()).isZero(); // the partition is claimed by now
    }

    @AfterEach
    void stop() {
        gate.countDown();
        node.close();
        log.close();
    }

    private CompletableFuture<Reply<Steps>> send() {
        return node.send(walk, "a", new Step(), Cause.fresh()).toCompletableFuture();
    }

    private CompletableFuture<Reply<Steps>> sendAside() {
        return CompletableFuture.supplyAsync(() -> node.await(send()), Thread::startVirtualThread);
    }

    @Test
    void what_waits_in_a_partition_and_what_it_refuses_is_counted() {
        CompletableFuture<Reply<Steps>> first = sendAside();
        await(reached);
        CompletableFuture<Reply<Steps>> second = send();
        CompletableFuture<Reply<Steps>> third = send();
        assertThat(node.load().commandsWaiting()).isEqualTo(2);
        assertThat(node.load().commandsRefused()).isEqualTo(1);
        assertThat(node.load().eventsAppended()).isZero();
        assertThat(third.join()).isInstanceOf(Reply.Busy.class);
        gate.countDown();
        assertThat(node.await(first)).isInstanceOf(Reply.Accepted.class);
        assertThat(node.await(second)).isInstanceOf(Reply.Accepted.class);
        assertThat(node.load().commandsWaiting()).isZero();
        assertThat(node.load().commandsRefused()).isEqualTo(1);
        assertThat(node.load().eventsAppended()).isEqualTo(2);
    }

    @Test
    void what_processors_work_on_and_refuse_is_counted() {
        CompletableFuture<Reply<Steps>> first =
                CompletableFuture.supplyAsync(this::process, Thread::startVirtualThread);
        await(reached);
        assertThat(node.load().processorsInFlight()).isEqualTo(1);
        assertThat(process()).isInstanceOf(Reply.Busy.class);
        assertThat(node.load().processorsRefused()).isEqualTo(1);
        gate.countDown();
        assertThat(first.join()).isInstanceOf(Reply.Accepted.class);
        assertThat(node.load().processorsInFlight()).isZero();
    }

    private Reply<Steps> process() {
        return node.process(guide, "a", new Request(), Cause.fresh());
    }

    @Test
    void each_append_is_timed() {
        gate.countDown();
        for (int i = 0; i < 3; i++) {
            assertThat(node.await(send())).isInstanceOf(Reply.Accepted.class);
        }
        NodeLoad load = node.load();
        assertThat(load.appends().count()).isEqualTo(3);
        assertThat(load.appends().sum()).isPositive();
        assertThat(load.appendsFailed()).isZero();
    }

    @Test
    void an_append_that_fails_is_counted_and_not_timed() {
        gate.countDown();
        log.claim(0, "another node"); // fences this one
        assertThat(node.await(send())).isInstanceOf(Reply.Accepted.class); // after a new claim
        assertThat(node.load().appendsFailed()).isEqualTo(1);
        assertThat(node.load().appends().count()).isEqualTo(1);
        assertThat(node.load().eventsAppended()).isEqualTo(1);
    }

    /// Each time may be a question to every database of the log.
    @Test
    void the_status_with_many_views_and_a_saga_takes_one_look_at_the_heads() {
        Thread asking = Thread.currentThread();
        AtomicInteger looks = new AtomicInteger();
        EventLog counted =
                new WrappedLog(log) {
                    @Override
                    public Positions heads() {
                        looks.addAndGet(Thread.currentThread().equals(asking) ? 1 : 0);
                        return super.heads();
                    }
                };
        View other = View.named("others").table("create table other (id text primary key)");
        Microsystem tallies = Wish.MICROSYSTEM.with(Tally.SUMS).with(other);
        NodeSettings settings = NodeSettings.embedded(directory.resolve("tallies"));
        try (Node tally = Node.start(settings, tallies, counted, InstantSource.system())) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> !tally.status().sagas().isEmpty());
            looks.set(0);
            assertThat(tally.status().views()).hasSize(2);
            assertThat(looks.get()).isEqualTo(1);
        }
    }
}
