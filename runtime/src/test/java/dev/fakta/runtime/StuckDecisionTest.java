// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.log.MemoryLog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A `decide` or an `evolve` that does not return while the test runs, asked for on the node that
/// has its partition.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class StuckDecisionTest {

    private static final int PARTITIONS = 4;
    private static final int WAITING = 3;
    private static final Reply<Integer> NO_ANSWER =
            new Reply.Failed<>(Reply.Failure.TIMEOUT, "no answer in time");

    private enum Stuck {
        NEVER,
        DECIDE,
        EVOLVE
    }

    record Count(Stuck in) {}

    record Counted(Stuck in) {}

    private final CountDownLatch held = new CountDownLatch(1);
    private final Aggregate<Count, Counted, Integer> aggregate =
            Aggregate.named("stuck")
                    .taking(Count.class)
                    .startingAs(0)
                    .<Counted>deciding((_, count) -> decide(count))
                    .evolving(this::evolve)
                    .event("stuck-counted", Counted.class);
    private final Processor<Count, Count> processor =
            Processor.named("counter")
                    .taking(Count.class)
                    .sendingTo(aggregate)
                    .processing((count, _) -> new Processor.Outcome.Send<>(count));
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final MemoryLog log = MemoryLog.create(PARTITIONS);

    @TempDir Path directory;
    private Node node;

    @BeforeEach
    void start() {
        NodeSettings usual = NodeSettings.embedded(directory);
        node =
                Node.start(
                        new NodeSettings(
                                usual.name(),
                                usual.cluster(),
                                usual.views(),
                                usual.aggregatesInMemory(),
                                WAITING,
                                usual.snapshotEvery(),
                                Duration.ofSeconds(2),
                                usual.viewBatch(),
                                usual.processorsAtOnce()),
                        Microsystem.named("stucks").with(aggregate).with(processor),
                        log,
                        InstantSource.system());
        ids().forEach(id -> assertThat(send(id, Stuck.NEVER)).isInstanceOf(Reply.Accepted.class));
    }

    @AfterEach
    void stop() {
        held.countDown();
        node.close();
        callers.shutdown();
        log.close();
    }

    private Decision<Counted> decide(Count count) {
        if (count.in() == Stuck.DECIDE) {
            awaitRelease();
        }
        return Decision.accept(new Counted(count.in()));
    }

    private int evolve(int state, Counted counted) {
        if (counted.in() == Stuck.EVOLVE) {
            awaitRelease();
        }
        return state + 1;
    }

    private void awaitRelease() {
        try {
            held.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// An aggregate of each partition.
    private List<String> ids() {
        return IntStream.range(0, PARTITIONS).mapToObj(this::id).toList();
    }

    private String id(int partition) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "s" + i)
                .filter(id -> log.partitionOf("stuck/" + id) == partition)
                .findFirst()
                .orElseThrow();
    }

    /// On a thread that the test need not get back.
    private Reply<Integer> within(Supplier<Reply<Integer>> call) {
        return CompletableFuture.supplyAsync(call, callers).orTimeout(60, TimeUnit.SECONDS).join();
    }

    private Reply<Integer> send(String id, Stuck in) {
        return within(() -> node.await(node.send(aggregate, id, new Count(in), Cause.fresh())));
    }

    @Test
    void its_own_caller_is_answered_when_its_time_is_up() {
        assertThat(send(id(0), Stuck.DECIDE)).isEqualTo(NO_ANSWER);
    }

    @ParameterizedTest
    @EnumSource(value = Stuck.class, names = "NEVER", mode = EnumSource.Mode.EXCLUDE)
    void it_is_reported_by_name_while_it_runs_and_its_caller_is_answered(Stuck in) {
        try (LoggedLines lines =
                new LoggedLines(
                        "dev.fakta.runtime.partition.SlowDecisions", "stuck/" + id(0) + " ")) {
            assertThat(send(id(0), in)).isEqualTo(NO_ANSWER);
            await().atMost(Duration.ofSeconds(60)).until(() -> lines.count() > 0);
            assertThat(lines.has("has been deciding on Count for ")).isTrue();
            assertThat(held.getCount()).isEqualTo(1);
        }
    }

    @Test
    void the_caller_of_a_processor_that_sent_it_is_answered_when_its_time_is_up() {
        assertThat(
                        within(
                                () ->
                                        node.process(
                                                processor,
                                                id(0),
                                                new Count(Stuck.DECIDE),
                                                Cause.fresh())))
                .isEqualTo(NO_ANSWER);
    }

    @Test
    void other_commands_to_its_partition_are_answered_in_time_and_more_than_may_wait_at_once() {
        for (int i = 0; i < WAITING; i++) {
            assertThat(send(id(0), i == 0 ? Stuck.DECIDE : Stuck.NEVER)).isEqualTo(NO_ANSWER);
        }
        assertThat(send(id(0), Stuck.NEVER)).isEqualTo(new Reply.Busy<>());
    }

    @Test
    void other_partitions_go_on() {
        assertThat(send(id(0), Stuck.DECIDE)).isEqualTo(NO_ANSWER);
        ids().stream()
                .skip(1)
                .forEach(
                        id -> assertThat(send(id, Stuck.NEVER)).isInstanceOf(Reply.Accepted.class));
    }

    @Test
    void what_was_asked_meanwhile_is_carried_out_when_it_returns() {
        assertThat(send(id(0), Stuck.DECIDE)).isEqualTo(NO_ANSWER);
        var waiting = node.send(aggregate, id(0), new Count(Stuck.NEVER), Cause.fresh());
        held.countDown();
        assertThat(waiting.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join())
                .isInstanceOf(Reply.Accepted.class);
        assertThat(node.state(aggregate, id(0)).state()).isEqualTo(3);
    }
}
