// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.Courier;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Send;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.core.Fatal;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has the errands of one courier run, so many at a time, and deals with refusals as the courier
/// says. For the one thread that does the tasks.
final class Errands {

    /// What has failed so often in a row waits for an operator.
    static final int STUCK_AFTER = 8;

    private static final long SHORTEST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 60_000;
    private static final Logger LOG = LoggerFactory.getLogger(Errands.class);

    private final Courier courier;
    private final Sender sender;

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
        this.sender = new Sender(courier, settings, targets, tasks);
    }

    /// Has the errand for an id run when its turn has come.
    ///
    /// @param onBegin is called when the errand's turn has come, and what is recorded later the
    ///   errand may miss; answers the cause of the events that have called by then, `null` when
    ///   none have
    void run(String id, Supplier<@Nullable Cause> onBegin, Consumer<Outcome> onEnd) {
        AtomicReference<@Nullable Cause> cause = new AtomicReference<>();
        sender.sendInTurn(
                () -> {
                    cause.set(onBegin.get());
                    return new Sender.Errand(courier.errand(id), cause.get());
                },
                reply -> answered(id, cause.get(), reply, onEnd));
    }

    /// How long an errand that is called for now would take, see [InFlightLimit#backlogMillis].
    long backlogMillis() {
        return sender.backlogMillis();
    }

    /// The pause before the next try, after so many that have failed in a row: it doubles, and is
    /// up to a quarter shorter by chance.
    static long pauseMillis(int failures) {
        long pause =
                Math.min(LONGEST_PAUSE_MILLIS, SHORTEST_PAUSE_MILLIS << Math.min(failures - 1, 11));
        return pause - ThreadLocalRandom.current().nextLong(pause / 4 + 1);
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
            sender.send(
                    new Sender.Errand(what, cause), reply -> onEnd.accept(toldOf(reason, reply)));
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

    static Outcome.Failed failed(Reply<Object> reply) {
        return reply instanceof Reply.Failed<Object>(var failure, var detail)
                ? new Outcome.Failed(failure + ": " + detail, mayGoOn(failure))
                : new Outcome.Failed(reply.toString(), false);
    }

    private static boolean mayGoOn(Reply.Failure failure) {
        return failure != Reply.Failure.UNANSWERED && failure != Reply.Failure.DEFECT;
    }
}
