// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Microsystem;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A node whose partitions another one has taken without its knowledge: each thinks that it is
/// alone.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FencedReadTest {

    private static final Microsystem TALLIES =
            Microsystem.named("tallies").with(Tally.AGGREGATE).with(Tally.SUMS);
    private static final int ROUNDS = 4;

    private final MemoryLog log = MemoryLog.create(1);

    @AfterEach
    void close() {
        log.close();
    }

    /// The log as one of several processes has it: it learns of another one's claim when it asks,
    /// or appends.
    private static final class OfOneProcess extends WrappedLog {

        OfOneProcess(EventLog log) {
            super(log);
        }

        private static final class Unknowing extends WrappedWriter {
            private final Writer writer;
            private volatile boolean knows;

            Unknowing(Writer writer) {
                super(writer);
                this.writer = writer;
            }

            @Override
            public boolean isFenced() {
                return knows;
            }

            @Override
            public CompletionStage<Long> append(List<NewEvent> events) {
                return super.append(events).whenComplete((_, failure) -> knows = failure != null);
            }
        }

        @Override
        public Writer claim(int partition, String node) {
            return new Unknowing(super.claim(partition, node));
        }

        @Override
        public Set<Writer> stillOwners(Collection<Writer> writers) {
            Map<Writer, Unknowing> own = new HashMap<>();
            for (Writer one : writers) {
                Unknowing unknowing = (Unknowing) one;
                own.put(unknowing.writer, unknowing);
            }
            own.values().forEach(one -> one.knows = one.writer.isFenced());
            return super.stillOwners(own.keySet()).stream()
                    .map(own::get)
                    .collect(Collectors.toSet());
        }

        @Override
        public Duration lease() {
            return Duration.ofMillis(200);
        }
    }

    private Node start(String name, Path directory) {
        return Node.start(
                NodeSettings.embedded(directory.resolve(name)),
                TALLIES,
                new OfOneProcess(log),
                InstantSource.system());
    }

    @Test
    void it_answers_nothing_that_is_old(@TempDir Path directory) {
        try (Node one = start("one", directory);
                Node two = start("two", directory)) {
            for (int round = 1; round <= ROUNDS; round++) {
                Node writing = round % 2 == 0 ? one : two;
                Node reading = round % 2 == 0 ? two : one;
                long _ = sum(reading); // so that it has the aggregate in memory
                add(writing);
                assertThat(sum(reading)).as("round %d", round).isEqualTo(round);
            }
        }
    }

    private static void add(Node node) {
        Cause cause = Cause.fresh();
        Reply<Tally> reply = null;
        while (!(reply instanceof Reply.Accepted<Tally>
                || reply instanceof Reply.Repeated<Tally>)) {
            assertThat(Thread.currentThread().isInterrupted()).as("last: %s", reply).isFalse();
            reply = node.await(node.send(Tally.AGGREGATE, "a", new Tally.Command.Add(1), cause));
        }
    }

    /// Nodes that take a partition from each other may have none for a moment.
    private static long sum(Node node) {
        NodeException last = new NodeException("interrupted");
        while (!Thread.currentThread().isInterrupted()) {
            try {
                return node.state(Tally.AGGREGATE, "a").state().sum();
            } catch (NodeException e) {
                last = e;
            }
        }
        throw last;
    }
}
