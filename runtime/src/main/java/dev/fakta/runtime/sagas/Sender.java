// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Send;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.Tracing;
import dev.fakta.runtime.core.Fatal;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends what a courier or an alarm clock wants done, so much at a time. For the one thread that
/// does the tasks.
final class Sender {

    /// One of them takes this part of the node's processors at most, so that what waits for the
    /// world outside leaves room for clients.
    private static final int SHARE_OF_PROCESSORS = 4;

    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

    private final String name;
    private final Tracing tracing;
    private final SagaSession.SagaTargets targets;
    private final TaskQueue tasks;
    private final InFlightLimit limit;

    Sender(Object sender, NodeSettings settings, SagaSession.SagaTargets targets, TaskQueue tasks) {
        this.name = sender.toString();
        this.tracing = settings.tracing();
        this.targets = targets;
        this.tasks = tasks;
        this.limit =
                new InFlightLimit(Math.max(1, settings.processorsAtOnce() / SHARE_OF_PROCESSORS));
    }

    /// Something that is sent, and why.
    ///
    /// @param cause `null` when it follows from no event that is known
    record Errand(Send<?> send, @Nullable Cause cause) {}

    /// Sends when the turn has come.
    ///
    /// @param what is asked what to send when the turn has come
    /// @param onReply is called as a task
    void sendInTurn(Supplier<Errand> what, Consumer<Reply<Object>> onReply) {
        limit.start(
                () -> {
                    Errand errand = what.get();
                    send(
                            errand,
                            reply -> {
                                limit.ended();
                                onReply.accept(reply);
                            });
                });
    }

    /// How long what is to be sent now would take, see [InFlightLimit#backlogMillis].
    long backlogMillis() {
        return limit.backlogMillis();
    }

    /// Sends at once.
    void send(Errand errand, Consumer<Reply<Object>> onReply) {
        Send<?> send = errand.send;
        Cause of = own(errand.cause);
        Span span = tracing.follow(name, SpanKind.CONSUMER, of.traceParent());
        Cause own = of.tracedBy(Tracing.parent(span, of.traceParent()));
        CompletionStage<Reply<Object>> answer =
                guarded(
                        () ->
                                send.processor() == null
                                        ? targets.send(
                                                aggregate(send), send.id(), command(send), own)
                                        : targets.process(
                                                send.processor().name(),
                                                send.id(),
                                                command(send),
                                                own));
        var _ =
                answer.thenAccept(
                        reply -> {
                            Tracing.end(span, reply);
                            tasks.soon(() -> onReply.accept(reply));
                        });
    }

    @SuppressWarnings("unchecked")
    private static Aggregate<Object, Object, Object> aggregate(Send<?> send) {
        return (Aggregate<Object, Object, Object>) send.aggregate();
    }

    private static Object command(Send<?> send) {
        return Objects.requireNonNull(send.command());
    }

    private CompletionStage<Reply<Object>> guarded(
            Supplier<CompletionStage<Reply<Object>>> sending) {
        try {
            return sending.get();
        } catch (Throwable e) {
            Fatal.rethrow(e);
            LOG.error("{} cannot send", name, e);
            return CompletableFuture.completedFuture(
                    new Reply.Failed<>(Reply.Failure.DEFECT, String.valueOf(e)));
        }
    }

    /// With a command id of its own each time: what is sent again is done again.
    private Cause own(@Nullable Cause of) {
        var id = Cause.freshId();
        return of == null
                ? new Cause(id, 0, id, id, name, Set.of(), "", 0)
                : new Cause(
                        id,
                        0,
                        of.correlationId(),
                        of.causationId(),
                        name,
                        Set.of(),
                        of.traceParent(),
                        of.seen());
    }
}
