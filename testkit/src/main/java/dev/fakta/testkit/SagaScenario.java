// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.At;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Rejection;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaCommand;
import dev.fakta.domain.SagaCommand.Fact;
import dev.fakta.domain.SagaCommand.Offer;
import dev.fakta.domain.SagaCommand.Told;
import dev.fakta.domain.SagaEvent;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.SagaState.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One life of a saga, in virtual time.
///
/// ```java
/// scenario(Trip.SAGA, "trip-1")
///         .when(new TripRequested("grand", "lh-1"))
///         .thenSends(new BookHotel("trip-1"), new BookFlight("trip-1"))
///         .whenRefused("book-flight", SOLD_OUT)
///         .thenNothing()                       // the hotel has not answered yet
///         .whenAccepted("book-hotel")
///         .thenSends(new ReleaseHotel("trip-1"));
/// ```
///
/// It drives the same pure core as the runtime. Each `when` tells the saga one thing; each `then`
/// is about what came of the last `when`. A `when` on which the saga wants to run a step that it
/// does not declare fails, with the step's name: at run time the instance would park. Not for
/// several threads.
public final class SagaScenario<E, S> {

    private static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");

    private final Saga<E, S> saga;
    private final Aggregate<SagaCommand, Object, SagaState<S>> aggregate;
    private final String id;
    private final Map<Told, Fact> facts = new HashMap<>();
    private final List<String> story = new ArrayList<>();
    private final List<Object> recorded = new ArrayList<>();
    private final List<Object> sent = new ArrayList<>();
    private final Map<Long, Run> attempted = new HashMap<>();
    private SagaState<S> state;
    private Instant now = NOON;
    private long offset;
    private @Nullable Offer last;
    private @Nullable Rejection refusal;

    private SagaScenario(Saga<E, S> saga, String id) {
        this.saga = saga;
        this.aggregate = saga.aggregate();
        this.id = id;
        this.state = aggregate.initial();
    }

    /// The life of one instance, before it has begun. It is noon on 1 July 2026, UTC.
    public static <E, S> SagaScenario<E, S> scenario(Saga<E, S> saga, String id) {
        return new SagaScenario<>(saga, id);
    }

    /// An event is recorded in the stream of an aggregate with the instance's own id.
    public SagaScenario<E, S> when(Object event) {
        return whenIn(id, event);
    }

    /// An event is recorded in the stream of the aggregate with this id.
    public SagaScenario<E, S> whenIn(String aggregateId, Object event) {
        begin("when  " + event);
        long place = ++offset;
        UUID cause = new UUID(0, place);
        At at = new At(aggregateId, place, 0, place, now, "", cause, cause, cause);
        assertThat(saga.instance(event, at)).as("the instance that %s is for", event).isEqualTo(id);
        String name = event.getClass().getSimpleName();
        Told told = Told.event(name, 0, place);
        facts.put(told, new Fact(name, event, at));
        offer(told);
        return this;
    }

    /// The last input comes once more, as it does after a crash.
    public SagaScenario<E, S> whenRepeated() {
        begin("when  the same again");
        tell(new SagaCommand.Take(now, List.of(Objects.requireNonNull(last, "no input yet"))));
        return this;
    }

    /// Every open command of this step is accepted, forward or undoing.
    public SagaScenario<E, S> whenAccepted(String step) {
        begin("when  accepted " + step);
        answer(open(step), number -> Told.accepted(number));
        return this;
    }

    /// The open command of this step and key is accepted.
    public SagaScenario<E, S> whenAccepted(String step, String key) {
        begin("when  accepted " + step + " " + key);
        answer(open(step, key), number -> Told.accepted(number));
        return this;
    }

    /// Every open command of this step is refused.
    public SagaScenario<E, S> whenRefused(String step, Rejection rejection) {
        begin("when  refused " + step);
        answer(open(step), number -> Told.refused(number, rejection.name(), rejection.detail()));
        return this;
    }

    /// The open command of this step and key is refused.
    public SagaScenario<E, S> whenRefused(String step, String key, Rejection rejection) {
        begin("when  refused " + step + " " + key);
        answer(
                open(step, key),
                number -> Told.refused(number, rejection.name(), rejection.detail()));
        return this;
    }

    /// Every open request of this step is refused by its processor.
    public SagaScenario<E, S> whenRefused(String step, Processor.Problem... problems) {
        begin("when  refused " + step);
        answer(open(step), number -> Told.refused(number, List.of(problems)));
        return this;
    }

    /// An attempt of every open command of this step gets no answer.
    public SagaScenario<E, S> whenUnanswered(String step, String reason) {
        begin("when  unanswered " + step);
        answer(open(step), number -> Told.unanswered(number, reason));
        return this;
    }

    /// Time passes: what is due comes, in its order.
    public SagaScenario<E, S> whenTimePasses(Duration time) {
        begin("when  " + time + " pass");
        Instant end = now.plus(time);
        Instant next = nextMoment();
        while (next != null && !next.isAfter(end)) {
            now = next;
            lookAfter();
            next = nextMoment();
        }
        now = end;
        return this;
    }

    /// When something is due that is not due yet.
    private @Nullable Instant nextMoment() {
        if (state.trouble().isParked()) {
            return null;
        }
        if (state.timers().isEmpty() && state.open().isEmpty()) {
            return state.next(saga.patience());
        }
        return Stream.concat(
                        state.timers().values().stream().map(SagaState.Timer::due),
                        state.open().stream().map(Run::due))
                .filter(due -> due.isAfter(now))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /// An operator has the instance go on, after a fix.
    public SagaScenario<E, S> whenRetried() {
        begin("when  retried");
        tell(new SagaCommand.Retry(now, "fixed"));
        return this;
    }

    /// An operator has the instance go on without what holds it up.
    public SagaScenario<E, S> whenSkipped() {
        begin("when  skipped");
        tell(new SagaCommand.Skip(now, "not needed"));
        return this;
    }

    /// An operator has undone what was done.
    public SagaScenario<E, S> whenCompensated() {
        begin("when  compensated");
        tell(new SagaCommand.Compensate(now, "by hand"));
        return this;
    }

    private void begin(String line) {
        story.add(line);
        recorded.clear();
        sent.clear();
        refusal = null;
    }

    private List<Run> open(String step) {
        return state.open().stream().filter(run -> run.step().equals(step)).toList();
    }

    private List<Run> open(String step, String key) {
        return open(step).stream().filter(run -> run.key().equals(key)).toList();
    }

    private void answer(List<Run> runs, LongFunction<Told> told) {
        assertThat(runs).as("%s%n  open runs to answer, of %s", tale(), state.open()).isNotEmpty();
        runs.forEach(run -> offer(told.apply(run.number())));
    }

    private void offer(Told told) {
        Offer offer = new Offer(told, facts.get(told));
        last = offer;
        tell(new SagaCommand.Take(now, List.of(offer)));
    }

    private void tell(SagaCommand command) {
        Decision<Object> decision = aggregate.decide(state, command);
        assertThat(aggregate.decide(state, command))
                .as("%s decided twice on %s in the same state", saga, command)
                .isEqualTo(decision);
        switch (decision) {
            case Decision.Accepted<Object>(var events) -> record(events);
            case Decision.Rejected<Object>(var rejection) -> refusal = rejection;
        }
        lookAfter();
    }

    private void record(List<Object> events) {
        for (Object event : events) {
            recorded.add(event);
            state = aggregate.evolve(state, event);
            if (event instanceof SagaEvent.Parked(_, _, var reason, _)) {
                assertThat(reason).as(tale()).doesNotContain(saga + " declares no step ");
            }
        }
    }

    /// What the runner does: takes up the backlog, sends what is due, wakes.
    private void lookAfter() {
        Told next = nextInput();
        while (next != null) {
            SagaState<S> before = state;
            Offer offer = new Offer(next, facts.get(next));
            Decision<Object> decision =
                    aggregate.decide(state, new SagaCommand.Take(now, List.of(offer)));
            if (decision instanceof Decision.Accepted<Object>(var events)) {
                record(events);
            }
            next = state.equals(before) ? null : nextInput();
        }
        send();
    }

    /// Each attempt of an open command once.
    private void send() {
        List<Run> open = state.open();
        attempted.keySet().retainAll(open.stream().map(Run::number).toList());
        for (Run run : open) {
            var request = run.request();
            if (request != null
                    && !run.due().isAfter(now)
                    && !run.equals(attempted.put(run.number(), run))) {
                sent.add(request.command());
            }
        }
    }

    private @Nullable Told nextInput() {
        if (state.trouble().isParked()) {
            return null;
        }
        if (!state.backlog().isEmpty()) {
            return state.backlog().getFirst();
        }
        List<Told> due = state.due(now);
        if (!due.isEmpty()) {
            return due.getFirst();
        }
        return Told.waitedTooLong();
    }

    /// It sends exactly these commands, in this order.
    public SagaScenario<E, S> thenSends(Object... commands) {
        assertThat(sent).as(tale()).isEqualTo(List.of(commands));
        return this;
    }

    /// It sends no command.
    public SagaScenario<E, S> thenSendsNothing() {
        return thenSends();
    }

    /// It records exactly these events of its own, in this order.
    @SafeVarargs
    @SuppressWarnings("varargs") // List.of copies
    public final SagaScenario<E, S> then(E... events) {
        List<Object> own = new ArrayList<>(recorded);
        own.removeIf(SagaEvent.class::isInstance);
        assertThat(own).as(tale()).isEqualTo(List.of(events));
        return this;
    }

    /// Nothing is recorded, nothing is sent: it was known, or too late.
    public SagaScenario<E, S> thenNothing() {
        assertThat(recorded).as(tale()).isEmpty();
        return thenSendsNothing();
    }

    /// The timer is set for so long from now.
    public SagaScenario<E, S> thenWakes(String timer, Duration fromNow) {
        SagaState.Timer set = state.timers().get(timer);
        assertThat(set).as("%s%n  the timer %s", tale(), timer).isNotNull();
        assertThat(set == null ? null : set.due()).as(tale()).isEqualTo(now.plus(fromNow));
        return this;
    }

    /// It has ended, and nothing is under way.
    public SagaScenario<E, S> thenCompleted() {
        return thenIs(SagaState.Status.COMPLETED);
    }

    /// It waits for an operator, for a reason that has these words in it.
    public SagaScenario<E, S> thenStuck(String words) {
        thenIs(SagaState.Status.STUCK);
        assertThat(state.trouble().reason()).as(tale()).contains(words);
        return this;
    }

    /// It failed on an input, for a reason that has these words in it.
    public SagaScenario<E, S> thenParked(String words) {
        thenIs(SagaState.Status.PARKED);
        assertThat(state.trouble().reason()).as(tale()).contains(words);
        return this;
    }

    /// An operator lists it like this.
    public SagaScenario<E, S> thenIs(SagaState.Status status) {
        assertThat(state.status()).as(tale()).isEqualTo(status);
        return this;
    }

    /// The operator was refused, for this reason.
    public SagaScenario<E, S> thenRefused(Rejection expected) {
        assertThat(refusal).as(tale()).isEqualTo(expected);
        return this;
    }

    /// The saga's own state is as these assertions say.
    public SagaScenario<E, S> andState(Consumer<? super S> assertions) {
        assertions.accept(state.state());
        return this;
    }

    /// Where it stands, the kit's part included.
    public SagaState<S> state() {
        return state;
    }

    private String tale() {
        return saga
                + " "
                + id
                + System.lineSeparator()
                + "  "
                + String.join(System.lineSeparator() + "  ", story)
                + System.lineSeparator()
                + "  recorded "
                + recorded;
    }
}
