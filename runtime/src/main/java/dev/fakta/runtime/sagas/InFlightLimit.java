// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import java.util.ArrayDeque;

/// Bounds how much is under way at the same time; the rest waits for its turn, first come, first
/// served. One thread at a time.
final class InFlightLimit {

    private final int most;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int underWay;

    InFlightLimit(int most) {
        this.most = most;
    }

    /// Starts the task now or later. Whoever knows its end calls [#ended].
    void start(Runnable task) {
        if (underWay < most) {
            underWay++;
            task.run();
        } else {
            waiting.add(task);
        }
    }

    /// A task that was started has ended.
    void ended() {
        underWay--;
        Runnable next = waiting.poll();
        if (next != null) {
            start(next);
        }
    }
}
