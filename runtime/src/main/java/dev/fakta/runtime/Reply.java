// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.Processor.Problem;
import dev.fakta.domain.Rejection;
import dev.fakta.log.LogException;
import java.util.List;

/// The answer to a command. Business and operating refusals are values, so that a caller's `switch`
/// cannot forget one.
///
/// @param <S> the aggregate's state
public sealed interface Reply<S> {

    /// Carried out and durable; or nothing was left to do.
    record Accepted<S>(Versioned<S> aggregate) implements Reply<S> {}

    /// Carried out before, under the same command id. Nothing new was recorded. Or carried out just
    /// now on another node, with a state that is too large to be sent from there, or that nobody
    /// here needs.
    ///
    /// @param revision the aggregate's after it was carried out
    /// @param time hybrid logical time of the command's last event, see [Versioned#time]
    record Repeated<S>(long revision, long time) implements Reply<S> {}

    /// Refused by the aggregate. Nothing was recorded.
    ///
    /// @param time hybrid logical time of the newest event that the refusal can rest on: what is
    ///   done because of it is later, see [Versioned#time]
    record Rejected<S>(Rejection rejection, long time) implements Reply<S> {}

    /// Refused by the processor, for all these reasons. Nothing was recorded.
    record Refused<S>(List<Problem> problems) implements Reply<S> {
        public Refused {
            problems = List.copyOf(problems);
        }
    }

    /// The aggregate is not at the expected revision. Nothing was recorded.
    record Moved<S>(long revision) implements Reply<S> {}

    /// The command id was used before, for another request. Nothing was recorded.
    record IdReused<S>() implements Reply<S> {}

    /// Too much waits already. Nothing was recorded; try again in a moment.
    record Busy<S>() implements Reply<S> {}

    /// It did not work. The same command may be sent again under the same id: it has one effect at
    /// most.
    record Failed<S>(Failure failure, String detail) implements Reply<S> {
        public static <S> Failed<S> of(LogException failure) {
            Failure kind =
                    switch (failure.category()) {
                        case FULL -> Failure.FULL;
                        case TIMEOUT -> Failure.TIMEOUT;
                        case FENCED, CONFLICT -> Failure.ELSEWHERE;
                        case CORRUPT, UNAVAILABLE, CLOSED -> Failure.UNAVAILABLE;
                    };
            return new Failed<>(kind, String.valueOf(failure.getMessage()));
        }
    }

    /// Why a command failed.
    enum Failure {
        /// There is no room in the log. Nothing was recorded.
        FULL,
        /// The log or the owner of the partition cannot be reached, or lost it meanwhile; whether
        /// the events were recorded shows on the next try under the same id.
        UNAVAILABLE,
        /// The partition is another node's, or has to read its aggregates anew. The runtime sends
        /// the command again by itself, to the owner, under the same id, until its time is up.
        ELSEWHERE,
        /// No answer in time; likewise.
        TIMEOUT,
        /// The processor got no answer from outside. Nothing was recorded; the same request may be
        /// sent again.
        UNANSWERED,
        /// The aggregate's own code failed on this command. Nothing was recorded.
        DEFECT
    }
}
