// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the instance of a saga can be told: by the runner that feeds it, and by operators.
///
/// Time comes in with the command, as for every aggregate.
public sealed interface SagaCommand {

    Instant at();

    /// Take these inputs, in this order. One that was taken before changes nothing.
    record Take(Instant at, List<Offer> offers) implements SagaCommand {
        public Take {
            offers = List.copyOf(offers);
        }
    }

    /// Go on after a fix: a parked instance takes the input that it failed on once more, a stuck
    /// step starts its attempts anew.
    record Retry(Instant at, String reason) implements SagaCommand {}

    /// Go on without: a parked instance drops the input that it failed on, and no other; a stuck
    /// step counts as done elsewhere, and is not undone. Where the undoing of a run cannot be made,
    /// that run is not undone.
    record Skip(Instant at, String reason) implements SagaCommand {}

    /// Undo what was done. A parked instance is told the input that it failed on, and all that wait
    /// behind it, when the compensation has begun; what it fails on again parks it again.
    record Compensate(Instant at, String reason) implements SagaCommand {}

    /// An input on its way to the instance.
    ///
    /// @param fact what happened, when that is what it is told
    record Offer(Told told, @Nullable Fact fact) {}

    /// An event of another stream.
    ///
    /// @param name its stable name
    record Fact(String name, Object event, At at) {}

    /// What an instance is told, in the words in which it is recorded.
    ///
    /// @param name of the event, the rejection or the timer
    /// @param number the event's offset, or which run or timer of the instance it is about
    /// @param detail the event's partition, or the reason
    record Told(Kind kind, String name, long number, String detail) {

        /// An event at this place of the log.
        public static Told event(String name, int partition, long offset) {
            return new Told(Kind.EVENT, name, offset, Integer.toString(partition));
        }

        /// The command of this run was accepted.
        public static Told accepted(long number) {
            return new Told(Kind.ACCEPTED, "", number, "");
        }

        /// The command of this run was refused.
        public static Told refused(long number, String rejection, String detail) {
            return new Told(Kind.REFUSED, rejection, number, detail);
        }

        /// The request of this run was refused by its processor, for all these reasons.
        public static Told refused(long number, List<Processor.Problem> problems) {
            return refused(number, "REFUSED", Processor.Problem.text(problems));
        }

        /// The command of this run got no answer.
        public static Told unanswered(long number, String reason) {
            return new Told(Kind.UNANSWERED, "", number, reason);
        }

        /// This timer is due.
        public static Told woken(String timer, long number) {
            return new Told(Kind.WOKEN, timer, number, "");
        }

        /// Nothing has come for too long.
        public static Told waitedTooLong() {
            return new Told(Kind.WAITED, "", 0, "");
        }
    }

    /// The kinds of what an instance is told.
    enum Kind {
        EVENT,
        ACCEPTED,
        REFUSED,
        UNANSWERED,
        WOKEN,
        WAITED,
        /// An operator has skipped a run.
        SKIPPED,
        /// All is undone; or what comes next in undoing could not be found out.
        COMPENSATED;

        boolean isAnswer() {
            return this == ACCEPTED || this == REFUSED || this == UNANSWERED;
        }
    }

    /// Why an operator's command is refused.
    enum Refusal implements Rejection {
        NOT_STARTED,
        NOTHING_TO_RETRY,
        NOTHING_TO_SKIP,
        NOTHING_TO_UNDO,
        ALREADY_COMPENSATED,
        ALREADY_COMPLETED,
        TRIED_BY_ITSELF
    }
}
