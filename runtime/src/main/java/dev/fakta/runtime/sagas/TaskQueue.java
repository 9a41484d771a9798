// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The tasks of one thread: those that any thread has given it, and those that it does later.
final class TaskQueue {

    private static final int TASKS_AT_ONCE = 512;

    private final LinkedBlockingQueue<Runnable> soon = new LinkedBlockingQueue<>();
    private final PriorityQueue<Later> later =
            new PriorityQueue<>(Comparator.comparingLong(Later::at));

    private record Later(long at, Runnable task) {}

    /// Has the thread do this soon. Any thread may call.
    void soon(Runnable task) {
        soon.add(task);
    }

    /// Has the thread do this after a while. Only the thread itself may call.
    void later(long millis, Runnable task) {
        later.add(new Later(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis), task));
    }

    /// Waits for a task, and does it with all that have come or are due; so many at most.
    ///
    /// @param until the latest time of [System#nanoTime] to wait for one
    void work(long until) throws InterruptedException {
        Runnable task = soon.poll(nanosTo(until), TimeUnit.NANOSECONDS);
        for (int i = 0; task != null; i++) {
            task.run();
            task = i < TASKS_AT_ONCE ? soon.poll() : null;
        }
        long now = System.nanoTime();
        for (Later first = later.peek();
                first != null && first.at - now <= 0;
                first = later.peek()) {
            later.poll();
            first.task.run();
        }
    }

    private long nanosTo(long until) {
        long now = System.nanoTime();
        @Nullable Later first = later.peek();
        long nanos = until - now;
        return Math.max(0, first == null ? nanos : Math.min(nanos, first.at - now));
    }
}
