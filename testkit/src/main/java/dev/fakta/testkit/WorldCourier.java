// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Courier;
import dev.fakta.domain.Processor;
import dev.fakta.domain.SagaEvent.Request;
import dev.fakta.domain.Send;
import dev.fakta.runtime.Reply;
import dev.fakta.testkit.Moves.Move;
import dev.fakta.testkit.WorldStreams.Recorded;
import dev.fakta.testkit.WorldStreams.Why;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A courier's runner in a [World]: the same duties as a node's, a move at a time.
///
/// When it dies, it forgets which errands are under way: the one that goes on runs them again,
/// while those of the dead one still have their effects, and once more when both are over.
final class WorldCourier {

    private static final int MOST_FAILURES = 8;
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);

    private final World world;
    private final Courier courier;
    private final Map<String, Errand> errands = new LinkedHashMap<>();
    private long runs;

    private final class Errand {
        private final String id;
        private final Move move;
        private boolean isCalled;
        private boolean isUnderWay;

        /// How many runs of dead runners still have their effects.
        private int leftBehind;

        private int life;
        private int failures;
        private String reason = "";
        private @Nullable Instant due;
        private @Nullable Recorded caller;

        private Errand(String id) {
            this.id = id;
            this.move = new Move(courier.name() + " runs for " + id, () -> run(this));
        }

        private boolean isStuck() {
            return failures == MOST_FAILURES;
        }

        private boolean isWaiting() {
            return isCalled && !isUnderWay && !isStuck();
        }

        private boolean isReady() {
            return isWaiting() && (due == null || !due.isAfter(world.now()));
        }
    }

    WorldCourier(World world, Courier courier) {
        this.world = world;
        this.courier = courier;
    }

    /// An event was recorded, by whichever stream.
    void recorded(Recorded recorded) {
        String id = courier.calledFor(recorded.event(), recorded.at());
        if (id != null) {
            Errand errand = errands.computeIfAbsent(id, Errand::new);
            errand.isCalled = true;
            errand.caller = recorded;
            errand.failures = errand.isStuck() ? 0 : errand.failures;
        }
    }

    /// All that the runner can do now.
    void addMoves(Moves moves) {
        for (Errand errand : errands.values()) {
            if (errand.isReady()) {
                moves.add(errand.move);
            }
        }
    }

    /// When an errand is due that is not due yet; `null` when none is.
    @Nullable Instant next() {
        Instant next = null;
        for (Errand errand : errands.values()) {
            if (errand.isWaiting()) {
                next = world.earlier(next, errand.due);
            }
        }
        return next;
    }

    /// Adds the errands that are not done though they were run again and again, with their reason.
    void addStuck(Map<String, String> stuck) {
        for (Errand errand : errands.values()) {
            if (errand.isStuck()) {
                stuck.put(courier.name() + " " + errand.id, errand.reason);
            }
        }
    }

    private void run(Errand errand) {
        errand.isCalled = world.fails(); // now and then it is run twice
        errand.isUnderWay = true;
        int life = errand.life;
        submit(errand, courier.errand(errand.id), reply -> answered(errand, life, reply));
    }

    private void submit(Errand errand, Send<?> send, Consumer<Reply<Object>> onReply) {
        Processor<?, ?> processor = send.processor();
        Aggregate<?, ?, ?> aggregate = send.aggregate();
        UUID id = world.freshId();
        Recorded caller = errand.caller;
        UUID correlation = caller == null ? id : caller.at().correlationId();
        UUID causation = caller == null ? id : caller.at().commandId();
        world.submit(
                courier.name() + " for " + errand.id + ", run " + ++runs,
                new Request(
                        aggregate.name(),
                        processor == null ? "" : processor.name(),
                        send.id(),
                        send.command()),
                new Why(id, correlation, causation, courier.toString()),
                onReply);
    }

    private void answered(Errand errand, int life, Reply<Object> reply) {
        if (life != errand.life) {
            errand.leftBehind--;
            errand.isCalled |= errand.leftBehind == 0;
            return;
        }
        if (world.fails()) {
            world.tell(() -> courier + ": the runner dies before it has noted that");
            dieAt(errand);
            return;
        }
        switch (reply) {
            case Reply.Accepted<Object> _, Reply.Repeated<Object> _ -> done(errand);
            case Reply.Rejected<Object>(var rejection, _) ->
                    refused(errand, rejection.name(), rejection.detail());
            case Reply.Refused<Object>(var problems) ->
                    refused(errand, "REFUSED", Processor.Problem.text(problems));
            case Reply.Failed<Object> _,
                    Reply.Moved<Object> _,
                    Reply.IdReused<Object> _,
                    Reply.Busy<Object> _ ->
                    failed(errand, reply.toString());
        }
    }

    private void refused(Errand errand, String name, String detail) {
        if (!courier.takesRefusals()) {
            failed(errand, name + ": " + detail);
            return;
        }
        Send<?> what = courier.refused(errand.id, name, detail);
        if (what == null) {
            done(errand);
            return;
        }
        int life = errand.life;
        submit(
                errand,
                what,
                reply -> {
                    if (life != errand.life) {
                        errand.leftBehind--;
                        errand.isCalled |= errand.leftBehind == 0;
                    } else if (reply instanceof Reply.Accepted || reply instanceof Reply.Repeated) {
                        done(errand);
                    } else {
                        failed(errand, "%s, and then %s".formatted(name, reply));
                    }
                });
    }

    private static void done(Errand errand) {
        errand.isUnderWay = false;
        errand.failures = 0;
        errand.due = null;
    }

    private void failed(Errand errand, String reason) {
        errand.isUnderWay = false;
        errand.isCalled = true;
        errand.reason = reason;
        errand.failures++;
        errand.due = world.now().plus(SHORTEST_PAUSE.multipliedBy(1L << errand.failures));
    }

    /// Another runner goes on: this errand's answer is lost, and so are those of all others.
    private void dieAt(Errand answeredNow) {
        for (Errand errand : errands.values()) {
            if (errand.isUnderWay) {
                errand.life++;
                errand.leftBehind += errand == answeredNow ? 0 : 1;
                errand.isUnderWay = false;
                errand.isCalled = true;
                errand.due = null;
            }
        }
    }
}
