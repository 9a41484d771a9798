// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Microsystem;
import dev.fakta.log.CausalReader;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogRecord;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An event that others have read, while its partition does not know yet that it is durable.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ReadAfterEventTest {

    private static final Microsystem TALLIES =
            Microsystem.named("tallies").with(Tally.AGGREGATE).with(Tally.SUMS);

    /// Tells of the second append when it is told to.
    private static final class LateAnswer extends WrappedLog {
        private final CompletableFuture<Void> isTold = new CompletableFuture<>();

        LateAnswer() {
            super(MemoryLog.create(1));
        }

        @Override
        public Writer claim(int partition, String node) {
            return new WrappedWriter(super.claim(partition, node)) {
                private int appends;

                @Override
                public CompletionStage<Long> append(List<NewEvent> events) {
                    appends++;
                    CompletionStage<Long> done = super.append(events);
                    return appends < 2 ? done : done.thenCombine(isTold, (offset, _) -> offset);
                }
            };
        }
    }

    @Test
    void a_read_behind_it_shows_what_it_made(@TempDir Path directory) {
        LateAnswer log = new LateAnswer();
        try (Node node =
                        Node.start(
                                NodeSettings.embedded(directory),
                                TALLIES,
                                log,
                                InstantSource.system());
                CausalReader others = node.follow(node.heads())) {
            add(node, 1).toCompletableFuture().join();
            assertThat(node.state(Tally.AGGREGATE, "a").state().sum()).isEqualTo(1);
            CompletionStage<Reply<Tally>> second = add(node, 10);
            awaitRevision(2, others);
            CompletableFuture<Long> read =
                    CompletableFuture.supplyAsync(
                            () -> node.state(Tally.AGGREGATE, "a").state().sum());
            assertThat(second.toCompletableFuture()).isNotDone();
            assertThat(read.completeOnTimeout(-1L, 500, TimeUnit.MILLISECONDS).join())
                    .as("nothing old")
                    .isIn(-1L, 11L);
            log.isTold.complete(null);
            second.toCompletableFuture().join();
            assertThat(node.state(Tally.AGGREGATE, "a").state().sum()).isEqualTo(11);
        } finally {
            log.close();
        }
    }

    private static CompletionStage<Reply<Tally>> add(Node node, long amount) {
        return node.send(Tally.AGGREGATE, "a", new Tally.Command.Add(amount), Cause.fresh());
    }

    private static void awaitRevision(long revision, CausalReader reader) {
        while (true) {
            for (LogRecord record : reader.next(Duration.ofSeconds(90))) {
                if (record instanceof EventRecord event && event.event().revision() == revision) {
                    return;
                }
            }
        }
    }
}
