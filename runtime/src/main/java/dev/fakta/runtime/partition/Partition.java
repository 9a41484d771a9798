// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.log.HybridTime;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.Metadata;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import dev.fakta.log.Snapshot;
import dev.fakta.log.Writer;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.Versioned;
import dev.fakta.runtime.core.AggregateReader;
import dev.fakta.runtime.core.CommandWindow;
import dev.fakta.runtime.core.EventCodec;
import dev.fakta.runtime.core.Fatal;
import dev.fakta.runtime.core.RecentEvents;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The single writer of one partition: decides, evolves, and answers when durable.
///
/// Design. A command is decided on the *tentative* state, which has folded the events of commands
/// before it, durable or not; its events join the batch that is being filled. A batch is appended
/// as soon as the commands at hand are decided, while earlier batches may still be on their way to
/// the disk; batches complete in their order. So a hot aggregate is not held up by one disk flush
/// per command. What was decided on a tentative state is answered when that state is durable,
/// refusals too: they may rest on an event that never becomes a fact.
///
/// When an append fails, everything tentative is wrong: all that waits is answered, the image is
/// dropped, and the next command claims the partition anew and reads again from the log. When the
/// failure is `FENCED` another node owns the partition and this one ends.
///
/// It does no I/O and starts no thread: what it wants done it asks of its [PartitionShell], which
/// calls back. One thread at a time. (The same split as Kafka's `CoordinatorShard`.)
final class Partition {

    /// Full batches go out without waiting for the mailbox to run dry.
    private static final int FULL_BATCH_EVENTS = 512;

    private static final long FULL_BATCH_BYTES = 1 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(Partition.class);

    private enum Phase {
        /// Waits for its claim.
        CLAIMING,
        /// Owns the partition.
        ACTIVE,
        /// An append or a claim failed; the next command claims again.
        BROKEN,
        /// Another node owns the partition.
        ENDED
    }

    private final int number;
    private final EventCodec codec;
    private final RecentEvents recent;
    private final Image image;
    private final HybridTime clock;
    private final int snapshotEvery;
    private final PartitionShell shell;
    private final ArrayDeque<Runnable> waitingForClaim = new ArrayDeque<>();
    private final ArrayDeque<Batch> underway = new ArrayDeque<>();
    private Phase phase = Phase.BROKEN;
    private String unclaimedFor = ""; // as was said last
    private @Nullable Writer writer;

    private final DurableEnd durable;

    private Batch filling = new Batch();
    private Reply<Object> broken = new Reply.Failed<>(Reply.Failure.UNAVAILABLE, "not claimed yet");

    Partition(
            int number,
            EventCodec codec,
            RecentEvents recent,
            Image image,
            HybridTime clock,
            int snapshotEvery,
            PartitionShell shell) {
        this.number = number;
        this.durable = new DurableEnd(number);
        this.codec = codec;
        this.recent = recent;
        this.image = image;
        this.clock = clock;
        this.snapshotEvery = snapshotEvery;
        this.shell = shell;
    }

    void start() {
        phase = Phase.CLAIMING;
        shell.claim();
    }

    /// Owns the partition from now on; what was read before may lack the last owner's events.
    ///
    /// @param warm what the partition's passive copy holds, with all events up to the claim
    /// @param time hybrid logical time of the newest record; all that follow are later
    void claimed(Writer claim, @Nullable Image warm, long time) {
        if (phase == Phase.ENDED) {
            return; // it was to leave this node before it had come
        }
        writer = claim;
        unclaimedFor = "";
        durable.set(claim.head(), time);
        phase = Phase.ACTIVE;
        clock.startBehind(time);
        if (warm == null) {
            image.clear();
        } else {
            image.takeOver(warm);
        }
        shell.owns(claim);
        runWaiting();
    }

    void claimFailed(LogException failure) {
        if (phase == Phase.ENDED) {
            return;
        }
        String why = String.valueOf(failure.getMessage());
        if (!why.equals(unclaimedFor)) { // each command that comes tries again
            LOG.warn("partition {} cannot be claimed: {}", number, why);
            unclaimedFor = why;
        }
        breakOff(failure);
        runWaiting();
    }

    private void runWaiting() {
        for (int left = waitingForClaim.size(); left > 0; left--) {
            waitingForClaim.removeFirst().run();
        }
    }

    /// Carries out a command, now or when the aggregate has been read.
    void command(CommandCall call) {
        if (phase == Phase.BROKEN && underway.isEmpty()) {
            start();
        }
        switch (phase) {
            case ACTIVE -> {
                Resident resident =
                        resident(
                                call.aggregate(),
                                call.id(),
                                call.expectedRevision() == CommandCall.NEW);
                if (resident.waiting != null) {
                    resident.waiting.add(() -> decide(resident, call));
                } else {
                    decide(resident, call);
                }
            }
            case CLAIMING -> waitingForClaim.addLast(() -> whenClaimed(call));
            case BROKEN, ENDED -> call.replyTo().answer(broken);
        }
    }

    private void whenClaimed(CommandCall call) {
        if (phase == Phase.ACTIVE) {
            command(call);
        } else {
            call.replyTo().answer(broken);
        }
    }

    /// Answers an aggregate's committed state, now or when it has been read. A partition that
    /// cannot append goes on reading; one that is another node's does not, for what it read would
    /// soon be old. One that could not be claimed yet keeps nothing in memory, and has the log
    /// asked each time: nobody knows whose it is, and the log is never old.
    void state(StateCall call) {
        switch (phase) {
            case CLAIMING -> waitingForClaim.addLast(() -> state(call));
            case ACTIVE -> readState(call);
            case BROKEN -> {
                if (writer == null) {
                    shell.read(call);
                } else {
                    readState(call);
                }
            }
            case ENDED -> call.replyTo().answer(new StateCall.Elsewhere());
        }
    }

    private void readState(StateCall call) {
        Resident resident = resident(call.aggregate(), call.id(), false);
        if (resident.waiting != null) {
            resident.waiting.add(() -> answerState(resident, call));
        } else {
            answerState(resident, call);
        }
    }

    private void answerState(Resident resident, StateCall call) {
        Versioned<Object> committed = resident.committed;
        if (committed != null && resident.pending > 0) {
            answerStateInOrder(resident, call);
        } else if (committed != null) {
            shell.whenOwned(
                    () -> call.replyTo().answer(new StateCall.Found(committed)),
                    failure -> call.replyTo().answer(StateCall.failed(failure)));
        } else if (resident.isUnreadable) {
            call.replyTo().answer(new StateCall.Unavailable(unreadable(resident.stream)));
        } else {
            state(call); // the image was dropped meanwhile
        }
    }

    /// An event on its way may be durable already, and the question may follow from it. So the
    /// answer waits as that to a command does which changes nothing.
    private void answerStateInOrder(Resident resident, StateCall call) {
        filling.close(
                resident,
                resident.tentative,
                resident.tentativeRevision,
                reply -> {
                    switch (reply) {
                        case Reply.Accepted<Object>(var aggregate) ->
                                call.replyTo().answer(new StateCall.Found(aggregate));
                        case Reply.Failed<Object>(var failure, _)
                                when failure == Reply.Failure.ELSEWHERE ->
                                call.replyTo().answer(new StateCall.Elsewhere());
                        default -> state(call); // the log says what has become of the events
                    }
                },
                new Reply.Accepted<>(tentative(resident)));
    }

    static String unreadable(String stream) {
        return stream + " cannot be read now";
    }

    private Resident resident(
            Aggregate<Object, Object, Object> aggregate, String id, boolean isNew) {
        String stream = aggregate.stream(id);
        Resident resident = image.find(stream);
        if (resident == null) {
            resident = new Resident(aggregate, id);
            if (isNew || shell.surelyAbsent(stream)) {
                resident.committed = new Versioned<>(id, aggregate.initial(), 0, Positions.NONE, 0);
            } else {
                resident.load();
                shell.load(resident);
            }
            image.add(resident);
        }
        return resident;
    }

    void loaded(Resident resident, AggregateReader.Loaded loaded) {
        if (image.holds(resident)) {
            resident.take(loaded);
            Versioned<Object> read = resident.committed;
            if (phase == Phase.ACTIVE
                    && read != null
                    && read.revision() > 0
                    && read.seen().isEmpty()) { // from a snapshot, which has no position
                resident.committed = durable.at(read);
            }
            shell.forgot(loaded.forgotten());
        } // else the image was dropped meanwhile, and what was read may be stale
        resident.arrived().forEach(Runnable::run);
    }

    /// The aggregate cannot be read: who waits for it hears so, all others go on.
    void loadFailed(Resident resident, Throwable failure) {
        LOG.error("{} cannot be read", resident.stream, failure);
        if (image.holds(resident)) {
            image.remove(resident);
            resident.isUnreadable = true;
        } // else the image was dropped meanwhile, and may have read it anew
        resident.arrived().forEach(Runnable::run);
    }

    private void decide(Resident resident, CommandCall call) {
        if (phase == Phase.ACTIVE && resident.isUnreadable) {
            call.replyTo()
                    .answer(
                            new Reply.Failed<>(
                                    Reply.Failure.UNAVAILABLE, unreadable(resident.stream)));
            return;
        }
        if (phase != Phase.ACTIVE || resident.committed == null) {
            command(call); // the image was dropped meanwhile, or the partition has left
            return;
        }
        Reply<Object> refusal = refusal(resident, call);
        if (refusal != null) {
            answerInOrder(resident, call, refusal);
            return;
        }
        Decision<Object> decision;
        try (SlowDecisions _ = SlowDecisions.watch(resident, call.command())) {
            decision = resident.aggregate.decide(resident.tentative, call.command());
            if (decision instanceof Decision.Accepted(List<Object> events) && !events.isEmpty()) {
                record(resident, call, events);
                return;
            }
        } catch (Throwable e) {
            Fatal.rethrow(e);
            LOG.error("{} fails on {}", resident.stream, call.command().getClass().getName(), e);
            call.replyTo()
                    .answer(
                            new Reply.Failed<>(
                                    Reply.Failure.DEFECT, "the aggregate fails on this command"));
            return;
        }
        answerInOrder(
                resident,
                call,
                switch (decision) {
                    case Decision.Rejected<Object>(var rejection) ->
                            new Reply.Rejected<>(rejection, 0);
                    case Decision.Accepted<Object> _ -> new Reply.Accepted<>(tentative(resident));
                });
    }

    /// What refuses a command before its aggregate is asked.
    private @Nullable Reply<Object> refusal(Resident resident, CommandCall call) {
        CommandWindow.Seen seen = resident.window.find(call.cause().commandId());
        if (seen != null) {
            return seen.hash() == call.cause().commandHash()
                    ? new Reply.Repeated<>(seen.revision(), seen.time())
                    : new Reply.IdReused<>();
        }
        if (call.expectedRevision() >= 0 && call.expectedRevision() != resident.tentativeRevision) {
            return new Reply.Moved<>(resident.tentativeRevision);
        }
        CommandWindow window = resident.window;
        boolean isFull = window.hasNoRoom() || !image.hasRoomFor(window);
        return isFull && window.isOldestYoung(clock.next(call.cause().seen()))
                ? new Reply.Busy<>()
                : null;
    }

    private Versioned<Object> tentative(Resident resident) {
        return new Versioned<>(
                resident.id, resident.tentative, resident.tentativeRevision, Positions.NONE, 0);
    }

    /// Events are encoded and folded first and taken over last: what fails on the way leaves no
    /// trace.
    private void record(Resident resident, CommandCall call, List<Object> events) {
        Cause cause = call.cause();
        Object state = resident.tentative;
        long revision = resident.tentativeRevision;
        long time = 0;
        NewEvent[] encoded = new NewEvent[events.size()];
        for (int i = 0; i < encoded.length; i++) {
            Object event = events.get(i);
            time = clock.next(cause.seen());
            encoded[i] = encode(resident.stream, ++revision, event, cause, time);
            state = resident.aggregate.evolve(state, event);
        }
        for (int i = 0; i < encoded.length; i++) {
            filling.add(encoded[i], events.get(i));
        }
        resident.tentative = state;
        resident.tentativeRevision = revision;
        if (resident.window.add(cause.commandId(), cause.commandHash(), revision, time)) {
            shell.forgot(1);
        }
        image.remembered();
        enqueue(resident, call, null);
    }

    private NewEvent encode(String stream, long revision, Object event, Cause cause, long time) {
        var type = codec.typeOf(event);
        byte[] payload = codec.encodeToRecord(event);
        return new NewEvent(
                stream,
                revision,
                type.name(),
                type.version(),
                payload,
                new Metadata(
                        Cause.freshId(),
                        cause.commandId(),
                        cause.commandHash(),
                        cause.correlationId(),
                        cause.causationId(),
                        cause.actor(),
                        cause.traceParent(),
                        time));
    }

    private void answerInOrder(Resident resident, CommandCall call, Reply<Object> reply) {
        if (resident.pending == 0) {
            answerFromMemory(call.replyTo(), durable.at(reply));
        } else {
            enqueue(resident, call, reply);
        }
    }

    /// An answer without an append of its own: nothing else would tell that the partition is
    /// another node's by now.
    private void answerFromMemory(ReplyTo<Reply<Object>> replyTo, Reply<Object> reply) {
        shell.whenOwned(
                () -> replyTo.answer(reply), failure -> replyTo.answer(Reply.Failed.of(failure)));
    }

    private void enqueue(Resident resident, CommandCall call, @Nullable Reply<Object> held) {
        filling.close(
                resident, resident.tentative, resident.tentativeRevision, call.replyTo(), held);
        if (filling.events().size() >= FULL_BATCH_EVENTS || filling.bytes() >= FULL_BATCH_BYTES) {
            flush();
        }
    }

    private Writer owned() {
        if (writer == null) {
            throw new IllegalStateException("partition " + number + " writes before its claim");
        }
        return writer;
    }

    /// Appends what has been decided. To be called when the commands at hand are decided.
    void flush() {
        if (filling.steps().isEmpty() || phase != Phase.ACTIVE) {
            return;
        }
        Batch full = filling;
        filling = new Batch();
        append(full);
    }

    private void append(Batch batch) {
        underway.addLast(batch);
        if (batch.events().isEmpty()) {
            if (underway.size() == 1) {
                appended(batch, 0);
            }
            return;
        }
        try {
            shell.append(owned(), batch);
        } catch (RuntimeException e) {
            underway.removeLast();
            appendRefused(batch, e);
        }
    }

    /// The log does not take the batch, as it is too large, say. Its commands go one by one then,
    /// so that only the one at fault fails. What was decided behind that one may rest on its
    /// events: those commands are sent again.
    private void appendRefused(Batch batch, RuntimeException failure) {
        if (batch.steps().size() > 1) {
            for (Batch single : batch.singles()) {
                if (phase == Phase.ACTIVE) {
                    append(single);
                } else {
                    single.steps().forEach(step -> step.replyTo().answer(broken));
                }
            }
            return;
        }
        Batch.Step step = batch.steps().getFirst();
        LOG.error("the log does not take the events of {}", step.resident().stream, failure);
        step.replyTo()
                .answer(
                        new Reply.Failed<>(
                                Reply.Failure.DEFECT,
                                "the log does not take the events: " + failure.getMessage()));
        breakOff(
                Phase.BROKEN,
                new Reply.Failed<>(Reply.Failure.ELSEWHERE, "the partition is read anew"));
    }

    /// The oldest batch underway is durable.
    void appended(Batch batch, long lastOffset) {
        if (!underway.contains(batch)) {
            return; // answered when an earlier one failed
        }
        if (underway.peekFirst() != batch) {
            throw new IllegalStateException(
                    "partition " + number + ": appends complete in their order");
        }
        underway.removeFirst();
        if (!batch.events().isEmpty()) {
            durable.set(lastOffset, timeOf(batch, batch.events().size()));
        }
        long before = lastOffset - batch.events().size();
        for (int i = 0; i < batch.objects().size(); i++) {
            recent.put(number, before + 1 + i, batch.objects().get(i));
        }
        for (Batch.Step step : batch.steps()) {
            commit(
                    step,
                    before,
                    step.endsAt() == 0 ? durable.time() : timeOf(batch, step.endsAt()));
        }
        Batch next = underway.peekFirst();
        if (next != null && next.events().isEmpty()) {
            appended(next, 0);
        }
    }

    private static long timeOf(Batch batch, int events) {
        return batch.events().get(events - 1).metadata().time();
    }

    private void commit(Batch.Step step, long offsetBefore, long time) {
        Resident resident = step.resident();
        Reply<Object> held = step.held();
        if (held != null) {
            resident.end();
            answerFromMemory(step.replyTo(), durable.at(held));
            return;
        }
        Versioned<Object> earlier = resident.committed;
        Versioned<Object> committed =
                new Versioned<>(
                        resident.id,
                        step.state(),
                        step.revision(),
                        Positions.of(number, offsetBefore + step.endsAt()),
                        time);
        resident.committed = committed;
        resident.end();
        step.replyTo().answer(new Reply.Accepted<>(committed));
        long earlierRevision = earlier == null ? 0 : earlier.revision();
        long every = resident.snapshotEvery(snapshotEvery);
        if (earlierRevision / every != committed.revision() / every) {
            shell.snapshot(
                    owned(), resident, committed, resident.window.kept(committed.revision()));
        }
    }

    /// A snapshot is an aid: one that the log does not take is skipped.
    ///
    /// @param maker the writer that the partition had when the snapshot was wanted
    void snapshotMade(Writer maker, Snapshot snapshot) {
        if (phase != Phase.ACTIVE || !maker.equals(writer)) {
            return; // the stream may be another node's by now
        }
        try {
            maker.putSnapshot(snapshot);
        } catch (RuntimeException e) {
            String stream = snapshot.stream();
            codec.snapshots().skipped(stream.substring(0, stream.indexOf('/')), e);
        }
    }

    void appendFailed(Batch batch, LogException failure) {
        if (!underway.contains(batch)) {
            return; // answered when an earlier one failed
        }
        LOG.warn("partition {} cannot append: {}", number, failure.getMessage());
        breakOff(failure);
        if (phase == Phase.ENDED) {
            shell.ended();
        }
    }

    /// Another node has taken the partition, as the log says.
    void fenced(LogException failure) {
        boolean isHere = phase == Phase.ACTIVE || phase == Phase.BROKEN;
        if (isHere && writer != null && writer.isFenced()) {
            LOG.warn("partition {} is another node's: {}", number, failure.getMessage());
            breakOff(failure);
            shell.ended();
        }
    }

    /// The partition leaves this node: what waits is answered, and may be tried again elsewhere.
    void stop() {
        breakOff(new LogException(Category.FENCED, "the partition leaves this node"));
        runWaiting();
    }

    /// Nothing tentative holds any more: answer all that waits, forget the image.
    private void breakOff(LogException failure) {
        breakOff(
                failure.category() == Category.FENCED ? Phase.ENDED : Phase.BROKEN,
                Reply.Failed.of(failure));
    }

    private void breakOff(Phase next, Reply<Object> answer) {
        phase = next;
        broken = answer;
        underway.addLast(filling);
        filling = new Batch();
        image.clear();
        for (Batch batch : underway) {
            batch.steps().forEach(step -> step.replyTo().answer(broken));
        }
        underway.clear();
    }
}
