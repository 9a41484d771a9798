// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.runtime.Reply;
import dev.fakta.runtime.core.Fatal;
import dev.fakta.runtime.core.NodeParts;
import dev.fakta.runtime.partition.Question;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs what the steps of sagas go through processors for: on a virtual thread each, so that one
/// that waits for the world outside holds up nobody. One that takes twice as long as a command may
/// (its own work, then the command) is interrupted, and its step is unanswered.
public final class StepProcessing implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StepProcessing.class);

    private final NodeParts parts;
    private final Function<Question.Submission, Reply<Object>> work;
    private final Set<FutureTask<?>> running = ConcurrentHashMap.newKeySet();

    /// @param work runs a processor, here or elsewhere, and waits for the answer
    public StepProcessing(NodeParts parts, Function<Question.Submission, Reply<Object>> work) {
        this.parts = parts;
        this.work = work;
    }

    public CompletionStage<Reply<Object>> process(Question.Submission question) {
        Reply<Object> late =
                new Reply.Failed<>(
                        Reply.Failure.TIMEOUT, question.processor() + " does not answer in time");
        var answer = new CompletableFuture<Reply<Object>>();
        var task = new FutureTask<>(() -> answer.complete(outcome(question)));
        running.add(task);
        parts.blocking().execute(task);
        long limit = 2 * parts.settings().answerWithin().toMillis();
        return answer.completeOnTimeout(late, limit, TimeUnit.MILLISECONDS)
                .whenComplete(
                        (reply, _) -> {
                            running.remove(task);
                            if (late.equals(reply)) {
                                task.cancel(true);
                            }
                        });
    }

    private Reply<Object> outcome(Question.Submission question) {
        try {
            return work.apply(question);
        } catch (Throwable e) {
            Fatal.rethrow(e);
            LOG.error("{} fails", question.processor(), e);
            return new Reply.Failed<>(Reply.Failure.DEFECT, String.valueOf(e));
        }
    }

    /// Interrupts what is under way: its steps are run again, by whoever runs the saga next.
    @Override
    public void close() {
        running.forEach(task -> task.cancel(true));
    }
}
