// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Aggregate;
import dev.fakta.log.EventLog;
import dev.fakta.log.LogException;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A saga with many instances that cannot be told anything, as their partition is away.
class SagaCrowdTest {

    private static final int CROWD = 3_000; // more than a runner works on at a time
    private static final int LATER = 20; // more than are read ahead
    private static final String REASON = "away for the crowd";
    private static final int AWAY = 1;
    private static final Duration SOON = Duration.ofSeconds(120);

    @TempDir Path directory;
    private final EventLog log =
            new WrappedLog(MemoryLog.create(2)) {
                @Override
                public Writer claim(int partition, String node) {
                    if (partition == AWAY) {
                        throw new LogException(LogException.Category.UNAVAILABLE, REASON);
                    }
                    return super.claim(partition, node);
                }
            };

    private int partition(Aggregate<?, ?, ?> aggregate, String id) {
        return log.partitionOf(aggregate.stream(id));
    }

    /// Ids of wishes that can be made, whose sagas are in these partitions.
    private List<String> wishes(int count, IntPredicate sagasPartition) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "w" + i)
                .filter(id -> partition(Wish.AGGREGATE, id) != AWAY)
                .filter(id -> sagasPartition.test(partition(Wish.SAGA.aggregate(), id)))
                .limit(count)
                .toList();
    }

    @Test
    void holds_up_none_of_the_others() {
        String tally =
                IntStream.iterate(0, i -> i + 1)
                        .mapToObj(i -> "t" + i)
                        .filter(id -> partition(Tally.AGGREGATE, id) != AWAY)
                        .findFirst()
                        .orElseThrow();
        try (log;
                LoggedLines lines = new LoggedLines("dev.fakta.runtime", REASON);
                Node node =
                        Node.start(
                                NodeSettings.embedded(directory),
                                Wish.MICROSYSTEM,
                                log,
                                InstantSource.system())) {
            wishes(CROWD, partition -> partition == AWAY).stream()
                    .map(id -> make(node, id, tally))
                    .toList()
                    .forEach(made -> accepted(node, made));
            await().atMost(SOON).until(() -> node.status().sagas().getFirst().parked() == CROWD);
            long sum = 0;
            for (String id : wishes(LATER, partition -> partition != AWAY)) {
                accepted(node, make(node, id, tally));
                long expected = ++sum;
                await().atMost(SOON)
                        .until(() -> node.state(Tally.AGGREGATE, tally).state().sum() == expected);
            }
            assertThat(lines.count()).as("lines for one reason").isBetween(2, 20);
        }
    }

    private static CompletionStage<Reply<Wish>> make(Node node, String id, String tally) {
        return node.send(Wish.AGGREGATE, id, new Wish.Make(List.of(tally), 1, 0), Cause.fresh());
    }

    private static void accepted(Node node, CompletionStage<Reply<Wish>> made) {
        assertThat(node.await(made)).isInstanceOf(Reply.Accepted.class);
    }
}
