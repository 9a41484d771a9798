// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.log.EventLog;
import dev.fakta.log.HybridTime;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.Writer;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/// The thread of a [Partition]: a sharded actor whose messages are commands, reads, and the answers
/// of the log. Blocking calls run on virtual threads and come back as messages.
final class PartitionActor extends AbstractBehavior<PartitionActor.Message>
        implements Partition.Shell {

    /// What the actor takes.
    sealed interface Message {}

    record Command(CommandCall call) implements Message {}

    record State(StateCall call) implements Message {}

    /// Wakes the partition, so that it claims before the first command.
    record Wake() implements Message {}

    private record Claimed(Writer writer) implements Message {}

    private record ClaimFailed(LogException failure) implements Message {}

    private record Loaded(Resident resident, Resident.Loaded loaded) implements Message {}

    private record LoadFailed(Resident resident, RuntimeException failure) implements Message {}

    private record Flush() implements Message {}

    private record Appended(Batch batch, long lastOffset) implements Message {}

    private record AppendFailed(Batch batch, LogException failure) implements Message {}

    private static final Message FLUSH = new Flush();

    private final int number;
    private final String node;
    private final EventLog log;
    private final AggregateReader reader;
    private final Executor blocking;
    private final LocalPartitions locals;
    private final LocalPartitions.Local local;
    private final Partition partition;
    private final ActorRef<Message> self;
    private @Nullable Writer writer;
    private boolean isEnded;

    private PartitionActor(
            ActorContext<Message> context, int number, Parts parts, LocalPartitions locals) {
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
        this.local = new LocalPartitions.Local(self, image, parts.settings().commandsWaiting());
        this.partition =
                new Partition(
                        number,
                        parts.codec(),
                        parts.recent(),
                        image,
                        new HybridTime(parts.clock(), 0),
                        parts.settings().snapshotEvery(),
                        this);
        partition.start();
        locals.open(number, local);
    }

    static Behavior<Message> create(int number, Parts parts, LocalPartitions locals) {
        return Behaviors.setup(context -> new PartitionActor(context, number, parts, locals));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onAnyMessage(this::receive)
                .onSignal(PostStop.class, _ -> stopped())
                .build();
    }

    private Behavior<Message> receive(Message message) {
        switch (message) {
            case Command(var call) -> partition.command(call);
            case State(var call) -> partition.state(call);
            case Flush _ -> partition.flush();
            case Appended(var batch, var lastOffset) -> partition.appended(batch, lastOffset);
            case Loaded(var resident, var loaded) -> partition.loaded(resident, loaded);
            case Claimed(var claimed) -> {
                writer = claimed;
                partition.claimed();
            }
            case ClaimFailed(var failure) -> partition.claimFailed(failure);
            case AppendFailed(var batch, var failure) -> partition.appendFailed(batch, failure);
            case LoadFailed(var resident, var failure) -> partition.loadFailed(resident, failure);
            case Wake _ -> {}
        }
        return isEnded ? Behaviors.stopped() : this;
    }

    private Behavior<Message> stopped() {
        locals.close(number, local);
        partition.stop();
        return this;
    }

    @Override
    public void claim() {
        blocking.execute(
                () -> {
                    try {
                        self.tell(new Claimed(log.claim(number, node)));
                    } catch (RuntimeException e) {
                        self.tell(new ClaimFailed(asLogFailure(e)));
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
                        self.tell(
                                new Loaded(resident, reader.load(resident.aggregate, resident.id)));
                    } catch (RuntimeException e) {
                        self.tell(new LoadFailed(resident, e));
                    }
                });
    }

    @Override
    public void flushSoon() {
        self.tell(FLUSH);
    }

    @Override
    public void append(Batch batch) {
        claimedWriter()
                .append(batch.events())
                .whenComplete(
                        (lastOffset, failure) ->
                                self.tell(
                                        failure == null
                                                ? new Appended(batch, lastOffset)
                                                : new AppendFailed(batch, asLogFailure(failure))));
    }

    @Override
    public void snapshot(Resident resident, Versioned<Object> aggregate) {
        claimedWriter().putSnapshot(reader.snapshot(resident, aggregate));
    }

    private Writer claimedWriter() {
        if (writer == null) {
            throw new IllegalStateException("partition " + number + " writes before its claim");
        }
        return writer;
    }

    @Override
    public void ended() {
        isEnded = true;
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
