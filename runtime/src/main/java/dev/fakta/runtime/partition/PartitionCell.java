// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import dev.fakta.log.LogException;
import dev.fakta.log.Snapshot;
import dev.fakta.log.Writer;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.core.AggregateReader;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives a [Partition] one thread at a time, while there is something to do: a virtual one, which
/// the first message starts that finds the partition free, and which carries out what comes
/// meanwhile.
///
/// Refused: to carry a message out on the thread that brings it. That saves a switch of threads,
/// and whoever asks for a `decide` that does not return gets its thread back from it never, and no
/// answer. With a virtual thread the switch cost no throughput that could be measured.
///
/// The log's thread carries out completions only, and those only when the partition is free: an
/// aggregate's code never runs on it, and no JSON is made on it, neither a snapshot
/// ([SnapshotQueue]) nor the answer to another node. So what is slow holds up its own partition and
/// no other.
final class PartitionCell {

    private static final int MOST = 64;
    private static final String RESTARTED = "the partition is started again";
    private static final Logger LOG = LoggerFactory.getLogger(PartitionCell.class);

    /// What a partition can be told.
    sealed interface Message {}

    record Command(CommandCall call) implements Message {}

    record State(StateCall call) implements Message {}

    record Start() implements Message {}

    record Claimed(Writer writer, @Nullable Image warm, long time) implements Message {}

    record ClaimFailed(LogException failure) implements Message {}

    record Loaded(Resident resident, AggregateReader.Loaded loaded) implements Message {}

    record LoadFailed(Resident resident, Throwable failure) implements Message {}

    record Appended(Batch batch, long lastOffset) implements Message {}

    record AppendFailed(Batch batch, LogException failure) implements Message {}

    record Fenced(LogException failure) implements Message {}

    record SnapshotMade(Writer maker, Snapshot snapshot) implements Message {}

    record Stop() implements Message {}

    private final ConcurrentLinkedQueue<Message> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isBusy = new AtomicBoolean();
    private final Partition partition;
    private final Executor executor;
    private final Runnable broken;

    /// @param executor has a thread for whatever it is given
    /// @param broken what to do when the partition itself fails: that is a defect
    PartitionCell(Partition partition, Executor executor, Runnable broken) {
        this.partition = partition;
        this.executor = executor;
        this.broken = broken;
    }

    /// Brings a message. Waits for nothing.
    void submit(Message message) {
        inbox.add(message);
        handOn();
    }

    /// Brings the completion of an append, from the log's thread.
    void complete(Message completion) {
        if (inbox.isEmpty() && isBusy.compareAndSet(false, true)) {
            try {
                carryOut(completion);
            } finally {
                isBusy.set(false);
            }
        } else {
            inbox.add(completion);
        }
        handOn();
    }

    /// Has the inbox emptied, when there is something in it and nobody at it.
    private void handOn() {
        if (inbox.isEmpty() || !isBusy.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(this::work);
        } catch (RejectedExecutionException _) {
            work(); // the node has ended: what is left is answered by whoever brings it
        } catch (Throwable e) {
            isBusy.set(false);
            throw e;
        }
    }

    /// Carries out at most [#MOST] messages and hands the rest on, so that a busy partition keeps
    /// no thread for itself.
    private void work() {
        try {
            carryOutSome();
        } finally {
            isBusy.set(false);
        }
        handOn();
    }

    private void carryOutSome() {
        for (int i = 0; i < MOST; i++) {
            Message message = inbox.poll();
            if (message == null) {
                break;
            }
            carryOut(message);
        }
        flush();
    }

    private void flush() {
        try {
            partition.flush();
        } catch (Throwable e) {
            startAgain(e);
        }
    }

    private void carryOut(Message message) {
        try {
            switch (message) {
                case Command(var call) -> partition.command(call);
                case State(var call) -> partition.state(call);
                case Appended(var batch, var lastOffset) -> partition.appended(batch, lastOffset);
                case Loaded(var resident, var loaded) -> partition.loaded(resident, loaded);
                case Start _ -> partition.start();
                case Claimed(var writer, var warm, var time) ->
                        partition.claimed(writer, warm, time);
                case ClaimFailed(var failure) -> partition.claimFailed(failure);
                case AppendFailed(var batch, var failure) -> partition.appendFailed(batch, failure);
                case LoadFailed(var resident, var failure) ->
                        partition.loadFailed(resident, failure);
                case SnapshotMade(var maker, var snapshot) ->
                        partition.snapshotMade(maker, snapshot);
                case Fenced(var failure) -> partition.fenced(failure);
                case Stop _ -> partition.stop();
            }
        } catch (Throwable e) {
            startAgain(e);
            answer(message);
        }
    }

    /// What fails here is the partition itself, not an aggregate: it answers all that it knows of.
    private void startAgain(Throwable failure) {
        LOG.error("a partition fails and is started again", failure);
        partition.stop();
        broken.run();
    }

    /// Answers what failed in the partition's hands, which may not know of it yet.
    private static void answer(Message failed) {
        if (failed instanceof Command(var call)) {
            call.replyTo().answer(new Reply.Failed<>(Reply.Failure.ELSEWHERE, RESTARTED));
        } else if (failed instanceof State(var call)) {
            call.replyTo().answer(new StateCall.Elsewhere());
        }
    }
}
