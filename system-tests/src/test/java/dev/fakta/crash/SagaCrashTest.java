// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.example.Paying;
import dev.fakta.log.LogVerifier;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// G6 and G8 for sagas, against a process that is really killed: every purchase ends, paid by all
/// its wallets or by none, and each payment was made once. The long run: `./fakta test --long
/// -Dtest=SagaCrashTest -Dsurefire.failIfNoSpecifiedTests=false`.
final class SagaCrashTest {

    private static final int ROUNDS = Boolean.getBoolean("fakta.long") ? 30 : 2;
    private static final long SEED = Long.getLong("fakta.crash.seed", 20261123L);
    private static final int CLIENTS = 4;
    private static final Duration ENOUGH = Duration.ofMinutes(2);
    private static final List<String> PROGRAM = List.of(Paying.class.getName(), "--trusted");

    private final Random random = new Random(SEED);

    @TempDir Path data;

    @Test
    void every_purchase_is_paid_once_by_all_or_by_nobody_after_kills_at_random_moments()
            throws Exception {
        try (Shopper shopper = new Shopper()) {
            for (int round = 1; round <= ROUNDS; round++) {
                loadAndKill(shopper, round);
            }
            try (ServerProcess server = ServerProcess.start(PROGRAM, data)) {
                await().atMost(ENOUGH)
                        .until(() -> shopper.everyOneMovesByItself(server.uri()) == 0);
                assertThat(server.stop()).isZero();
            }
            try (SegmentLog log =
                    SegmentLog.open(data.resolve("log/purchases"), SegmentLogSettings.defaults())) {
                new PurchaseBooks(log).check(shopper.ordered);
            }
            assertThat(LogVerifier.verify(data.resolve("log/purchases")).fault()).isEmpty();
        }
    }

    private void loadAndKill(Shopper shopper, int round) throws Exception {
        try (ServerProcess server = ServerProcess.start(PROGRAM, data)) {
            if (round == 1) {
                shopper.fillWallets(server.uri());
            }
            shopper.everyOneMovesByItself(server.uri());
            AtomicBoolean isOver = new AtomicBoolean();
            List<Thread> clients =
                    new Random(random.nextLong())
                            .longs(CLIENTS)
                            .mapToObj(
                                    seed ->
                                            Thread.startVirtualThread(
                                                    () ->
                                                            shopper.order(
                                                                    server.uri(),
                                                                    round + "-" + seed,
                                                                    isOver)))
                            .toList();
            long moment = 300L + random.nextInt(1_500);
            assertThat(new CountDownLatch(1).await(moment, TimeUnit.MILLISECONDS)).isFalse();
            server.kill();
            isOver.set(true);
            for (Thread one : clients) {
                one.join();
            }
        }
    }
}
