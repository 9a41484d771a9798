// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Microsystem;
import dev.fakta.log.HybridTime;
import dev.fakta.log.LogException;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Writer;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.Tally;
import dev.fakta.runtime.Versioned;
import dev.fakta.runtime.core.CommandWindow;
import dev.fakta.runtime.core.EventCodec;
import dev.fakta.runtime.core.RecentEvents;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A partition in its cell, with a shell that fails as it likes.
class PartitionCellTest {

    private static final Microsystem TALLIES = Microsystem.named("tallies").with(Tally.AGGREGATE);

    @SuppressWarnings("unchecked")
    private static final Aggregate<Object, Object, Object> AGGREGATE =
            (Aggregate<Object, Object, Object>) (Aggregate<?, ?, ?>) Tally.AGGREGATE;

    private final Writer writer = MemoryLog.create(4).claim(3, "test");
    private final LocalPartitions locals = new LocalPartitions(4);
    private final List<Reply<Object>> replies = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private final Image image = new Image(100);
    private final PartitionCell cell =
            new PartitionCell(
                    new Partition(
                            3,
                            new EventCodec(Microsystems.of(TALLIES)),
                            new RecentEvents(4),
                            image,
                            new HybridTime(InstantSource.fixed(Instant.EPOCH), 0),
                            200,
                            new FailingShell()),
                    Runnable::run,
                    () -> broken.add("broken"));
    private Error onLook = new AssertionError("nobody looks");
    private Error onAppend = new AssertionError("nobody appends");
    private boolean isLooking;

    private final class FailingShell implements PartitionShell {
        @Override
        public void claim() {}

        @Override
        public boolean surelyAbsent(String stream) {
            if (isLooking) {
                throw onLook;
            }
            return true;
        }

        @Override
        public void load(Resident resident) {}

        @Override
        public void read(StateCall call) {}

        @Override
        public void owns(Writer claim) {}

        @Override
        public void whenOwned(Runnable answer, Consumer<LogException> otherwise) {
            answer.run();
        }

        @Override
        public void append(Writer writer, Batch batch) {
            throw onAppend;
        }

        @Override
        public void snapshot(
                Writer writer,
                Resident resident,
                Versioned<Object> aggregate,
                CommandWindow.Kept kept) {}

        @Override
        public void forgot(long commands) {}

        @Override
        public void ended() {}
    }

    @BeforeEach
    void claim() {
        locals.open(
                3,
                new LocalPartitions.Local(
                        cell, image, new Leases(MemoryLog.create(4), Runnable::run).open(), 2));
        cell.submit(new PartitionCell.Start());
        cell.submit(new PartitionCell.Claimed(writer, null, 0));
    }

    private void send() {
        locals.ask(
                3,
                new Question.Command(
                        AGGREGATE, "a", new Tally.Command.Add(1), CommandCall.ANY, Cause.fresh()),
                replies::add);
    }

    private void assertSentElsewhere() {
        assertThat(replies)
                .singleElement()
                .matches(
                        reply ->
                                reply instanceof Reply.Failed<Object>(var failure, _)
                                        && failure == Reply.Failure.ELSEWHERE);
        assertThat(broken).isNotEmpty();
        assertThat(locals.waiting()).isZero();
    }

    @Test
    void a_partition_that_fails_on_a_command_answers_it_and_is_started_again() {
        isLooking = true;
        onLook = new NoClassDefFoundError("as the test wants it");
        send();
        assertSentElsewhere();
    }

    @Test
    void a_partition_that_fails_when_it_appends_answers_what_was_decided() {
        onAppend = new StackOverflowError("as the test wants it");
        send();
        assertSentElsewhere();
    }

    @Test
    void an_answer_that_its_sender_cannot_take_does_not_hurt_the_partition() {
        locals.ask(
                3,
                new Question.Command(
                        AGGREGATE,
                        "a",
                        new Tally.Command.Add(Tally.LIMIT + 1),
                        CommandCall.ANY,
                        Cause.fresh()),
                _ -> {
                    throw new IllegalStateException("as the test wants it");
                });
        assertThat(broken).isEmpty();
        assertThat(locals.waiting()).isZero();
    }
}
