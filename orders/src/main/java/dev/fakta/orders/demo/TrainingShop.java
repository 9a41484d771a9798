// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// What a server does while the JVM records what its start-up cache is made of: the day of a shop,
/// over real HTTP. Customers place orders of several lines, with good cards and bad ones; the
/// people of the shop pick, pack, dispatch, deliver and take back what has sold; others look at
/// lists, tasks, metrics and the stream of events. So the cache holds the classes that a shop
/// needs, and which of its methods are hot, and how (JEP 515).
///
/// A request that is refused does no harm: what is recorded is that it was made. The report names
/// them all the same, because a training that is refused everything trains nothing.
public final class TrainingShop {

    private static final int CUSTOMERS = 16;
    private static final int BROWSERS = 4;
    private static final int CROWD = 64;
    private static final int UNDERWAY = 300;
    private static final int PRODUCTS = 40;
    private static final int MOST_LINES = 5;
    private static final String CURRENCY = "EUR";
    private static final String CODE = "TRAINING";
    private static final String LOOKED = "looked at";
    private static final long PRICE = 1_999;

    /// The share of the time for the crowd at the end, which places only: the sagas' backlog that
    /// it leaves is nobody's.
    private static final double CROWDED = 0.4;

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration SLOW_LOOK = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration STOCKING = Duration.ofMinutes(1);

    /// How much longer than it is told to the shop stays open at most, until an order's whole life
    /// was seen.
    private static final Duration OVERTIME = Duration.ofMinutes(2);

    /// So many orders are served at a time by then, and nobody looks at lists: a machine that was
    /// too slow is not to be kept busy.
    private static final int UNDERWAY_LATE = 8;

    /// What happens to orders, and takes as long as the machine lets it.
    private static final List<String> LIFE =
            List.of(
                    "priced",
                    "cancelled",
                    "held",
                    "moved",
                    "lines cancelled",
                    "packed",
                    "shipped",
                    "delivered",
                    "returned");

    private static final List<String> LISTS =
            List.of(
                    "/orders?limit=50",
                    "/orders?status=Confirmed&sort=-grand&limit=20",
                    "/orders?payment=Authorized&fulfilment=Allocated",
                    "/orders?q=1000",
                    "/products",
                    "/stock",
                    "/campaigns",
                    "/shipments?status=PLANNED",
                    "/returns",
                    "/payments?status=AUTHORIZED",
                    "/payment-operations",
                    "/tasks",
                    "/sales?by=day",
                    "/sales?by=sku",
                    "/sagas",
                    "/health/live",
                    "/health/ready",
                    "/openapi.json");

    private final ApiClient client;
    private final InstantSource clock;
    private final EventWatcher events;
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final SortedMap<String, Integer> done = new TreeMap<>();
    private final SortedMap<String, String> refused = new TreeMap<>();

    /// Until then orders are served, and longer when an order's life is not complete.
    private Deadline open = Deadline.in(Duration.ZERO);

    /// Until then orders are served at most.
    private Deadline overtime = open;

    private TrainingShop(ApiClient client, InstantSource clock, EventWatcher events) {
        this.client = client;
        this.clock = clock;
        this.events = events;
    }

    /// What was done.
    ///
    /// @param done how often, by what it is: `placed`, `shipped`, `returned` …
    /// @param refused by what was asked for, what was answered the last time
    /// @param events that the stream has sent
    public record Report(
            SortedMap<String, Integer> done,
            SortedMap<String, String> refused,
            long requests,
            long events) {

        /// Whether a shop was open that sold and shipped.
        public boolean isEnough() {
            return done.getOrDefault("shipped", 0) > 0;
        }

        void print(PrintStream out) {
            List<String> texts = new ArrayList<>();
            done.forEach((what, count) -> texts.add(count + " " + what));
            out.printf(
                    Locale.ROOT,
                    "trained by %,d requests and %,d events: %s%n",
                    requests,
                    events,
                    String.join(", ", texts));
            refused.forEach((what, answer) -> out.println("  refused: " + what + ": " + answer));
        }
    }

    /// Stocks the shop, which takes a minute at most on a machine that is busy, keeps it open for
    /// so long from then on, and two minutes longer at most when an order's whole life was not seen
    /// by then; and returns at most 20 s later.
    public static Report run(URI base, Duration time, InstantSource clock, PrintStream out) {
        try (ApiClient client =
                        new ApiClient(
                                base,
                                DemoLimits.USUAL,
                                Deadline.in(STOCKING.plus(time).plus(OVERTIME).plus(PATIENCE)),
                                Tally.JSON);
                EventWatcher events = EventWatcher.start(base)) {
            TrainingShop shop = new TrainingShop(client, clock, events);
            shop.stockUp();
            Duration crowded = Duration.ofMillis((long) (time.toMillis() * CROWDED));
            shop.open(time.minus(crowded));
            shop.trade();
            shop.crowd(Deadline.in(crowded));
            Report report = shop.report();
            report.print(out);
            return report;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the training was interrupted");
        }
    }

    private void open(Duration time) {
        open = Deadline.in(time);
        overtime = Deadline.in(time.plus(OVERTIME));
    }

    private boolean isClosed() {
        return open.isOver() && (isLifeSeen() || overtime.isOver());
    }

    private boolean isLifeSeen() {
        synchronized (done) {
            return done.keySet().containsAll(LIFE);
        }
    }

    private Report report() {
        synchronized (done) {
            return new Report(
                    new TreeMap<>(done), new TreeMap<>(refused), requests.get(), events.count());
        }
    }

    // --- what the shop sells ---

    private void stockUp() throws InterruptedException {
        for (int i = 0; i < PRODUCTS; i++) {
            send(
                    "product",
                    "PUT",
                    "/products/" + sku(i),
                    Map.of(
                            "name",
                            "Training product " + i,
                            "prices",
                            List.of(Map.of("minor", PRICE + i, "currency", CURRENCY)),
                            "taxCategory",
                            "standard",
                            "weightGrams",
                            500,
                            "categories",
                            List.of("training")));
            send(
                    "stock",
                    "PUT",
                    "/stock/" + sku(i),
                    Map.of("location", "main", "onHand", 1_000_000));
        }
        send(
                "campaign",
                "PUT",
                "/campaigns/training",
                Map.of("kind", "percentage", "percent", 10, "codes", List.of(CODE)));
    }

    private static String sku(long number) {
        return "training-" + number % PRODUCTS;
    }

    // --- who is there ---

    private void trade() {
        Semaphore underway = new Semaphore(UNDERWAY);
        try (ExecutorService staff = Executors.newVirtualThreadPerTaskExecutor();
                ExecutorService customers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < BROWSERS; i++) {
                int first = i * LISTS.size() / BROWSERS;
                employ(staff, () -> browse(first));
            }
            for (int i = 0; i < CUSTOMERS; i++) {
                employ(customers, () -> buyAgainAndAgain(underway, staff));
            }
        }
    }

    private void buyAgainAndAgain(Semaphore underway, ExecutorService staff)
            throws InterruptedException {
        while (!isClosed()) {
            if (open.isOver() && underway.availablePermits() < UNDERWAY - UNDERWAY_LATE) {
                overtime.pause(LOOK);
            } else if (underway.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                buy(underway, staff);
            }
        }
    }

    private void buy(Semaphore underway, ExecutorService staff) throws InterruptedException {
        long number = numbers.incrementAndGet();
        String id = place(number).path("id").asString("");
        if (id.isEmpty() || isClosed()) {
            underway.release();
            return;
        }
        employ(
                staff,
                () -> {
                    try {
                        serve(number, id);
                    } finally {
                        underway.release();
                    }
                });
    }

    /// Many customers at once, and nobody who serves them.
    private void crowd(Deadline closed) {
        try (ExecutorService customers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CROWD; i++) {
                employ(
                        customers,
                        () -> {
                            while (!closed.isOver()) {
                                place(numbers.incrementAndGet());
                            }
                        });
            }
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws InterruptedException;
    }

    private void employ(ExecutorService people, Work work) {
        people.execute(
                () -> {
                    try {
                        work.run();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    } catch (RuntimeException e) {
                        refused("work", e.toString());
                    }
                });
    }

    private void browse(int first) throws InterruptedException {
        for (int i = first; !open.isOver(); i++) {
            look("list", LISTS.get(i % LISTS.size()));
            look("list", "/orders?customer=customer-" + i % 100);
            if (i % LISTS.size() == first) {
                events.scrape();
            }
            overtime.pause(SLOW_LOOK);
        }
    }

    // --- what happens to an order ---

    private JsonNode place(long number) throws InterruptedException {
        List<Object> lines = new ArrayList<>();
        for (int line = 0; line <= number % MOST_LINES; line++) {
            lines.add(Map.of("sku", sku(number * MOST_LINES + line), "quantity", 2));
        }
        Map<String, Object> order = new TreeMap<>();
        order.put("customerId", "customer-" + number % 100);
        order.put("email", "customer@example.com");
        order.put("currency", CURRENCY);
        order.put("lines", lines);
        order.put("shipping", Map.of("method", "standard", "address", address("Allee 1")));
        order.put("payment", Map.of("method", "card", "token", token(number)));
        if (number % 4 == 0) {
            order.put("campaignCodes", List.of(CODE));
        }
        if (number % 10 == 0) {
            send("priced", "POST", "/orders/price", order);
        }
        return send("placed", "POST", "/orders", order);
    }

    private static String token(long number) {
        return switch ((int) (number % 50)) {
            case 21 -> "tok_declined";
            case 41 -> "tok_insufficient_funds";
            default -> "tok_ok";
        };
    }

    private static Map<String, Object> address(String line) {
        return Map.of(
                "name",
                "Eva",
                "line1",
                line,
                "city",
                "Berlin",
                "postalCode",
                "10115",
                "country",
                "DE");
    }

    private void serve(long number, String id) throws InterruptedException {
        String path = "/orders/" + id;
        JsonNode order = await(path, one -> !is(one, "status", "Created"));
        if (!is(order, "status", "Confirmed")) {
            count("not confirmed");
            return;
        }
        switch ((int) (number % 20)) {
            case 3 -> send("cancelled", "POST", path + "/cancel", reason());
            case 7 -> {
                send("held", "PUT", path + "/holds/MANUAL", reason());
                send("noted", "POST", path + "/notes", Map.of("text", "called back"));
                send("released", "DELETE", path + "/holds/MANUAL", Map.of());
            }
            case 11 ->
                    send("moved", "PUT", path + "/address", Map.of("address", address("Allee 2")));
            case 15 ->
                    send(
                            "lines cancelled",
                            "POST",
                            path + "/cancel-lines",
                            Map.of("lines", List.of(line(0, 1)), "reason", "TRAINING"));
            default -> ship(number, path, id);
        }
    }

    private void ship(long number, String path, String id) throws InterruptedException {
        String shipment = "/shipments/" + id + "-1";
        JsonNode order = await(path, one -> !is(one, "fulfilment", "Unallocated"));
        await(shipment, one -> !one.isMissingNode());
        if (isClosed()) {
            return;
        }
        send("picked", "POST", shipment + "/pick", Map.of());
        List<Object> contents = new ArrayList<>();
        for (int line = 0; line < order.path("lines").size(); line++) {
            contents.add(line(line, 2));
        }
        send(
                "packed",
                "POST",
                shipment + "/pack",
                Map.of(
                        "parcels",
                        List.of(Map.of("id", "1", "weightGrams", 900, "contents", contents))));
        send(
                "shipped",
                "POST",
                shipment + "/dispatch",
                Map.of(
                        "labels",
                        List.of(Map.of("parcel", "1", "carrier", "post", "code", "T-" + number)),
                        "cost",
                        Map.of("minor", 490, "currency", CURRENCY)));
        if (number % 2 == 0) {
            send(
                    "delivered",
                    "POST",
                    shipment + "/deliver",
                    Map.of("parcel", "1", "at", clock.instant().toString()));
            look("history", path + "/events");
        }
        if (number % 8 == 0) {
            await(path, one -> is(one, "status", "Completed"));
            if (!isClosed()) {
                takeBack(path);
            }
        }
    }

    private void takeBack(String path) throws InterruptedException {
        JsonNode answer =
                send(
                        "return requested",
                        "POST",
                        path + "/returns",
                        Map.of("lines", List.of(line(0, 1)), "reason", "does not fit"));
        String back = "/returns/" + answer.path("id").asString();
        send("return approved", "POST", back + "/approve", Map.of());
        send("return received", "POST", back + "/receive", Map.of());
        send(
                "returned",
                "POST",
                back + "/inspect",
                Map.of(
                        "lines",
                        List.of(Map.of("line", 0, "restocked", 1, "writtenOff", 0)),
                        "location",
                        "main"));
    }

    private static Map<String, Object> reason() {
        return Map.of("reason", "TRAINING");
    }

    private static Map<String, Object> line(int line, int quantity) {
        return Map.of("line", line, "quantity", quantity);
    }

    private static boolean is(JsonNode order, String axis, String value) {
        return order.path(axis).asString("").equals(value);
    }

    // --- requests ---

    /// Looks at it until it is as it should be, or the shop closes.
    private JsonNode await(String path, Predicate<JsonNode> isThere) throws InterruptedException {
        while (true) {
            JsonNode seen = look(LOOKED, path);
            if (isThere.test(seen) || isClosed()) {
                return seen;
            }
            overtime.pause(LOOK);
        }
    }

    private JsonNode look(String what, String path) throws InterruptedException {
        return send(Sending.get(what, path));
    }

    private JsonNode send(String what, String method, String path, Object body)
            throws InterruptedException {
        return send(
                new Sending(what, method, path, "training-" + requests.incrementAndGet(), body));
    }

    private JsonNode send(Sending sending) throws InterruptedException {
        return switch (client.send(sending)) {
            case Outcome.Accepted(String what, JsonNode body) -> {
                count(what);
                yield body;
            }
            case Outcome.Failed(String what, String answer) -> {
                if (!what.equals(LOOKED)) { // what is not there yet is looked for again
                    refused(what, answer);
                }
                yield Tally.JSON.missingNode();
            }
        };
    }

    private void refused(String what, String answer) {
        synchronized (done) {
            refused.put(what, answer);
        }
    }

    private void count(String what) {
        synchronized (done) {
            done.merge(what, 1, Math::addExact);
        }
    }
}
