// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import dev.fakta.runtime.core.NodeParts;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The partitions on this node: makes active, keeps passive, and gives up, as the
/// [dev.fakta.runtime.cluster.Placement] says. Any thread; calls may wait for the log.
public final class PartitionHost implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionHost.class);

    /// Two nodes that both think a partition theirs take it from each other this often at most.
    private static final Duration AGAIN = Duration.ofMillis(500);

    private static final int CATCHING_UP = 4;

    private final NodeParts parts;
    private final LocalPartitions locals;
    private final PassiveCopies passive;
    private final Map<Integer, ActivePartition> active = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Semaphore catchingUp = new Semaphore(CATCHING_UP);
    private final Leases leases;
    private final Executor later;
    private Set<Integer> mine = Set.of();

    public PartitionHost(NodeParts parts, LocalPartitions locals, PassiveCopies passive) {
        this.parts = parts;
        this.locals = locals;
        this.passive = passive;
        this.leases = new Leases(parts.log(), parts.blocking());
        this.later =
                CompletableFuture.delayedExecutor(
                        AGAIN.toMillis(), TimeUnit.MILLISECONDS, parts.blocking());
    }

    /// Hosts these partitions from now on, and no others.
    public void host(Set<Integer> asActive, Set<Integer> asPassive) {
        lock.lock();
        try {
            mine = Set.copyOf(asActive);
            Set.copyOf(active.keySet()).stream()
                    .filter(partition -> !mine.contains(partition))
                    .forEach(this::stop);
            mine.forEach(this::start);
            passive.keep(asPassive);
        } finally {
            lock.unlock();
        }
    }

    private void start(int partition) {
        if (active.containsKey(partition)) {
            return;
        }
        ActivePartition started =
                new ActivePartition(
                        partition,
                        parts,
                        locals.appends(),
                        passive.release(partition),
                        catchingUp,
                        leases,
                        this::ended);
        active.put(partition, started);
        locals.open(partition, started.local());
    }

    private void stop(int partition) {
        ActivePartition stopped = active.remove(partition);
        if (stopped != null) {
            locals.close(partition, stopped.local());
            stopped.stop();
        }
    }

    /// Called by the partition's own thread, which must not wait for the log.
    private void ended(ActivePartition partition) {
        parts.blocking().execute(() -> remove(partition));
    }

    private void remove(ActivePartition partition) {
        int number = partition.number();
        lock.lock();
        try {
            if (active.get(number) == partition) { // else another has its place by now
                LOG.info("partition {} has ended here", number);
                stop(number);
                if (mine.contains(number)) {
                    later.execute(() -> startAgain(number));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void startAgain(int partition) {
        lock.lock();
        try {
            if (mine.contains(partition)) {
                start(partition);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Gives up all partitions.
    @Override
    public void close() {
        lock.lock();
        try {
            mine = Set.of();
            Set.copyOf(active.keySet()).forEach(this::stop);
        } finally {
            lock.unlock();
        }
        passive.close();
    }
}
