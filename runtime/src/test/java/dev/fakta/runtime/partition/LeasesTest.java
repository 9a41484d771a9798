// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Writer;
import dev.fakta.runtime.WrappedLog;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeasesTest {

    private static final Duration LEASE = Duration.ofHours(1);

    /// A log of many processes, which counts the questions.
    private static final class SharedLog extends WrappedLog {
        private int asked;
        private boolean isAway;

        SharedLog() {
            super(MemoryLog.create(2));
        }

        @Override
        public Duration lease() {
            return LEASE;
        }

        @Override
        public Set<Writer> stillOwners(Collection<Writer> writers) {
            asked++;
            if (isAway) {
                throw new LogException(Category.UNAVAILABLE, "away for a test");
            }
            return super.stillOwners(writers);
        }
    }

    private final SharedLog log = new SharedLog();
    private final ArrayDeque<Runnable> blocking = new ArrayDeque<>();
    private final Leases leases = new Leases(log, blocking::add);
    private final Leases.Lease lease = leases.open();
    private final List<String> answers = new ArrayList<>();

    /// A claim so long ago.
    private Writer claim(Duration ago) {
        Writer writer = log.claim(0, "node");
        lease.begin(writer, System.nanoTime() - ago.toNanos());
        return writer;
    }

    private void answer() {
        lease.whenHeld(
                () -> answers.add("held"), failure -> answers.add(failure.category().name()));
    }

    private void runBlocking() {
        while (!blocking.isEmpty()) {
            blocking.removeFirst().run();
        }
    }

    @Test
    void within_a_lease_nothing_is_asked() {
        claim(Duration.ZERO);
        answer();
        assertThat(answers).containsExactly("held");
        assertThat(blocking).isEmpty();
    }

    @Test
    void a_lease_is_renewed_before_it_ends() {
        claim(LEASE.multipliedBy(3).dividedBy(4));
        answer();
        assertThat(answers).as("at once").containsExactly("held");
        runBlocking();
        assertThat(log.asked).isEqualTo(1);
        answer();
        assertThat(blocking).as("it has begun anew").isEmpty();
    }

    @Test
    void behind_its_end_all_answers_wait_for_one_question() {
        claim(LEASE.plusSeconds(1));
        answer();
        answer();
        assertThat(answers).isEmpty();
        runBlocking();
        assertThat(answers).containsExactly("held", "held");
        assertThat(log.asked).isEqualTo(1);
        answer();
        assertThat(answers).hasSize(3);
    }

    @Test
    void a_partition_that_another_has_claimed_answers_nothing() {
        claim(LEASE.plusSeconds(1));
        log.claim(0, "other");
        answer();
        runBlocking();
        assertThat(answers).containsExactly("FENCED");
    }

    @Test
    void when_the_log_cannot_say_there_is_no_answer() {
        claim(LEASE.plusSeconds(1));
        log.isAway = true;
        answer();
        runBlocking();
        log.isAway = false;
        answer();
        runBlocking();
        assertThat(answers).containsExactly("UNAVAILABLE", "held");
    }

    @Test
    void a_partition_that_is_given_up_answers_nothing() {
        claim(Duration.ZERO);
        lease.end();
        assertThat(lease.holds()).isFalse();
        answer();
        runBlocking();
        assertThat(answers).containsExactly("FENCED");
    }

    @Test
    void what_waited_under_an_earlier_claim_is_none_of_the_next_ones() {
        claim(LEASE.plusSeconds(1));
        answer();
        log.claim(0, "other"); // and may have changed what the answer says
        claim(Duration.ZERO);
        runBlocking();
        assertThat(answers).doesNotContain("held").hasSize(1);
    }

    @Test
    void what_is_read_while_the_partition_is_claimed_anew_is_no_answer() {
        claim(Duration.ZERO);
        assertThat(lease.<String>whileHeld(() -> "read")).isEqualTo("read");
        assertThat(
                        lease.<String>whileHeld(
                                () -> {
                                    claim(Duration.ZERO);
                                    return "read";
                                }))
                .isNull();
    }

    @Test
    void a_claim_ends_the_lease_of_the_claim_before() {
        Writer first = claim(Duration.ZERO);
        claim(LEASE.plusSeconds(1));
        assertThat(first.isFenced()).isTrue();
        answer();
        assertThat(answers).as("the newer one is older than a lease").isEmpty();
        runBlocking();
        assertThat(answers).containsExactly("held");
    }
}
