// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fakta.log.Positions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DeliveryWindowTest {

    private static final int PARTITIONS = 3;

    /// Whatever is wanted, and in whatever order messages are settled.
    @Property(tries = 200)
    void what_is_settled_covers_no_open_message_and_all_that_is_before_the_first(
            @ForAll long seed) {
        Random random = new Random(seed);
        DeliveryWindow window = new DeliveryWindow(Positions.start(PARTITIONS));
        long[] read = new long[PARTITIONS];
        List<long[]> open = new ArrayList<>();
        for (int step = 0; step < 200; step++) {
            if (random.nextBoolean()) {
                int partition = random.nextInt(PARTITIONS);
                read[partition]++;
                if (random.nextBoolean()) {
                    window.add(partition, read[partition], 10);
                    open.add(new long[] {partition, read[partition]});
                }
                window.readUpTo(Positions.of(partition, read[partition]));
            } else if (!open.isEmpty()) {
                long[] one = open.remove(random.nextInt(open.size()));
                window.settle((int) one[0], one[1], 10);
            }
            for (int partition = 0; partition < PARTITIONS; partition++) {
                int of = partition;
                long first =
                        open.stream()
                                .filter(one -> one[0] == of)
                                .mapToLong(one -> one[1])
                                .min()
                                .orElse(read[partition] + 1);
                assertThat(window.settled().offset(partition)).isEqualTo(first - 1);
            }
            assertThat(window.count()).isEqualTo(open.size());
            assertThat(window.bytes()).isEqualTo(10L * open.size());
        }
    }

    @Test
    void nothing_is_settled_twice() {
        DeliveryWindow window = new DeliveryWindow(Positions.NONE);
        window.add(0, 1, 1);
        window.settle(0, 1, 1);

        assertThatIllegalStateException().isThrownBy(() -> window.settle(0, 1, 1));
    }

    @Test
    void pauses_grow_to_the_longest_and_differ_by_chance() {
        WebhookSettings settings =
                WebhookSettings.of(
                        WebhookKeys.ofThisProcess(),
                        ReceiverAddresses.within(ReceiverAddresses.Reach.PUBLIC));

        assertThat(settings.pause(1, 0)).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.pause(3, 0)).isEqualTo(Duration.ofSeconds(32));
        assertThat(settings.pause(3, 0.5)).isEqualTo(Duration.ofSeconds(24));
        assertThat(settings.pause(1_000_000, 0)).isEqualTo(Duration.ofMinutes(15));
    }
}
