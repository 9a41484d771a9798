// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.log.LogException;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import java.time.Duration;
import java.util.Collection;
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
final class PassiveCopies implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PassiveCopies.class);
    private static final Duration WAIT = Duration.ofMillis(100);
    private static final int PAGE = 2_000;

    private final Parts parts;
    private final Map<Integer, PassiveCopy> copies = new ConcurrentHashMap<>();
    private final Thread thread;
    private final AtomicInteger changes = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);

    PassiveCopies(Parts parts) {
        this.parts = parts;
        this.thread = Thread.ofPlatform().name("passive-copies").daemon().start(this::run);
    }

    /// Keeps copies of exactly these partitions from now on.
    void keep(Set<Integer> partitions) {
        boolean isLess = copies.keySet().retainAll(partitions);
        if (!isLess && copies.keySet().equals(partitions)) {
            return;
        }
        Positions heads = parts.log().heads();
        for (int partition : partitions) {
            copies.computeIfAbsent(
                    partition, _ -> new PassiveCopy(partition, heads.offset(partition), parts));
        }
        changes.incrementAndGet();
    }

    /// Gives a copy away, to the one who makes the partition active.
    @Nullable PassiveCopy release(int partition) {
        return copies.remove(partition);
    }

    Collection<PassiveCopy> all() {
        return copies.values();
    }

    int count() {
        return copies.size();
    }

    private void run() {
        while (!isClosed()) {
            try {
                follow(changes.get());
            } catch (LogException e) {
                if (!isClosed()) {
                    LOG.warn("the passive copies cannot read the log: {}", e.getMessage());
                    pause();
                }
            }
        }
    }

    private void follow(int version) {
        Positions from = Positions.NONE;
        for (PassiveCopy copy : copies.values()) {
            from = from.with(copy.partition(), copy.offset());
        }
        if (from.equals(Positions.NONE)) {
            pause();
            return;
        }
        try (LogReader reader = parts.log().reader(from)) {
            while (version == changes.get() && !isClosed()) {
                for (LogRecord record : reader.next(PAGE, WAIT)) {
                    PassiveCopy copy = copies.get(record.partition());
                    if (copy != null) {
                        copy.apply(record);
                    }
                }
            }
        }
    }

    private void pause() {
        try {
            boolean _ = closing.await(WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            closing.countDown(); // nobody interrupts this thread but to end it
        }
    }

    boolean isClosed() {
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
