// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.At;
import dev.fakta.domain.Decision;
import dev.fakta.domain.SagaCommand;
import dev.fakta.domain.SagaCommand.Fact;
import dev.fakta.domain.SagaCommand.Kind;
import dev.fakta.domain.SagaCommand.Offer;
import dev.fakta.domain.SagaCommand.Told;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.SagaState.Run;
import dev.fakta.domain.SagaState.RunStatus;
import dev.fakta.testkit.Diary.Lines;
import dev.fakta.testkit.Diary.Note;
import dev.fakta.testkit.Diary.Wish;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Every input that an instance was offered is told to `react` exactly once, in the order in which
/// it was offered, whatever retries, skips and compensations happen, and however often the code
/// fails; but for the inputs that an operator has skipped.
class SagaInputsPropertyTest {

    private static final Wish[] WISHES = {
        Wish.NOTHING, Wish.RUN, Wish.RUN, Wish.RUN_FOR_GOOD, Wish.WAKE, Wish.COMPENSATE
    };

    /// Offers inputs as a runner does, and keeps the order in which they were taken.
    private static final class World {
        private final Random random;
        private final Diary diary = new Diary();
        private final Aggregate<SagaCommand, Object, SagaState<Lines>> aggregate =
                diary.saga.aggregate();
        private final Map<Told, Fact> facts = new HashMap<>();
        private final List<Offer> past = new ArrayList<>();
        private final List<String> expected = new ArrayList<>();
        private SagaState<Lines> state = aggregate.initial();
        private Instant now = Instant.parse("2026-07-01T12:00:00Z");
        private int notes;

        World(Random random) {
            this.random = random;
        }

        private boolean tell(SagaCommand command) {
            return switch (aggregate.decide(state, command)) {
                case Decision.Accepted<Object>(var events) -> {
                    events.forEach(event -> state = aggregate.evolve(state, event));
                    yield true;
                }
                case Decision.Rejected<Object> _ -> false;
            };
        }

        private void offer(List<Told> inputs) {
            List<Offer> offers =
                    inputs.stream().map(told -> new Offer(told, facts.get(told))).toList();
            past.addAll(offers);
            tell(new SagaCommand.Take(now, offers));
        }

        private Told note(Wish wish) {
            int number = ++notes;
            Note note = new Note("n" + number, wish);
            UUID id = new UUID(0, number);
            At at = new At("d", number, 0, number, Instant.EPOCH, "", id, id, id);
            Told told = Told.event("note", 0, number);
            facts.put(told, new Fact("note", note, at));
            expected.add(note.text());
            if (random.nextInt(4) == 0) {
                diary.failing.add(note.text());
            }
            return told;
        }

        private Told anyNote() {
            return note(WISHES[random.nextInt(WISHES.length)]);
        }

        private Told answer(Run run) {
            boolean isDone = random.nextInt(4) > 0;
            if (run.undoes() == 0) {
                String line = (isDone ? "done " : "refused ") + run.key();
                expected.add(line);
                if (random.nextInt(4) == 0) {
                    diary.failing.add(line);
                }
            }
            return isDone ? Told.accepted(run.number()) : Told.refused(run.number(), "FULL", "");
        }

        /// Inputs that come in one command: what is behind a failing one is set aside.
        private void several() {
            List<Told> inputs = new ArrayList<>();
            inputs.add(anyNote());
            inputs.addAll(dueTimers());
            List<Run> open = state.open();
            if (!open.isEmpty()) {
                inputs.add(answer(open.get(random.nextInt(open.size()))));
            }
            inputs.add(anyNote());
            offer(inputs);
        }

        private List<Told> dueTimers() {
            List<Told> due = state.due(now);
            for (Told timer : due) {
                String line = "woken " + timer.name();
                expected.add(line);
                if (random.nextInt(3) == 0) {
                    diary.failing.add(line);
                }
            }
            return due;
        }

        /// As the runner: the whole backlog, or as much as came through.
        private void drain() {
            if (!state.trouble().isParked() && !state.backlog().isEmpty()) {
                List<Told> backlog = state.backlog();
                offer(backlog.subList(0, 1 + random.nextInt(backlog.size())));
            }
        }

        private String line(Told told) {
            return switch (told.kind()) {
                case EVENT -> ((Note) Objects.requireNonNull(facts.get(told)).event()).text();
                case ACCEPTED, SKIPPED -> "done " + key(told);
                case REFUSED -> "refused " + key(told);
                case WOKEN -> "woken " + told.name();
                case UNANSWERED -> "unanswered " + key(told);
                case WAITED, COMPENSATED -> "";
            };
        }

        private String key(Told told) {
            return state.runs().stream()
                    .filter(run -> run.number() == told.number())
                    .map(run -> run.undoes() == 0 ? run.key() : "an undoing")
                    .findFirst()
                    .orElseThrow();
        }

        private void skip() {
            boolean isParked = state.trouble().isParked();
            Told first = isParked ? state.backlog().getFirst() : null;
            List<Run> stuck =
                    state.runs().stream().filter(run -> run.status() == RunStatus.STUCK).toList();
            if (tell(new SagaCommand.Skip(now, "not needed"))) {
                if (first != null) {
                    expected.remove(line(first));
                } else if (stuck.getFirst().undoes() == 0) {
                    expected.add("done " + stuck.getFirst().key());
                }
            }
        }

        private void failToAnswer() {
            List<Run> open = state.open();
            if (!open.isEmpty()) {
                offer(List.of(Told.unanswered(open.getLast().number(), "no line")));
            }
        }

        void step() {
            switch (random.nextInt(12)) {
                case 0 -> offer(List.of(anyNote()));
                case 1, 2 -> several();
                case 3 -> {
                    List<Run> open = state.open();
                    if (!open.isEmpty()) {
                        offer(List.of(answer(open.getFirst())));
                    }
                }
                case 4 -> tell(new SagaCommand.Take(now, List.of(any(past))));
                case 5 -> now = now.plus(Duration.ofSeconds(random.nextInt(90)));
                case 6 -> skip();
                case 7 -> tell(new SagaCommand.Compensate(now, "by hand"));
                case 8 -> diary.failing.removeIf(_ -> random.nextBoolean());
                case 9 -> tell(new SagaCommand.Retry(now, "fixed"));
                case 10 -> failToAnswer();
                default -> drain();
            }
        }

        private Offer any(List<Offer> offers) {
            return offers.get(random.nextInt(offers.size()));
        }

        /// The code is right at last, and an operator has it go on.
        void mend() {
            diary.failing.clear();
            tell(new SagaCommand.Retry(now, "fixed"));
            while (!state.backlog().isEmpty()) {
                drain();
            }
        }

        List<String> told() {
            List<String> told = new ArrayList<>(state.state().all());
            told.removeIf("compensated"::equals);
            return told;
        }
    }

    @Property(tries = 2_000)
    void what_was_offered_is_told_once_and_in_order(@ForAll long seed) {
        World world = new World(new Random(seed));
        world.offer(List.of(world.note(Wish.RUN)));
        for (int i = 0; i < 80; i++) {
            world.step();
        }
        world.mend();
        assertThat(world.told()).isEqualTo(world.expected);
        assertThat(world.state.backlog()).extracting(Told::kind).doesNotContain(Kind.EVENT);
    }
}
