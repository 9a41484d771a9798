// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Microsystem;
import dev.fakta.log.EventLog;
import dev.fakta.log.LogException;
import dev.fakta.log.LogReader;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Positions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a node does while a part of its log gives no answer, or an odd one.
class LogTroubleTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir Path directory;

    private Node start(Microsystem microsystem, EventLog log) {
        return Node.start(
                NodeSettings.embedded(directory), microsystem, log, InstantSource.system());
    }

    private static void add(Node node, long amount) {
        assertThat(
                        node.await(
                                node.send(
                                        Tally.AGGREGATE,
                                        "a",
                                        new Tally.Command.Add(amount),
                                        Cause.fresh())))
                .isInstanceOf(Reply.Accepted.class);
    }

    /// Readers may be those of a replica, which writing must not depend on.
    @Test
    void a_partition_is_taken_and_written_while_readers_get_no_answer() {
        EventLog log =
                new WrappedLog(MemoryLog.create(1)) {
                    @Override
                    public LogReader reader(Positions after) {
                        throw new LogException(
                                LogException.Category.TIMEOUT, "the replica does not answer");
                    }
                };
        Microsystem tallies = Microsystem.named("tallies").with(Tally.AGGREGATE);
        try (log;
                Node node = start(tallies, log)) {
            add(node, 5);
            add(node, 2);
            assertThat(node.state(Tally.AGGREGATE, "a").state().sum()).isEqualTo(7);
        }
    }

    @Test
    void a_view_that_could_not_be_taken_for_an_unheard_of_reason_is_taken_later() throws Exception {
        AtomicBoolean isOdd = new AtomicBoolean(true);
        CountDownLatch tries = new CountDownLatch(2); // those of the start, and of the first round
        EventLog log =
                new WrappedLog(MemoryLog.create(1)) {
                    @Override
                    public Positions heads() {
                        if (isOdd.get()) {
                            tries.countDown();
                            throw new UncheckedIOException(new IOException("an odd disk"));
                        }
                        return super.heads();
                    }
                };
        Microsystem tallies = Microsystem.named("tallies").with(Tally.AGGREGATE).with(Tally.SUMS);
        try (log;
                Node node = start(tallies, log)) {
            assertThat(tries.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            isOdd.set(false);
            await().atMost(SOON).until(() -> !node.status().views().isEmpty());
        }
    }
}
