// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.runtime.partition.Question;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Finds out when a node that starts is ready: it is a member of its cluster, has settled and taken
/// its share, and every partition that some node is to host is in place. Until then a request could
/// wait for a claim longer than it may.
///
/// A partition is in place when its owner's claim has succeeded or failed. One that failed counts:
/// its database is away, which a node that starts cannot change. Every other node that hosts
/// aggregates is asked which partitions are in place there, again and again until none is missing.
/// Once a node is ready it stays so: a partition that moves later is waited for by each request.
final class Readiness {

    private static final long AGAIN_MILLIS = 50;
    private static final String NO_MEMBER =
            "it is no member of a cluster yet: does it reach its seeds?";
    private static final String NO_SHARE = "it has not taken its share of the partitions yet";
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);

    private final ClusterMember member;
    private volatile boolean isReady;
    private volatile String missing = NO_MEMBER;

    Readiness(ClusterMember member) {
        this.member = member;
    }

    boolean isReady() {
        return isReady;
    }

    /// What the node waits for, as a sentence.
    String missing() {
        return missing;
    }

    /// Looks until the node is ready or leaves. Does not block.
    void look() {
        if (member.isLeaving()) {
            return;
        }
        BitSet unplaced = member.unplaced();
        if (unplaced == null) {
            missing = member.isMember() ? NO_SHARE : NO_MEMBER;
            member.later(AGAIN_MILLIS, this::look);
            return;
        }
        CompletableFuture<?>[] answers =
                member.aggregateHosts().stream()
                        .map(peer -> ask(peer).thenAccept(placed -> remove(placed, unplaced)))
                        .toArray(CompletableFuture[]::new);
        var _ = CompletableFuture.allOf(answers).thenRun(() -> conclude(unplaced));
    }

    private CompletableFuture<BitSet> ask(Peer peer) {
        return member.ask(peer, member.codec().question(new Question.Placed()))
                .orTimeout(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(member.codec()::placed)
                .exceptionally(_ -> new BitSet());
    }

    private static void remove(BitSet placed, BitSet unplaced) {
        synchronized (unplaced) {
            unplaced.andNot(placed);
        }
    }

    private void conclude(BitSet unplaced) {
        synchronized (unplaced) {
            isReady = unplaced.isEmpty();
            missing = "no node has these partitions in place: " + unplaced;
        }
        if (!isReady) {
            member.later(AGAIN_MILLIS, this::look);
        }
    }
}
