// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.log.HybridTime;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.core.EventCodecs;
import dev.fakta.runtime.core.RecentEvents;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A partition in a JVM without assertions, and an event that is read back as another one.
class ReadBackTest {

    private static final long LARGE = 1_000;

    record Noted(long amount) {
        Noted {
            amount = amount < LARGE ? amount : amount + 1; // larger each time that it is read
        }
    }

    @SuppressWarnings("unchecked")
    private static final Aggregate<Object, Object, Object> NOTES =
            (Aggregate<Object, Object, Object>)
                    (Aggregate<?, ?, ?>)
                            Aggregate.named("note")
                                    .taking(Long.class)
                                    .startingAs(0L)
                                    .deciding((_, amount) -> Decision.accept(new Noted(amount)))
                                    .evolving((sum, noted) -> sum + noted.amount())
                                    .event("noted", Noted.class);

    private final ScriptedShell shell = new ScriptedShell();
    private final List<Reply<Object>> replies = new ArrayList<>();
    private final Partition partition =
            new Partition(
                    0,
                    EventCodecs.withoutAssertions(
                            Microsystems.of(Microsystem.named("notes").with(NOTES))),
                    new RecentEvents(1),
                    new Image(100),
                    new HybridTime(InstantSource.fixed(Instant.EPOCH), 0),
                    200,
                    shell);

    private void note(long amount) {
        partition.command(
                new CommandCall(NOTES, "a", amount, CommandCall.ANY, Cause.fresh(), replies::add));
        partition.flush();
    }

    private void claim() {
        partition.start();
        partition.claimed(MemoryLog.create(1).claim(0, "test"), null, 0);
    }

    @Test
    void when_it_is_the_first_of_its_type_its_command_fails_and_nothing_is_recorded() {
        claim();
        note(LARGE);
        assertThat(replies)
                .containsExactly(
                        new Reply.Failed<>(
                                Reply.Failure.DEFECT, "the aggregate fails on this command"));
        assertThat(shell.appends).isEmpty();
        note(1);
        assertThat(shell.appends.remove().events())
                .singleElement()
                .matches(event -> event.revision() == 1, "is the first of its stream");
    }

    @Test
    void behind_one_of_its_type_that_came_back_it_is_not_read_back() {
        claim();
        note(1);
        note(LARGE);
        assertThat(shell.appends).hasSize(2);
        assertThat(replies).as("both wait for the log").isEmpty();
    }
}
