// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import dev.fakta.log.EventLog;
import dev.fakta.log.HybridTime;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.Writer;
import dev.fakta.runtime.Tracing;
import dev.fakta.runtime.Versioned;
import dev.fakta.runtime.core.AggregateReader;
import dev.fakta.runtime.core.ClockWatch;
import dev.fakta.runtime.core.CommandWindow;
import dev.fakta.runtime.core.NodeParts;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A partition that this node has taken: runs a [Partition], and does for it what blocks.
final class ActivePartition implements PartitionShell {

    private static final Logger LOG = LoggerFactory.getLogger(ActivePartition.class);

    private final int number;
    private final String node;
    private final EventLog log;
    private final AggregateReader reader;
    private final ClockWatch clocks;
    private final Executor blocking;
    private final Consumer<ActivePartition> onEnd;
    private final Tracing tracing;
    private final AppendCounts appends;
    private final Semaphore catchingUp;
    private final PartitionCell cell;
    private final LocalPartitions.Local local;
    private final SnapshotQueue snapshots;
    private final Leases leases;
    private final Leases.Lease lease;
    private long epoch; // of its last claim, on a thread that claims
    private volatile long claimBegun; // when that was begun
    private @Nullable PassiveCopy warm;

    /// Claims the partition.
    ///
    /// @param appends where its appends are counted
    /// @param warm this node's passive copy of it, which nobody else uses from now on
    /// @param catchingUp how many partitions may read the rest of the log at a time: all of them at
    ///   once would wait for each other's connections longer than a read may
    /// @param leases how long it may answer from memory
    /// @param onEnd called, once or more often, when another node has taken the partition, or when
    ///   it has failed
    ActivePartition(
            int number,
            NodeParts parts,
            AppendCounts appends,
            @Nullable PassiveCopy warm,
            Semaphore catchingUp,
            Leases leases,
            Consumer<ActivePartition> onEnd) {
        this.number = number;
        this.node = parts.settings().name();
        this.log = parts.log();
        this.reader = new AggregateReader(parts.log(), parts.codec());
        this.clocks = parts.clocks();
        this.blocking = parts.blocking();
        this.tracing = parts.settings().tracing();
        this.appends = appends;
        this.warm = warm;
        this.catchingUp = catchingUp;
        this.leases = leases;
        this.lease = leases.open();
        this.onEnd = onEnd;
        Image image = Image.of(parts);
        Partition partition =
                new Partition(
                        number,
                        parts.codec(),
                        parts.recent(),
                        image,
                        new HybridTime(parts.clock(), 0),
                        parts.settings().snapshotEvery(),
                        this);
        this.cell = new PartitionCell(partition, blocking, this::ended);
        this.snapshots =
                new SnapshotQueue(
                        parts.codec().snapshots(),
                        blocking,
                        (writer, snapshot) ->
                                cell.submit(new PartitionCell.SnapshotMade(writer, snapshot)));
        this.local =
                new LocalPartitions.Local(cell, image, lease, parts.settings().commandsWaiting());
        cell.submit(new PartitionCell.Start());
    }

    int number() {
        return number;
    }

    LocalPartitions.Local local() {
        return local;
    }

    /// Answers what waits, so that it is sent to the next owner.
    void stop() {
        lease.end();
        cell.submit(new PartitionCell.Stop());
    }

    @Override
    public void claim() {
        PassiveCopy copy = warm;
        warm = null; // good for the first claim only
        blocking.execute(
                () -> {
                    try {
                        long begun = System.nanoTime();
                        Writer writer = log.claim(number, node);
                        long claimed = System.nanoTime();
                        clocks.met(writer.time(), "the newest record of partition " + number);
                        Image image = copy == null ? null : upTo(copy, writer.head());
                        awaitEndOfOthers(writer, claimed);
                        claimBegun = begun;
                        cell.submit(new PartitionCell.Claimed(writer, image, writer.time()));
                    } catch (RuntimeException e) {
                        cell.submit(new PartitionCell.ClaimFailed(asLogFailure(e)));
                    }
                    local.onClaimed();
                });
    }

    /// The owner before may answer from its memory until its lease has ended.
    private void awaitEndOfOthers(Writer writer, long claimed) {
        boolean isOwnBefore = epoch > 0 && writer.epoch() == epoch + 1 || writer.epoch() == 1;
        epoch = writer.epoch();
        long until = claimed + leases.nanos();
        while (!isOwnBefore && until - System.nanoTime() > 0) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    private @Nullable Image upTo(PassiveCopy copy, long claim) {
        catchingUp.acquireUninterruptibly();
        try {
            return copy.upTo(claim);
        } finally {
            catchingUp.release();
        }
    }

    @Override
    public void owns(Writer claim) {
        lease.begin(claim, claimBegun);
    }

    @Override
    public void whenOwned(Runnable answer, Consumer<LogException> otherwise) {
        lease.whenHeld(
                answer,
                failure -> {
                    if (failure.category() == Category.FENCED) {
                        cell.submit(new PartitionCell.Fenced(failure));
                    }
                    otherwise.accept(failure);
                });
    }

    @Override
    public boolean surelyAbsent(String stream) {
        return log.surelyAbsent(stream);
    }

    @Override
    public void load(Resident resident) {
        blocking.execute(
                () -> {
                    try {
                        var loaded = reader.load(resident.aggregate, resident.id);
                        cell.submit(new PartitionCell.Loaded(resident, loaded));
                    } catch (Throwable e) { // who waits for it is to hear of anything
                        cell.submit(new PartitionCell.LoadFailed(resident, e));
                    }
                });
    }

    @Override
    public void read(StateCall call) {
        blocking.execute(() -> call.replyTo().answer(inLog(call)));
    }

    private StateCall.Answer inLog(StateCall call) {
        try {
            return new StateCall.Found(reader.load(call.aggregate(), call.id()).aggregate());
        } catch (Throwable e) { // who waits for it is to hear of anything
            String stream = call.aggregate().stream(call.id());
            LOG.error("{} cannot be read", stream, e);
            return new StateCall.Unavailable(Partition.unreadable(stream));
        }
    }

    @Override
    public void append(Writer writer, Batch batch) {
        long start = System.nanoTime();
        Span span =
                tracing.isOn()
                        ? tracing.join("append", SpanKind.INTERNAL, batch.traceParents())
                        : Span.getInvalid();
        if (span.isRecording()) {
            span.setAttribute("fakta.partition", number)
                    .setAttribute("fakta.events", batch.events().size());
        }
        writer.append(batch.events())
                .whenComplete(
                        (lastOffset, failure) -> {
                            if (failure != null) {
                                span.setStatus(StatusCode.ERROR, String.valueOf(failure));
                            }
                            span.end();
                            count(batch, failure, System.nanoTime() - start);
                            cell.complete(
                                    failure == null
                                            ? new PartitionCell.Appended(batch, lastOffset)
                                            : new PartitionCell.AppendFailed(
                                                    batch, asLogFailure(failure)));
                        });
    }

    private void count(Batch batch, @Nullable Throwable failure, long tookNanos) {
        if (failure == null) {
            appends.appended(batch.events().size(), tookNanos);
        } else {
            appends.failed();
        }
    }

    @Override
    public void snapshot(
            Writer writer,
            Resident resident,
            Versioned<Object> aggregate,
            CommandWindow.Kept kept) {
        snapshots.add(writer, resident, aggregate, kept);
    }

    @Override
    public void forgot(long commands) {
        appends.forgot(commands);
    }

    @Override
    public void ended() {
        onEnd.accept(this);
    }

    private static LogException asLogFailure(Throwable failure) {
        Throwable cause = failure;
        if (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof LogException known
                ? known
                : new LogException(Category.UNAVAILABLE, String.valueOf(cause.getMessage()), cause);
    }
}
