// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fakta.domain.Microsystem;
import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Writer;
import dev.fakta.runtime.Tally.Command.Add;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A node that starts on a full disk: its log has no room for a claim.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class UnclaimedReadTest {

    private static final Microsystem TALLIES = Microsystem.named("tallies").with(Tally.AGGREGATE);

    @TempDir Path directory;
    private final MemoryLog memory = MemoryLog.create(1);
    private final FullLog full = new FullLog(memory);
    private Node node;

    private static final class FullLog extends WrappedLog {
        private volatile boolean isFull = true;
        private volatile boolean isReadable = true;

        FullLog(EventLog log) {
            super(log);
        }

        @Override
        public Writer claim(int partition, String node) {
            if (isFull) {
                throw new LogException(Category.FULL, "full for a test");
            }
            return super.claim(partition, node);
        }

        @Override
        public List<EventRecord> readStream(String stream, long fromRevision, int limit) {
            if (!isReadable) {
                throw new LogException(Category.UNAVAILABLE, "away for a test");
            }
            return super.readStream(stream, fromRevision, limit);
        }
    }

    @BeforeEach
    void start() {
        try (Node before = start("before", memory)) {
            assertThat(add(before, 5)).isInstanceOf(Reply.Accepted.class);
        }
        node = start("now", full);
    }

    @AfterEach
    void stop() {
        node.close();
        memory.close();
    }

    private Node start(String name, EventLog log) {
        return Node.start(
                NodeSettings.embedded(directory.resolve(name)),
                TALLIES,
                log,
                InstantSource.system());
    }

    private static Reply<Tally> add(Node node, long amount) {
        return node.await(node.send(Tally.AGGREGATE, "a", new Add(amount), Cause.fresh()));
    }

    private long sum() {
        return node.state(Tally.AGGREGATE, "a").state().sum();
    }

    @Test
    void it_answers_reads_from_the_log_and_refuses_commands_for_want_of_room() {
        assertThat(sum()).isEqualTo(5);
        assertThat(add(node, 1))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> assertThat(failed.failure()).isEqualTo(Reply.Failure.FULL));
        assertThat(sum()).isEqualTo(5);
    }

    @Test
    void it_answers_nothing_that_is_old() {
        assertThat(sum()).isEqualTo(5);
        try (Node other = start("other", memory)) {
            assertThat(add(other, 7)).isInstanceOf(Reply.Accepted.class);
        }
        assertThat(sum()).isEqualTo(12);
    }

    @Test
    void it_takes_commands_as_soon_as_there_is_room() {
        assertThat(sum()).isEqualTo(5);
        full.isFull = false;
        assertThat(add(node, 1)).isInstanceOf(Reply.Accepted.class);
        assertThat(sum()).isEqualTo(6);
    }

    @Test
    void what_the_log_cannot_read_is_an_error_that_names_it() {
        full.isReadable = false;
        assertThatExceptionOfType(NodeException.class)
                .isThrownBy(this::sum)
                .withMessage("tally/a cannot be read now");
    }
}
