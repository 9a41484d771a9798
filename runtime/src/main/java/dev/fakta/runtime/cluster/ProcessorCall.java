// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.runtime.Reply;
import dev.fakta.runtime.partition.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A request on its way to a processor on another node: to the least busy one, and to the next when
/// that one is full or dies. To process twice does no harm: commands have one effect under their
/// ids. Blocks.
final class ProcessorCall {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final ClusterMember member;
    private Question.Submission question;
    private final long deadline;
    private final List<Peer> tried = new ArrayList<>();
    private @Nullable Reply<Object> busy;

    ProcessorCall(ClusterMember member, Question.Submission question, long atMostNanos) {
        this.member = member;
        this.question = question;
        this.deadline = System.nanoTime() + atMostNanos;
    }

    Reply<Object> run() {
        Reply<Object> reply = null;
        while (reply == null) {
            Peer peer = member.processorNode(question.processor(), tried);
            reply = peer == null ? whenAllAreTried() : ask(peer, member.codec().question(question));
        }
        return reply;
    }

    /// @return `null` to try another one
    private @Nullable Reply<Object> ask(Peer peer, byte[] body) {
        try {
            byte[] answer =
                    member.ask(peer, body).get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            Reply<Object> reply = member.codec().answer(question.processor().target(), answer);
            if (!(reply instanceof Reply.Busy<Object>)) {
                return reply;
            }
            busy = reply;
        } catch (TimeoutException _) {
            return new Reply.Failed<>(Reply.Failure.TIMEOUT, "no processor answered in time");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Reply.Failed<>(Reply.Failure.UNAVAILABLE, "interrupted");
        } catch (ExecutionException _) {
            busy = null; // the node is gone, and may have sent the command
            question = question.again();
        }
        tried.add(peer);
        return null;
    }

    private @Nullable Reply<Object> whenAllAreTried() {
        if (busy != null) {
            return busy;
        }
        if (System.nanoTime() - deadline >= 0) {
            return new Reply.Failed<>(Reply.Failure.UNAVAILABLE, "no node runs processors");
        }
        tried.clear();
        LockSupport.parkNanos(PAUSE_NANOS);
        return null;
    }
}
