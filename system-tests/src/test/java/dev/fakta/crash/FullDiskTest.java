// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A disk that is really full: a small file system in memory, which root may mount.
@Order(1)
final class FullDiskTest {

    /// A server takes 59 MiB at its start, most of it for the first segments of seven logs, of 8
    /// MiB each. So there are 5 MiB for the views, which are full soon, and none for the second
    /// segment of any log: orders are refused when the first of their log is full.
    private static final int ROOM_MIB = 64;

    /// The sagas carry on later what was placed before: they need several times its room.
    private static final int BALLAST_MIB = 240;

    /// Of three bytes each, so that not so many orders fill the disk.
    private static final String LONG_NAME = "茶".repeat(200);

    private static final int REFUSED = 5;
    private static final int LOOKED_AT = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration CATCHING_UP = Duration.ofMinutes(3);

    @TempDir Path mountPoint;
    private Path ballast = Path.of("");

    @BeforeEach
    void mount() throws Exception {
        int status =
                run(
                        "mount",
                        "-t",
                        "tmpfs",
                        "-o",
                        "size=%dm".formatted(ROOM_MIB + BALLAST_MIB),
                        "tmpfs",
                        mountPoint.toString());
        assumeTrue(status == 0, "only root may mount a small file system");
        ballast = Files.write(mountPoint.resolve("ballast"), new byte[BALLAST_MIB << 20]);
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", mountPoint.toString());
    }

    /// It refuses orders for want of room only.
    private static ServerProcess start(Path data) throws Exception {
        return ServerProcess.start(data, "--longest-backlog", "3600");
    }

    @Test
    void a_full_disk_is_503_until_there_is_room_and_nothing_acknowledged_is_lost()
            throws Exception {
        Path data = mountPoint.resolve("data");
        try (Customer customer = new Customer(LONG_NAME)) {
            try (ServerProcess server = start(data)) {
                customer.listProduct(server.uri());
                int placed = placeUntilFull(customer, server, "order-");
                Customer.Order first = Objects.requireNonNull(customer.acknowledged.get("order-0"));
                assertThat(
                                customer.get(server.uri(), "/orders/" + first.id())
                                        .path("id")
                                        .asString())
                        .isEqualTo(first.id());
                assertThat(customer.get(server.uri(), "/orders?limit=5").path("items").size())
                        .isEqualTo(5);
                assertThat(customer.place(server.uri(), "while-full")).isEqualTo(503);
                Files.delete(ballast);
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> customer.place(server.uri(), "after") == 201);
                assertThat(customer.acknowledged).hasSize(placed + 1);
                awaitViews(customer, server);
                server.kill();
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

    @Test
    void a_node_that_starts_on_a_full_disk_answers_reads_and_takes_orders_when_there_is_room()
            throws Exception {
        Path data = mountPoint.resolve("data");
        try (Customer customer = new Customer(LONG_NAME)) {
            try (ServerProcess server = start(data)) {
                customer.listProduct(server.uri());
                int _ = placeUntilFull(customer, server, "order-");
                server.kill();
            }
            try (ServerProcess server = start(data)) {
                int _ = placeUntilFull(customer, server, "late-"); // a start may give room back
                for (Customer.Order order :
                        customer.acknowledged.values().stream().limit(LOOKED_AT).toList()) {
                    assertThat(
                                    customer.get(server.uri(), "/orders/" + order.id())
                                            .path("id")
                                            .asString())
                            .isEqualTo(order.id());
                }
                Files.delete(ballast);
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> customer.place(server.uri(), "after") == 201);
                server.kill();
            }
        }
    }

    /// No view is behind, and none has parked anything: it was the disk's fault.
    private static void awaitViews(Customer customer, ServerProcess server) {
        Awaitility.await()
                .atMost(CATCHING_UP)
                .until(
                        () -> {
                            for (JsonNode view :
                                    customer.get(server.uri(), "/health/ready").path("views")) {
                                assertThat(view.path("parkedStreams").asInt()).isZero();
                                if (view.path("events").asLong() > 0) {
                                    return false;
                                }
                            }
                            return true;
                        });
    }

    /// The disk is full when several orders in a row are refused: what works in the background
    /// gives some room back at times.
    ///
    /// @return how many were placed
    private static int placeUntilFull(Customer customer, ServerProcess server, String keys)
            throws Exception {
        int placed = 0;
        int refused = 0;
        for (int i = 0; i < 100_000 && refused < REFUSED; i++) {
            int status = customer.place(server.uri(), keys + i);
            assertThat(status).isIn(201, 503);
            placed += status == 201 ? 1 : 0;
            refused = status == 201 ? 0 : refused + 1;
        }
        assertThat(refused).as("the disk becomes full").isEqualTo(REFUSED);
        return placed;
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return process.waitFor(20, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }
}
