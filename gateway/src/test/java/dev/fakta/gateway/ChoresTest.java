// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.View;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a gateway does beside its requests.
class ChoresTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration OFTEN = Duration.ofMillis(5);

    private record Ring() {}

    private record Rung() {}

    private static final Aggregate<Ring, Rung, String> BELL =
            Aggregate.named("bell")
                    .taking(Ring.class)
                    .startingAs("")
                    .deciding((String _, Ring _) -> Decision.accept(new Rung()))
                    .evolving((String bell, Rung _) -> bell)
                    .event("bell-rung", Rung.class);

    private static final View RINGS =
            View.named("rings")
                    .table("create table ring (id text not null)")
                    .on(
                            Rung.class,
                            (_, at, sql) -> sql.run("insert into ring (id) values (?)", at.id()));

    private final EventLog log = MemoryLog.create(2);
    private Node node;

    @BeforeEach
    void open(@TempDir Path directory) {
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        Microsystem.named("bells").with(BELL).with(RINGS),
                        log,
                        InstantSource.system());
    }

    @AfterEach
    void close() {
        node.close();
        log.close();
    }

    private static String metrics(Gateway gateway) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:%d/metrics".formatted(gateway.port()));
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        }
    }

    private Gateway serve(Chore chore) {
        return Gateway.start(
                node, GatewaySettings.onLoopback(0).trusting(), http -> http.chore(chore));
    }

    @Test
    void a_chore_that_fails_is_done_again_and_counted() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        Chore chore =
                new Chore(
                        "bad",
                        OFTEN,
                        _ -> {
                            switch (runs.incrementAndGet()) {
                                case 1 -> throw new IllegalStateException("as if");
                                case 2 -> throw new AssertionError("as if");
                                default -> {}
                            }
                        });
        try (Gateway gateway = serve(chore)) {
            await().atMost(SOON).until(() -> runs.get() > 3);
            assertThat(metrics(gateway)).contains("fakta_chores_failed_total{chore=\"bad\"} 2.0");
        }
    }

    @Test
    void a_gateway_that_closes_ends_the_run_and_begins_no_other() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        AtomicBoolean isInterrupted = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(1);
        Chore chore =
                new Chore(
                        "long",
                        OFTEN,
                        _ -> {
                            runs.incrementAndGet();
                            begun.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                isInterrupted.set(true);
                                throw e;
                            }
                        });
        Gateway gateway = serve(chore);
        begun.await();
        gateway.close();
        assertThat(isInterrupted).isTrue();
        assertThat(runs).hasValue(1);
    }

    @Test
    void a_gauge_is_asked_of_its_view() throws Exception {
        try (Gateway gateway =
                Gateway.start(
                        node,
                        GatewaySettings.onLoopback(0).trusting(),
                        http ->
                                http.gauge(
                                        "fakta.rings",
                                        "how often bells have rung",
                                        RINGS,
                                        "select count(*) as figure from ring"))) {
            assertThat(metrics(gateway)).contains("\nfakta_rings 0.0\n");
            var _ = node.await(node.send(BELL, "b", new Ring(), Cause.fresh()));
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(metrics(gateway)).contains("\nfakta_rings 1.0\n"));
        }
    }

    @Test
    void a_chore_has_a_name_and_a_pause() {
        assertThatThrownBy(() -> new Chore("", OFTEN, _ -> {}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Chore("c", Duration.ZERO, _ -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
