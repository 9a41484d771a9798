// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.runtime.Reply;
import dev.fakta.runtime.cluster.ClusterMember.Processing;
import dev.fakta.runtime.core.Fatal;
import dev.fakta.runtime.core.NodeParts;
import dev.fakta.runtime.partition.LocalPartitions;
import dev.fakta.runtime.partition.Question;
import dev.fakta.runtime.partition.ReplyTo;
import dev.fakta.runtime.sagas.SagaHost;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers what other nodes ask of the partitions and processors of this one. Any thread.
final class Serving {

    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

    /// Larger answers do not fit a message between nodes; in bytes.
    private static final int LARGEST_ANSWER = 4 << 20;

    private final NodeParts parts;
    private final CallCodec codec;
    private final Processing processing;
    private final LocalPartitions locals;
    private final SagaHost sagas;
    private final BiConsumer<Wire.Ask, byte[]> answers;

    /// @param answers sends an answer to whoever asked
    Serving(
            NodeParts parts,
            CallCodec codec,
            Processing processing,
            LocalPartitions locals,
            SagaHost sagas,
            BiConsumer<Wire.Ask, byte[]> answers) {
        this.parts = parts;
        this.codec = codec;
        this.processing = processing;
        this.locals = locals;
        this.sagas = sagas;
        this.answers = answers;
    }

    /// Answers a question. May wait for what it asks.
    void serve(Wire.Ask ask) {
        try {
            Question question = codec.question(ask.body());
            watchClock(ask, question);
            switch (question) {
                case Question.Submission asked ->
                        answer(ask, asWanted(process(asked), asked.wanted()));
                case Question.OfAggregate one -> serve(ask, one);
                case Question.Placed _ -> answers.accept(ask, codec.placed(locals.placed()));
                case Question.Backlog _ ->
                        answers.accept(ask, codec.backlog(sagas.backlogMillis()));
            }
        } catch (Throwable e) {
            Fatal.rethrow(e);
            LOG.error("a question from {} fails", ask.from(), e);
            answer(ask, new Reply.Failed<>(Reply.Failure.DEFECT, String.valueOf(e.getMessage())));
        }
    }

    private Reply<Object> process(Question.Submission asked) {
        return processing.process(
                asked.processor(),
                asked.id(),
                asked.expectedRevision(),
                asked.request(),
                asked.cause());
    }

    private static Reply<Object> asWanted(Reply<Object> reply, Question.Answer wanted) {
        return wanted == Question.Answer.OUTCOME && reply instanceof Reply.Accepted<Object>
                ? withoutState(reply)
                : reply;
    }

    private void watchClock(Wire.Ask ask, Question question) {
        long seen =
                switch (question) {
                    case Question.Submission asked -> asked.cause().seen();
                    case Question.Command asked -> asked.cause().seen();
                    case Question.State _, Question.Placed _, Question.Backlog _ -> 0;
                };
        if (seen > 0) {
            parts.clocks()
                    .met(seen, "what a command from node %s follows from".formatted(ask.from()));
        }
    }

    private void serve(Wire.Ask ask, Question.OfAggregate question) {
        int partition = parts.log().partitionOf(question.aggregate().stream(question.id()));
        // not on the thread that completes an append: an answer may be a large state
        Question.Answer wanted =
                question instanceof Question.Command command
                        ? command.wanted()
                        : Question.Answer.STATE;
        ReplyTo<Reply<Object>> aside =
                reply -> parts.blocking().execute(() -> answer(ask, asWanted(reply, wanted)));
        if (!locals.ask(partition, question, aside)) {
            answer(
                    ask,
                    new Reply.Failed<>(
                            Reply.Failure.ELSEWHERE,
                            "partition %d is not here".formatted(partition)));
        }
    }

    private void answer(Wire.Ask ask, Reply<Object> reply) {
        byte[] body;
        try {
            body = codec.answer(reply);
        } catch (Throwable e) {
            Fatal.rethrow(e);
            LOG.error("an answer to {} cannot be written", ask.from(), e);
            body = codec.answer(withoutState(reply));
        }
        if (body.length > LARGEST_ANSWER) {
            LOG.warn("an answer of {} bytes is too large for another node", body.length);
            body = codec.answer(withoutState(reply));
        }
        answers.accept(ask, body);
    }

    /// What stands for an answer that cannot be sent. A command was carried out although its state
    /// cannot be shown: whoever asked can read the state from the log, up to the revision.
    private static Reply<Object> withoutState(Reply<Object> reply) {
        return reply instanceof Reply.Accepted<Object>(var aggregate)
                ? new Reply.Repeated<>(aggregate.revision(), aggregate.time())
                : new Reply.Failed<>(Reply.Failure.DEFECT, "the answer cannot be sent");
    }
}
