// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaState.Status;
import dev.fakta.log.EventLog;
import dev.fakta.log.LogException;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Positions;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Sagas that a program gets, and that it has no more, on a log that was there before.
@Order(1)
@ResourceLock("Wish.isFixed")
class SagaStartTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Microsystem WITHOUT =
            Microsystem.named("wishes").with(Wish.AGGREGATE).with(Tally.AGGREGATE);
    private static final Saga<Wish.Begun, Wish> FROM_NOW =
            Wish.saga(Saga.named("granting").startingWithNewEvents());

    @TempDir Path directory;
    private final HeldClock clock = new HeldClock();
    private @Nullable EventLog log;
    private @Nullable Node running;

    private Node start(Microsystem microsystem) {
        stop();
        EventLog opened = SegmentLog.open(directory.resolve("log"), SegmentLogSettings.defaults());
        log = opened;
        Node node =
                Node.start(
                        NodeSettings.embedded(directory.resolve("views")),
                        microsystem,
                        opened,
                        clock);
        running = node;
        return node;
    }

    @AfterEach
    void stop() {
        if (running != null) {
            running.close();
            running = null;
        }
        if (log != null) {
            log.close();
            log = null;
        }
    }

    private void loseIndex() throws IOException {
        stop();
        Path views = Files.createDirectories(directory.resolve("views"));
        try (Stream<Path> files = Files.list(views)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private static CompletionStage<Reply<Wish>> make(
            Node node, String id, long amount, Duration pause) {
        var make = new Wish.Make(List.of("all"), amount, pause.toMillis());
        return node.send(Wish.AGGREGATE, id, make, Cause.fresh());
    }

    private static void wish(Node node, String id, Duration pause) {
        assertThat(node.await(make(node, id, 1, pause))).isInstanceOf(Reply.Accepted.class);
    }

    private static void wish(Node node, String id) {
        wish(node, id, Duration.ZERO);
    }

    private static void awaitGranted(Node node, String... ids) {
        for (String id : ids) {
            await().atMost(SOON)
                    .until(
                            () ->
                                    node.state(Wish.SAGA.aggregate(), id).state().status()
                                            == Status.COMPLETED);
        }
    }

    private static void awaitCounted(Node node, SagaCounts counts) {
        await().atMost(SOON).until(() -> node.status().sagas().equals(List.of(counts)));
    }

    private static long granted(Node node) {
        return node.state(Tally.AGGREGATE, "all").state().sum();
    }

    @Nested
    class A_saga_whose_name_is_gone {

        private void refuses(String words) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> start(WITHOUT.with(Wish.saga(Saga.named("giving")))))
                    .withMessageContaining(
                            "the log has streams of saga granting, which this program does not have (new in it: giving), and "
                                    + words
                                    + ": keep Saga.named(\"granting\"), or write .retired(\"granting\")");
        }

        @Test
        void is_refused_with_how_many_of_its_instances_have_not_ended() {
            Wish.isFixed = false;
            Node node = start(Wish.MICROSYSTEM);
            wish(node, "done");
            wish(node, "w1", Duration.ofHours(1));
            wish(node, "w2", Duration.ofHours(1));
            node.await(make(node, "w3", Wish.UNLUCKY, Duration.ZERO));
            awaitGranted(node, "done");
            awaitCounted(node, new SagaCounts("granting", 2, 0, 1, 0, 0));
            refuses(
                    "3 of its instances have not ended (2 live, 1 parked), which would stop where they are");
        }

        @Test
        void is_refused_without_a_number_where_there_are_very_many() {
            Node node = start(Wish.MICROSYSTEM);
            IntStream.range(0, 1_001)
                    .mapToObj(i -> make(node, "w" + i, 1, Duration.ofHours(1)))
                    .toList()
                    .forEach(made -> assertThat(node.await(made)).isNotNull());
            awaitCounted(node, new SagaCounts("granting", 1_001, 0, 0, 0, 0));
            refuses(
                    "1,000 or more of its instances have not ended, which would stop where they are");
        }

        @Test
        void is_refused_and_can_be_given_up_when_all_of_its_instances_have_ended() {
            Node node = start(Wish.MICROSYSTEM);
            wish(node, "done");
            awaitGranted(node, "done");
            awaitCounted(node, new SagaCounts("granting", 0, 0, 0, 0, 0));
            refuses("all of its instances have ended");
            start(WITHOUT.with(Wish.saga(Saga.named("giving"))).retired("granting"));
        }

        @Test
        void is_refused_where_nobody_knows_of_its_instances() throws IOException {
            start(Wish.MICROSYSTEM);
            loseIndex();
            refuses(
                    "this node has no index of it that tells how many of its instances have not ended");
        }
    }

    @Nested
    class A_saga_that_begins_with_new_events {

        /// A log with the wishes `old-1` and `old-2`, which no saga has heard of.
        private void recordHistory() {
            Node node = start(WITHOUT);
            wish(node, "old-1");
            wish(node, "old-2");
        }

        @Test
        void hears_nothing_of_the_history_and_all_that_is_recorded_later() throws IOException {
            recordHistory();
            Node first = start(WITHOUT.with(FROM_NOW));
            wish(first, "new-1");
            awaitGranted(first, "new-1");
            loseIndex();
            Node again = start(WITHOUT.with(FROM_NOW));
            wish(again, "new-2");
            awaitGranted(again, "new-2");
            assertThat(granted(again)).isEqualTo(2);
        }

        @Test
        void hears_what_was_recorded_between_its_first_start_and_the_next() throws IOException {
            recordHistory();
            start(WITHOUT.with(FROM_NOW));
            loseIndex();
            Node older = start(WITHOUT); // the release is taken back for a while
            wish(older, "between");
            Node again = start(WITHOUT.with(FROM_NOW));
            awaitGranted(again, "between");
            assertThat(granted(again)).isEqualTo(1);
        }

        @Test
        void begins_where_it_began_whatever_later_programs_say() throws IOException {
            recordHistory();
            Node first = start(WITHOUT.with(FROM_NOW));
            wish(first, "new-1");
            awaitGranted(first, "new-1");
            loseIndex();
            Node later = start(Wish.MICROSYSTEM);
            wish(later, "new-2");
            awaitGranted(later, "new-2");
            assertThat(granted(later)).isEqualTo(2);
        }

        @Test
        void leaves_the_instances_alone_that_it_had_before_it_said_so() throws IOException {
            Node first = start(Wish.MICROSYSTEM);
            wish(first, "slow", Duration.ofHours(1));
            awaitCounted(first, new SagaCounts("granting", 1, 0, 0, 0, 0));
            loseIndex();
            clock.advance(Duration.ofHours(1));
            Node later = start(WITHOUT.with(FROM_NOW));
            awaitGranted(later, "slow");
        }

        @Test
        void begins_at_the_beginning_of_an_empty_log() {
            Node node = start(WITHOUT.with(FROM_NOW));
            wish(node, "new-1");
            awaitGranted(node, "new-1");
        }

        @Test
        void begins_where_it_began_when_the_first_start_did_not_come_to_its_end() {
            MemoryLog memory = MemoryLog.create(2);
            EventLog full =
                    new WrappedLog(memory) {
                        @Override
                        public void putNote(String name, String text) {
                            throw new LogException(
                                    LogException.Category.UNAVAILABLE, name + " is too late");
                        }
                    };
            in(memory, WITHOUT, node -> wish(node, "old"));
            in(full, WITHOUT.with(FROM_NOW), _ -> {}); // the log does not get to know the saga
            in(memory, WITHOUT, node -> wish(node, "between"));
            in(
                    memory,
                    WITHOUT.with(FROM_NOW),
                    node -> {
                        awaitGranted(node, "between");
                        assertThat(granted(node)).isEqualTo(1);
                    });
            memory.close();
        }

        private void in(EventLog events, Microsystem program, Consumer<Node> work) {
            try (Node node =
                    Node.start(
                            NodeSettings.embedded(directory.resolve("views")),
                            program,
                            events,
                            clock)) {
                work.accept(node);
            }
        }

        @Test
        void is_not_started_while_a_partition_cannot_say_where_it_ends() {
            MemoryLog memory = MemoryLog.create(2);
            EventLog away =
                    new WrappedLog(memory) {
                        @Override
                        public Positions heads() {
                            return Positions.of(0, memory.heads().offset(0));
                        }
                    };
            assertThatExceptionOfType(LogException.class)
                    .isThrownBy(() -> in(away, WITHOUT.with(FROM_NOW), _ -> {}))
                    .withMessageContaining(
                            "saga granting is to begin with new events, and where they begin in partition 1 cannot be told now");
            assertThat(memory.note("wishes.shapes")).isEmpty();
            memory.close();
        }
    }

    @Nested
    class The_start {

        private void says(Microsystem program, String saga, boolean isSaid, String words) {
            try (LoggedLines lines =
                    new LoggedLines("dev.fakta.runtime.core.SagaBeginning", saga)) {
                start(program);
                assertThat(lines.has(words)).isEqualTo(isSaid);
            }
        }

        @Test
        void says_once_that_a_new_saga_begins_with_all_of_the_history() {
            wish(start(WITHOUT), "old");
            Microsystem program = WITHOUT.with(Wish.saga(Saga.named("giving-all")));
            says(program, "giving-all", true, "is new here and begins with all of the history: ");
            says(program, "giving-all", false, "");
        }

        @Test
        void says_once_that_a_new_saga_begins_with_new_events() {
            wish(start(WITHOUT), "old");
            Microsystem program =
                    WITHOUT.with(Wish.saga(Saga.named("giving-new").startingWithNewEvents()));
            says(
                    program,
                    "giving-new",
                    true,
                    "is new here and begins with what is recorded from now on, after ");
            says(program, "giving-new", false, "");
        }

        @Test
        void says_nothing_where_there_is_no_history() {
            says(WITHOUT.with(Wish.saga(Saga.named("giving-empty"))), "giving-empty", false, "");
        }
    }
}
