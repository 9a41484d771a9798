// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.runtime.partition.Question;
import dev.fakta.runtime.sagas.SagaHost;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Knows how long what happens now would wait for the sagas, couriers and clocks of the cluster: of
/// this node at once, of the others as they said a moment ago. They are asked only while somebody
/// wants to know.
final class Backlogs {

    private static final long ASK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /// A node that does not answer is away, or of a version that does not know the question.
    private static final long NO_ANSWER_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// So long after it could have been asked for anew, an answer says nothing any more.
    private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
    private static final long NO_ANSWER = -1;

    private final ClusterMember member;
    private final SagaHost sagas;
    private final AtomicBoolean isAsking = new AtomicBoolean();
    private volatile long nextAsk = System.nanoTime();
    private volatile long others;

    Backlogs(ClusterMember member, SagaHost sagas) {
        this.member = member;
        this.sagas = sagas;
    }

    /// In milliseconds, one after the other: each of them runs on one node. Waits for nothing.
    long millis() {
        if (System.nanoTime() - nextAsk >= 0 && isAsking.compareAndSet(false, true)) {
            ask(member.sagaHosts());
        }
        return ownMillis() + (System.nanoTime() - nextAsk < STALE_NANOS ? others : 0);
    }

    /// In milliseconds, of this node.
    long ownMillis() {
        return sagas.backlogMillis();
    }

    private void ask(List<Peer> peers) {
        List<CompletableFuture<Long>> answers = peers.stream().map(this::ask).toList();
        var _ =
                CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                        .thenRun(
                                () ->
                                        conclude(
                                                answers.stream()
                                                        .map(CompletableFuture::join)
                                                        .toList()))
                        .whenComplete((_, _) -> isAsking.set(false));
    }

    private CompletableFuture<Long> ask(Peer peer) {
        return member.ask(peer, member.codec().question(new Question.Backlog()))
                .orTimeout(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(member.codec()::backlog)
                .exceptionally(_ -> NO_ANSWER);
    }

    private void conclude(List<Long> answers) {
        others = answers.stream().mapToLong(answer -> Math.max(0, answer)).sum();
        boolean isAnyAway = answers.contains(NO_ANSWER);
        nextAsk = System.nanoTime() + (isAnyAway ? NO_ANSWER_NANOS : ASK_EVERY_NANOS);
    }
}
