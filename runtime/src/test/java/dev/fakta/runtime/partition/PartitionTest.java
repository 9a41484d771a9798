// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Microsystem;
import dev.fakta.log.HybridTime;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Positions;
import dev.fakta.log.Snapshot;
import dev.fakta.log.Writer;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.Reply.Failed;
import dev.fakta.runtime.Reply.Failure;
import dev.fakta.runtime.Tally;
import dev.fakta.runtime.Tally.Command.Add;
import dev.fakta.runtime.Versioned;
import dev.fakta.runtime.core.AggregateReader;
import dev.fakta.runtime.core.CommandWindow;
import dev.fakta.runtime.core.EventCodec;
import dev.fakta.runtime.core.RecentEvents;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The partition step by step: the test is its shell, and says when something is durable.
class PartitionTest {

    private static final Microsystem TALLIES = Microsystem.named("tallies").with(Tally.AGGREGATE);

    @SuppressWarnings("unchecked")
    private static final Aggregate<Object, Object, Object> AGGREGATE =
            (Aggregate<Object, Object, Object>) (Aggregate<?, ?, ?>) Tally.AGGREGATE;

    private final Writer writer = MemoryLog.create(4).claim(3, "test");
    private final ScriptedShell shell = new ScriptedShell();
    private final List<Reply<Object>> replies = new ArrayList<>();
    private Partition partition = partition(new Image(100));

    private Partition partition(Image image) {
        return new Partition(
                3,
                new EventCodec(Microsystems.of(TALLIES)),
                new RecentEvents(4),
                image,
                new HybridTime(InstantSource.fixed(Instant.EPOCH), 0),
                200,
                shell);
    }

    @BeforeEach
    void claim() {
        partition.start();
        partition.claimed(writer, null, 0);
    }

    private void send(Object command) {
        send(command, Cause.fresh());
    }

    private void send(Object command, Cause cause) {
        partition.command(
                new CommandCall(AGGREGATE, "a", command, CommandCall.ANY, cause, replies::add));
    }

    private static LogException failure(Category category) {
        return new LogException(category, "as the test wants it");
    }

    /// What the log has of an aggregate with so many events of 1.
    private static AggregateReader.Loaded read(int events) {
        return new AggregateReader.Loaded(
                new Versioned<>("a", new Tally(events, Tally.LIMIT), events, Positions.NONE, 0),
                new CommandWindow(),
                0);
    }

    private static boolean isFailure(Reply<Object> reply, Failure failure) {
        return reply instanceof Failed<Object>(var found, _) && found == failure;
    }

    private static long sum(Reply<Object> reply) {
        return reply instanceof Reply.Accepted<Object>(var aggregate)
                ? ((Tally) aggregate.state()).sum()
                : -1;
    }

    /// What a caller may ask a view to have seen after an answer.
    @Nested
    class Positions_of_answers {

        private Positions seen(int answer) {
            return ((Reply.Accepted<Object>) replies.get(answer)).aggregate().seen();
        }

        @Test
        void an_answer_without_an_event_is_none_when_the_partition_is_another_nodes() {
            send(new Add(1));
            partition.flush();
            partition.appended(shell.appends.remove(), 8);
            shell.isOwned = false;
            send(new Add(0));
            send(new Add(Tally.LIMIT));
            assertThat(replies)
                    .filteredOn(
                            reply ->
                                    reply instanceof Failed<Object>(var failure, _)
                                            && failure == Failure.ELSEWHERE)
                    .hasSize(2);
        }

        @Test
        void an_answer_without_an_event_has_the_position_of_what_it_rests_on() {
            send(new Add(1));
            partition.flush();
            send(new Add(0)); // waits for the event before it
            partition.flush();
            partition.appended(shell.appends.remove(), 8);
            send(new Add(0));
            assertThat(replies).hasSize(3);
            assertThat(seen(1)).isEqualTo(Positions.of(3, 8));
            assertThat(seen(2)).isEqualTo(Positions.of(3, 8));
        }

        @Test
        void an_answer_about_what_was_read_from_a_snapshot_has_a_position() {
            shell.isAbsent = false;
            send(new Add(0));
            partition.loaded(shell.loads.remove(), read(5));
            assertThat(seen(0)).isEqualTo(Positions.of(3, writer.head()));
        }

        @Test
        void a_state_that_was_read_from_a_snapshot_has_a_position() {
            shell.isAbsent = false;
            List<StateCall.Answer> answers = new ArrayList<>();
            partition.state(new StateCall(AGGREGATE, "a", answers::add));
            partition.loaded(shell.loads.remove(), read(5));
            assertThat(answers)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            StateCall.Found.class,
                            found ->
                                    assertThat(found.aggregate().seen())
                                            .isEqualTo(Positions.of(3, writer.head())));
        }
    }

    @Nested
    class Pipelining {

        @Test
        void a_read_waits_for_what_is_on_its_way_as_others_may_know_of_it() {
            List<StateCall.Answer> answers = new ArrayList<>();
            send(new Add(1));
            partition.flush();
            partition.state(new StateCall(AGGREGATE, "a", answers::add));
            partition.flush();
            assertThat(answers).isEmpty();
            partition.appended(shell.appends.remove(), 8);
            assertThat(answers)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            StateCall.Found.class,
                            found ->
                                    assertThat(found.aggregate().state())
                                            .isEqualTo(new Tally(1, Tally.LIMIT)));
        }

        @Test
        void a_read_that_waited_for_a_failed_append_is_answered_from_the_log() {
            List<StateCall.Answer> answers = new ArrayList<>();
            send(new Add(1));
            partition.flush();
            partition.state(new StateCall(AGGREGATE, "a", answers::add));
            partition.flush();
            shell.isAbsent = false;
            partition.appendFailed(shell.appends.remove(), failure(Category.FULL));
            assertThat(answers).isEmpty();
            partition.loaded(shell.loads.remove(), read(5));
            assertThat(answers).singleElement().isInstanceOf(StateCall.Found.class);
        }

        @Test
        void nothing_is_answered_before_it_is_durable() {
            send(new Add(1));
            partition.flush();
            assertThat(replies).isEmpty();
            partition.appended(shell.appends.remove(), 8);
            assertThat(replies).hasSize(1);
            assertThat(sum(replies.getFirst())).isEqualTo(1);
        }

        @Test
        void a_second_command_is_decided_while_the_first_is_on_its_way() {
            send(new Add(1));
            partition.flush();
            send(new Add(2));
            partition.flush();
            assertThat(shell.appends).hasSize(2);
            partition.appended(shell.appends.remove(), 8);
            partition.appended(shell.appends.remove(), 9);
            assertThat(replies).extracting(PartitionTest::sum).containsExactly(1L, 3L);
        }

        @Test
        void commands_that_came_together_share_one_append() {
            send(new Add(1));
            send(new Add(2));
            partition.flush();
            assertThat(shell.appends).hasSize(1);
            assertThat(shell.appends.getFirst().events()).hasSize(2);
        }

        @Test
        void a_refusal_that_rests_on_an_event_waits_for_it() {
            send(new Add(Tally.LIMIT));
            partition.flush();
            send(new Add(1));
            partition.flush();
            assertThat(replies).isEmpty();
            partition.appended(shell.appends.remove(), 8);
            long time = ((Reply.Accepted<Object>) replies.getFirst()).aggregate().time();
            assertThat(replies.getLast())
                    .as("what is done because of it is later than the event")
                    .isEqualTo(new Reply.Rejected<>(Tally.Refusal.OVER_LIMIT, time));
        }

        @Test
        void a_refusal_that_rests_on_nothing_pending_is_answered_at_once() {
            send(new Add(Tally.LIMIT + 1));
            assertThat(replies).containsExactly(new Reply.Rejected<>(Tally.Refusal.OVER_LIMIT, 0));
        }

        @Test
        void a_repeated_command_on_its_way_has_one_effect() {
            Cause cause = Cause.of(new UUID(1, 2), 5, "");
            send(new Add(1), cause);
            send(new Add(1), cause);
            partition.flush();
            assertThat(shell.appends.getFirst().events()).hasSize(1);
            partition.appended(shell.appends.remove(), 8);
            assertThat(replies.getLast())
                    .isInstanceOfSatisfying(
                            Reply.Repeated.class,
                            again -> assertThat(again.revision()).isEqualTo(1));
        }
    }

    @Nested
    class Failing {

        @Test
        void a_failed_append_answers_all_that_waits_and_forgets_the_tentative_state() {
            send(new Add(1));
            partition.flush();
            send(new Add(2));
            partition.flush();
            send(new Add(3));
            partition.appendFailed(shell.appends.remove(), failure(Category.FULL));
            assertThat(replies)
                    .hasSize(3)
                    .allSatisfy(
                            reply ->
                                    assertThat(((Failed<Object>) reply).failure())
                                            .isEqualTo(Failure.FULL));
            partition.appendFailed(shell.appends.remove(), failure(Category.FULL));
            assertThat(replies).hasSize(3);
        }

        @Test
        void an_event_that_the_log_does_not_take_fails_its_own_command_only() {
            send(new Add(1));
            send(new Add(ScriptedShell.REFUSED));
            send(new Add(2));
            partition.flush();
            assertThat(shell.appends).hasSize(1); // the first one, which is not waited for
            assertThat(replies)
                    .hasSize(3)
                    .satisfiesExactlyInAnyOrder(
                            reply -> assertThat(isFailure(reply, Failure.DEFECT)).isTrue(),
                            reply -> assertThat(isFailure(reply, Failure.ELSEWHERE)).isTrue(),
                            reply -> assertThat(isFailure(reply, Failure.ELSEWHERE)).isTrue());
            replies.clear();
            send(new Add(5));
            assertThat(shell.claims).isEqualTo(2);
            partition.claimed(writer, null, 0);
            partition.flush();
            partition.appended(shell.appends.removeLast(), 12);
            assertThat(replies).map(PartitionTest::sum).containsExactly(5L);
        }

        @Test
        void after_a_conflict_all_that_waits_is_sent_again() {
            send(new Add(1));
            partition.flush();
            send(new Add(2));
            partition.appendFailed(shell.appends.remove(), failure(Category.CONFLICT));
            assertThat(replies).hasSize(2).allMatch(reply -> isFailure(reply, Failure.ELSEWHERE));
            assertThat(shell.isEnded).isFalse();
        }

        @Test
        void a_question_that_is_asked_again_is_not_new_any_more() {
            var first =
                    new Question.Command(
                            AGGREGATE, "a", new Add(1), CommandCall.NEW, Cause.fresh());
            assertThat(first.again())
                    .isEqualTo(
                            new Question.Command(
                                    AGGREGATE,
                                    "a",
                                    first.command(),
                                    CommandCall.ANY,
                                    first.cause()));
        }

        @Test
        void the_next_command_claims_again_and_goes_on_from_the_log() {
            send(new Add(1));
            partition.flush();
            partition.appendFailed(shell.appends.remove(), failure(Category.UNAVAILABLE));
            send(new Add(5));
            assertThat(shell.claims).isEqualTo(2);
            partition.claimed(writer, null, 0);
            partition.flush();
            partition.appended(shell.appends.remove(), 12);
            assertThat(sum(replies.getLast())).isEqualTo(5);
        }

        @Test
        void a_claim_that_fails_answers_who_waited_for_it() {
            send(new Add(1));
            partition.flush();
            partition.appendFailed(shell.appends.remove(), failure(Category.FULL));
            send(new Add(2));
            partition.claimFailed(failure(Category.FULL));
            assertThat(replies).hasSize(2);
            assertThat(((Failed<Object>) replies.getLast()).failure()).isEqualTo(Failure.FULL);
        }

        @Test
        void a_fenced_partition_ends_and_takes_no_more_commands() {
            send(new Add(1));
            partition.flush();
            partition.appendFailed(shell.appends.remove(), failure(Category.FENCED));
            assertThat(shell.isEnded).isTrue();
            send(new Add(2));
            assertThat(replies).hasSize(2).allMatch(reply -> reply instanceof Failed<Object>);
            assertThat(shell.claims).isEqualTo(1);
        }

        @Test
        void what_was_read_before_a_new_claim_is_not_used_after_it() {
            shell.isAbsent = false;
            send(new Add(1));
            Resident stale = shell.loads.remove();
            partition.claimed(writer, null, 0);
            partition.loaded(stale, read(9));
            assertThat(replies).isEmpty();
            partition.loaded(shell.loads.remove(), read(3));
            partition.flush();
            partition.appended(shell.appends.remove(), 8);
            assertThat(sum(replies.getFirst())).isEqualTo(4);
        }

        @Test
        void what_waits_for_an_aggregate_to_be_read_goes_where_the_partition_goes() {
            shell.isAbsent = false;
            List<StateCall.Answer> states = new ArrayList<>();
            send(new Add(1));
            partition.state(new StateCall(AGGREGATE, "a", states::add));
            partition.stop();
            partition.loaded(shell.loads.remove(), read(3));
            assertThat(replies)
                    .singleElement()
                    .matches(reply -> isFailure(reply, Failure.ELSEWHERE));
            assertThat(states).containsExactly(new StateCall.Elsewhere());
        }

        @Test
        void a_partition_that_has_left_answers_no_reads() {
            List<StateCall.Answer> states = new ArrayList<>();
            partition.stop();
            partition.state(new StateCall(AGGREGATE, "a", states::add));
            assertThat(states).containsExactly(new StateCall.Elsewhere());
        }

        @Test
        void a_read_that_waits_while_the_image_is_dropped_is_read_anew() {
            shell.isAbsent = false;
            List<StateCall.Answer> states = new ArrayList<>();
            partition.state(new StateCall(AGGREGATE, "a", states::add));
            partition.claimed(writer, null, 0);
            partition.loaded(shell.loads.remove(), read(9));
            assertThat(states).isEmpty();
            partition.loaded(shell.loads.remove(), read(3));
            assertThat(states)
                    .singleElement()
                    .matches(
                            answer ->
                                    answer instanceof StateCall.Found(var found)
                                            && found.state().equals(new Tally(3, Tally.LIMIT)));
        }

        @Test
        void a_read_that_fails_late_does_not_drop_what_was_read_since() {
            shell.isAbsent = false;
            send(new Add(1));
            Resident stale = shell.loads.remove();
            partition.claimed(writer, null, 0);
            send(new Add(1));
            partition.loaded(shell.loads.remove(), read(3));
            partition.loadFailed(stale, new IllegalStateException("unreadable"));
            partition.flush();
            partition.appended(shell.appends.remove(), 8);
            assertThat(replies).map(PartitionTest::sum).containsExactly(4L, 5L);
            assertThat(shell.loads).isEmpty();
        }

        @Test
        void an_aggregate_that_cannot_be_read_fails_its_own_callers_only() {
            shell.isAbsent = false;
            send(new Add(1));
            partition.loadFailed(shell.loads.remove(), new IllegalStateException("unreadable"));
            assertThat(replies).hasSize(1).allMatch(reply -> reply instanceof Failed<Object>);
            shell.isAbsent = true;
            send(new Add(2));
            partition.flush();
            partition.appended(shell.appends.remove(), 8);
            assertThat(sum(replies.getLast())).isEqualTo(2);
        }

        @Test
        void an_aggregate_with_a_new_id_is_not_read() {
            shell.isAbsent = false;
            partition.command(
                    new CommandCall(
                            AGGREGATE,
                            "new",
                            new Add(1),
                            CommandCall.NEW,
                            Cause.fresh(),
                            replies::add));
            partition.flush();
            assertThat(shell.loads).isEmpty();
            assertThat(shell.appends.remove().events().getFirst().revision()).isEqualTo(1);
        }

        @Test
        void events_are_later_than_the_claim_also_when_the_last_owners_clock_was_ahead() {
            long ahead = HybridTime.of(Instant.parse("2100-01-01T00:00:00Z"));
            partition.claimed(writer, null, ahead);
            send(new Add(1));
            partition.flush();
            assertThat(shell.appends.remove().events().getFirst().metadata().time())
                    .isGreaterThan(ahead);
        }

        @Test
        void a_command_that_follows_from_a_time_decades_ahead_is_recorded_at_the_clocks_time() {
            UUID id = new UUID(1, 2);
            long ahead = HybridTime.of(Instant.parse("2100-01-01T00:00:00Z"));
            send(new Add(1), new Cause(id, 0, id, id, "", Set.of(), "", ahead));
            partition.flush();
            long time = shell.appends.remove().events().getFirst().metadata().time();
            assertThat(HybridTime.instant(time)).isEqualTo(Instant.EPOCH);
        }

        @Test
        void a_partition_that_leaves_answers_all_that_waits() {
            send(new Add(1));
            partition.flush();
            partition.stop();
            assertThat(replies).hasSize(1).allMatch(reply -> reply instanceof Failed<Object>);
        }
    }

    @Test
    void a_snapshot_is_made_behind_the_answer_and_of_what_is_durable() {
        List<Integer> answered = new ArrayList<>();
        shell.onSnapshot = () -> answered.add(replies.size());
        for (int i = 0; i < 200; i++) {
            send(new Add(1));
        }
        partition.flush();
        send(new Add(1));
        partition.appended(shell.appends.remove(), 201);
        assertThat(shell.snapshots).containsExactly("200 of 200");
        assertThat(answered).containsExactly(200);
    }

    @Test
    void a_snapshot_that_the_log_does_not_take_does_not_hurt() {
        send(new Add(1));
        partition.flush();
        partition.appended(shell.appends.remove(), 2);
        partition.snapshotMade(writer, new Snapshot("tally/elsewhere", 1, new byte[1]));
        send(new Add(2));
        partition.flush();
        partition.appended(shell.appends.remove(), 3);
        assertThat(sum(replies.getLast())).isEqualTo(3);
        assertThat(shell.claims).isEqualTo(1);
    }

    /// An aggregate with room for so many command ids, all of them taken at the beginning of time.
    private AggregateReader.Loaded full(int commands) {
        CommandWindow window = new CommandWindow(commands);
        for (int i = 1; i <= commands; i++) {
            boolean _ = window.add(new UUID(9, i), 0, i, HybridTime.of(Instant.EPOCH));
        }
        return new AggregateReader.Loaded(
                new Versioned<>("a", new Tally(9, Tally.LIMIT), commands, Positions.NONE, 0),
                window,
                3);
    }

    @Test
    void an_aggregate_is_busy_when_the_ids_of_all_take_what_they_may_and_its_own_are_many() {
        partition = partition(new Image(100, new IdMemory(0)));
        claim();
        shell.isAbsent = false;
        send(new Add(1));
        partition.loaded(shell.loads.remove(), full(32));
        assertThat(replies).containsExactly(new Reply.Busy<>());
        partition.command(
                new CommandCall(
                        AGGREGATE, "b", new Add(1), CommandCall.NEW, Cause.fresh(), replies::add));
        UUID id = new UUID(1, 2);
        long later = HybridTime.of(Instant.EPOCH.plus(CommandWindow.YOUNG).plusSeconds(1));
        send(new Add(1), new Cause(id, 0, id, id, "", Set.of(), "", later));
        partition.flush();
        partition.appended(shell.appends.remove(), 8);
        assertThat(replies).hasSize(3);
        assertThat(replies.subList(1, 3)).allMatch(Reply.Accepted.class::isInstance);
    }

    @Test
    void what_ids_take_is_known_after_some_thousand_commands_and_is_given_back() {
        IdMemory ids = new IdMemory(1 << 20);
        Image image = new Image(100, ids);
        Resident resident = new Resident(AGGREGATE, "a");
        image.add(resident);
        for (int i = 1; i <= 5_000; i++) {
            boolean _ = resident.window.add(new UUID(9, i), 0, i, HybridTime.of(Instant.EPOCH));
            image.remembered();
        }
        assertThat(ids.used()).isBetween(4_096L * 40, (long) resident.window.bytes());
        assertThat(ids.isExhausted()).isFalse();
        image.clear();
        assertThat(ids.used()).isZero();
    }

    @Test
    void an_aggregate_that_has_no_room_for_command_ids_is_busy_until_they_are_old() {
        shell.isAbsent = false;
        send(new Add(1));
        partition.loaded(shell.loads.remove(), full(50));
        assertThat(replies).containsExactly(new Reply.Busy<>());
        send(new Add(1), Cause.of(new UUID(9, 1), 0, ""));
        assertThat(replies.getLast())
                .isInstanceOfSatisfying(
                        Reply.Repeated.class, again -> assertThat(again.revision()).isEqualTo(1));
        UUID id = new UUID(1, 2);
        long later = HybridTime.of(Instant.EPOCH.plus(CommandWindow.YOUNG).plusSeconds(1));
        send(new Add(1), new Cause(id, 0, id, id, "", Set.of(), "", later));
        partition.flush();
        partition.appended(shell.appends.remove(), 8);
        assertThat(sum(replies.getLast())).isEqualTo(10);
        assertThat(shell.forgotten).isEqualTo(3 + 1);
    }

    @Test
    void full_batches_go_out_by_themselves() {
        for (int i = 0; i < 1_000; i++) {
            send(new Add(1));
        }
        assertThat(shell.appends).hasSize(1);
        assertThat(shell.appends.getFirst().events()).hasSize(512);
    }
}
