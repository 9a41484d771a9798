// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.domain.View;
import dev.fakta.runtime.Role;
import dev.fakta.runtime.core.Fatal;
import dev.fakta.runtime.core.NodeParts;
import dev.fakta.runtime.partition.PartitionHost;
import dev.fakta.runtime.sagas.SagaHost;
import dev.fakta.runtime.sagas.SagaSession;
import dev.fakta.views.engine.ViewHost;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this node hosts of its cluster's work: partitions, views, sagas and couriers, as the
/// members at hand say. Any thread; what may wait for a log or a database is done by a thread of
/// its own.
final class Hosting {

    private static final Logger LOG = LoggerFactory.getLogger(Hosting.class);
    private static final long VIEWS_AGAIN_MILLIS = 3_000;

    private final String self;
    private final long uid;
    private final NodeParts parts;
    private final PartitionHost partitions;
    private final ViewHost views;
    private final SagaHost sagas;
    private final SagaSession.SagaTargets targets;
    private final ReentrantLock hosting = new ReentrantLock();
    private volatile Placement placement = Placement.NONE;
    private volatile List<Peer> peers = List.of();
    private volatile boolean isEnding;

    /// @param self this node's address
    /// @param uid this node's in its cluster
    Hosting(
            String self,
            long uid,
            NodeParts parts,
            PartitionHost partitions,
            ViewHost views,
            SagaHost sagas,
            SagaSession.SagaTargets targets) {
        this.self = self;
        this.uid = uid;
        this.parts = parts;
        this.partitions = partitions;
        this.views = views;
        this.sagas = sagas;
        this.targets = targets;
    }

    /// Hosts what is due to this node among these.
    ///
    /// @param settled the uids of those that may act for others, see [Placement]
    void place(List<Peer> now, Set<Long> settled) {
        peers = now;
        placement = Placement.of(now, settled, parts.log().partitions(), parts::microsystem);
        parts.blocking().execute(this::host);
        parts.blocking().execute(() -> views.run(this::runsHere));
        parts.blocking().execute(() -> sagas.run(this::actsHere, targets));
    }

    /// By the newest placement: an older one may come to it later.
    private void host() {
        hosting.lock();
        try {
            partitions.host(placement.hostedBy(self, 1), placement.hostedBy(self, 2));
        } finally {
            hosting.unlock();
        }
    }

    /// Views that all nodes share are spread over those with the role.
    private boolean runsHere(View view) {
        return views.isShared()
                ? isFirstFor(Role.VIEW, view.name(), parts.microsystems().owner(view).name())
                : parts.hasHere(view);
    }

    /// A saga or courier runs on one node, as it acts.
    private boolean actsHere(String name, String microsystem) {
        return isFirstFor(Role.SAGA, name, microsystem);
    }

    private boolean isFirstFor(Role role, String name, String microsystem) {
        Peer first = placement.first(name, role, microsystem);
        return first != null && isSelf(first);
    }

    /// Takes again and again what could not be taken before, or was taken away and is this node's
    /// after all.
    void keepViews() {
        if (!isEnding) {
            apart(() -> views.run(view -> views.runs(view) || runsHere(view)));
            apart(
                    () ->
                            sagas.run(
                                    (name, owner) -> sagas.runs(name) || actsHere(name, owner),
                                    targets));
            CompletableFuture.delayedExecutor(
                            VIEWS_AGAIN_MILLIS, TimeUnit.MILLISECONDS, parts.blocking())
                    .execute(this::keepViews);
        }
    }

    /// Whatever fails in a round, the next one comes.
    private static void apart(Runnable half) {
        try {
            half.run();
        } catch (Throwable e) {
            Fatal.rethrow(e);
            LOG.error("views or sagas are not taken now", e);
        }
    }

    /// The partitions that no node has in place, as far as this node can tell by itself: those of
    /// others, for these to say. `null` while this node has not settled or not taken its share.
    ///
    /// @param here those that are in place on this node
    @Nullable BitSet unplaced(BitSet here) {
        Placement now = placement;
        boolean isSettled = now.hasSettled(uid) || !parts.settings().cluster().has(Role.AGGREGATE);
        BitSet mine = new BitSet();
        now.hostedBy(self, 1).forEach(mine::set);
        mine.andNot(here);
        if (!isSettled || !mine.isEmpty() || peers.stream().noneMatch(this::isSelf)) {
            return null;
        }
        BitSet missing = new BitSet();
        for (int i = 0; i < parts.log().partitions(); i++) {
            missing.set(i, now.active(i) != null && !here.get(i));
        }
        return missing;
    }

    List<Peer> peers() {
        return peers;
    }

    boolean isSelf(Peer peer) {
        return peer.address().equals(self);
    }

    /// The other node that hosts a partition; `null` when none does or this one will.
    @Nullable Peer owner(int partition) {
        Peer owner = placement.active(partition);
        return owner == null || isSelf(owner) ? null : owner;
    }

    /// Takes nothing any more: this node is about to leave.
    void end() {
        isEnding = true;
    }

    boolean isEnding() {
        return isEnding;
    }
}
