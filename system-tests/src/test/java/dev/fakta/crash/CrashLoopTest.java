// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// G1, G3, G5 and G6 against a process that is really killed. The long run: `./fakta test --long
/// -Dtest=CrashLoopTest -Dsurefire.failIfNoSpecifiedTests=false`.
final class CrashLoopTest {

    private static final int ROUNDS = Boolean.getBoolean("fakta.long") ? 50 : 2;
    private static final long SEED = Long.getLong("fakta.crash.seed", 20261122L);
    private static final int CLIENTS = 8;
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final int SPREAD_MILLIS = 1_500;

    @TempDir Path data;

    @Test
    void what_was_acknowledged_is_there_exactly_once_after_each_kill() throws Exception {
        Random random = new Random(SEED);
        try (Customer customer = new Customer()) {
            for (int round = 1; round <= ROUNDS; round++) {
                Duration moment = SHORTEST.plusMillis(random.nextInt(SPREAD_MILLIS));
                Duration started = loadAndKill(customer, round, moment);
                Map<String, Long> inLog = new DataDirectory(data).check();
                customer.acknowledged
                        .values()
                        .forEach(
                                order ->
                                        assertThat(inLog)
                                                .containsEntry(order.id(), order.grandMinor()));
                System.out.printf(
                        "round %d: ready in %d ms, killed after %d ms; %d orders acknowledged, %d in the log, %d unknown%n",
                        round,
                        started.toMillis(),
                        moment.toMillis(),
                        customer.acknowledged.size(),
                        inLog.size(),
                        customer.unknown.size());
            }
            settle(customer);
        }
    }

    private Duration loadAndKill(Customer customer, int round, Duration moment) throws Exception {
        try (ServerProcess server = ServerProcess.start(data)) {
            customer.listProduct(server.uri());
            retryUnknown(customer, server);
            AtomicBoolean isOver = new AtomicBoolean();
            List<Thread> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                String name = "r" + round + "-c" + client;
                clients.add(
                        Thread.startVirtualThread(
                                () -> customer.placeUntil(isOver, server.uri(), name)));
            }
            assertThat(new CountDownLatch(1).await(moment.toMillis(), TimeUnit.MILLISECONDS))
                    .isFalse();
            server.kill();
            isOver.set(true);
            for (Thread client : clients) {
                client.join();
            }
            return server.started();
        }
    }

    /// A request whose answer was lost is sent again under its key: it is one order, whatever
    /// happened to it before.
    private static void retryUnknown(Customer customer, ServerProcess server) throws Exception {
        List<String> keys = new ArrayList<>(customer.unknown);
        for (String key : keys) {
            assertThat(customer.place(server.uri(), key)).isEqualTo(201);
        }
        customer.unknown.clear();
    }

    /// Once more without a kill: every key has one order, and the view has caught up with the log.
    private void settle(Customer customer) throws Exception {
        try (ServerProcess server = ServerProcess.start(data)) {
            retryUnknown(customer, server);
            for (String key : customer.acknowledged.keySet().stream().limit(100).toList()) {
                assertThat(customer.place(server.uri(), key)).isEqualTo(201);
            }
            assertThat(server.stop()).isZero();
        }
        Map<String, Long> acknowledged = new HashMap<>();
        customer.acknowledged
                .values()
                .forEach(order -> acknowledged.put(order.id(), order.grandMinor()));
        assertThat(acknowledged).hasSameSizeAs(customer.acknowledged);
        assertThat(new DataDirectory(data).check()).isEqualTo(acknowledged);
    }
}
