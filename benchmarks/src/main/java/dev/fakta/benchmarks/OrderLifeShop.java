// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.domain.Processor;
import dev.fakta.gateway.Gateway;
import dev.fakta.gateway.GatewaySettings;
import dev.fakta.gateway.ServedMicrosystem;
import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogDirectory;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.orders.OrderManagement;
import dev.fakta.orders.OrdersMicrosystem;
import dev.fakta.orders.campaign.Campaign;
import dev.fakta.orders.campaign.CampaignRoutes;
import dev.fakta.orders.catalog.Product;
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.OrderRules;
import dev.fakta.orders.order.PlaceOrder;
import dev.fakta.orders.payments.PaymentsMicrosystem;
import dev.fakta.orders.payments.SealedTokens;
import dev.fakta.orders.payments.provider.HttpProvider;
import dev.fakta.orders.payments.provider.HttpProviderSettings;
import dev.fakta.orders.payments.provider.Pace;
import dev.fakta.orders.payments.provider.ProviderWebhooks;
import dev.fakta.orders.payments.provider.WebhookSecret;
import dev.fakta.orders.payments.sandbox.Sandbox;
import dev.fakta.orders.payments.sandbox.SandboxSettings;
import dev.fakta.orders.tasks.StalledSweep;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeLoad;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Reply;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The whole of order management in this process, with stock without end, and a follower of its log
/// that sees when an order is confirmed.
final class OrderLifeShop implements AutoCloseable {

    static final int LINES = 5;
    private static final Duration IDLE_WITHIN = Duration.ofSeconds(60);
    static final int PRODUCTS = 1_560;
    private static final int CAMPAIGNS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Currency EUR = Currency.getInstance("EUR");

    private static final SealedTokens TOKENS = SealedTokens.ofThisProcess();
    private static final Processor<PlaceOrder, Order.Command> PLACE =
            OrdersMicrosystem.placing(OrderRules.plain(), TOKENS::seal);

    private final int products;
    private final int lines;
    private final boolean usesCodes;
    private final AtomicLong asked = new AtomicLong();
    private final Sandbox sandbox;
    private final HttpProvider provider;
    private final EventLog log;
    private final Node node;
    private final Gateway gateway;
    private final LogReader reader;
    private final Thread follower;
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Long> placed = new ConcurrentHashMap<>();
    private final AtomicLong confirmed = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile LatencyHistogram latencies = new LatencyHistogram();
    private volatile boolean isClosed;
    private volatile Semaphore free = new Semaphore(0);
    private long numbered;

    /// What came of a load.
    record Life(double rate, LatencyHistogram latencies) {}

    /// What was recorded of one kind of stream.
    ///
    /// @param commands that led to the events
    /// @param bytes of the events' payloads
    record Kind(long events, long commands, long bytes) {
        static final Kind NONE = new Kind(0, 0, 0);

        Kind with(EventRecord record, boolean isOfNewCommand) {
            return new Kind(
                    events + 1,
                    commands + (isOfNewCommand ? 1 : 0),
                    bytes + record.event().payload().length);
        }
    }

    private OrderLifeShop(Path data, int products, int lines, boolean usesCodes) {
        this.products = products;
        this.lines = lines;
        this.usesCodes = usesCodes;
        WebhookSecret secret = WebhookSecret.of(WebhookSecret.generate());
        sandbox =
                Sandbox.start(
                        SandboxSettings.of(data.resolve("ledger.jsonl"), secret),
                        InstantSource.system());
        provider = new HttpProvider(HttpProviderSettings.of(sandbox.uri()));
        List<ServedMicrosystem> served =
                OrderManagement.served(
                        new ServedMicrosystem(
                                PaymentsMicrosystem.asking(
                                        new CountingProvider(provider, asked), Pace.calm(), TOKENS),
                                http -> {
                                    PaymentsMicrosystem.routes(http);
                                    PaymentsMicrosystem.webhooks(http, secret);
                                }),
                        OrderRules.plain(),
                        TOKENS,
                        StalledSweep.AFTER);
        Microsystems all =
                new Microsystems(served.stream().map(ServedMicrosystem::definition).toList());
        log = LogDirectory.open(data.resolve("log"), all.streams(), SegmentLogSettings.defaults());
        node =
                Node.start(
                        NodeSettings.embedded(data.resolve("views")),
                        all,
                        log,
                        InstantSource.system());
        gateway =
                Gateway.start(
                        node,
                        GatewaySettings.onLoopback(0).trusting(),
                        http -> served.forEach(one -> one.routes().accept(http)));
        sandbox.deliverTo(
                URI.create("http://127.0.0.1:" + gateway.port()).resolve(ProviderWebhooks.PATH));
        reader = log.reader(log.heads());
        follower = Thread.ofPlatform().name("confirmations").unstarted(this::follow);
    }

    /// Whose orders have five lines and a code.
    static OrderLifeShop open(Path data) {
        return open(new OrderLifeShop(data, PRODUCTS, LINES, true));
    }

    /// Whose orders have so many lines of so many products, and no code.
    static OrderLifeShop ofLines(Path data, int products, int lines) {
        return open(new OrderLifeShop(data, products, lines, false));
    }

    private static OrderLifeShop open(OrderLifeShop shop) {
        shop.follower.start();
        shop.stock();
        shop.promote();
        return shop;
    }

    private void stock() {
        for (int i = 0; i < products; i++) {
            String sku = "sku-" + i;
            accepted(
                    node.await(
                            node.send(
                                    Product.AGGREGATE,
                                    sku,
                                    new Product.Command.ListProduct(
                                            "Product " + i,
                                            new ArrayList<>(List.of(new Money(1999, EUR))),
                                            "standard",
                                            500L,
                                            new ArrayList<>(),
                                            true),
                                    Cause.fresh())));
            accepted(
                    node.await(
                            node.send(
                                    StockItem.AGGREGATE,
                                    StockItem.Command.idOf(sku, null),
                                    new StockItem.Command.Count(sku, null, 1_000_000_000L),
                                    Cause.fresh())));
        }
    }

    private void promote() {
        for (int i = 0; i < CAMPAIGNS; i++) {
            accepted(
                    node.process(
                            CampaignRoutes.DEFINE,
                            "campaign-" + i,
                            new Campaign.Command.DefineCampaign(
                                    new ArrayList<>(List.of("CODE" + i)),
                                    "percentage",
                                    BigDecimal.TEN,
                                    null,
                                    null,
                                    null,
                                    null,
                                    null,
                                    1_000_000_000L,
                                    null,
                                    null,
                                    null,
                                    null,
                                    null,
                                    false,
                                    true),
                            Cause.fresh()));
        }
    }

    private static void accepted(Reply<?> reply) {
        if (!(reply instanceof Reply.Accepted<?>)) {
            throw new IllegalStateException("not accepted: " + reply);
        }
    }

    /// Places an order whenever one has ended, so that so many are underway.
    Life placeAsManyAsEnd(int underway, Duration time) throws InterruptedException {
        begin(underway);
        long before = confirmed.get();
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos()) {
            if (!free.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("no order ends");
            }
            place();
        }
        double rate = (confirmed.get() - before) / ((System.nanoTime() - start) / 1e9);
        return end(rate);
    }

    /// Places so many orders a second, whatever becomes of them.
    Life placeAt(double rate, Duration time) throws InterruptedException {
        begin(0);
        long before = confirmed.get();
        long start = System.nanoTime();
        for (long n = 0; System.nanoTime() - start < time.toNanos(); n++) {
            long due = start + (long) (n / rate * 1e9);
            LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
            place();
        }
        double reached = (confirmed.get() - before) / ((System.nanoTime() - start) / 1e9);
        return end(reached);
    }

    /// What came of more orders than can be confirmed.
    ///
    /// @param confirmed orders confirmed in a second while they came
    /// @param left those that had been placed and were not confirmed at the end
    /// @param seconds that those took
    record Flood(LoadResult orders, double confirmed, double left, double seconds) {}

    /// Has orders come over HTTP, and waits until all that were taken are confirmed.
    Flood flood(Supplier<LoadResult> load) {
        long before = confirmed.get();
        long start = System.nanoTime();
        LoadResult orders = load.get();
        double rate = (confirmed.get() - before) / ((System.nanoTime() - start) / 1e9);
        long end = System.nanoTime();
        int left = placed.size();
        Life _ = end(0);
        return new Flood(orders, rate, left, (System.nanoTime() - end) / 1e9);
    }

    /// Where the gateway listens.
    int port() {
        return gateway.port();
    }

    private void begin(int underway) {
        latencies = new LatencyHistogram();
        free = new Semaphore(underway);
    }

    private Life end(double rate) {
        long start = System.nanoTime();
        while (!placed.isEmpty()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IllegalStateException(placed.size() + " orders are not confirmed");
            }
            LockSupport.parkNanos(1_000_000);
        }
        if (failed.get() > 0 || rejected.get() > 0) {
            throw new IllegalStateException(
                    "%d orders were not placed, %d were rejected"
                            .formatted(failed.get(), rejected.get()));
        }
        return new Life(rate, latencies);
    }

    private void place() {
        long number = ++numbered;
        String id = "life" + number;
        placed.put(id, System.nanoTime());
        clients.execute(
                () -> {
                    Reply<Order> reply = node.processNew(PLACE, id, order(number), Cause.fresh());
                    if (!(reply instanceof Reply.Accepted<Order>)) {
                        failed.incrementAndGet();
                        placed.remove(id);
                    }
                });
    }

    private PlaceOrder order(long number) {
        List<PlaceOrder.@Nullable Line> wanted = new ArrayList<>();
        for (int line = 0; line < lines; line++) {
            long product = (number * lines + line) % products;
            wanted.add(new PlaceOrder.Line("sku-" + product, 1L, null));
        }
        return new PlaceOrder(
                "customer-" + number % 1_000,
                "eva@example.com",
                "EUR",
                wanted,
                usesCodes
                        ? new ArrayList<>(List.of("CODE" + number % CAMPAIGNS))
                        : new ArrayList<>(),
                new PlaceOrder.Shipping(
                        "standard",
                        new PlaceOrder.Destination(
                                "Eva", "Allee 1", null, "Berlin", null, "10115", "DE")),
                new PlaceOrder.Payment("card", "tok_ok"),
                null);
    }

    // --- what is counted ---

    long confirmed() {
        return confirmed.get();
    }

    /// How often the provider was asked.
    long asked() {
        return asked.get();
    }

    NodeLoad load() {
        return node.load();
    }

    Positions heads() {
        return log.heads();
    }

    /// Waits until sagas and couriers have dealt with all of the log, twice in a row.
    void awaitIdle() throws InterruptedException {
        long end = System.nanoTime() + IDLE_WITHIN.toNanos();
        for (int looks = 0; looks < 2; ) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the sagas do not come to rest");
            }
            TimeUnit.MILLISECONDS.sleep(1_100); // counts are a second old at most
            boolean isIdle = node.status().sagas().stream().allMatch(one -> one.behind() == 0);
            looks = isIdle ? looks + 1 : 0;
        }
    }

    /// What was recorded since then, by kind of stream.
    Map<String, Kind> recordedSince(Positions start) {
        Map<String, Kind> kinds = new TreeMap<>();
        Set<String> commands = new HashSet<>();
        Positions end = log.heads();
        try (LogReader records = log.reader(start)) {
            while (!records.positions().covers(end)) {
                for (LogRecord record : records.next(1_000, Duration.ofSeconds(1))) {
                    if (record instanceof EventRecord event) {
                        String stream = event.event().stream();
                        String command = stream + event.event().metadata().commandId();
                        String kind = stream.substring(0, stream.indexOf('/'));
                        kinds.merge(
                                kind,
                                Kind.NONE.with(event, commands.add(command)),
                                (all, one) ->
                                        new Kind(
                                                all.events + one.events,
                                                all.commands + one.commands,
                                                all.bytes + one.bytes));
                    }
                }
            }
        }
        return kinds;
    }

    /// Sees each order's end as soon as it is in the log.
    private void follow() {
        while (!isClosed) {
            for (LogRecord record : reader.next(1_000, Duration.ofMillis(100))) {
                if (record instanceof EventRecord event) {
                    switch (event.event().name()) {
                        case "order-created" -> created(event);
                        case "order-confirmed" -> ended(event, confirmed);
                        case "order-rejected" -> ended(event, rejected);
                        default -> {} // on the way
                    }
                }
            }
        }
    }

    /// What came over HTTP is underway from here on.
    private void created(EventRecord event) {
        placed.putIfAbsent(id(event), System.nanoTime());
    }

    private static String id(EventRecord event) {
        return event.event().stream().substring("order/".length());
    }

    private void ended(EventRecord event, AtomicLong how) {
        Long since = placed.remove(id(event));
        if (since != null) {
            latencies.record(System.nanoTime() - since);
            how.incrementAndGet();
            free.release();
        }
    }

    @Override
    public void close() {
        clients.close();
        isClosed = true;
        try (reader) {
            follower.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        gateway.close();
        node.close();
        log.close();
        sandbox.close();
        provider.close();
    }
}
