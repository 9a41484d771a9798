// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import dev.fakta.domain.Aggregate;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Microsystems of order management in this process, attacked by many at once.
final class LiveNode implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PARTITIONS = 8;

    private final MemoryLog log = MemoryLog.create(PARTITIONS);
    private final Node node;

    LiveNode(Path views, Microsystems microsystems) {
        this.node =
                Node.start(NodeSettings.embedded(views), microsystems, log, InstantSource.system());
    }

    /// Sends one command; again while the node is busy.
    <C, S> Reply<S> send(Aggregate<C, ?, S> aggregate, String id, C command) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Reply<S> reply = node.await(node.send(aggregate, id, command, Cause.fresh()));
            if (!(reply instanceof Reply.Busy) || System.nanoTime() > until) {
                return reply;
            }
        }
    }

    /// Sends all commands at the same moment, each from a thread of its own; answers their replies
    /// in the order of the commands.
    <C, S> List<Reply<S>> sendAtOnce(
            Aggregate<C, ?, S> aggregate, String id, List<? extends C> commands) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Reply<S>>> sent = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (C command : commands) {
                sent.add(
                        clients.submit(
                                () -> {
                                    start.await();
                                    return send(aggregate, id, command);
                                }));
            }
            start.countDown();
            List<Reply<S>> replies = new ArrayList<>();
            for (Future<Reply<S>> reply : sent) {
                replies.add(reply.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            }
            return replies;
        }
    }

    <C, S> S state(Aggregate<C, ?, S> aggregate, String id) {
        return node.state(aggregate, id).state();
    }

    /// What a rule finds in all that was recorded.
    List<String> wrong(Rule rule) {
        Facts.read(log, rule::see);
        return rule.wrong();
    }

    @Override
    public void close() {
        node.close();
        log.close();
    }
}
