// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.log.EventLog;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Reply;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Commands sent inside one JVM, each answered when it is durable: over many streams, and all to
/// one. A thousand are underway at any time.
final class CommandsBenchmark implements Benchmark {

    private static final int UNDERWAY = 1_000;
    private static final int MANY = 64;
    private static final Duration WARM_UP = Duration.ofSeconds(4);

    /// The least that an aggregate can be.
    private record Counter(long count) {
        sealed interface Command {
            record Increment(long by) implements Command {}
        }

        sealed interface Event {
            record Incremented(long by) implements Event {}
        }

        static final Aggregate<Command, Event, Counter> AGGREGATE =
                Aggregate.named("counter")
                        .taking(Command.class)
                        .startingAs(new Counter(0))
                        .deciding(Counter::decide)
                        .evolving(Counter::evolve)
                        .event("counter-incremented", Event.Incremented.class);

        Decision<Event> decide(Command command) {
            return switch (command) {
                case Command.Increment(var by) -> Decision.accept(new Event.Incremented(by));
            };
        }

        Counter evolve(Event event) {
            return switch (event) {
                case Event.Incremented(var by) -> new Counter(count + by);
            };
        }
    }

    @Override
    public String name() {
        return "commands";
    }

    @Override
    public String description() {
        return "in-process durable commands, %,d underway, over %d streams and on one"
                .formatted(UNDERWAY, MANY);
    }

    @Override
    public List<Figure> run(Duration time) throws Exception {
        try (TemporaryDirectory data = TemporaryDirectory.create();
                EventLog log =
                        SegmentLog.open(data.path().resolve("log"), SegmentLogSettings.defaults());
                Node node =
                        Node.start(
                                NodeSettings.embedded(data.path().resolve("views")),
                                Microsystem.named("counters").with(Counter.AGGREGATE),
                                log,
                                InstantSource.system())) {
            send(node, MANY, WARM_UP);
            double many = send(node, MANY, time);
            send(node, 1, WARM_UP);
            double one = send(node, 1, time);
            return List.of(
                    Figure.of("over " + MANY + " streams", many, "commands/s"),
                    Figure.of("on one hot stream", one, "commands/s"));
        }
    }

    private static double send(Node node, int streams, Duration time) throws InterruptedException {
        Semaphore free = new Semaphore(UNDERWAY);
        LongAdder accepted = new LongAdder();
        LongAdder failed = new LongAdder();
        long start = System.nanoTime();
        for (long i = 0; System.nanoTime() - start < time.toNanos(); i++) {
            if (!free.tryAcquire(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no command is answered");
            }
            var command = new Counter.Command.Increment(1);
            node.send(Counter.AGGREGATE, "c" + i % streams, command, Cause.fresh())
                    .whenComplete(
                            (reply, _) -> {
                                (reply instanceof Reply.Accepted<?> ? accepted : failed)
                                        .increment();
                                free.release();
                            });
        }
        if (!free.tryAcquire(UNDERWAY, 10, TimeUnit.SECONDS) || failed.sum() > 0) {
            throw new IllegalStateException(failed.sum() + " commands failed");
        }
        return accepted.sum() / ((System.nanoTime() - start) / 1e9);
    }
}
