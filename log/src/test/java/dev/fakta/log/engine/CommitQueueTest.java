// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CommitQueueTest {

    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final List<String> failed = new ArrayList<>();
    private final CommitQueue<Item> queue =
            new CommitQueue<>(
                    10,
                    Duration.ZERO,
                    (taken, next) -> taken.getFirst().isClaim() == next.isClaim());

    @Test
    void a_full_queue_refuses_all_but_claims() {
        assertThat(queue.offer(append("a", 8))).isTrue();
        assertThat(queue.offer(append("b", 3))).isFalse();
        assertThat(queue.offer(claim("c", 3))).isTrue();
        assertThat(queue.offer(append("d", 0))).isFalse();
        assertThat(queue.take(100)).extracting(Item::name).containsExactly("a");
        assertThat(queue.offer(append("e", 7))).isTrue();
    }

    @Test
    void a_commit_takes_what_fits_in_its_order_and_at_least_one_request() {
        queue.offer(append("a", 5));
        queue.offer(append("b", 2));
        queue.offer(append("c", 2));
        assertThat(queue.take(1)).extracting(Item::name).containsExactly("a");
        assertThat(queue.take(4)).extracting(Item::name).containsExactly("b", "c");
    }

    @Test
    void snapshots_wait_for_a_request_that_pays_for_their_commit() throws InterruptedException {
        CommitQueue<Item> patient = new CommitQueue<>(10, FOR_EVER, (_, _) -> true);
        List<String> taken = new ArrayList<>();
        Thread logThread =
                Thread.ofVirtual()
                        .start(() -> patient.take(10).forEach(one -> taken.add(one.name())));
        patient.offer(snapshot("snapshot", 1));
        patient.offer(append("append", 1));
        logThread.join();
        assertThat(taken).containsExactly("snapshot", "append");
    }

    @Test
    void a_closed_queue_refuses_ends_pauses_and_fails_what_waits() {
        queue.offer(append("a", 1));
        queue.close();
        queue.pause(FOR_EVER.toNanos());
        assertThat(queue.isClosed()).isTrue();
        assertThat(queue.take(10)).isEmpty();
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> queue.offer(append("b", 1)))
                .satisfies(e -> assertThat(e.category()).isEqualTo(Category.CLOSED));
        queue.failAll(CommitQueue.closed());
        assertThat(failed).containsExactly("a");
    }

    private Item append(String name, int bytes) {
        return new Item(name, bytes, false, false, failed);
    }

    private Item claim(String name, int bytes) {
        return new Item(name, bytes, true, false, failed);
    }

    private Item snapshot(String name, int bytes) {
        return new Item(name, bytes, false, true, failed);
    }

    private record Item(
            String name, int bytes, boolean isClaim, boolean isSnapshot, List<String> failed)
            implements Request {
        @Override
        public void fail(LogException failure) {
            failed.add(name);
        }
    }
}
