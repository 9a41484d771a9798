// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.example.Paying;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.LogVerifier;
import dev.fakta.log.Positions;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// G6 and G8 for sagas, against a process that is really killed: every purchase ends, paid by all
/// its wallets or by none, and each payment was made once. The long run: `./fakta test
/// -Dfakta.crash.rounds=30 -Dtest=SagaCrashTest -Dsurefire.failIfNoSpecifiedTests=false`.
final class SagaCrashTest {

    private static final int ROUNDS = Integer.getInteger("fakta.crash.rounds", 3);
    private static final long SEED = Long.getLong("fakta.crash.seed", 20261123L);
    private static final int WALLETS = 12;
    private static final long FILLED = 20_000;
    private static final int CLIENTS = 4;
    private static final Duration ENOUGH = Duration.ofMinutes(2);
    private static final List<String> PROGRAM = List.of(Paying.class.getName());

    private final Set<String> ordered = ConcurrentHashMap.newKeySet();
    private final Random random = new Random(SEED);

    @TempDir Path data;

    @Test
    void every_purchase_is_paid_once_by_all_or_by_nobody_after_kills_at_random_moments()
            throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            loadAndKill(round);
        }
        try (ServerProcess server = ServerProcess.start(PROGRAM, data);
                HttpClient client = HttpClient.newHttpClient()) {
            await().atMost(ENOUGH).until(() -> everyOneMovesByItself(client, server) == 0);
            assertThat(server.stop()).isZero();
        }
        checkTheBooks();
    }

    private void loadAndKill(int round) throws Exception {
        try (ServerProcess server = ServerProcess.start(PROGRAM, data);
                HttpClient client = HttpClient.newHttpClient()) {
            for (int wallet = 0; round == 1 && wallet < WALLETS; wallet++) {
                put(client, server.uri(), "/wallets/w" + wallet, "{\"amount\":" + FILLED + "}");
            }
            everyOneMovesByItself(client, server);
            AtomicBoolean isOver = new AtomicBoolean();
            List<Thread> clients =
                    new Random(random.nextLong())
                            .longs(CLIENTS)
                            .mapToObj(
                                    seed ->
                                            Thread.startVirtualThread(
                                                    () ->
                                                            order(
                                                                    client,
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

    /// Orders until the server is gone; some purchases are cancelled at once.
    private void order(HttpClient client, URI uri, String name, AtomicBoolean isOver) {
        Random choices = new Random(name.hashCode());
        for (int number = 0; !isOver.get(); number++) {
            String id = "p" + name + "-" + number;
            int first = choices.nextInt(WALLETS);
            int second = (first + 1 + choices.nextInt(WALLETS - 1)) % WALLETS;
            String body =
                    "{\"shares\":[{\"wallet\":\"w%d\",\"amount\":%d},{\"wallet\":\"w%d\",\"amount\":%d}]}"
                            .formatted(
                                    first,
                                    1 + choices.nextInt(400),
                                    second,
                                    1 + choices.nextInt(400));
            try {
                if (put(client, uri, "/purchases/" + id, body) == 200) {
                    ordered.add(id);
                    if (choices.nextInt(4) == 0) {
                        send(client, uri, "POST", "/purchases/" + id + "/cancellation", "");
                    }
                }
            } catch (IOException _) {
                return; // killed: whether it was ordered the log knows
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static int put(HttpClient client, URI uri, String path, String body)
            throws IOException, InterruptedException {
        return send(client, uri, "PUT", path, body);
    }

    private static int send(HttpClient client, URI uri, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(uri.resolve(path))
                        .timeout(Duration.ofSeconds(20))
                        .method(method, BodyPublishers.ofString(body))
                        .build();
        return client.send(request, BodyHandlers.ofString()).statusCode();
    }

    /// G8: whoever has not ended moves by itself.
    ///
    /// @return how many have not ended
    private static int everyOneMovesByItself(HttpClient client, ServerProcess server)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(server.uri().resolve("/sagas?limit=200")).build();
        JsonNode page =
                JsonMapper.shared().readTree(client.send(request, BodyHandlers.ofString()).body());
        if (!page.has("items")) {
            return 1; // not ready yet
        }
        for (JsonNode row : page.path("items")) {
            assertThat(row.path("status").asString()).as("%s", row).isEqualTo("LIVE");
        }
        return page.path("items").size();
    }

    /// The log alone says what happened.
    private void checkTheBooks() {
        Map<String, String> ends = new HashMap<>();
        Map<String, Integer> shares = new HashMap<>();
        Map<String, Integer> payments = new HashMap<>();
        Map<String, Long> balances = new HashMap<>();
        try (SegmentLog log = SegmentLog.open(data.resolve("log"), SegmentLogSettings.defaults())) {
            try (LogReader reader = log.reader(Positions.start(log.partitions()))) {
                while (!reader.positions().covers(log.heads())) {
                    for (LogRecord record : reader.next(1_000, Duration.ZERO)) {
                        if (record instanceof EventRecord event) {
                            book(event, ends, shares, payments, balances);
                        }
                    }
                }
            }
        }
        assertThat(LogVerifier.verify(data.resolve("log")).fault()).isEmpty();
        assertThat(ends).containsOnlyKeys(shares.keySet());
        assertThat(shares.keySet()).containsAll(ordered);
        ends.forEach(
                (purchase, end) ->
                        assertThat(payments.getOrDefault(purchase, 0))
                                .as("payments for %s, which is %s", purchase, end)
                                .isEqualTo(
                                        end.equals("purchase-confirmed")
                                                ? shares.getOrDefault(purchase, 0)
                                                : 0));
        assertThat(balances.values()).allMatch(balance -> balance >= 0);
        assertThat(ends.values()).contains("purchase-confirmed", "purchase-rejected");
        System.out.printf(
                "%d purchases ended, %d of them confirmed%n",
                ends.size(), ends.values().stream().filter("purchase-confirmed"::equals).count());
    }

    private static void book(
            EventRecord record,
            Map<String, String> ends,
            Map<String, Integer> shares,
            Map<String, Integer> payments,
            Map<String, Long> balances) {
        String stream = record.event().stream();
        String name = record.event().name();
        String id = stream.substring(stream.indexOf('/') + 1);
        JsonNode event = JsonMapper.shared().readTree(record.event().payload());
        switch (name) {
            case "purchase-ordered" -> shares.put(id, event.path("shares").size());
            case "purchase-confirmed", "purchase-rejected" ->
                    assertThat(ends.put(id, name)).as("%s ends twice", id).isNull();
            case "wallet-filled" -> balances.merge(id, event.path("amount").asLong(), Long::sum);
            case "wallet-paid" -> {
                payments.merge(event.path("purchase").asString(), 1, Integer::sum);
                balances.merge(id, -event.path("amount").asLong(), Long::sum);
            }
            case "wallet-paid-back" ->
                    payments.merge(event.path("purchase").asString(), -1, Integer::sum);
            default -> {}
        }
    }
}
