// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.log.EventLog;
import dev.fakta.log.HybridTime;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.Writer;
import dev.fakta.runtime.PartitionCell.Message;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/// A partition as Pekko knows it: a sharded actor that lives as long as this JVM owns the
/// partition. It opens the partition's [PartitionCell] to its JVM, hands on what comes from
/// elsewhere, and is the partition's shell: blocking calls run on virtual threads and come back as
/// messages.
final class PartitionActor extends AbstractBehavior<PartitionActor.Envelope>
        implements Partition.Shell {

    /// What the actor takes.
    sealed interface Envelope {}

    /// A message for the partition, from anywhere in the cluster.
    record ForPartition(Message message) implements Envelope {}

    /// Starts the partition where its shard is, so that it claims before the first command.
    record Wake() implements Envelope {}

    private record End() implements Envelope {}

    private final int number;
    private final String node;
    private final EventLog log;
    private final AggregateReader reader;
    private final Executor blocking;
    private final LocalPartitions locals;
    private final LocalPartitions.Local local;
    private final PartitionCell cell;
    private final ActorRef<Envelope> self;

    private PartitionActor(
            ActorContext<Envelope> context, int number, Parts parts, LocalPartitions locals) {
        super(context);
        this.number = number;
        this.node = parts.settings().name();
        this.log = parts.log();
        this.reader = new AggregateReader(parts.log(), parts.codec());
        this.blocking = parts.blocking();
        this.locals = locals;
        this.self = context.getSelf();
        Image image =
                new Image(Math.max(1, parts.settings().aggregatesInMemory() / log.partitions()));
        Partition partition =
                new Partition(
                        number,
                        parts.codec(),
                        parts.recent(),
                        image,
                        new HybridTime(parts.clock(), 0),
                        parts.settings().snapshotEvery(),
                        this);
        this.cell = new PartitionCell(partition, blocking, () -> self.tell(new End()));
        this.local = new LocalPartitions.Local(cell, image, parts.settings().commandsWaiting());
        cell.submit(new PartitionCell.Start());
        locals.open(number, local);
    }

    static Behavior<Envelope> create(int number, Parts parts, LocalPartitions locals) {
        return Behaviors.setup(context -> new PartitionActor(context, number, parts, locals));
    }

    @Override
    public Receive<Envelope> createReceive() {
        return newReceiveBuilder()
                .onAnyMessage(this::receive)
                .onSignal(PostStop.class, _ -> stopped())
                .build();
    }

    private Behavior<Envelope> receive(Envelope envelope) {
        return switch (envelope) {
            case Wake _ -> this;
            case End _ -> Behaviors.stopped();
            case ForPartition(var message) -> {
                cell.submit(message);
                yield this;
            }
        };
    }

    private Behavior<Envelope> stopped() {
        locals.close(number, local);
        cell.submit(new PartitionCell.Stop());
        return this;
    }

    @Override
    public void claim() {
        blocking.execute(
                () -> {
                    try {
                        cell.submit(new PartitionCell.Claimed(log.claim(number, node)));
                    } catch (RuntimeException e) {
                        cell.submit(new PartitionCell.ClaimFailed(asLogFailure(e)));
                    }
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
                    } catch (RuntimeException e) {
                        cell.submit(new PartitionCell.LoadFailed(resident, e));
                    }
                });
    }

    @Override
    public void append(Writer writer, Batch batch) {
        writer.append(batch.events())
                .whenComplete(
                        (lastOffset, failure) ->
                                cell.complete(
                                        failure == null
                                                ? new PartitionCell.Appended(batch, lastOffset)
                                                : new PartitionCell.AppendFailed(
                                                        batch, asLogFailure(failure))));
    }

    @Override
    public void snapshot(Writer writer, Resident resident, Versioned<Object> aggregate) {
        writer.putSnapshot(reader.snapshot(resident, aggregate));
    }

    @Override
    public void ended() {
        self.tell(new End());
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
