// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.runtime.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a gateway's chores, each on a virtual thread of its own and one run at a time. A run that
/// fails is counted, and the next one comes as if it had not; only a JVM without memory ends it.
final class Chores implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Chores.class);
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration END_WITHIN = Duration.ofSeconds(10);

    private final Node node;
    private final List<Chore> chores;
    private final Map<String, LongAdder> failed = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    Chores(Node node, List<Chore> chores) {
        this.node = node;
        this.chores = List.copyOf(chores);
        chores.forEach(chore -> failed.put(chore.name(), new LongAdder()));
    }

    List<Chore> all() {
        return chores;
    }

    /// How many runs of the chore with this name have failed.
    double failed(String name) {
        LongAdder runs = failed.get(name);
        return runs == null ? 0 : runs.sum();
    }

    void start() {
        for (Chore chore : chores) {
            threads.add(Thread.ofVirtual().name("chore-" + chore.name()).start(() -> go(chore)));
        }
    }

    private void go(Chore chore) {
        Duration pause = chore.every().compareTo(FIRST) < 0 ? chore.every() : FIRST;
        try {
            while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                run(chore);
                pause = chore.every();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the gateway is being closed
        }
    }

    private void run(Chore chore) throws InterruptedException {
        try {
            chore.work().run(node);
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            failed.getOrDefault(chore.name(), new LongAdder()).increment();
            LOG.warn("the chore {} fails, and is done again in {}", chore.name(), chore.every(), e);
        }
    }

    /// Interrupts what runs, waits for it a while, and has the chores end what they left running.
    @Override
    public void close() {
        closing.countDown();
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                if (!thread.join(END_WITHIN)) {
                    LOG.warn("{} does not end", thread.getName());
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        chores.forEach(Chores::end);
    }

    private static void end(Chore chore) {
        try {
            chore.work().end();
        } catch (RuntimeException e) {
            LOG.warn("the chore {} does not end well", chore.name(), e);
        }
    }
}
