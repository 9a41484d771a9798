// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.log.CausalReader;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is recorded, in causal order, for all clients of a node: the log is read once, however many
/// there are. The feed keeps what it read last, up to a bound in bytes; a client that is further
/// behind than that has to read the log by itself until it is within it.
///
/// The feed reads while there are clients. Any thread.
final class EventFeed {

    private static final Duration WAIT = Duration.ofMillis(500);

    /// About what a record takes beside its payload, which is there twice: recorded and as text.
    private static final int RECORD_BYTES = 1_000;

    private final Supplier<CausalReader> open;
    private final long mostBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Batch> ring = new ArrayDeque<>();
    private Positions before = Positions.NONE;
    private long bytes;
    private long newest;
    private int clients;
    private boolean isRunning;
    private boolean isHeldBack;
    private @Nullable LogException failure;

    /// @param open a reader that begins with what is recorded next
    /// @param mostBytes how much of what was read is kept
    EventFeed(Supplier<CausalReader> open, long mostBytes) {
        this.open = open;
        this.mostBytes = mostBytes;
    }

    /// An event, and the JSON of its CloudEvent, which is made once for all clients.
    static final class Entry {
        private final EventRecord record;
        private volatile @Nullable String text;

        Entry(EventRecord record) {
            this.record = record;
        }

        EventRecord record() {
            return record;
        }

        String text(String source) {
            String made = text;
            if (made == null) {
                made = CloudEvents.of(record, source).toString();
                text = made;
            }
            return made;
        }
    }

    /// Some events in causal order.
    ///
    /// @param number one more than that of the batch before
    /// @param after where a reader goes on behind them
    record Batch(long number, List<Entry> events, Positions after, long bytes) {

        static Batch of(long number, List<LogRecord> records, Positions after) {
            List<Entry> events = new ArrayList<>();
            long bytes = 0;
            for (LogRecord record : records) {
                bytes += RECORD_BYTES;
                if (record instanceof EventRecord event) {
                    events.add(new Entry(event));
                    bytes += 2L * event.event().payload().length;
                }
            }
            return new Batch(number, events, after, bytes);
        }
    }

    /// What the feed has for a client now.
    ///
    /// @param batches those that come next; none when the wait ended before there was one
    /// @param isHeldBack whether more may be there which is not given, see
    ///   [CausalReader#isHeldBack]
    /// @param isOvertaken whether the next batch is not kept any more
    record Next(List<Batch> batches, boolean isHeldBack, boolean isOvertaken) {}

    /// A client's place in the feed. Serves one thread.
    final class Client implements AutoCloseable {
        private long last;
        private boolean hasBegun;

        private Client() {}

        /// Takes the place behind these positions, if the feed keeps all that follows on them.
        ///
        /// @return whether it does; what comes then may have records that lie before the positions
        boolean begin(Positions after) {
            lock.lock();
            try {
                if (!hasBegun && after.covers(before)) {
                    last = newest - ring.size();
                    hasBegun = true;
                }
                return hasBegun;
            } finally {
                lock.unlock();
            }
        }

        /// What comes next. Waits for it. To be called once [#begin] has said yes.
        ///
        /// @throws LogException when the log cannot be read any more
        Next next(Duration wait) {
            long left = wait.toNanos();
            lock.lock();
            try {
                while (last == newest && left > 0 && failure == null) {
                    left = changed.awaitNanos(left);
                }
                if (failure != null && last == newest) {
                    throw failure;
                }
                return takeNext();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new LogException(Category.CLOSED, "interrupted");
            } finally {
                lock.unlock();
            }
        }

        private Next takeNext() {
            boolean isOvertaken = last < newest - ring.size();
            List<Batch> batches =
                    isOvertaken
                            ? List.of()
                            : ring.stream().filter(batch -> batch.number > last).toList();
            last = batches.isEmpty() ? last : batches.getLast().number;
            return new Next(batches, isHeldBack, isOvertaken);
        }

        @Override
        public void close() {
            lock.lock();
            try {
                clients--;
            } finally {
                lock.unlock();
            }
        }
    }

    /// A client more. The feed begins to read with the first one.
    ///
    /// @throws LogException when the log cannot be read now
    Client join() {
        lock.lock();
        try {
            if (!isRunning) {
                CausalReader reader = open.get();
                ring.clear();
                bytes = 0;
                before = reader.positions();
                newest++; // who was here before lacks what was recorded meanwhile, and is overtaken
                failure = null;
                isRunning = true;
                Thread.ofPlatform().name("event-feed").daemon().start(() -> run(reader));
            }
            clients++;
            return new Client();
        } finally {
            lock.unlock();
        }
    }

    private void run(CausalReader reader) {
        try {
            do {
                List<LogRecord> records = reader.next(WAIT);
                add(records, reader.positions(), reader.isHeldBack());
            } while (isWanted());
        } catch (LogException e) {
            fail(e);
        } catch (RuntimeException | Error e) {
            fail(new LogException(Category.UNAVAILABLE, "the feed of events has failed", e));
            throw e;
        } finally {
            reader.close();
        }
    }

    private void add(List<LogRecord> records, Positions after, boolean nowHeldBack) {
        lock.lock();
        try {
            isHeldBack = nowHeldBack;
            if (!records.isEmpty()) {
                newest++;
                Batch batch = Batch.of(newest, records, after);
                ring.addLast(batch);
                bytes += batch.bytes;
                while (bytes > mostBytes && ring.size() > 1) {
                    Batch oldest = ring.removeFirst();
                    bytes -= oldest.bytes;
                    before = oldest.after;
                }
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isWanted() {
        lock.lock();
        try {
            isRunning = clients > 0;
            return isRunning;
        } finally {
            lock.unlock();
        }
    }

    /// Its clients learn why; the next one begins anew.
    private void fail(LogException reason) {
        lock.lock();
        try {
            isRunning = false;
            failure = reason;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Whether it reads the log.
    boolean isRunning() {
        lock.lock();
        try {
            return isRunning;
        } finally {
            lock.unlock();
        }
    }

    /// How many bytes of what was read are kept.
    long bytes() {
        lock.lock();
        try {
            return isRunning ? bytes : 0;
        } finally {
            lock.unlock();
        }
    }
}
