// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.View;
import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.HybridTime;
import dev.fakta.log.LogException;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Feeds one view from the log: takes a batch of records, applies the events that the view handles,
/// and commits rows and checkpoint together.
///
/// An event that fails is parked: set aside with its reason, and later events of its stream behind
/// it; all other streams go on. A disk that fails parks nothing: the batch is tried again.
final class ViewRunner {

    private static final Logger LOG = LoggerFactory.getLogger(ViewRunner.class);
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration LINGER_PER_RECORD = Duration.ofNanos(500_000);
    private static final Duration LONGEST_LINGER = Duration.ofMillis(50);
    private static final long RETRY_MILLIS = 500;

    private final View view;
    private final Parts parts;
    private final Path path;
    private ViewFile file;
    private Set<String> parked;
    private boolean isFileInDoubt;
    private final Thread thread;
    private final ViewQueries queries;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    private final Condition wanted = lock.newCondition();
    private int waiters;
    private boolean isUnsaved;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile Positions applied;
    private volatile long oldestWaiting;
    private volatile boolean isStopping;

    private ViewRunner(View view, Parts parts) {
        this.view = view;
        this.parts = parts;
        this.path = ViewFile.path(parts.settings().viewDirectory(), view);
        this.file = open();
        this.parked = file.parkedStreams();
        this.applied = Positions.start(parts.log().partitions()).merge(file.checkpoint());
        this.queries = new ViewQueries(path, view);
        this.thread = Thread.ofPlatform().name("view-" + view.name()).daemon().unstarted(this::run);
    }

    static ViewRunner start(View view, Parts parts) {
        ViewRunner runner = new ViewRunner(view, parts);
        runner.thread.start();
        return runner;
    }

    /// A file that has applied more than the log holds belongs to another log: it is made anew.
    private ViewFile open() {
        try {
            Files.createDirectories(parts.settings().viewDirectory());
            ViewFile found = ViewFile.open(path, view);
            if (parts.log().heads().covers(found.checkpoint())) {
                return found;
            }
            found.close();
            LOG.warn("{} is ahead of the log and is filled anew", view);
            for (String ending : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(path.resolveSibling(path.getFileName() + ending));
            }
            return ViewFile.open(path, view);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run() {
        while (!isStopping) {
            try (LogReader reader = parts.log().reader(applied)) {
                if (isFileInDoubt) {
                    openAgain();
                }
                follow(reader);
            } catch (LogException e) {
                if (!isStopping) {
                    LOG.error("{} cannot read the log: {}", view, e.getMessage());
                    pause();
                }
            } catch (RuntimeException e) {
                LOG.error("{} stops for a moment: {}", view, e.getMessage());
                LOG.debug("{} stops for a moment", view, e);
                isFileInDoubt = true;
                pause();
            }
        }
    }

    /// After a full disk neither the transaction nor the prepared statements are what they were.
    private void openAgain() {
        try {
            file.close();
        } catch (ViewSqlException e) {
            LOG.debug("{} is given up", view, e);
        }
        file = ViewFile.open(path, view);
        parked = file.parkedStreams();
        isFileInDoubt = false;
    }

    private void follow(LogReader reader) {
        while (!isStopping) {
            List<LogRecord> records = reader.next(parts.settings().viewBatch(), IDLE);
            if (!records.isEmpty()) {
                oldestWaiting = records.getFirst().time();
                apply(records, reader.positions());
                oldestWaiting = 0;
                if (records.size() < parts.settings().viewBatch()) {
                    linger(records.size());
                }
            } else if (isUnsaved) {
                save(applied);
            }
        }
    }

    private void apply(List<LogRecord> records, Positions upTo) {
        try {
            boolean hasRows = false;
            for (LogRecord record : records) {
                hasRows |= apply(record);
            }
            if (hasRows) {
                save(upTo);
            } else {
                isUnsaved = true; // to pass over them once more after a restart changes nothing
            }
        } catch (ViewSqlException e) {
            if (e.isOperating()) {
                throw e;
            }
            file.rollback();
            applyApart(records, upTo);
        } catch (RuntimeException _) {
            file.rollback();
            applyApart(records, upTo);
        }
        advance(upTo);
    }

    private void save(Positions upTo) {
        file.commit(upTo);
        isUnsaved = false;
    }

    /// Lets the next batch gather, the longer the more there was to do, unless somebody waits for
    /// what is in it: under load a commit for every few events costs more than the events.
    private void linger(int records) {
        long left = Math.min(LONGEST_LINGER.toNanos(), records * LINGER_PER_RECORD.toNanos());
        lock.lock();
        try {
            while (waiters == 0 && left > 0 && !isStopping) {
                left = wanted.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            isStopping = true;
        } finally {
            lock.unlock();
        }
    }

    /// @return whether it was one for this view
    private boolean apply(LogRecord record) {
        if (!(record instanceof EventRecord event && isWanted(event.event()))) {
            return false;
        }
        if (parked.contains(event.event().stream())) {
            park(event, "an earlier event of the stream is parked");
        } else {
            view.apply(decoded(event), AggregateReader.at(event), file);
        }
        return true;
    }

    private Object decoded(EventRecord record) {
        Object recent = parts.recent().find(record.partition(), record.offset());
        if (recent != null) {
            return recent;
        }
        NewEvent event = record.event();
        return parts.codec().decode(event.name(), event.schemaVersion(), event.payload());
    }

    private boolean isWanted(NewEvent event) {
        return parts.codec().knows(event.name())
                && view.events().contains(parts.codec().typeNamed(event.name()));
    }

    /// The slow way, after a batch has failed: finds the events that fail, and parks them.
    private void applyApart(List<LogRecord> records, Positions upTo) {
        for (LogRecord record : records) {
            try {
                file.apart(() -> apply(record));
            } catch (RuntimeException e) {
                if (e instanceof ViewSqlException failed && failed.isOperating()) {
                    throw e;
                }
                parkFailed((EventRecord) record, e);
            }
        }
        save(upTo);
    }

    private void parkFailed(EventRecord record, RuntimeException failure) {
        LOG.error(
                "{} parks {} revision {}: {}",
                view,
                record.event().stream(),
                record.event().revision(),
                failure.getMessage());
        park(record, String.valueOf(failure.getMessage()));
        parked.add(record.event().stream());
    }

    private void park(EventRecord record, String reason) {
        NewEvent event = record.event();
        file.park(record.partition(), record.offset(), event.stream(), event.name(), reason);
    }

    private void advance(Positions upTo) {
        lock.lock();
        try {
            applied = upTo;
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void pause() {
        try {
            isStopping |= stopping.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            isStopping = true;
        }
    }

    /// Waits until the view has applied these positions; `false` when it has not in time.
    boolean await(Positions positions, Duration atMost) {
        if (applied.covers(positions)) {
            return true;
        }
        long left = atMost.toNanos();
        lock.lock();
        try {
            waiters++;
            wanted.signalAll();
            while (!applied.covers(positions) && left > 0 && !isStopping) {
                left = advanced.awaitNanos(left);
            }
            return applied.covers(positions);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            waiters--;
            lock.unlock();
        }
    }

    View view() {
        return view;
    }

    ViewQueries queries() {
        return queries;
    }

    ViewLag lag(EventLog log) {
        long events = applied.behind(log.heads());
        long oldest = oldestWaiting;
        double seconds =
                events == 0 || oldest == 0
                        ? 0
                        : Math.max(
                                0,
                                Duration.between(
                                                        HybridTime.instant(oldest),
                                                        parts.clock().instant())
                                                .toMillis()
                                        / 1_000.0);
        return new ViewLag(view.name(), view.version(), events, seconds, parked.size());
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    void stop() {
        isStopping = true;
        stopping.countDown();
        lock.lock();
        try {
            advanced.signalAll();
            wanted.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        queries.close();
        file.close();
    }
}
