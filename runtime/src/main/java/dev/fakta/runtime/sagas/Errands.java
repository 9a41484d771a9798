// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Courier;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Send;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.core.Fatal;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has the errands of one courier run, so many at a time, and deals with refusals as the courier
/// says. For the one thread that does the tasks.
final class Errands {

    /// A courier takes this part of the node's processors at most, so that errands that wait for
    /// the world outside leave room for clients.
    private static final int SHARE_OF_PROCESSORS = 4;

    private static final Logger LOG = LoggerFactory.getLogger(Errands.class);

    private final Courier courier;
    private final SagaSession.SagaTargets targets;
    private final TaskQueue tasks;
    private final InFlightLimit limit;

    /// How an errand ends.
    sealed interface Outcome {
        /// All of it was done, or the courier knows what to make of a refusal.
        record Done() implements Outcome {}

        /// Not all of it was done.
        ///
        /// @param reason for operators
        /// @param mayGoOn whether what was begun may be under way still
        record Failed(String reason, boolean mayGoOn) implements Outcome {}
    }

    Errands(
            Courier courier,
            NodeSettings settings,
            SagaSession.SagaTargets targets,
            TaskQueue tasks) {
        this.courier = courier;
        this.targets = targets;
        this.tasks = tasks;
        this.limit =
                new InFlightLimit(Math.max(1, settings.processorsAtOnce() / SHARE_OF_PROCESSORS));
    }

    /// Has the errand for an id run when its turn has come.
    ///
    /// @param onBegin is called when the errand's turn has come, and what is recorded later the
    ///   errand may miss; answers the cause of the events that have called by then, `null` when
    ///   none have
    void run(String id, Supplier<@Nullable Cause> onBegin, Consumer<Outcome> onEnd) {
        limit.start(
                () -> {
                    Cause cause = onBegin.get();
                    Send<?> errand = courier.errand(id);
                    send(
                            errand,
                            cause,
                            reply -> {
                                limit.ended();
                                answered(id, cause, reply, onEnd);
                            });
                });
    }

    private void send(Send<?> send, @Nullable Cause cause, Consumer<Reply<Object>> onReply) {
        Cause own = cause(cause);
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
        var _ = answer.thenAccept(reply -> tasks.soon(() -> onReply.accept(reply)));
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
            LOG.error("{} cannot send", courier, e);
            return CompletableFuture.completedFuture(
                    new Reply.Failed<>(Reply.Failure.DEFECT, String.valueOf(e)));
        }
    }

    /// With a command id of its own each time: an errand that is run again does all of it again.
    private Cause cause(@Nullable Cause of) {
        var id = Cause.freshId();
        return of == null
                ? new Cause(id, 0, id, id, courier.toString(), Set.of(), "", 0)
                : new Cause(
                        id,
                        0,
                        of.correlationId(),
                        of.causationId(),
                        courier.toString(),
                        Set.of(),
                        of.traceParent(),
                        of.seen());
    }

    private void answered(
            String id, @Nullable Cause cause, Reply<Object> reply, Consumer<Outcome> onEnd) {
        switch (reply) {
            case Reply.Accepted<Object> _, Reply.Repeated<Object> _ ->
                    onEnd.accept(new Outcome.Done());
            case Reply.Rejected<Object>(var rejection, _) ->
                    refused(id, rejection.name(), rejection.detail(), cause, onEnd);
            case Reply.Refused<Object>(var problems) ->
                    refused(id, "REFUSED", Processor.Problem.text(problems), cause, onEnd);
            case Reply.Failed<Object> _,
                    Reply.Busy<Object> _,
                    Reply.Moved<Object> _,
                    Reply.IdReused<Object> _ ->
                    onEnd.accept(failed(reply));
        }
    }

    private void refused(
            String id, String name, String detail, @Nullable Cause cause, Consumer<Outcome> onEnd) {
        String reason = detail.isEmpty() ? name : name + ": " + detail;
        if (!courier.takesRefusals()) {
            onEnd.accept(new Outcome.Failed(reason, false));
            return;
        }
        Send<?> what;
        try {
            what = courier.refused(id, name, detail);
        } catch (Throwable e) {
            Fatal.rethrow(e);
            LOG.error("{} fails on a refusal for {}: {}", courier, id, reason, e);
            onEnd.accept(new Outcome.Failed(reason + ": " + e, false));
            return;
        }
        if (what == null) {
            onEnd.accept(new Outcome.Done());
        } else {
            send(what, cause, reply -> onEnd.accept(toldOf(reason, reply)));
        }
    }

    private static Outcome toldOf(String refusal, Reply<Object> reply) {
        return switch (reply) {
            case Reply.Accepted<Object> _, Reply.Repeated<Object> _ -> new Outcome.Done();
            case Reply.Rejected<Object>(var rejection, _) ->
                    new Outcome.Failed(refusal + ", and then " + rejection.name(), false);
            case Reply.Refused<Object> _,
                    Reply.Failed<Object> _,
                    Reply.Busy<Object> _,
                    Reply.Moved<Object> _,
                    Reply.IdReused<Object> _ ->
                    new Outcome.Failed(refusal + ", and then " + failed(reply).reason(), false);
        };
    }

    private static Outcome.Failed failed(Reply<Object> reply) {
        return reply instanceof Reply.Failed<Object>(var failure, var detail)
                ? new Outcome.Failed(failure + ": " + detail, mayGoOn(failure))
                : new Outcome.Failed(reply.toString(), false);
    }

    private static boolean mayGoOn(Reply.Failure failure) {
        return failure != Reply.Failure.UNANSWERED && failure != Reply.Failure.DEFECT;
    }
}
