// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.LogException.Category;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The contract of [EventLog] with nothing else in it: lists in memory under one lock. For tests,
/// and to read when the contract is in doubt. An append is "durable" at once.
public final class MemoryLog implements EventLog {

    private final List<Partition> partitions = new ArrayList<>();
    private final Map<String, List<EventRecord>> streams = new HashMap<>();
    private final Map<String, Snapshot> snapshots = new HashMap<>();
    private final Map<String, String> notes = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final List<Runnable> followers = new CopyOnWriteArrayList<>();
    private boolean closed;

    private MemoryLog(int partitions) {
        for (int i = 0; i < partitions; i++) {
            this.partitions.add(new Partition());
        }
    }

    /// An empty log.
    public static MemoryLog create(int partitions) {
        if (partitions < 1) {
            throw new IllegalArgumentException("a log has at least one partition: " + partitions);
        }
        return new MemoryLog(partitions);
    }

    @Override
    public int partitions() {
        return partitions.size();
    }

    @Override
    public Writer claim(int partition, String node) {
        AppendChecks.node(node);
        return locked(
                () -> {
                    Partition taken = partitions.get(partition);
                    taken.epoch++;
                    long time = new HybridTime(InstantSource.system(), taken.time()).next(0);
                    long offset = taken.records.size() + 1L;
                    taken.records.add(new ClaimRecord(partition, offset, taken.epoch, node, time));
                    tellAll();
                    return new PartitionWriter(partition, taken.epoch, time, offset);
                });
    }

    @Override
    public Positions heads() {
        return locked(
                () ->
                        Positions.ofAll(
                                partitions.stream().mapToLong(p -> p.records.size()).toArray()));
    }

    @Override
    public LogReader reader(Positions after) {
        return locked(() -> new Following(after));
    }

    @Override
    public List<EventRecord> readStream(String stream, long fromRevision, int limit) {
        return locked(
                () -> {
                    List<EventRecord> all = streams.getOrDefault(stream, List.of());
                    int from = (int) Math.min(all.size(), Math.max(0, fromRevision - 1));
                    return List.copyOf(
                            all.subList(from, Math.min(all.size() - from, limit) + from));
                });
    }

    @Override
    public boolean surelyAbsent(String stream) {
        return locked(() -> !streams.containsKey(stream));
    }

    @Override
    public Optional<Snapshot> latestSnapshot(String stream) {
        return locked(() -> Optional.ofNullable(snapshots.get(stream)));
    }

    @Override
    public Optional<String> note(String name) {
        AppendChecks.noteName(name);
        return locked(() -> Optional.ofNullable(notes.get(name)));
    }

    @Override
    public void putNote(String name, String text) {
        AppendChecks.note(name, text);
        var _ = locked(() -> notes.put(name, text));
    }

    @Override
    public String noteOnce(String name, String text) {
        AppendChecks.note(name, text);
        return locked(() -> notes.computeIfAbsent(name, _ -> text));
    }

    @Override
    public void follow(Runnable follower) {
        followers.add(follower);
    }

    @Override
    public void unfollow(Runnable follower) {
        followers.remove(follower);
    }

    private void tellAll() {
        grown.signalAll();
        followers.forEach(Runnable::run);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            tellAll();
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            failWhenClosed();
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    private void failWhenClosed() {
        if (closed) {
            throw new LogException(Category.CLOSED, "the log is closed");
        }
    }

    private long lastRevision(String stream) {
        return streams.getOrDefault(stream, List.of()).size();
    }

    private static final class Partition {
        final List<LogRecord> records = new ArrayList<>();
        long epoch;

        long time() {
            return records.isEmpty() ? 0 : records.getLast().time();
        }
    }

    private final class PartitionWriter implements Writer {
        private final int partition;
        private final long epoch;
        private final long time;
        private long head;
        private @Nullable LogException failure;

        PartitionWriter(int partition, long epoch, long time, long head) {
            this.partition = partition;
            this.epoch = epoch;
            this.time = time;
            this.head = head;
        }

        @Override
        public int partition() {
            return partition;
        }

        @Override
        public long epoch() {
            return epoch;
        }

        @Override
        public long time() {
            return time;
        }

        @Override
        public long head() {
            return head;
        }

        @Override
        public boolean isFenced() {
            lock.lock();
            try {
                return partitions.get(partition).epoch != epoch;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public CompletionStage<Long> append(List<NewEvent> events) {
            AppendChecks.partition(MemoryLog.this, partition, events);
            if (failure != null) {
                return CompletableFuture.failedStage(failure);
            }
            try {
                return CompletableFuture.completedStage(locked(() -> commit(events)));
            } catch (LogException e) {
                failure = e;
                return CompletableFuture.failedStage(e);
            }
        }

        private long commit(List<NewEvent> events) {
            failWhenFenced();
            AppendChecks.revisions(events, MemoryLog.this::lastRevision);
            List<LogRecord> records = partitions.get(partition).records;
            for (NewEvent event : events) {
                EventRecord added = new EventRecord(partition, records.size() + 1L, event);
                records.add(added);
                streams.computeIfAbsent(event.stream(), _ -> new ArrayList<>()).add(added);
            }
            head = records.size();
            tellAll();
            return head;
        }

        private void failWhenFenced() {
            long newest = partitions.get(partition).epoch;
            if (newest != epoch) {
                throw AppendChecks.fenced(partition, epoch, newest);
            }
        }

        @Override
        public void putSnapshot(Snapshot snapshot) {
            AppendChecks.partition(MemoryLog.this, partition, snapshot.stream());
            lock.lock();
            try {
                if (!closed
                        && failure == null
                        && partitions.get(partition).epoch == epoch
                        && snapshot.revision() <= lastRevision(snapshot.stream())) {
                    snapshots.put(snapshot.stream(), snapshot);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private final class Following implements LogReader {
        private Positions positions;
        private boolean done;

        Following(Positions after) {
            for (int partition : after.partitions()) {
                Objects.checkIndex(partition, partitions.size());
            }
            this.positions = after;
        }

        @Override
        public List<LogRecord> next(int limit, Duration wait) {
            if (limit < 1) {
                throw new IllegalArgumentException("a limit is at least 1: " + limit);
            }
            return locked(() -> waitForRecords(limit, wait.toNanos()));
        }

        private List<LogRecord> waitForRecords(int limit, long wait) {
            long left = wait;
            List<LogRecord> found = take(limit);
            while (found.isEmpty() && left > 0) {
                try {
                    left = grown.awaitNanos(left);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                    left = 0;
                }
                found = take(limit);
            }
            return found;
        }

        private List<LogRecord> take(int limit) {
            failWhenClosed();
            if (done) {
                throw new LogException(Category.CLOSED, "the reader is closed");
            }
            List<LogRecord> found = new ArrayList<>();
            for (int partition : positions.partitions()) {
                List<LogRecord> all = partitions.get(partition).records;
                int from = (int) Math.min(positions.offset(partition), Integer.MAX_VALUE);
                int until = (int) Math.min(all.size(), (long) from + limit - found.size());
                if (until > from) {
                    found.addAll(all.subList(from, until));
                    positions = positions.with(partition, until);
                }
            }
            return found;
        }

        @Override
        public Positions positions() {
            return locked(() -> positions);
        }

        @Override
        public void close() {
            lock.lock();
            try {
                done = true;
                grown.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
