// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Tally.Command.Add;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class NodeTest {

    record Adding(long amount) {}

    private static final Processor<Adding, Tally.Command> ADDER =
            Processor.named("adder")
                    .taking(Adding.class)
                    .sendingTo(Tally.AGGREGATE)
                    .processing(
                            (adding, _) -> new Processor.Outcome.Send<>(new Add(adding.amount())));

    private static final Microsystem TALLIES =
            Microsystem.named("tallies").with(Tally.AGGREGATE).with(ADDER).with(Tally.SUMS);

    @TempDir Path directory;
    private final EventLog log = MemoryLog.create(4);
    private @Nullable Node node;

    private Node node() {
        if (node == null) {
            node = Node.start(settings(), TALLIES, log, InstantSource.system());
        }
        return node;
    }

    private NodeSettings settings() {
        return NodeSettings.embedded(directory).withAggregatesInMemory(8);
    }

    private void restart() {
        node().close();
        node = null;
    }

    @AfterEach
    void stop() {
        if (node != null) {
            node.close();
        }
        log.close();
    }

    private Reply<Tally> add(String id, long amount, Cause cause) {
        return node().await(node().send(Tally.AGGREGATE, id, new Add(amount), cause));
    }

    private Reply<Tally> add(String id, long amount) {
        return add(id, amount, Cause.fresh());
    }

    private static Versioned<Tally> accepted(Reply<Tally> reply) {
        assertThat(reply).isInstanceOf(Reply.Accepted.class);
        return ((Reply.Accepted<Tally>) reply).aggregate();
    }

    @Test
    void a_command_is_answered_with_the_state_that_it_led_to() {
        assertThat(accepted(add("a", 5)).revision()).isEqualTo(1);
        Versioned<Tally> second = accepted(add("a", 7));
        assertThat(second.revision()).isEqualTo(2);
        assertThat(second.state().sum()).isEqualTo(12);
        assertThat(node().state(Tally.AGGREGATE, "a")).isEqualTo(second);
    }

    @Test
    void an_accepted_command_is_in_the_log_when_it_is_answered() {
        add("a", 5);
        assertThat(log.readStream("tally/a", 1, 10)).hasSize(1);
    }

    @Test
    void a_rejected_command_records_nothing() {
        assertThat(add("a", Tally.LIMIT + 1))
                .isInstanceOfSatisfying(
                        Reply.Rejected.class,
                        rejected ->
                                assertThat(rejected.rejection())
                                        .isEqualTo(Tally.Refusal.OVER_LIMIT));
        assertThat(log.readStream("tally/a", 1, 10)).isEmpty();
    }

    @Test
    void a_command_id_has_one_effect_also_after_a_restart() {
        Cause cause = Cause.of(new UUID(1, 2), 77, "");
        accepted(add("a", 5, cause));
        accepted(add("a", 1));
        assertThat(add("a", 5, cause))
                .isInstanceOfSatisfying(
                        Reply.Repeated.class, again -> assertThat(again.revision()).isEqualTo(1));
        restart();
        assertThat(add("a", 5, cause))
                .isInstanceOfSatisfying(
                        Reply.Repeated.class, again -> assertThat(again.revision()).isEqualTo(1));
        assertThat(node().state(Tally.AGGREGATE, "a").state().sum()).isEqualTo(6);
    }

    private Reply<Tally> processNew(String id, Cause cause) {
        return node().processNew(ADDER, id, new Adding(5), cause);
    }

    @Test
    void what_is_new_twice_has_one_effect_also_when_its_partition_does_not_know_it() {
        Cause cause = Cause.of(new UUID(1, 2), 77, "");
        accepted(processNew("a", cause));
        assertThat(processNew("a", cause))
                .isInstanceOfSatisfying(
                        Reply.Repeated.class, again -> assertThat(again.revision()).isEqualTo(1));
        restart();
        add("b", 1);
        assertThat(processNew("a", cause))
                .isInstanceOfSatisfying(
                        Reply.Repeated.class, again -> assertThat(again.revision()).isEqualTo(1));
        assertThat(log.readStream("tally/a", 1, 10)).hasSize(1);
    }

    @Test
    void what_is_new_twice_does_not_fail_the_commands_of_others() {
        List<Cause> causes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            causes.add(Cause.fresh());
            accepted(processNew("new" + i, causes.get(i)));
        }
        restart();
        List<CompletionStage<Reply<Tally>>> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            for (int k = 0; k < 20; k++) {
                others.add(node().send(Tally.AGGREGATE, "t" + k, new Add(1), Cause.fresh()));
            }
            assertThat(processNew("new" + i, causes.get(i)))
                    .isInstanceOfSatisfying(
                            Reply.Repeated.class,
                            again -> assertThat(again.revision()).isEqualTo(1));
        }
        others.forEach(stage -> accepted(node().await(stage)));
        for (int k = 0; k < 20; k++) {
            assertThat(node().state(Tally.AGGREGATE, "t" + k).state().sum()).isEqualTo(20);
        }
    }

    private void sendMany(int commands) {
        List<CompletionStage<Reply<Tally>>> stages = new ArrayList<>();
        for (int i = 0; i < commands; i++) {
            stages.add(node().send(Tally.AGGREGATE, "hot", new Add(1), Cause.fresh()));
            if (stages.size() == 2_000) {
                stages.forEach(stage -> accepted(node().await(stage)));
                stages.clear();
            }
        }
        stages.forEach(stage -> accepted(node().await(stage)));
    }

    @Test
    void a_command_id_has_one_effect_also_after_a_hundred_thousand_others_and_an_eviction() {
        Cause first = Cause.of(new UUID(1, 2), 77, "");
        accepted(add("hot", 5, first));
        sendMany(100_000);
        assertThat(add("hot", 5, first))
                .isInstanceOfSatisfying(
                        Reply.Repeated.class, again -> assertThat(again.revision()).isEqualTo(1));
        for (int i = 0; i < 100; i++) {
            add("t" + i, 1);
        }
        assertThat(add("hot", 5, first))
                .isInstanceOfSatisfying(
                        Reply.Repeated.class, again -> assertThat(again.revision()).isEqualTo(1));
        restart();
        assertThat(add("hot", 5, first))
                .isInstanceOfSatisfying(
                        Reply.Repeated.class, again -> assertThat(again.revision()).isEqualTo(1));
        assertThat(node().state(Tally.AGGREGATE, "hot").state().sum()).isEqualTo(100_005);
        assertThat(log.latestSnapshot("tally/hot").orElseThrow().payload()).hasSizeLessThan(1_000);
        assertThat(node().load().commandsForgotten()).isZero();
        assertThat(node().load().snapshotsSkipped()).isZero();
    }

    @Test
    void a_command_id_that_comes_with_another_request_is_refused() {
        accepted(add("a", 5, Cause.of(new UUID(1, 2), 77, "")));
        assertThat(add("a", 6, Cause.of(new UUID(1, 2), 78, ""))).isEqualTo(new Reply.IdReused<>());
    }

    @Test
    void a_command_for_another_revision_is_refused() {
        accepted(add("a", 5));
        assertThat(node().await(node().sendAt(Tally.AGGREGATE, "a", 0, new Add(1), Cause.fresh())))
                .isEqualTo(new Reply.Moved<>(1));
        accepted(node().await(node().sendAt(Tally.AGGREGATE, "a", 1, new Add(1), Cause.fresh())));
    }

    @Test
    void a_decider_that_throws_fails_its_own_command_only() {
        Reply<Tally> reply =
                node().await(
                                node().send(
                                                Tally.AGGREGATE,
                                                "a",
                                                new Tally.Command.Break(),
                                                Cause.fresh()));
        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> assertThat(failed.failure()).isEqualTo(Reply.Failure.DEFECT));
        accepted(add("a", 5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"assertion", "stack", "class"})
    void an_error_in_a_decider_fails_its_own_command_only_and_leaves_its_place(String error) {
        Cause cause = Cause.fresh();
        Reply<Tally> reply =
                node().await(
                                node().send(
                                                Tally.AGGREGATE,
                                                "a",
                                                new Tally.Command.Err(error),
                                                cause));
        assertDefect(reply);
        assertThat(node().load().commandsWaiting()).isZero();
        accepted(add("a", 5));
    }

    @Test
    void an_error_in_evolve_fails_its_own_command_only_and_records_nothing() {
        accepted(add("a", 5));
        assertDefect(add("a", Tally.UNFOLDABLE));
        assertThat(accepted(add("a", 6)).state().sum()).isEqualTo(11);
        assertThat(log.readStream("tally/a", 1, 10)).hasSize(2);
        assertThat(node().load().commandsWaiting()).isZero();
    }

    private static void assertDefect(Reply<Tally> reply) {
        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> assertThat(failed.failure()).isEqualTo(Reply.Failure.DEFECT));
    }

    @Test
    void a_node_lives_until_a_thread_of_it_ends_that_must_not() {
        awaitView(accepted(add("a", 5)).seen());
        assertThat(node().isAlive()).isTrue();
        accepted(add("a", Tally.DEADLY));
        await().atMost(Duration.ofSeconds(30)).until(() -> !node().isAlive());
        assertThat(node().status().isWell()).isFalse();
    }

    @Test
    void thousands_of_pipelined_commands_on_one_aggregate_each_count_once() {
        List<CompletionStage<Reply<Tally>>> stages = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            stages.add(node().send(Tally.AGGREGATE, "hot", new Add(1), Cause.fresh()));
        }
        stages.forEach(stage -> accepted(node().await(stage)));
        assertThat(node().state(Tally.AGGREGATE, "hot").state().sum()).isEqualTo(3_000);
        restart();
        assertThat(node().state(Tally.AGGREGATE, "hot").state().sum()).isEqualTo(3_000);
    }

    @Test
    void more_aggregates_than_fit_into_memory_are_read_again_from_the_log() {
        for (int round = 1; round <= 3; round++) {
            for (int i = 0; i < 100; i++) {
                assertThat(accepted(add("t" + i, 2)).state().sum()).isEqualTo(2L * round);
            }
        }
    }

    @Test
    void an_aggregate_can_be_seen_as_it_was() {
        accepted(add("a", 5));
        accepted(add("a", 7));
        assertThat(node().stateAt(Tally.AGGREGATE, "a", 1).orElseThrow().state().sum())
                .isEqualTo(5);
        assertThat(node().stateAt(Tally.AGGREGATE, "a", 3)).isEmpty();
        assertThat(
                        node().stateAt(
                                        Tally.AGGREGATE,
                                        "a",
                                        node().clock().instant().plusSeconds(9))
                                .orElseThrow()
                                .revision())
                .isEqualTo(2);
        assertThat(node().stateAt(Tally.AGGREGATE, "a", Instant.EPOCH)).isEmpty();
    }

    private List<Long> sums(String id) {
        return node().rows(
                        Tally.SUMS,
                        "select sum from tally where id = ?",
                        row -> row.number("sum"),
                        id);
    }

    private void awaitView(Positions seen) {
        assertThat(node().await(Tally.SUMS, seen, Duration.ofSeconds(90))).isTrue();
    }

    @Test
    void a_view_shows_what_the_caller_has_written() {
        accepted(add("a", 5));
        awaitView(accepted(add("a", 6)).seen());
        assertThat(sums("a")).containsExactly(11L);
    }

    @Test
    void a_view_goes_on_where_it_was_after_a_restart() {
        awaitView(accepted(add("a", 5)).seen());
        restart();
        awaitView(accepted(add("a", 6)).seen());
        assertThat(sums("a")).containsExactly(11L);
    }

    @Test
    void an_event_that_fails_in_a_view_is_parked_with_its_stream_and_others_flow() {
        accepted(add("a", Tally.UNLUCKY));
        Positions behind = accepted(add("a", 1)).seen();
        Positions other = accepted(add("b", 2)).seen();
        awaitView(behind.merge(other));
        assertThat(sums("a")).isEmpty();
        assertThat(sums("b")).containsExactly(2L);
        assertThat(
                        node().rows(
                                        Tally.SUMS,
                                        "select stream from fakta_parked",
                                        row -> row.text("stream")))
                .containsExactly("tally/a", "tally/a");
        assertThat(node().status().views().getFirst().parkedStreams()).isEqualTo(1);
    }
}
