// SPDX-License-Identifier: Apache-2.0
package dev.fakta.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What strangers can send does no harm. `-Dfakta.fuzz=N` sends so many requests, and
/// `-Dfakta.fuzz.seed=S` those of a seed that was printed.
///
/// The seed of the short form is a fixed one, so that a fault that one in many seeds finds does not
/// stop a change that has nothing to do with it: `./fakta test --long` looks for such ones.
@Order(1)
final class HostileRequestsTest {

    private static final boolean IS_LONG = Boolean.getBoolean("fakta.long");
    private static final int REQUESTS = Integer.getInteger("fakta.fuzz", IS_LONG ? 200_000 : 4_000);
    private static final long SEED =
            Long.getLong(
                    "fakta.fuzz.seed", IS_LONG ? new SecureRandom().nextLong(1L << 48) : 77_001);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// What is left of many requests may be so much more: caches, and threads that wait for work.
    private static final int MORE_FILES = 64;

    private static final int MORE_THREADS = 64;
    private static final long MORE_HEAP = 96L << 20;
    private static final long HEAP_OF_EVENT = 2_000;

    /// Pools grow and shrink, and connections come and go.
    private static final Pattern PASSING =
            Pattern.compile(
                    "(?i).*(pool|dispatcher|rmi|jmx|http|helidon|socket|attach|compiler|ForkJoin|unparker|cleaner|connection|\\[0x|job|sandbox|thread-\\d|virtual-|event-feed|process reaper).*");

    @TempDir Path home;

    private static Set<String> lasting(FuzzedNode.Held held) {
        return held.named().stream()
                .filter(name -> !PASSING.matcher(name).matches())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void hostile_requests_are_refused_and_leave_nothing_behind() throws Exception {
        System.out.printf("%d hostile requests of seed %d%n", REQUESTS, SEED);
        try (Tokens tokens = Tokens.open();
                FuzzedNode node = FuzzedNode.start(home, tokens)) {
            Fuzzer fuzzer = Fuzzer.of(node, tokens, SEED);
            fuzzer.send(REQUESTS / 4); // so that pools are full and classes loaded
            FuzzedNode.Held before = node.held();
            fuzzer.send(REQUESTS - REQUESTS / 4);
            System.out.printf("statuses %s%n", fuzzer.statuses());

            assertThat(Stream.concat(fuzzer.wrong().stream(), node.troubles().stream().distinct()))
                    .as("of seed %d", SEED)
                    .isEmpty();
            assertThat(node.isAlive()).isTrue();
            assertThat(fuzzer.page("/health/ready")).contains("\"status\":\"UP\"");
            assertThat(fuzzer.page("/metrics").lines())
                    .filteredOn(line -> line.matches("fakta_\\w*parked\\w*\\{.*} [1-9].*"))
                    .isEmpty();
            assertThat(fuzzer.statuses()).containsKeys(200, 201, 400, 401, 403, 404, 409);

            FuzzedNode.Held after = settled(node, before);
            System.out.printf("held %s%nthen %s%n", said(before), said(after));
            assertThat(node.stop()).isZero();
            assertThat(node.verify()).isZero();
            Refused.Found recorded = fuzzer.recorded();
            System.out.printf("%d events%n", recorded.events());
            assertThat(recorded.wrong())
                    .as("recorded by what was refused, of seed %d", SEED)
                    .isEmpty();
            assertThat(after.heapBytes())
                    .isLessThan(before.heapBytes() + MORE_HEAP + HEAP_OF_EVENT * recorded.events());
        }
    }

    private static String said(FuzzedNode.Held held) {
        return "%d MiB, %d files, %d threads"
                .formatted(held.heapBytes() >> 20, held.files(), held.threads());
    }

    /// What it holds once the connections are closed.
    private static FuzzedNode.Held settled(FuzzedNode node, FuzzedNode.Held before) {
        AtomicReference<FuzzedNode.Held> last = new AtomicReference<>(before);
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            FuzzedNode.Held now = node.held();
                            assertThat(now.files())
                                    .as("open files: %s", node.files())
                                    .isLessThanOrEqualTo(before.files() + MORE_FILES);
                            assertThat(now.threads())
                                    .as("threads: %s", now.named())
                                    .isLessThanOrEqualTo(before.threads() + MORE_THREADS);
                            assertThat(now.named()).containsAll(lasting(before));
                            last.set(now);
                        });
        return last.get();
    }
}
