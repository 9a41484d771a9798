// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import dev.fakta.log.LogException;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import dev.fakta.runtime.core.Fatal;
import dev.fakta.runtime.core.NodeParts;
import dev.fakta.runtime.core.VitalThread;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The passive copies on this node, and the thread that keeps them warm: one reader for all.
///
/// It lets records gather before it reads on: each look into a shared log costs a query, however
/// little that finds, and a cluster under load wakes its readers hundreds of times a second. To be
/// a moment behind does no harm, because a take-over reads the rest of the log itself.
public final class PassiveCopies implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PassiveCopies.class);
    private static final Duration WAIT = Duration.ofMillis(100);
    private static final Duration GATHER = Duration.ofMillis(50);
    private static final Duration AGAIN = Duration.ofSeconds(3);
    private static final int PAGE = 2_000;

    /// So many records of a partition's end come first in a node that starts: with them the
    /// aggregates that are in use.
    private static final int FIRST_BACKLOG = 300;

    private final NodeParts parts;
    private final Map<Integer, PassiveCopy> copies = new ConcurrentHashMap<>();
    private final Thread thread;
    private final AtomicInteger changes = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private Set<Integer> missing = Set.of();
    private long nextTry;
    private int backlog = FIRST_BACKLOG;

    public PassiveCopies(NodeParts parts) {
        this.parts = parts;
        this.thread = VitalThread.named("passive-copies", this::run);
        thread.start();
    }

    /// Keeps copies of exactly these partitions from now on; of one that the log cannot tell of at
    /// present, as soon as it can.
    synchronized void keep(Set<Integer> partitions) {
        if (copies.keySet().retainAll(partitions)) {
            changes.incrementAndGet();
        }
        missing = new HashSet<>(partitions);
        missing.removeAll(copies.keySet());
        try {
            add();
        } catch (LogException e) {
            LOG.warn("the passive copies are made later: {}", e.getMessage());
        }
    }

    /// Makes the copies that are missing, of the partitions that the log can tell of. The others go
    /// on missing, also when the log cannot be asked at all.
    private void add() {
        if (missing.isEmpty()) {
            return;
        }
        nextTry = System.nanoTime() + AGAIN.toNanos();
        Positions heads = parts.log().heads();
        Set<Integer> unknown = new HashSet<>();
        for (int partition : missing) {
            if (heads.names(partition)) {
                long head = heads.offset(partition);
                copies.computeIfAbsent(
                        partition,
                        _ -> new PassiveCopy(partition, Math.max(0, head - backlog), head, parts));
            } else {
                unknown.add(partition);
            }
        }
        backlog = copies.isEmpty() ? backlog : 0;
        if (unknown.size() < missing.size()) {
            changes.incrementAndGet();
        }
        missing = unknown;
    }

    private synchronized void addMissing() {
        if (!missing.isEmpty() && System.nanoTime() - nextTry >= 0) {
            add();
        }
    }

    /// Whether each copy has come to what was the end of the log when it was made.
    public synchronized boolean areWarm() {
        return missing.isEmpty() && copies.values().stream().allMatch(PassiveCopy::isWarm);
    }

    /// Gives a copy away, to the one who makes the partition active.
    @Nullable PassiveCopy release(int partition) {
        return copies.remove(partition);
    }

    public Collection<PassiveCopy> all() {
        return copies.values();
    }

    public int count() {
        return copies.size();
    }

    private void run() {
        while (!isClosed()) {
            try {
                follow(changes.get());
            } catch (LogException e) {
                if (!isClosed()) {
                    LOG.warn("the passive copies cannot read the log: {}", e.getMessage());
                    pause(WAIT);
                }
            } catch (Throwable e) {
                Fatal.rethrow(e);
                LOG.error("the passive copies stop for a moment", e);
                pause(WAIT);
            }
        }
    }

    private void follow(int version) {
        Positions from = Positions.NONE;
        for (PassiveCopy copy : copies.values()) {
            from = from.with(copy.partition(), copy.offset());
        }
        if (from.equals(Positions.NONE)) {
            addMissing();
            pause(WAIT);
            return;
        }
        try (LogReader reader = parts.log().reader(from)) {
            while (version == changes.get() && !isClosed()) {
                addMissing();
                List<LogRecord> records = reader.next(PAGE, WAIT);
                records.forEach(this::apply);
                if (!records.isEmpty() && records.size() < PAGE) {
                    pause(GATHER);
                }
            }
        }
    }

    private void apply(LogRecord record) {
        PassiveCopy copy = copies.get(record.partition());
        if (copy != null) {
            copy.apply(record);
        }
    }

    private void pause(Duration time) {
        try {
            boolean _ = closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            closing.countDown(); // nobody interrupts this thread but to end it
        }
    }

    /// Whether the copies are followed, or are to be followed no longer.
    public boolean isAlive() {
        return thread.isAlive() || isClosed();
    }

    public boolean isClosed() {
        return closing.getCount() == 0;
    }

    @Override
    public void close() {
        closing.countDown();
        copies.clear();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
