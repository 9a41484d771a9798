// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Processor;
import dev.fakta.runtime.Cause;

/// What a node can be asked for.
public sealed interface Question {
    /// What is asked of the partition that hosts an aggregate.
    sealed interface OfAggregate extends Question {
        Aggregate<Object, Object, Object> aggregate();

        String id();

        /// The same, when it is not the first time any more that it is asked.
        default OfAggregate again() {
            return this;
        }
    }

    /// How much an answer from another node is to say of what was carried out.
    enum Answer {
        /// All: [dev.fakta.runtime.Reply.Accepted], with the aggregate's new state.
        STATE,
        /// Whether and when: [dev.fakta.runtime.Reply.Repeated] stands for it. A state may be much
        /// larger than the command, and is written, sent and read again.
        OUTCOME
    }

    /// Carry out a command.
    record Command(
            Aggregate<Object, Object, Object> aggregate,
            String id,
            Object command,
            long expectedRevision,
            Cause cause,
            Answer wanted)
            implements OfAggregate {

        public Command(
                Aggregate<Object, Object, Object> aggregate,
                String id,
                Object command,
                long expectedRevision,
                Cause cause) {
            this(aggregate, id, command, expectedRevision, cause, Answer.STATE);
        }

        /// The same, whose events continue another trace.
        public Command tracedBy(String parent) {
            return new Command(
                    aggregate, id, command, expectedRevision, cause.tracedBy(parent), wanted);
        }

        /// What was new may have been made by the first try, so it is read from then on.
        @Override
        public OfAggregate again() {
            return expectedRevision == CommandCall.NEW
                    ? new Command(aggregate, id, command, CommandCall.ANY, cause, wanted)
                    : this;
        }
    }

    /// Give an aggregate's committed state.
    record State(Aggregate<Object, Object, Object> aggregate, String id) implements OfAggregate {}

    /// Have a processor work on a request.
    record Submission(
            Processor<Object, Object> processor,
            String id,
            long expectedRevision,
            Object request,
            Cause cause,
            Answer wanted)
            implements Question {

        /// The same, when it is not the first time any more that it is asked.
        public Submission again() {
            return expectedRevision == CommandCall.NEW
                    ? new Submission(processor, id, CommandCall.ANY, request, cause, wanted)
                    : this;
        }
    }

    /// Say which partitions are in place on the node that is asked.
    record Placed() implements Question {}

    /// Say how many milliseconds what happens now would wait for the sagas, couriers and clocks of
    /// the node that is asked.
    record Backlog() implements Question {}
}
