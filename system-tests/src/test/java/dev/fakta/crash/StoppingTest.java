// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoppingTest {

    @TempDir Path data;

    @Test
    void a_process_that_is_asked_to_stop_under_load_drains_and_ends_with_status_0()
            throws Exception {
        try (Customer customer = new Customer();
                ServerProcess server = ServerProcess.start(data)) {
            customer.listProduct(server.uri());
            AtomicBoolean isOver = new AtomicBoolean();
            List<Thread> clients = new ArrayList<>();
            for (int client = 0; client < 4; client++) {
                String name = "c" + client;
                clients.add(
                        Thread.startVirtualThread(
                                () -> customer.placeUntil(isOver, server.uri(), name)));
            }
            await().atMost(Duration.ofSeconds(90)).until(() -> customer.acknowledged.size() > 20);
            assertThat(server.stop()).isZero();
            isOver.set(true);
            for (Thread client : clients) {
                client.join();
            }
            Map<String, Long> inLog = new DataDirectory(data).check();
            customer.acknowledged
                    .values()
                    .forEach(
                            order ->
                                    assertThat(inLog)
                                            .containsEntry(order.id(), order.grandMinor()));
        }
    }
}
