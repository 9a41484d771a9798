// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Cuts the connections of clients that keep a thread waiting for longer than they may: that send a
/// body byte by byte, or do not read what they are sent.
///
/// A thread says before it reads or writes how long that may take, and says afterwards that it is
/// over. When the time is up before, the thread is interrupted, which closes its connection. So any
/// thread that waits must be a virtual one.
final class SlowConnections implements AutoCloseable {

    private static final long LOOK_EVERY_MILLIS = 1_000;

    private final Set<Wait> waits = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);

    SlowConnections() {
        Thread.ofPlatform().name("slow-connections").daemon().start(this::cutSlowOnes);
    }

    /// One wait of one thread for its client.
    final class Wait implements AutoCloseable {
        private final Thread thread = Thread.currentThread();
        private final long until;
        private final Runnable onCut;
        private boolean isOver;
        private boolean isCut;

        private Wait(long until, Runnable onCut) {
            this.until = until;
            this.onCut = onCut;
        }

        private void cut() {
            synchronized (this) {
                if (isOver) {
                    return;
                }
                isCut = true;
                thread.interrupt();
            }
            onCut.run();
        }

        /// Whether the time was up before it was over.
        synchronized boolean isCut() {
            return isCut;
        }

        @Override
        public void close() {
            waits.remove(this);
            synchronized (this) {
                isOver = true;
                if (isCut) {
                    boolean _ = Thread.interrupted(); // it has done its work
                }
            }
        }
    }

    /// The calling thread waits for its client from now on. It closes what it gets when it does no
    /// longer.
    Wait begin(Duration within) {
        return begin(within, () -> {});
    }

    /// As above, where the thread may end without a word.
    ///
    /// @param onCut is called when the time is up, by the thread that cuts; it must wait for
    ///   nothing
    Wait begin(Duration within, Runnable onCut) {
        Wait wait = new Wait(System.nanoTime() + within.toNanos(), onCut);
        waits.add(wait);
        return wait;
    }

    private void cutSlowOnes() {
        while (!isClosedAfter(LOOK_EVERY_MILLIS)) {
            long now = System.nanoTime();
            for (Iterator<Wait> all = waits.iterator(); all.hasNext(); ) {
                Wait wait = all.next();
                if (now - wait.until > 0) {
                    wait.cut();
                    all.remove();
                }
            }
        }
    }

    private boolean isClosedAfter(long millis) {
        try {
            return closing.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            return true; // nobody interrupts this thread but to end it
        }
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
