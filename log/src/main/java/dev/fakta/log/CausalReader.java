// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Follows a whole log in causal order: no record comes before one that it follows from, whichever
/// partitions and logs they are in.
///
/// Design. Hybrid logical times grow along every cause, and within each partition (Kulkarni et al.,
/// *Logical Physical Clocks*, 2014). So records come in the order of their times, each as soon as
/// it is clear that nothing earlier is missing. Two looks at the heads make that clear: whatever a
/// record below the first look follows from was durable before that look ended, and lies below the
/// second. What lies below the first look and is earlier than everything between the two can be
/// given. A look that misses partitions, because one of several databases is away, proves nothing:
/// nothing new is given until all are seen again.
///
/// While it catches up it holds what is ahead of the partition that it has read least of. That is
/// bounded: when it holds [#MOST_HELD] records or [#MOST_HELD_BYTES], it reads of no partition but
/// the one that the others wait for, a page at a time. So it never holds more than twice that, or
/// one record of each partition where these are larger. Serves one thread.
public final class CausalReader implements AutoCloseable {

    private static final int BATCH = 1_000;
    static final int MOST_HELD = 16_384;
    static final long MOST_HELD_BYTES = 16L << 20;
    private static final Duration READ = Duration.ofSeconds(1);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(10);
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Comparator<LogRecord> ORDER =
            Comparator.comparingLong(LogRecord::time)
                    .thenComparingInt(LogRecord::partition)
                    .thenComparingLong(LogRecord::offset);

    private final EventLog log;
    private final List<Source> sources = new ArrayList<>();
    private final PriorityQueue<LogRecord> held = new PriorityQueue<>(ORDER);
    private final long[] read;
    private final long[] newest;
    private final long[] given;
    private final Semaphore told = new Semaphore(0);
    private final Runnable follower = told::release;
    private final List<LogRecord> ahead = new ArrayList<>();
    private Positions look;
    private long earliest = Long.MAX_VALUE;
    private long heldBytes;
    private boolean isFull;
    private boolean isBlind;

    /// The partitions of one log, from `first` to the one before `end`.
    private final class Source {
        private final int first;
        private final int end;
        private @Nullable LogReader open;

        Source(int first, int end) {
            this.first = first;
            this.end = end;
        }

        LogReader open() {
            LogReader reader = open;
            if (reader == null) {
                reader = log.reader(readUpTo(IntStream.range(first, end).toArray()));
                open = reader;
            }
            return reader;
        }

        List<LogRecord> next() {
            return open().next(BATCH, READ);
        }

        /// Reads of what all others wait for.
        List<LogRecord> nextOfLast() {
            close(); // it goes on elsewhere afterwards
            long last = frontier(this);
            int[] waitedFor =
                    IntStream.range(first, end)
                            .filter(partition -> isBelowLook(partition))
                            .filter(partition -> newest[partition] == last)
                            .toArray();
            try (LogReader reader = log.reader(readUpTo(waitedFor))) {
                return reader.next(page(), READ);
            }
        }

        void close() {
            if (open != null) {
                open.close();
                open = null;
            }
        }
    }

    /// @param after where it goes on: [#positions] of an earlier one
    public CausalReader(EventLog log, Positions after) {
        this.log = log;
        this.read = new long[log.partitions()];
        this.newest = new long[log.partitions()];
        this.given = new long[log.partitions()];
        Positions from = Positions.start(log.partitions()).merge(after);
        for (int partition = 0; partition < given.length; partition++) {
            given[partition] = from.offset(partition);
            read[partition] = given[partition];
        }
        this.look = Positions.NONE;
        try {
            for (Positions part : parts(log)) {
                Source source = new Source(part.partitions()[0], end(part));
                sources.add(source);
                source.open();
            }
            log.follow(follower);
        } catch (RuntimeException | Error e) {
            closeAfter(e);
            throw e;
        }
    }

    private static List<Positions> parts(EventLog log) {
        return log instanceof JoinedLog joined
                ? joined.parts().stream().map(JoinedLog.Part::start).toList()
                : List.of(Positions.start(log.partitions()));
    }

    private static int end(Positions part) {
        int[] partitions = part.partitions();
        return partitions[partitions.length - 1] + 1;
    }

    /// The next records; none when the wait ends first. Behind them, [#positions] is where another
    /// reader goes on.
    ///
    /// @throws LogException as [LogReader#next]
    public List<LogRecord> next(Duration wait) {
        long until = System.nanoTime() + wait.toNanos();
        List<LogRecord> ready = advance();
        while (ready.isEmpty() && System.nanoTime() < until) {
            long left = until - System.nanoTime();
            if (isBlind) {
                boolean _ = isTold(Math.min(left, LOOK_AGAIN_NANOS));
            } else if (isAtEnd() && !isTold(left)) {
                return advance();
            }
            ready = advance();
        }
        return ready;
    }

    private boolean isAtEnd() {
        return frontier() == Long.MAX_VALUE && held.isEmpty() && ahead.isEmpty();
    }

    private boolean isTold(long nanos) {
        try {
            boolean isTold = told.tryAcquire(nanos, TimeUnit.NANOSECONDS);
            told.drainPermits();
            return isTold;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Whether it holds back what it has, because a log or a database does not answer that may have
    /// an earlier record. It looks again by itself.
    public boolean isHeldBack() {
        return isBlind;
    }

    /// Up to where every record was given to the caller.
    public Positions positions() {
        return Positions.ofAll(Arrays.copyOf(given, given.length));
    }

    /// Reads more records, or looks at the heads again once all records below the look were given.
    private List<LogRecord> advance() {
        if (frontier() == Long.MAX_VALUE) {
            look();
        }
        readMore();
        return given(frontier());
    }

    /// Looks at the heads twice, and finds the earliest record between the two looks. When a look
    /// misses partitions, the reader keeps its look before.
    private void look() {
        Positions first = log.heads();
        Positions second = log.heads();
        OptionalLong between =
                isWhole(first) && isWhole(second)
                        ? earliestBetween(first, second)
                        : OptionalLong.empty();
        isBlind = between.isEmpty();
        if (between.isPresent()) {
            look = first;
            earliest = between.getAsLong();
            List<LogRecord> again = List.copyOf(ahead);
            ahead.clear();
            again.forEach(this::hold);
        }
    }

    private boolean isWhole(Positions heads) {
        return heads.partitions().length == given.length;
    }

    /// The time of the earliest record between two looks; the largest time when there is no record,
    /// and empty when the records cannot be read in time.
    private OptionalLong earliestBetween(Positions first, Positions second) {
        long time = Long.MAX_VALUE;
        if (!first.covers(second)) {
            long until = System.nanoTime() + LONGEST_LOOK.toNanos();
            try (LogReader between = log.reader(first)) {
                while (!between.positions().covers(second)) {
                    for (LogRecord record : between.next(BATCH, READ)) {
                        time = Math.min(time, record.time());
                    }
                    if (System.nanoTime() - until > 0) {
                        return OptionalLong.empty();
                    }
                }
            }
        }
        return OptionalLong.of(time);
    }

    private void hold(LogRecord record) {
        (record.offset() <= look.offset(record.partition()) ? held : ahead).add(record);
    }

    private boolean isBelowLook(int partition) {
        return read[partition] < look.offset(partition);
    }

    private Positions readUpTo(int[] partitions) {
        return Positions.ofOwned(
                partitions, IntStream.of(partitions).mapToLong(one -> read[one]).toArray());
    }

    /// Reads a batch from the reader that is furthest behind.
    private void readMore() {
        Source slowest = null;
        long least = Long.MAX_VALUE;
        for (Source source : sources) {
            long frontier = frontier(source);
            if (frontier < least) {
                least = frontier;
                slowest = source;
            }
        }
        if (slowest != null) {
            for (LogRecord record : isFull() ? slowest.nextOfLast() : slowest.next()) {
                read[record.partition()] = record.offset();
                newest[record.partition()] = record.time();
                heldBytes += bytes(record);
                hold(record);
            }
        }
    }

    /// Full from the bound on, until half of it is free again.
    private boolean isFull() {
        int part = isFull ? 2 : 1;
        isFull = held() >= MOST_HELD / part || heldBytes >= MOST_HELD_BYTES / part;
        return isFull;
    }

    /// How many records it holds.
    int held() {
        return held.size() + ahead.size();
    }

    /// How many records to read of one partition, so that a page of each is within the bound.
    private int page() {
        long ofCount = MOST_HELD / read.length;
        long ofBytes = MOST_HELD_BYTES / read.length / Math.max(1, heldBytes / held());
        return Math.clamp(Math.min(ofCount, ofBytes), 1, BATCH);
    }

    private static long bytes(LogRecord record) {
        return record instanceof EventRecord event ? event.event().payload().length : 0;
    }

    /// The time up to which all records below the look are held; the largest time when all of them
    /// are.
    private long frontier() {
        long frontier = Long.MAX_VALUE;
        for (Source source : sources) {
            frontier = Math.min(frontier, frontier(source));
        }
        return frontier;
    }

    /// The time up to which all records of one source that lie below the look are held: the
    /// earliest of the times that its partitions were read up to.
    private long frontier(Source source) {
        long frontier = Long.MAX_VALUE;
        for (int partition = source.first; partition < source.end; partition++) {
            if (isBelowLook(partition)) {
                frontier = Math.min(frontier, newest[partition]);
            }
        }
        return frontier;
    }

    /// Gives the held records up to the time `frontier` that are earlier than every record between
    /// the two looks.
    private List<LogRecord> given(long frontier) {
        List<LogRecord> ready = new ArrayList<>();
        LogRecord next = held.peek();
        while (next != null && next.time() <= frontier && next.time() < earliest) {
            ready.add(next);
            given[next.partition()] = next.offset();
            heldBytes -= bytes(next);
            held.remove();
            next = held.peek();
        }
        return ready;
    }

    private void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException | Error e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        log.unfollow(follower);
        sources.forEach(Source::close);
    }
}
