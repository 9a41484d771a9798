// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import dev.fakta.domain.SagaCommand.Told;
import dev.fakta.domain.SagaEvent.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where the instance of a saga stands: what it has run, what it waits for, what it has been told.
///
/// @param own the saga's own state, in a box that says whose it is
/// @param version of the definition that reacted last
/// @param correlationId of the input that it began with
/// @param since when something was handled last
/// @param numbered how many runs and timers there were
/// @param runs in the order in which they were asked for: all that are open, stuck or could have to
///   be undone, and of the others the latest of each step
/// @param timers those that are set, by name
/// @param handled the highest offset of each partition that was handled
/// @param trouble what an operator should know
/// @param backlog the inputs that wait behind the one that `react` failed on, which is the first
/// @param events the names of the saga's own events in the stream
public record SagaState<S>(
        Own<S> own,
        Phase phase,
        int version,
        UUID correlationId,
        Instant since,
        long numbered,
        List<Run> runs,
        Map<String, Timer> timers,
        Map<String, Long> handled,
        Trouble trouble,
        List<Told> backlog,
        Set<String> events) {

    private static final UUID NO_ID = new UUID(0, 0);
    private static final Comparator<Map.Entry<String, Timer>> EARLIEST_FIRST =
            Comparator.comparing((Map.Entry<String, Timer> timer) -> timer.getValue().due())
                    .thenComparingLong(timer -> timer.getValue().number());

    public SagaState {
        runs = List.copyOf(runs);
        timers = Map.copyOf(timers);
        handled = Map.copyOf(handled);
        backlog = List.copyOf(backlog);
        events = Set.copyOf(events);
    }

    /// The saga's own state.
    ///
    /// @param saga the name of the saga that it belongs to
    public record Own<S>(String saga, S state) {}

    /// The parts of a life.
    public enum Phase {
        NEW,
        RUNNING,
        COMPENSATING,
        COMPENSATED,
        COMPLETED
    }

    /// How an operator lists it.
    public enum Status {
        LIVE,
        STUCK,
        PARKED,
        COMPLETED
    }

    /// A timer that is set.
    public record Timer(long number, Instant due) {}

    /// What an operator should know.
    ///
    /// @param isParked whether `react` fails on the first input of the backlog
    /// @param isWaitingTooLong whether nothing has come for longer than the saga's patience
    /// @param reason the latest; empty when there is none
    public record Trouble(boolean isParked, boolean isWaitingTooLong, String reason) {
        static final Trouble NONE = new Trouble(false, false, "");
    }

    /// One command of a saga: a step, or what takes a step back.
    ///
    /// @param undoes the number of the run that it takes back; 0 when it goes forward
    /// @param attempts that have failed
    /// @param due when it is to be sent, while it is open
    /// @param request what is to be sent, until it is answered
    /// @param reason why the latest attempt failed; empty when none has
    public record Run(
            long number,
            String step,
            String key,
            long undoes,
            RunStatus status,
            int attempts,
            Instant due,
            @Nullable Request request,
            String reason) {

        public Run {
            reason = Objects.requireNonNullElse(reason, ""); // a snapshot of an earlier version
        }

        Run with(RunStatus next) {
            return with(next, reason);
        }

        private Run with(RunStatus next, String why) {
            boolean isKept =
                    next == RunStatus.STUCK || next == RunStatus.OPEN || next == RunStatus.ANSWERED;
            Request kept = isKept ? request : null;
            return new Run(number, step, key, undoes, next, attempts, due, kept, isKept ? why : "");
        }

        Run stuck(String why) {
            return with(RunStatus.STUCK, why);
        }

        Run failed(int times, Instant next, String why) {
            return new Run(number, step, key, undoes, RunStatus.OPEN, times, next, request, why);
        }

        /// How it is called in a reason.
        String title() {
            return "%s step %s%s"
                    .formatted(
                            isForward() ? "the" : "undoing the",
                            step,
                            key.isEmpty() ? "" : " " + key);
        }

        /// Whether it came to an end: nothing is sent for it, and no answer is waited for.
        boolean isSettled() {
            return switch (status) {
                case DONE, REFUSED, UNKNOWN, SKIPPED, UNDONE -> true;
                case OPEN, ANSWERED, STUCK -> false;
            };
        }

        boolean isForward() {
            return undoes == 0;
        }

        boolean isOpen() {
            return status == RunStatus.OPEN;
        }

        /// Whether it may have had an effect.
        boolean mayBeDone() {
            return switch (status) {
                case DONE, UNKNOWN, STUCK, ANSWERED -> true;
                case OPEN, REFUSED, SKIPPED, UNDONE -> false;
            };
        }
    }

    /// What became of a run.
    public enum RunStatus {
        OPEN,
        /// Its answer waits in the backlog.
        ANSWERED,
        DONE,
        REFUSED,
        UNKNOWN,
        STUCK,
        SKIPPED,
        UNDONE
    }

    static <S> SagaState<S> before(String saga, S initial) {
        return new SagaState<>(
                new Own<>(saga, initial),
                Phase.NEW,
                0,
                NO_ID,
                Instant.EPOCH,
                0,
                List.of(),
                Map.of(),
                Map.of(),
                Trouble.NONE,
                List.of(),
                Set.of());
    }

    /// The saga's own state.
    public S state() {
        return own.state();
    }

    /// How an operator lists it.
    public Status status() {
        if (trouble.isParked) {
            return Status.PARKED;
        }
        if (trouble.isWaitingTooLong || has(RunStatus.STUCK)) {
            return Status.STUCK;
        }
        boolean isOver = phase == Phase.COMPLETED && !has(RunStatus.OPEN) && backlog.isEmpty();
        return isOver ? Status.COMPLETED : Status.LIVE;
    }

    private boolean has(RunStatus status) {
        for (Run run : runs) {
            if (run.status == status) {
                return true;
            }
        }
        return false;
    }

    /// What an operator should know of it, in words: why it is parked or stuck, or that an attempt
    /// of a step that is tried again has failed, and how often. Empty when all is well.
    public String reason() {
        if (trouble.isParked || trouble.isWaitingTooLong) {
            return trouble.reason;
        }
        for (Run run : runs) {
            if (run.status == RunStatus.STUCK) {
                return run.reason.isEmpty() ? trouble.reason : run.reason;
            }
        }
        for (Run run : runs) {
            if (run.isOpen() && !run.reason.isEmpty()) {
                return "%s is tried again, as %d %s failed: %s"
                        .formatted(
                                run.title(),
                                run.attempts,
                                run.attempts == 1 ? "attempt has" : "attempts have",
                                run.reason);
            }
        }
        return "";
    }

    /// The runs that wait for their answer.
    public List<Run> open() {
        List<Run> open = new ArrayList<>();
        for (Run run : runs) {
            if (run.isOpen()) {
                open.add(run);
            }
        }
        return open;
    }

    /// The timers that are due, the earliest first.
    public List<Told> due(Instant now) {
        List<Map.Entry<String, Timer>> due = new ArrayList<>();
        for (Map.Entry<String, Timer> timer : timers.entrySet()) {
            if (!timer.getValue().due().isAfter(now)) {
                due.add(timer);
            }
        }
        due.sort(EARLIEST_FIRST);
        List<Told> told = new ArrayList<>();
        for (Map.Entry<String, Timer> timer : due) {
            told.add(Told.woken(timer.getKey(), timer.getValue().number()));
        }
        return told;
    }

    /// Whether it waits for a fact and nothing else.
    boolean isIdle() {
        return (phase == Phase.RUNNING || phase == Phase.COMPENSATED)
                && timers.isEmpty()
                && backlog.isEmpty()
                && status() == Status.LIVE
                && !has(RunStatus.OPEN);
    }

    /// When the runner has to look after it; `null` when nothing but an input moves it.
    ///
    /// @param patience the saga's
    public @Nullable Instant next(Duration patience) {
        if (trouble.isParked || phase == Phase.NEW) {
            return null;
        }
        if (!backlog.isEmpty()) {
            return Instant.EPOCH;
        }
        if (isIdle()) {
            return since.plus(patience);
        }
        Instant first = null;
        for (Run run : runs) {
            first = run.isOpen() ? earlier(first, run.due) : first;
        }
        for (Timer timer : timers.values()) {
            first = earlier(first, timer.due);
        }
        return first;
    }

    private static Instant earlier(@Nullable Instant one, Instant other) {
        return one == null || other.isBefore(one) ? other : one;
    }

    /// What of the program's code the instance depends on while it is live: `step NAME`, `event
    /// NAME`, `command AGGREGATE NAME` and `request PROCESSOR NAME`.
    public Set<String> uses() {
        Set<String> uses = new TreeSet<>();
        for (Run run : runs) {
            uses.add("step " + run.step);
            if (run.request != null) {
                uses.add(run.request.use());
            }
        }
        events.forEach(event -> uses.add("event " + event));
        return uses;
    }

    @Nullable Run run(long number) {
        for (Run run : runs) {
            if (run.number == number) {
                return run;
            }
        }
        return null;
    }

    /// A state on its way to the next.
    static final class Draft<S> {
        private final SagaState<S> from;
        S own;
        Phase phase;
        int version;
        UUID correlationId;
        Instant since;
        long numbered;
        final List<Run> runs;
        private @Nullable Map<String, Timer> changedTimers;
        private @Nullable Map<String, Long> changedHandled;
        Trouble trouble;
        final List<Told> backlog;
        private Set<String> events;

        Draft(SagaState<S> from) {
            this.from = from;
            own = from.state();
            phase = from.phase;
            version = from.version;
            correlationId = from.correlationId;
            since = from.since;
            numbered = from.numbered;
            runs = new ArrayList<>(from.runs);
            trouble = from.trouble;
            backlog = new ArrayList<>(from.backlog);
            events = from.events;
        }

        /// The timers, to be changed. Maps are copied when they are first asked for: most events
        /// change one of them or none.
        Map<String, Timer> timers() {
            Map<String, Timer> changed = changedTimers;
            if (changed == null) {
                changed = new HashMap<>(from.timers);
                changedTimers = changed;
            }
            return changed;
        }

        /// The highest offsets that were handled, to be changed.
        Map<String, Long> handled() {
            Map<String, Long> changed = changedHandled;
            if (changed == null) {
                changed = new HashMap<>(from.handled);
                changedHandled = changed;
            }
            return changed;
        }

        /// The saga has recorded an event of its own.
        void recorded(String event) {
            if (!events.contains(event)) {
                Set<String> more = new HashSet<>(events);
                more.add(event);
                events = more;
            }
        }

        void put(Run run) {
            runs.replaceAll(old -> old.number() == run.number() ? run : old);
        }

        SagaState<S> done() {
            return new SagaState<>(
                    new Own<>(from.own.saga(), own),
                    phase,
                    version,
                    correlationId,
                    since,
                    numbered,
                    runs,
                    Objects.requireNonNullElse(changedTimers, from.timers),
                    Objects.requireNonNullElse(changedHandled, from.handled),
                    trouble,
                    backlog,
                    events);
        }
    }
}
