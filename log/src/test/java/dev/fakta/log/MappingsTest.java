// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fakta.log.LogException.Category;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class MappingsTest {

    private final Mappings mappings = new Mappings();

    @Test
    void whoever_unmaps_waits_for_the_reads_that_have_begun() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> read = threads.submit(() -> mappings.read(() -> slowly(begun, end)));
            begun.await();
            Future<?> closed = threads.submit(mappings::close);
            assertThatExceptionOfType(TimeoutException.class)
                    .isThrownBy(() -> closed.get(20, TimeUnit.MILLISECONDS));
            end.countDown();
            assertThat(read.get()).isEqualTo("read");
            closed.get();
        }
    }

    private static String slowly(CountDownLatch begun, CountDownLatch end) {
        begun.countDown();
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return "read";
    }

    @Test
    void reads_do_not_wait_for_each_other_and_go_on_after_a_wait_for_them() {
        mappings.awaitReads();
        assertThat(mappings.read(() -> "read")).isEqualTo("read");
    }

    @Test
    void after_closing_reads_are_refused() {
        mappings.close();
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> mappings.read(() -> "read"))
                .satisfies(e -> assertThat(e.category()).isEqualTo(Category.CLOSED));
    }

    @Test
    void a_page_that_cannot_be_read_is_a_failure_of_the_log() {
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(
                        () ->
                                mappings.read(
                                        () -> {
                                            throw new InternalError("a fault in a mapped file");
                                        }))
                .satisfies(e -> assertThat(e.category()).isEqualTo(Category.UNAVAILABLE));
    }
}
