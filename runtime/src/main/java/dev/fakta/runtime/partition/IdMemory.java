// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import java.util.concurrent.atomic.AtomicLong;

/// What the command ids that are remembered may take of the heap, all partitions together: a
/// quarter. Beyond it an aggregate whose window would have to grow answers `Busy`, until what it
/// remembers is ten minutes old; the many that have had a few commands are not touched by that.
///
/// It is approximate: each partition tells from time to time how much its windows take. Any thread.
final class IdMemory {

    /// The heap is the process's, and so is this.
    static final IdMemory OF_PROCESS = new IdMemory(Runtime.getRuntime().maxMemory() / 4);

    private final long most;
    private final AtomicLong used = new AtomicLong();

    /// @param most bytes
    IdMemory(long most) {
        this.most = most;
    }

    void changeBy(long bytes) {
        used.addAndGet(bytes);
    }

    boolean isExhausted() {
        return used.get() >= most;
    }

    long used() {
        return used.get();
    }
}
