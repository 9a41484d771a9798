// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Processor;
import dev.fakta.runtime.core.ClockWatch;
import dev.fakta.runtime.core.NodeParts;
import dev.fakta.runtime.partition.CommandCall;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
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
    private final Tracing tracing;
    private final int most;
    private final Semaphore places;
    private final LongAdder refused = new LongAdder();

    ProcessorRunner(Node node, NodeParts parts, History history) {
        this.node = node;
        this.history = history;
        this.clocks = parts.clocks();
        this.tracing = parts.settings().tracing();
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
            return traced(processor, id, revision, request, cause);
        } finally {
            places.release();
        }
    }

    /// What the processor itself does with OpenTelemetry is part of the span.
    private <R, C, S> Reply<S> traced(
            Processor<R, C> processor, String id, long revision, R request, Cause cause) {
        Span span = tracing.follow(processor.name(), SpanKind.INTERNAL, cause.traceParent());
        if (!span.isRecording()) {
            return work(processor, id, revision, request, cause);
        }
        span.setAttribute("fakta.id", id);
        Cause traced = cause.tracedBy(Tracing.parent(span, cause.traceParent()));
        try {
            Reply<S> reply =
                    tracing.within(span, () -> work(processor, id, revision, request, traced));
            Tracing.end(span, reply);
            return reply;
        } catch (RuntimeException | Error e) {
            span.recordException(e).setStatus(StatusCode.ERROR);
            span.end();
            throw e;
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
                FirstSent sent = sendFirst(first, target, revision, cause, context);
                yield sent.stopped == null
                        ? send(target, id, sent.revision, command, cause, context)
                        : (Reply<S>) sent.stopped;
            }
            case Processor.Outcome.Exchange<C>(var first, var then) -> {
                FirstSent sent = sendFirst(first, target, revision, cause, context);
                yield sent.stopped == null
                        ? send(target, id, sent.revision, then.apply(context), cause, context)
                        : (Reply<S>) sent.stopped;
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

    /// What sending the first commands came to.
    ///
    /// @param stopped the answer that ends the request; none when all were accepted
    /// @param revision that the last command's aggregate must be at, as far as that is asked for
    private record FirstSent(@Nullable Reply<?> stopped, long revision) {}

    /// Sends commands one after the other, until one is not accepted. Those to the aggregate of the
    /// last command move the revision along that it must be at.
    private FirstSent sendFirst(
            List<Processor.First<?>> first,
            Aggregate<?, ?, ?> target,
            long revision,
            Cause cause,
            ProcessorContext context) {
        Reply<?> moved = first.isEmpty() ? null : moved(first, target, revision, cause, context);
        long expected = revision;
        for (int i = 0; i < first.size() && moved == null; i++) {
            Processor.First<?> one = first.get(i);
            boolean isOwn = one.aggregate().equals(target) && one.id().equals(context.id());
            long at = isOwn && revision >= 0 ? expected : CommandCall.ANY;
            Reply<?> reply = sendFirst(one, at, cause.seeing(context.seen()).part(i + 1));
            switch (reply) {
                case Reply.Accepted<?>(var after) -> {
                    context.answered(one.aggregate(), after);
                    expected = at < 0 ? expected : after.revision();
                }
                case Reply.Repeated<?>(var then, var time) -> {
                    context.answered(one.aggregate(), one.id(), time);
                    expected = at < 0 ? expected : then;
                }
                case Reply.Rejected<?> _,
                        Reply.Refused<?> _,
                        Reply.Moved<?> _,
                        Reply.IdReused<?> _,
                        Reply.Busy<?> _,
                        Reply.Failed<?> _ -> {
                    return new FirstSent(reply, expected);
                }
            }
        }
        return new FirstSent(moved, expected);
    }

    /// Whether the aggregate is at another revision than it must be at, before the first commands
    /// have done anything: they must not be carried out for a request that is refused then. A
    /// request that comes again goes on where it was, or has its answer already.
    ///
    /// @return the answer then; none when the commands are to be sent
    private @Nullable Reply<?> moved(
            List<Processor.First<?>> first,
            Aggregate<?, ?, ?> target,
            long revision,
            Cause cause,
            ProcessorContext context) {
        long now = revision < 0 ? revision : context.read(target, context.id()).revision();
        if (now == revision) {
            return null;
        }
        Reply<?> earlier = history.earlier(target, context.id(), cause);
        Processor.First<?> begun = first.getFirst();
        boolean hasBegun = history.earlier(begun.aggregate(), begun.id(), cause.part(1)) != null;
        return earlier != null || hasBegun ? earlier : new Reply.Moved<>(now);
    }

    private <C> Reply<?> sendFirst(Processor.First<C> first, long revision, Cause cause) {
        return node.await(
                node.sendAt(first.aggregate(), first.id(), revision, first.command(), cause));
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
