// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.LogException.Category;
import java.lang.foreign.Arena;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Supplier;

/// Guards files that are mapped into memory, so that none is unmapped while a thread reads it.
///
/// The platform would allow that: `Arena.close` makes a concurrent access fail. But HotSpot stops
/// the accessing thread by an asynchronous exception and may leave its interrupt flag set
/// (`JavaThread::install_async_exception`; seen with JDK 25 in 1 of 300 cases), and an interrupted
/// thread's next file operation closes its channel. So whoever unmaps waits for the reads first.
final class Mappings {

    private final StampedLock lock = new StampedLock();
    private boolean closed;

    /// An arena for mapped files, which the caller closes.
    @SuppressWarnings("MustBeClosedChecker")
    static Arena newArena() {
        return Arena.ofShared();
    }

    /// Runs a read. Reads do not wait for each other and must not be nested.
    ///
    /// @throws LogException `CLOSED` after [#close]; `UNAVAILABLE` when the disk cannot be read
    <T> T read(Supplier<T> read) {
        long stamp = lock.readLock();
        try {
            if (closed) {
                throw new LogException(Category.CLOSED, "the log is closed");
            }
            return read.get();
        } catch (InternalError e) { // so the JVM reports a page that the disk cannot read
            throw new LogException(Category.UNAVAILABLE, "the disk cannot be read", e);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /// Waits for all reads that have begun.
    void awaitReads() {
        lock.unlockWrite(lock.writeLock());
    }

    /// Waits for all reads that have begun, and refuses those that come.
    void close() {
        long stamp = lock.writeLock();
        closed = true;
        lock.unlockWrite(stamp);
    }
}
