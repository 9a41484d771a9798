// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static dev.fakta.testkit.SagaScenario.scenario;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.At;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaCommand;
import dev.fakta.domain.SagaCommand.Offer;
import dev.fakta.domain.SagaCommand.Told;
import dev.fakta.domain.SagaEvent;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.SagaState.Phase;
import dev.fakta.domain.SagaState.Status;
import dev.fakta.testkit.Diary.Lines;
import dev.fakta.testkit.Diary.Note;
import dev.fakta.testkit.Diary.Wish;
import dev.fakta.testkit.Diary.Written;
import dev.fakta.testkit.Tour.Order.Release;
import dev.fakta.testkit.Tour.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What waits behind an input that the code failed on, whatever an operator does about it.
class SagaBacklogTest {

    private final Diary diary = new Diary();

    private SagaScenario<Written, Lines> begun() {
        return scenario(diary.saga, "d").when(new Note("begun", Wish.RUN)).whenAccepted("work");
    }

    /// It failed on "a"; "b" and "c" wait.
    private SagaScenario<Written, Lines> parked(Wish wish) {
        diary.failing.add("a");
        return begun().when(new Note("a", wish))
                .thenParked("fails on a")
                .when(new Note("b", Wish.NOTHING))
                .when(new Note("c", Wish.NOTHING))
                .thenSendsNothing();
    }

    private static String[] lines(String... lines) {
        return lines;
    }

    private static void assertTold(SagaScenario<Written, Lines> life, String... lines) {
        life.andState(state -> assertThat(state.all()).containsExactly(lines));
    }

    @Nested
    class IsNotLost {

        @Test
        void by_a_retry_whose_reaction_compensates() {
            SagaScenario<Written, Lines> life = parked(Wish.COMPENSATE);
            diary.failing.clear();
            life.whenRetried().thenSends(new Release());
            assertTold(life, lines("begun", "done begun", "a", "b", "c"));
            life.whenAccepted("work").thenIs(Status.LIVE);
            assertTold(life, lines("begun", "done begun", "a", "b", "c", "compensated"));
        }

        @Test
        void by_an_operators_compensation_that_tells_the_failing_input_once_more() {
            SagaScenario<Written, Lines> life = parked(Wish.NOTHING);
            diary.failing.clear();
            life.whenCompensated().thenSends(new Release());
            assertTold(life, lines("begun", "done begun", "a", "b", "c"));
        }

        @Test
        void by_a_compensation_that_parks_again_and_a_skip_then_goes_on() {
            SagaScenario<Written, Lines> life = parked(Wish.NOTHING);
            life.whenCompensated().thenParked("fails on a").thenSendsNothing();
            life.whenSkipped().thenSends(new Release());
            assertTold(life, lines("begun", "done begun", "b", "c"));
        }

        @Test
        void by_a_skip() {
            SagaScenario<Written, Lines> life = parked(Wish.COMPENSATE);
            life.whenSkipped();
            assertTold(life, lines("begun", "done begun", "b", "c"));
        }

        @Test
        void by_a_second_failure_while_it_is_told() {
            diary.failing.add("b");
            SagaScenario<Written, Lines> life = parked(Wish.COMPENSATE);
            diary.failing.remove("a");
            life.whenRetried().thenParked("fails on b").when(new Note("d", Wish.NOTHING));
            assertTold(life, lines("begun", "done begun", "a"));
            life.whenSkipped().thenSends(new Release());
            assertTold(life, lines("begun", "done begun", "a", "c", "d"));
        }

        @Test
        void when_it_says_itself_that_all_is_to_be_undone_or_has_ended() {
            diary.failing.add("a");
            SagaScenario<Written, Lines> life =
                    begun().when(new Note("a", Wish.COMPLETE)).when(new Note("b", Wish.NOTHING));
            diary.failing.clear();
            life.whenRetried().thenCompleted();
            assertTold(life, lines("begun", "done begun", "a", "b"));
        }
    }

    @Test
    void one_that_has_ended_is_looked_after_until_it_was_told_what_waits() {
        SagaState<Lines> before = parked(Wish.COMPLETE).state();
        diary.failing.clear();
        Aggregate<SagaCommand, Object, SagaState<Lines>> aggregate = diary.saga.aggregate();
        SagaState<Lines> ended = aggregate.evolve(before, new SagaEvent.Completed(before.since()));
        assertThat(ended.backlog()).isNotEmpty();
        SagaState<Lines> goesOn =
                aggregate.evolve(ended, new SagaEvent.Retried(before.since(), "fixed"));
        assertThat(goesOn.status()).isEqualTo(Status.LIVE);
        assertThat(goesOn.next(Duration.ofDays(1))).isEqualTo(Instant.EPOCH);
    }

    @Nested
    class Kinds {

        @Test
        void an_answer_that_waited_says_whether_there_is_something_to_undo() {
            diary.failing.add("a");
            SagaScenario<Written, Lines> life =
                    begun().when(new Note("one", Wish.RUN))
                            .when(new Note("two", Wish.RUN))
                            .when(new Note("a", Wish.COMPENSATE))
                            .whenRefused("work", "one", Refusal.FULL)
                            .whenAccepted("work", "two")
                            .thenSendsNothing();
            diary.failing.clear();
            life.whenRetried().thenSends(new Release()).whenAccepted("work", "two");
            life.thenSends(new Release()).whenAccepted("work", "begun");
            assertTold(
                    life,
                    lines(
                            "begun",
                            "done begun",
                            "one",
                            "two",
                            "a",
                            "refused one",
                            "done two",
                            "compensated"));
        }

        /// The failing input and the timer come in one command, so that the timer waits behind it.
        private SagaState<Lines> withTimerBehind(Note failing) {
            SagaState<Lines> begun = begun().when(new Note("x", Wish.WAKE)).state();
            diary.failing.add(failing.text());
            var timer = begun.timers().get("t-x");
            Offer woken = new Offer(Told.woken("t-x", timer.number()), null);
            SagaState<Lines> parked =
                    after(begun, new SagaCommand.Take(timer.due(), List.of(note(failing), woken)));
            assertThat(parked.backlog()).hasSize(2);
            diary.failing.clear();
            SagaState<Lines> fixed = after(parked, new SagaCommand.Retry(timer.due(), "fixed"));
            return after(fixed, new SagaCommand.Take(timer.due(), List.of(note(failing), woken)));
        }

        private Offer note(Note note) {
            UUID id = new UUID(0, 99);
            At at = new At("d", 99, 0, 99, Instant.EPOCH, "", id, id, id);
            return new Offer(Told.event("Note", 0, 99), new SagaCommand.Fact("Note", note, at));
        }

        private SagaState<Lines> after(SagaState<Lines> before, SagaCommand command) {
            Aggregate<SagaCommand, Object, SagaState<Lines>> aggregate = diary.saga.aggregate();
            SagaState<Lines> state = before;
            if (aggregate.decide(before, command)
                    instanceof Decision.Accepted<Object>(var events)) {
                for (Object event : events) {
                    state = aggregate.evolve(state, event);
                }
            }
            return state;
        }

        @Test
        void a_timer_that_came_due_behind_is_told_after_the_compensation_has_begun() {
            SagaState<Lines> state = withTimerBehind(new Note("a", Wish.COMPENSATE));
            assertThat(state.state().all())
                    .containsExactly("begun", "done begun", "x", "a", "woken t-x");
            assertThat(state.phase()).isEqualTo(Phase.COMPENSATING);
        }

        @Test
        void a_timer_that_waits_never_comes_when_it_is_cancelled_meanwhile() {
            SagaState<Lines> state = withTimerBehind(new Note("x", Wish.CANCEL));
            assertThat(state.state().all()).containsExactly("begun", "done begun", "x", "x");
            assertThat(state.backlog()).isEmpty();
        }

        @Test
        void a_timer_that_waits_never_comes_after_the_end() {
            SagaState<Lines> state = withTimerBehind(new Note("a", Wish.COMPLETE));
            assertThat(state.state().all()).containsExactly("begun", "done begun", "x", "a");
            assertThat(state.status()).isEqualTo(Status.COMPLETED);
        }

        @Test
        void a_step_that_was_skipped_is_told_as_done_also_when_the_code_fails_on_it() {
            diary.failing.add("done m");
            SagaScenario<Written, Lines> life =
                    begun().when(new Note("m", Wish.RUN_FOR_GOOD))
                            .whenUnanswered("mail", "no line")
                            .thenStuck("the step mail m: no line")
                            .whenSkipped()
                            .thenParked("fails on done m");
            diary.failing.clear();
            life.whenRetried().thenIs(Status.LIVE);
            assertTold(life, lines("begun", "done begun", "m", "done m"));
        }

        @Test
        void a_skip_of_what_cannot_be_undone_gives_up_one_run_and_not_the_compensation() {
            SagaScenario<Written, Lines> life =
                    begun().when(new Note("two", Wish.RUN)).whenAccepted("work");
            diary.notUndoable.add("two");
            life.whenCompensated().thenParked("no way back for two");
            life.whenSkipped().thenSends(new Release()).whenAccepted("work", "begun");
            assertTold(life, lines("begun", "done begun", "two", "done two", "compensated"));
        }
    }

    @Nested
    class Trouble {

        @Test
        void an_error_of_the_code_parks_as_an_exception_does() {
            var broken =
                    Saga.named("broken")
                            .startingAs("")
                            .<Written>reacting(
                                    (_, _, _) -> {
                                        throw new NoClassDefFoundError("gone");
                                    })
                            .evolving((text, _) -> text)
                            .on(Note.class, (_, at) -> at.id());
            scenario(broken, "d").when(new Note("a", Wish.NOTHING)).thenParked("gone");
        }

        @Test
        void a_lack_of_memory_is_nobodys_input() {
            var broken =
                    Saga.named("broken")
                            .startingAs("")
                            .<Written>reacting(
                                    (_, _, _) -> {
                                        throw new OutOfMemoryError("as if");
                                    })
                            .evolving((text, _) -> text)
                            .on(Note.class, (_, at) -> at.id());
            assertThatExceptionOfType(OutOfMemoryError.class)
                    .isThrownBy(() -> scenario(broken, "d").when(new Note("a", Wish.NOTHING)));
        }

        @Test
        void a_stuck_step_that_cannot_be_undone_is_given_up_by_a_compensation() {
            SagaScenario<Written, Lines> life =
                    begun().when(new Note("m", Wish.RUN_FOR_GOOD))
                            .whenUnanswered("mail", "no line")
                            .thenStuck("no line")
                            .whenCompensated()
                            .thenSends(new Release())
                            .whenAccepted("work")
                            .thenIs(Status.LIVE);
            assertThat(life.state().phase()).isEqualTo(Phase.COMPENSATED);
            assertThat(life.state().reason()).isEmpty();
        }

        @Test
        void a_step_that_is_tried_again_says_why_and_how_often() {
            SagaScenario<Written, Lines> life =
                    begun().when(new Note("w", Wish.RUN)).whenUnanswered("work", "no line");
            assertThat(life.state().status()).isEqualTo(Status.LIVE);
            assertThat(life.state().reason())
                    .isEqualTo("the step work w is tried again, as 1 attempt has failed: no line");
            life.when(new Note("b", Wish.NOTHING));
            assertThat(life.state().reason())
                    .as("another input changes nothing")
                    .contains("no line");
            life.whenTimePasses(Diary.PAUSE).whenAccepted("work", "w");
            assertThat(life.state().reason()).isEmpty();
        }

        @Test
        void two_stuck_steps_keep_their_reasons_when_one_is_skipped() {
            SagaScenario<Written, Lines> life =
                    begun().when(new Note("m", Wish.RUN_FOR_GOOD))
                            .when(new Note("n", Wish.RUN_FOR_GOOD))
                            .whenUnanswered("mail", "no line");
            life.whenSkipped().thenIs(Status.STUCK);
            assertThat(life.state().reason()).isEqualTo("the step mail n: no line");
        }
    }

    @Nested
    class Bounds {

        private static final int MANY = 500;

        @Test
        void an_instance_that_runs_a_step_for_ever_forgets_its_oldest_runs() {
            SagaScenario<Written, Lines> life = begun();
            for (int i = 0; i < MANY; i++) {
                life.when(new Note("m" + i, Wish.RUN_FOR_GOOD)).whenAccepted("mail");
            }
            assertThat(life.state().runs()).hasSizeLessThan(100);
            assertThat(life.state().numbered()).isEqualTo(MANY + 1);
            life.whenCompensated().thenSends(new Release());
        }

        @Test
        void a_run_that_may_have_to_be_undone_is_never_forgotten() {
            SagaScenario<Written, Lines> life = begun();
            for (int i = 0; i < 100; i++) {
                life.when(new Note("w" + i, Wish.RUN)).whenAccepted("work");
            }
            assertThat(life.state().runs()).hasSize(101);
        }

        @Test
        void an_answer_to_a_run_that_was_forgotten_changes_nothing() {
            SagaScenario<Written, Lines> life = begun();
            for (int i = 0; i < MANY; i++) {
                life.when(new Note("m" + i, Wish.RUN_FOR_GOOD)).whenAccepted("mail");
            }
            Aggregate<SagaCommand, Object, SagaState<Lines>> aggregate = diary.saga.aggregate();
            List<Offer> again =
                    IntStream.rangeClosed(1, MANY + 1)
                            .mapToObj(number -> Told.accepted(number))
                            .map(told -> new Offer(told, null))
                            .toList();
            var take = new SagaCommand.Take(life.state().since(), again);
            assertThat(aggregate.decide(life.state(), take)).isEqualTo(Decision.accept());
        }
    }

    /// As versions of the kit before wrote it: nothing follows `saga-compensating`.
    @Test
    void a_history_whose_backlog_was_dropped_is_read_as_it_was() {
        Instant at = Instant.parse("2026-07-01T12:00:00Z");
        Told first = Told.event("note", 0, 1);
        Told late = Told.event("note", 0, 2);
        List<Object> history =
                List.of(
                        new SagaEvent.Started(at, new UUID(0, 1)),
                        new SagaEvent.Parked(at, first, "fails", ""),
                        new SagaEvent.SetAside(at, late),
                        new SagaEvent.Compensating(at, "by hand"));
        Aggregate<SagaCommand, Object, SagaState<Lines>> aggregate = diary.saga.aggregate();
        SagaState<Lines> state = aggregate.initial();
        for (Object event : history) {
            state = aggregate.evolve(state, event);
        }
        assertThat(state.backlog()).isEmpty();
        assertThat(state.phase()).isEqualTo(Phase.COMPENSATING);
        assertThat(state.next(Duration.ofDays(1))).isNull();
    }
}
