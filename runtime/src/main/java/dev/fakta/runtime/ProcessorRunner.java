// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Processor;
import dev.fakta.runtime.core.ClockWatch;
import dev.fakta.runtime.core.NodeParts;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Runs the processors of a node, so many at a time: one more is refused, and none waits for a
/// place. Any thread.
final class ProcessorRunner {

    private final Node node;
    private final History history;
    private final ClockWatch clocks;
    private final int most;
    private final Semaphore places;
    private final LongAdder refused = new LongAdder();

    ProcessorRunner(Node node, NodeParts parts, History history) {
        this.node = node;
        this.history = history;
        this.clocks = parts.clocks();
        this.most = parts.settings().processorsAtOnce();
        this.places = new Semaphore(most);
    }

    /// Works on a request, and sends the commands that come of it: last the one to the aggregate
    /// with this id, whose answer this is. Waits for it.
    <R, C, S> Reply<S> run(
            Processor<R, C> processor, String id, long revision, R request, Cause cause) {
        if (!places.tryAcquire()) {
            refused.increment();
            return new Reply.Busy<>();
        }
        try {
            return work(processor, id, revision, request, cause);
        } finally {
            places.release();
        }
    }

    @SuppressWarnings("unchecked")
    private <R, C, S> Reply<S> work(
            Processor<R, C> processor, String id, long revision, R request, Cause cause) {
        var target = (Aggregate<C, ?, S>) processor.target();
        ProcessorContext context = new ProcessorContext(node, id, cause);
        Processor.Outcome<C> outcome = processor.process(request, context);
        clocks.met(context.seen(), "what " + processor + " has read");
        return switch (outcome) {
            case Processor.Outcome.Refuse<C>(var problems) -> refused(target, id, cause, problems);
            case Processor.Outcome.Unanswered<C>(var reason) ->
                    new Reply.Failed<>(Reply.Failure.UNANSWERED, reason);
            case Processor.Outcome.Send<C>(var command, var first) -> {
                Reply<?> stopped = sendFirst(first, cause, context);
                yield stopped == null
                        ? send(target, id, revision, command, cause, context)
                        : (Reply<S>) stopped;
            }
            case Processor.Outcome.Exchange<C>(var first, var then) -> {
                Reply<?> stopped = sendFirst(first, cause, context);
                yield stopped == null
                        ? send(target, id, revision, then.apply(context), cause, context)
                        : (Reply<S>) stopped;
            }
        };
    }

    private <C, S> Reply<S> send(
            Aggregate<C, ?, S> target,
            String id,
            long revision,
            C command,
            Cause cause,
            ProcessorContext context) {
        return node.await(node.sendAt(target, id, revision, command, cause.seeing(context.seen())));
    }

    /// Sends commands one after the other.
    ///
    /// @return the answer of the first that was not accepted; none when all were
    private @Nullable Reply<?> sendFirst(
            List<Processor.First<?>> first, Cause cause, ProcessorContext context) {
        for (int i = 0; i < first.size(); i++) {
            Processor.First<?> one = first.get(i);
            Reply<?> reply = sendFirst(one, cause.seeing(context.seen()).part(i + 1));
            switch (reply) {
                case Reply.Accepted<?>(var after) -> context.answered(one.aggregate(), after);
                case Reply.Repeated<?>(_, var time) ->
                        context.answered(one.aggregate(), one.id(), time);
                case Reply.Rejected<?> _,
                        Reply.Refused<?> _,
                        Reply.Moved<?> _,
                        Reply.IdReused<?> _,
                        Reply.Busy<?> _,
                        Reply.Failed<?> _ -> {
                    return reply;
                }
            }
        }
        return null;
    }

    private <C> Reply<?> sendFirst(Processor.First<C> first, Cause cause) {
        return node.await(node.send(first.aggregate(), first.id(), first.command(), cause));
    }

    /// A request that was accepted before is not judged by today's rules.
    private <S> Reply<S> refused(
            Aggregate<?, ?, S> target, String id, Cause cause, List<Processor.Problem> problems) {
        Reply<S> earlier = history.earlier(target, id, cause);
        return earlier == null ? new Reply.Refused<>(problems) : earlier;
    }

    /// How many requests are worked on.
    int inFlight() {
        return most - places.availablePermits();
    }

    /// How many requests found all places taken.
    long refused() {
        return refused.sum();
    }
}
