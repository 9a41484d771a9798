// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import dev.fakta.log.EventLog;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.Writer;
import dev.fakta.runtime.core.Fatal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says how long this node may answer from the memory of its partitions. What it appends, the log
/// checks; what it answers without an append rests on its belief that the partition is still its
/// own, and a process that was stopped for a while, or cut off, may be the last to hear that it is
/// not.
///
/// So there is a lease (Gray and Cheriton, *Leases*, 1989). It runs for [EventLog#lease] from the
/// moment on at which the log was asked whether the partition has another owner; who claims one
/// waits as long before it answers. The log is asked for all partitions of the node at once, and
/// only while there is something to answer: in good time before a lease ends, so that in the rule
/// no answer waits for it. No clocks are compared, only how fast they run.
///
/// Any thread.
public final class Leases {

    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

    private final EventLog log;
    private final Executor blocking;
    private final long nanos;
    private final Set<Lease> all = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private List<Answer> waiting = new ArrayList<>();
    private boolean isAsking;

    /// @param blocking runs what waits for the log
    public Leases(EventLog log, Executor blocking) {
        this.log = log;
        this.blocking = blocking;
        this.nanos = log.lease().toNanos();
    }

    /// How long a partition waits behind its claim before it answers.
    long nanos() {
        return nanos;
    }

    /// An answer that waits for the log.
    ///
    /// @param writer of the claim under which it was made: it is none of a later claim's
    private record Answer(
            Lease lease, @Nullable Writer writer, Runnable held, Consumer<LogException> lost) {}

    /// One partition's lease. It ends for good when the partition is given up.
    final class Lease {
        private final AtomicReference<@Nullable Term> term = new AtomicReference<>();

        private Lease() {}

        /// The partition was claimed, and what is in its memory is from then on.
        ///
        /// @param asked when the claim was begun
        void begin(Writer writer, long asked) {
            term.set(new Term(writer, asked + nanos));
            all.add(this);
        }

        /// The partition is not this node's any more.
        void end() {
            all.remove(this);
            term.set(null);
        }

        /// Whether an answer may be given now, without asking the log.
        boolean holds() {
            Term now = term.get();
            return now != null && holds(now);
        }

        private boolean holds(Term now) {
            if (now.writer.isFenced()) {
                return false;
            }
            if (nanos == 0) {
                return true;
            }
            long left = now.until - System.nanoTime();
            if (left > 0 && left < nanos / 2) {
                renew();
            }
            return left > 0;
        }

        /// What is read from the partition's memory, if it may be answered now without asking the
        /// log; otherwise `null`.
        <T> @Nullable T whileHeld(Supplier<@Nullable T> read) {
            Term before = term.get();
            if (before == null || !holds(before)) {
                return null;
            }
            T found = read.get();
            return before.writer.equals(writer()) ? found : null; // else of an earlier claim
        }

        /// Runs `held` while the partition is surely this node's: at once, or when the log has said
        /// so. Otherwise `lost`, with the reason. Either may run on the caller's thread.
        void whenHeld(Runnable held, Consumer<LogException> lost) {
            if (holds()) {
                held.run();
            } else {
                askFor(new Answer(this, writer(), held, lost));
            }
        }

        private @Nullable Writer writer() {
            Term now = term.get();
            return now == null ? null : now.writer;
        }

        private void extend(Writer owner, long until) {
            term.updateAndGet(
                    now -> now != null && now.writer.equals(owner) ? new Term(owner, until) : now);
        }

        private LogException reason() {
            Writer writer = writer();
            return writer == null || writer.isFenced()
                    ? new LogException(Category.FENCED, "another node has taken the partition")
                    : new LogException(
                            Category.UNAVAILABLE,
                            "the log cannot say whether the partition is still this node's");
        }
    }

    private record Term(Writer writer, long until) {}

    /// The lease of a partition that is not claimed yet.
    Lease open() {
        return new Lease();
    }

    private void askFor(Answer answer) {
        lock.lock();
        try {
            waiting.add(answer);
        } finally {
            lock.unlock();
        }
        renew();
    }

    private void renew() {
        lock.lock();
        try {
            if (isAsking) {
                return; // and asks once more when something waits by then
            }
            isAsking = true;
        } finally {
            lock.unlock();
        }
        blocking.execute(this::askAgain);
    }

    private void askAgain() {
        try {
            do {
                ask(take());
            } while (goesOn());
        } catch (Throwable e) { // the JVM's: whoever comes next is to find nobody at it
            end();
            throw e;
        }
    }

    private List<Answer> take() {
        lock.lock();
        try {
            List<Answer> taken = waiting;
            waiting = new ArrayList<>();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private boolean goesOn() {
        lock.lock();
        try {
            isAsking = !waiting.isEmpty();
            return isAsking;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            isAsking = false;
        } finally {
            lock.unlock();
        }
    }

    /// Asks for all leases, and gives the answers that waited before it did.
    private void ask(List<Answer> answers) {
        try {
            long asked = System.nanoTime();
            Set<Writer> owners = log.stillOwners(writers());
            for (Lease lease : all) {
                Writer writer = lease.writer();
                if (writer != null && owners.contains(writer)) {
                    lease.extend(writer, asked + nanos);
                }
            }
            for (Answer answer : answers) {
                boolean isOwner = answer.writer != null && owners.contains(answer.writer);
                give(answer, isOwner ? null : answer.lease.reason());
            }
        } catch (LogException e) {
            LOG.debug("the log does not say whose the partitions are", e);
            answers.forEach(answer -> give(answer, answer.lease.reason()));
        } catch (Throwable e) {
            LOG.error("the leases of the partitions cannot be renewed", e);
            answers.forEach(answer -> give(answer, answer.lease.reason()));
            Fatal.rethrow(e);
        }
    }

    private Collection<Writer> writers() {
        return all.stream()
                .map(Lease::writer)
                .filter(writer -> writer != null)
                .collect(Collectors.toList());
    }

    private static void give(Answer answer, @Nullable LogException reason) {
        try {
            if (reason == null) {
                answer.held.run();
            } else {
                answer.lost.accept(reason);
            }
        } catch (Throwable e) {
            Fatal.rethrow(e);
            LOG.error("an answer does not reach its sender", e);
        }
    }
}
