// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.Reply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Commands to counters, of which a thousand are underway at any time.
///
/// An aggregate remembers the id of each command for ten minutes, up to some half a million; what
/// comes beyond that is `Busy`. So a counter that has got [#EACH] commands is followed by a new
/// one.
final class CommandLoad {

    static final int UNDERWAY = 1_000;
    static final int MANY = 64;
    private static final long EACH = 400_000;
    private static final Duration WARM_UP = Duration.ofSeconds(4);

    private CommandLoad() {}

    /// Accepted commands per second over many streams, and all to one.
    ///
    /// @param where the commands come from, for the figures' names
    static List<Figure> measure(String where, Node node, Duration time)
            throws InterruptedException {
        send(node, "warm-", MANY, WARM_UP);
        double many = send(node, "many-", MANY, time);
        send(node, "warm-hot-", 1, WARM_UP);
        double one = send(node, "hot-", 1, time);
        return List.of(
                Figure.of(where + "over " + MANY + " streams", many, "commands/s"),
                Figure.of(where + "on one hot stream", one, "commands/s"));
    }

    private static double send(Node node, String prefix, int streams, Duration time)
            throws InterruptedException {
        Semaphore free = new Semaphore(UNDERWAY);
        LongAdder accepted = new LongAdder();
        LongAdder failed = new LongAdder();
        long start = System.nanoTime();
        for (long i = 0; System.nanoTime() - start < time.toNanos(); i++) {
            if (!free.tryAcquire(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no command is answered");
            }
            var command = new Counter.Command.Increment(1);
            String id = prefix + i % streams + "-" + i / streams / EACH;
            node.send(Counter.AGGREGATE, id, command, Cause.fresh())
                    .whenComplete(
                            (reply, _) -> {
                                (reply instanceof Reply.Accepted<?> ? accepted : failed)
                                        .increment();
                                free.release();
                            });
        }
        if (!free.tryAcquire(UNDERWAY, 10, TimeUnit.SECONDS) || failed.sum() > 0) {
            throw new IllegalStateException(failed.sum() + " commands failed");
        }
        return accepted.sum() / ((System.nanoTime() - start) / 1e9);
    }
}
