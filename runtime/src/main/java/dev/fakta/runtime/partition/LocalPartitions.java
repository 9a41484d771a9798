// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import dev.fakta.runtime.Reply;
import dev.fakta.runtime.Versioned;
import dev.fakta.runtime.core.Fatal;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The partitions that are active in this JVM: commands to them go straight to their cell, and
/// committed states are read from their image without asking. Any thread.
public final class LocalPartitions {

    private static final Logger LOG = LoggerFactory.getLogger(LocalPartitions.class);

    private final AtomicReferenceArray<@Nullable Local> locals;
    private final AppendCounts appends = new AppendCounts();
    private final LongAdder refused = new LongAdder();

    public LocalPartitions(int partitions) {
        locals = new AtomicReferenceArray<>(partitions);
    }

    void open(int partition, Local local) {
        locals.set(partition, local);
    }

    void close(int partition, Local local) {
        locals.compareAndSet(partition, local, null);
    }

    public @Nullable Local find(int partition) {
        return locals.get(partition);
    }

    /// Asks a partition, when it is here.
    ///
    /// @return whether it is
    public boolean ask(
            int partition, Question.OfAggregate question, ReplyTo<Reply<Object>> replyTo) {
        Local local = find(partition);
        if (local == null) {
            return false;
        }
        if (!local.enter()) {
            refused.increment();
            replyTo.answer(new Reply.Busy<>());
            return true;
        }
        ReplyTo<Reply<Object>> leaving = new Place(local, replyTo);
        local.submit(
                switch (question) {
                    case Question.Command asked ->
                            new PartitionCell.Command(
                                    new CommandCall(
                                            asked.aggregate(),
                                            asked.id(),
                                            asked.command(),
                                            asked.expectedRevision(),
                                            asked.cause(),
                                            leaving));
                    case Question.State(var aggregate, var id) ->
                            new PartitionCell.State(
                                    new StateCall(
                                            aggregate, id, answer -> leaving.answer(of(answer))));
                });
        return true;
    }

    private static Reply<Object> of(StateCall.Answer answer) {
        return switch (answer) {
            case StateCall.Found(var aggregate) -> new Reply.Accepted<>(aggregate);
            case StateCall.Elsewhere _ ->
                    new Reply.Failed<>(Reply.Failure.ELSEWHERE, "the partition has left this node");
            case StateCall.Unavailable(var detail) ->
                    new Reply.Failed<>(Reply.Failure.UNAVAILABLE, detail);
        };
    }

    public int count() {
        int open = 0;
        for (int i = 0; i < locals.length(); i++) {
            open += locals.get(i) == null ? 0 : 1;
        }
        return open;
    }

    /// Those whose claim has succeeded or failed: a command to one of them does not wait for it.
    public BitSet placed() {
        BitSet placed = new BitSet();
        for (int i = 0; i < locals.length(); i++) {
            Local local = locals.get(i);
            placed.set(i, local != null && local.isPlaced);
        }
        return placed;
    }

    public int waiting() {
        int sum = 0;
        for (int i = 0; i < locals.length(); i++) {
            Local local = locals.get(i);
            sum += local == null ? 0 : local.waiting.get();
        }
        return sum;
    }

    /// What these partitions append is counted here, also when they have moved away.
    public AppendCounts appends() {
        return appends;
    }

    /// How many commands found all places taken.
    public long refused() {
        return refused.sum();
    }

    /// A place among what waits in a partition. It is given back with the first answer; there is no
    /// second one, and an answer that nobody can take is not the partition's affair.
    private final class Place implements ReplyTo<Reply<Object>> {
        private final Local local;
        private final ReplyTo<Reply<Object>> replyTo;
        private final AtomicBoolean isLeft = new AtomicBoolean();

        Place(Local local, ReplyTo<Reply<Object>> replyTo) {
            this.local = local;
            this.replyTo = replyTo;
        }

        @Override
        public void answer(Reply<Object> reply) {
            if (isLeft.compareAndSet(false, true)) {
                local.leave();
                if (reply instanceof Reply.Busy<Object>) {
                    refused.increment();
                }
                try {
                    replyTo.answer(reply);
                } catch (Throwable e) {
                    Fatal.rethrow(e);
                    LOG.error("an answer does not reach its sender", e);
                }
            }
        }
    }

    /// One of them. What waits in it is counted, and bounded.
    public static final class Local {
        private final PartitionCell cell;
        private final Image image;
        private final Leases.Lease lease;
        private final int bound;
        private final AtomicInteger waiting = new AtomicInteger();
        private volatile boolean isPlaced;

        Local(PartitionCell cell, Image image, Leases.Lease lease, int bound) {
            this.cell = cell;
            this.image = image;
            this.lease = lease;
            this.bound = bound;
        }

        /// Takes a place among what waits, or says that all are taken.
        boolean enter() {
            if (waiting.incrementAndGet() <= bound) {
                return true;
            }
            waiting.decrementAndGet();
            return false;
        }

        void leave() {
            waiting.decrementAndGet();
        }

        /// Its claim has succeeded or failed.
        void onClaimed() {
            isPlaced = true;
        }

        /// Whether its claim has succeeded or failed: a command does not wait for it.
        public boolean isPlaced() {
            return isPlaced;
        }

        void submit(PartitionCell.Message message) {
            cell.submit(message);
        }

        /// The committed state of a stream, when it is in memory, nothing is on its way to change
        /// it, and no other node can have changed it meanwhile; otherwise the partition has to be
        /// asked.
        public @Nullable Versioned<Object> committed(String stream) {
            return lease.whileHeld(
                    () -> {
                        Resident resident = image.find(stream);
                        return resident == null ? null : resident.settled();
                    });
        }
    }
}
