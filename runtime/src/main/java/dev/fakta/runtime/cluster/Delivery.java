// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.runtime.Reply;
import dev.fakta.runtime.partition.Question;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One question on its way to the partition that it is for, wherever that is: tried again while the
/// partition has no owner or another one, until it is answered or its time is up. To ask twice does
/// no harm: a command has one effect under its id.
final class Delivery {

    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 100;

    /// A message may be lost without its node being lost.
    private static final long TRY_MILLIS = 3_000;

    private final ClusterMember member;
    private final int partition;
    private Question.OfAggregate question;
    private final CompletableFuture<Reply<Object>> answer = new CompletableFuture<>();
    private final long deadline;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private byte @Nullable [] body;

    Delivery(ClusterMember member, int partition, Question.OfAggregate question, long atMostNanos) {
        this.member = member;
        this.partition = partition;
        this.question = question;
        this.deadline = System.nanoTime() + atMostNanos;
    }

    CompletableFuture<Reply<Object>> answer() {
        return answer;
    }

    /// Makes a first try.
    Delivery start() {
        attempt();
        return this;
    }

    private void attempt() {
        if (member.askLocal(partition, question, this::settle)) {
            return;
        }
        Peer owner = member.owner(partition);
        if (owner == null) {
            again();
            return;
        }
        if (body == null) {
            body = member.codec().question(question);
        }
        var _ =
                member.ask(owner, body)
                        .orTimeout(TRY_MILLIS, TimeUnit.MILLISECONDS)
                        .thenApply(this::decoded)
                        .whenComplete(
                                (reply, failure) -> {
                                    if (failure == null) {
                                        settle(reply);
                                    } else {
                                        again();
                                    }
                                });
    }

    private Reply<Object> decoded(byte[] bytes) {
        return member.codec().answer(question.aggregate(), bytes);
    }

    private void settle(Reply<Object> reply) {
        if (reply instanceof Reply.Failed<Object>(var failure, _)
                && failure == Reply.Failure.ELSEWHERE) {
            again();
        } else {
            answer.complete(reply);
        }
    }

    private void again() {
        if (System.nanoTime() - deadline >= 0) {
            answer.complete(
                    new Reply.Failed<>(
                            Reply.Failure.UNAVAILABLE,
                            "partition %d had no owner in time".formatted(partition)));
            return;
        }
        if (!question.equals(question.again())) {
            question = question.again();
            body = null;
        }
        member.later(pauseMillis, this::attempt);
        pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    }
}
