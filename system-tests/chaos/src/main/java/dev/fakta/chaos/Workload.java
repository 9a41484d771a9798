// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import dev.fakta.chaos.Caller.Answer;
import dev.fakta.chaos.Caller.Request;
import dev.fakta.chaos.History.Call;
import dev.fakta.chaos.History.Kind;
import dev.fakta.chaos.History.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The clients. One per partition adds notes to an order there, without a break, so that each
/// partition's downtime is seen; some create orders and look for them in the list; some add notes
/// to a few orders that all of them share, and read them.
final class Workload implements AutoCloseable {

    /// After that nobody waits for an outcome any more.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration END = Duration.ofSeconds(60);
    private static final int CREATORS = 4;
    private static final int SHARERS = 8;
    private static final int SHARED = 4;
    private static final int MOST_TO_COVER = 5_000;
    private static final String PRODUCT =
            """
            {"name":"Green tea","prices":[{"minor":450,"currency":"EUR"}]}""";

    private final Caller caller;
    private final History history;
    private final Duration pace;
    private final SplittableRandom seeds;
    private final AtomicInteger keys = new AtomicInteger();
    private final AtomicReferenceArray<@Nullable String> probed =
            new AtomicReferenceArray<>(ClusterUnderTest.PARTITIONS);
    private final List<String> shared = new ArrayList<>();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean isOver;

    /// @param pace how long each client pauses after an answer
    Workload(Caller caller, History history, Duration pace, long seed) {
        this.caller = caller;
        this.history = history;
        this.pace = pace;
        this.seeds = new SplittableRandom(seed);
    }

    /// Lists a product, and creates orders until every partition has one.
    void prepare() {
        Request product =
                new Request("PUT", "/products/tea", Map.of("Idempotency-Key", "tea"), PRODUCT);
        Answer listed = caller.call(product, PATIENCE);
        if (listed == null || listed.status() != 200) {
            throw new IllegalStateException("the product cannot be listed: " + listed);
        }
        AtomicInteger created = new AtomicInteger();
        List<Thread> creators = new ArrayList<>();
        for (int i = 0; i < SHARERS; i++) {
            creators.add(Thread.startVirtualThread(() -> cover(created)));
        }
        joinAll(creators);
        if (!isCovered() || shared.size() < SHARED) {
            throw new IllegalStateException("not every partition gets an order");
        }
    }

    private void cover(AtomicInteger created) {
        while (!isCovered() && created.incrementAndGet() < MOST_TO_COVER) {
            Answer answer = create("first-" + keys.incrementAndGet());
            if (answer != null && !probed.compareAndSet(partition(answer), null, id(answer))) {
                synchronized (shared) {
                    if (shared.size() < SHARED) {
                        shared.add(id(answer));
                    }
                }
            }
        }
    }

    private boolean isCovered() {
        return IntStream.range(0, probed.length()).allMatch(p -> probed.get(p) != null);
    }

    private static int partition(Answer answer) {
        return Integer.parseInt(answer.token().substring(0, answer.token().indexOf('.')));
    }

    private static String id(Answer answer) {
        return JsonMapper.shared().readTree(answer.body()).path("id").asString();
    }

    /// The order that shows how a partition is.
    String probe(int partition) {
        return Optional.ofNullable(probed.get(partition)).orElseThrow();
    }

    void start() {
        for (int partition = 0; partition < ClusterUnderTest.PARTITIONS; partition++) {
            String order = probe(partition);
            client("probe-" + partition, _ -> note(order, -1));
        }
        for (int i = 0; i < CREATORS; i++) {
            client("creator-" + i, _ -> createAndFind());
        }
        for (int i = 0; i < SHARERS; i++) {
            SplittableRandom random = seeds.split();
            long[] known = new long[SHARED];
            client("sharer-" + i, _ -> share(random, known));
        }
    }

    private void client(String name, IntConsumer action) {
        clients.add(Thread.ofVirtual().name(name).start(() -> repeat(action)));
    }

    private void repeat(IntConsumer action) {
        for (int i = 0; !isOver && !history.isFull(); i++) {
            try {
                action.accept(i);
            } catch (RuntimeException e) {
                history.find("%s: %s".formatted(Thread.currentThread().getName(), e));
            }
            Pause.of(pace);
        }
    }

    private void share(SplittableRandom random, long[] known) {
        int which = random.nextInt(SHARED);
        long revision =
                switch (random.nextInt(4)) {
                    case 0 -> read(shared.get(which));
                    case 1 -> note(shared.get(which), known[which]);
                    default -> note(shared.get(which), -1);
                };
        known[which] = revision > 0 ? revision : known[which];
    }

    /// Adds a note; answers the revision, or -1.
    private long note(String order, long expected) {
        String key = "n" + keys.incrementAndGet();
        Map<String, String> headers =
                expected > 0
                        ? Map.of("Idempotency-Key", key, "If-Match", "\"" + expected + "\"")
                        : Map.of("Idempotency-Key", key);
        Request request =
                new Request(
                        "POST",
                        "/orders/%s/notes".formatted(order),
                        headers,
                        "{\"text\":\"%s\"}".formatted(key));
        long start = history.now();
        Answer answer = caller.call(request, PATIENCE);
        boolean isRefused = answer != null && answer.status() == 412;
        if (answer != null && answer.status() != 201 && !isRefused) {
            history.find("%s: a note to %s got %s".formatted(key, order, answer));
        }
        record(Kind.NOTE, order, key, expected > 0 ? expected : -1, start, answer);
        return answer == null || isRefused ? -1 : answer.revision();
    }

    private long read(String order) {
        long start = history.now();
        Answer answer = caller.call(Request.get("/orders/" + order), PATIENCE);
        if (answer != null && answer.status() != 200) {
            history.find("order %s, which is there, is answered %s".formatted(order, answer));
        }
        record(Kind.READ, order, "", -1, start, answer);
        return answer == null ? -1 : answer.revision();
    }

    private @Nullable Answer create(String key) {
        long start = history.now();
        Answer answer = caller.call(Request.post("/orders", key, order(key)), PATIENCE);
        if (answer != null && answer.status() == 201) {
            record(Kind.CREATE, id(answer), key, -1, start, answer);
            return answer;
        }
        if (answer != null) {
            history.find("%s: an order got %s".formatted(key, answer));
        }
        record(Kind.CREATE, "", key, -1, start, answer);
        return null;
    }

    private void record(
            Kind kind,
            String order,
            String key,
            long expected,
            long start,
            @Nullable Answer answer) {
        Outcome outcome =
                answer == null
                        ? Outcome.UNKNOWN
                        : answer.status() < 300 ? Outcome.OK : Outcome.REFUSED;
        history.add(
                new Call(
                        kind,
                        order,
                        key,
                        expected,
                        start,
                        answer == null ? Long.MAX_VALUE : history.now(),
                        outcome,
                        answer == null ? -1 : answer.revision()));
    }

    /// G7: the list with the token of what was created has it.
    private void createAndFind() {
        String key = "o" + keys.incrementAndGet();
        Answer created = create(key);
        if (created == null) {
            return;
        }
        Request list =
                new Request(
                        "GET",
                        "/orders?customer=" + key,
                        Map.of("Fakta-Token", created.token()),
                        null);
        long start = history.now();
        Answer listed = caller.call(list, PATIENCE);
        if (listed != null) {
            JsonNode items = JsonMapper.shared().readTree(listed.body()).path("items");
            if (items.size() != 1 || !items.path(0).path("id").asString().equals(id(created))) {
                history.find(
                        "G7: order %s with token %s is not in the list: %s"
                                .formatted(key, created.token(), listed));
            }
        }
        record(Kind.LIST, id(created), key, -1, start, listed);
    }

    /// The order of a key, which says in three places which one it is.
    static String order(String key) {
        return """
                {"customerId":"%s","email":"%s@example.com","currency":"EUR",
                 "lines":[{"sku":"tea","quantity":%d}],
                 "shipping":{"method":"standard","address":{"name":"C","line1":"Main 1",
                             "city":"Berlin","postalCode":"10115","country":"DE"}},
                 "payment":{"method":"card","token":"tok_ok"}}"""
                .formatted(key, key, quantity(key));
    }

    static int quantity(String key) {
        return 1 + Math.floorMod(key.hashCode(), 50);
    }

    /// Lets the calls under way end.
    @Override
    public void close() {
        isOver = true;
        joinAll(clients);
    }

    private static void joinAll(List<Thread> threads) {
        long until = System.nanoTime() + END.toNanos();
        for (Thread client : threads) {
            try {
                long left = Math.max(1, (until - System.nanoTime()) / 1_000_000);
                if (!client.join(Duration.ofMillis(left))) {
                    client.interrupt();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
