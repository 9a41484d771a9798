// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import dev.fakta.load.FoodMart.Basket;
import dev.fakta.load.Shop.Answer;
import dev.fakta.orders.payments.provider.WebhookSecret;
import dev.fakta.orders.payments.sandbox.Sandbox;
import dev.fakta.orders.payments.sandbox.SandboxSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// One run: a server with a sandbox provider beside it, all baskets placed as orders while the
/// server is killed and started again, a wait until nothing moves, and the audit.
///
/// There is less of everything than is wanted, so that orders compete: nine tenths of the units
/// that the baskets have of a product, and of the uses that they make of a promotion.
final class LoadRun {

    private static final int TENTHS = 9;
    private static final int PROGRESS = 2_000;
    private static final String WEBHOOKS = "/webhooks/payments";

    private final LoadSettings settings;
    private final PrintStream out;
    private final Shop shop = new Shop();
    private final AtomicInteger done = new AtomicInteger();
    private final String secret = WebhookSecret.generate();
    private final Sandbox sandbox;
    private ServerJvm server;

    private LoadRun(LoadSettings settings, PrintStream out)
            throws IOException, InterruptedException {
        this.settings = settings;
        this.out = out;
        Files.createDirectories(settings.data());
        this.sandbox =
                Sandbox.start(
                        SandboxSettings.of(
                                        settings.data().resolve("ledger.jsonl"),
                                        WebhookSecret.of(secret))
                                .misbehaving(settings.misbehaviours()),
                        InstantSource.system());
        try {
            this.server = start();
        } catch (IOException | InterruptedException e) {
            sandbox.close();
            throw e;
        }
    }

    /// Runs it. Takes about a minute for each five thousand baskets, and longer with kills.
    static LoadReport run(LoadSettings settings, FoodMart data, PrintStream out)
            throws IOException, InterruptedException {
        LoadRun run = new LoadRun(settings, out);
        try {
            return run.run(data);
        } finally {
            run.server.close();
            run.shop.close();
            run.sandbox.close();
        }
    }

    private ServerJvm start() throws IOException, InterruptedException {
        ServerJvm started =
                ServerJvm.start(
                        settings.jvm(),
                        List.of(
                                "--data",
                                settings.data().resolve("server").toString(),
                                "--payment-provider",
                                sandbox.uri().toString()),
                        Map.of("FAKTA_WEBHOOK_SECRET", secret),
                        settings.data().resolve("server.log"));
        sandbox.deliverTo(started.uri().resolve(WEBHOOKS));
        shop.isAt(started.uri());
        return started;
    }

    private LoadReport run(FoodMart data) throws IOException, InterruptedException {
        List<Basket> baskets = new ArrayList<>(data.baskets());
        Random random = new Random(settings.seed());
        Collections.shuffle(baskets, random);
        baskets = baskets.subList(0, settings.baskets());
        list(data, baskets);
        long start = System.nanoTime();
        Map<Integer, Integer> answers = new TreeMap<>();
        through(orders(baskets), "orders", random, share(0))
                .forEach(answer -> answers.merge(answer.status(), 1, Math::addExact));
        long placed = System.nanoTime();
        Warehouse warehouse = new Warehouse(shop);
        Quiet _ = quiet("placed");
        int left = settings.kills() - share(0) - share(1);
        through(warehouse.shipments(), "shipments", random, share(1));
        Quiet _ = quiet("shipped");
        through(warehouse.returns(), "returns", random, left);
        through(warehouse.shipments(), "shipments of what was lost", random, 0);
        Quiet quiet = quiet("sent back");
        long settled = System.nanoTime();
        server.stop();
        Audit audit = new Audit(ledger(), quiet.timed());
        Ends ends = new Ends();
        Facts.read(
                settings.data().resolve("server").resolve("log"),
                fact -> {
                    audit.see(fact);
                    ends.see(fact);
                });
        return new LoadReport(
                answers,
                ends.counts(),
                settings.kills(),
                Duration.ofNanos(placed - start),
                Duration.ofNanos(settled - placed),
                quiet.moving(),
                audit.wrong(),
                audit.unproven());
    }

    /// Half of the kills come while orders are placed, most of the others while they are shipped.
    private int share(int phase) {
        return phase == 0 ? settings.kills() / 2 : settings.kills() * 2 / 5;
    }

    private Quiet quiet(String done) throws IOException, InterruptedException {
        out.println(done + "; waiting until nothing moves");
        return Quiet.await(shop, InstantSource.system());
    }

    private void list(FoodMart data, List<Basket> baskets)
            throws IOException, InterruptedException {
        Map<Integer, Long> units = FoodMart.unitsByProduct(baskets);
        Map<Integer, Long> uses = new TreeMap<>();
        for (Basket basket : baskets) {
            if (basket.isPromoted()) {
                uses.merge(basket.promotion(), 1L, Math::addExact);
            }
        }
        List<Callable<Answer>> calls = new ArrayList<>();
        units.forEach(
                (product, wanted) -> {
                    String sku = Requests.sku(product);
                    var listed = Requests.product(data.product(product));
                    var stock = Requests.stock(Math.ceilDiv(wanted * TENTHS, 10));
                    calls.add(() -> shop.send("PUT", "/products/" + sku, "p-" + sku, listed));
                    calls.add(() -> shop.send("PUT", "/stock/" + sku, "s-" + sku, stock));
                });
        uses.forEach(
                (promotion, wanted) -> {
                    String path = "/campaigns/promotion-" + promotion;
                    var body = Requests.promotion(promotion, Math.max(1, wanted * TENTHS / 10));
                    calls.add(() -> shop.send("PUT", path, "c-" + promotion, body));
                });
        for (Answer answer : all(calls)) {
            if (answer.status() != 200) {
                throw new IOException("cannot be listed: " + answer);
            }
        }
        out.printf("%,d products and %,d promotions are listed%n", units.size(), uses.size());
    }

    private List<Callable<Answer>> orders(List<Basket> baskets) {
        List<Callable<Answer>> calls = new ArrayList<>();
        for (int i = 0; i < baskets.size(); i++) {
            String key = "foodmart-" + settings.seed() + "-" + i;
            Basket basket = baskets.get(i);
            calls.add(() -> shop.send("POST", "/orders", key, Requests.order(basket)));
        }
        return calls;
    }

    /// Does all of it, while the server is killed at so many random moments.
    private List<Answer> through(List<Callable<Answer>> work, String what, Random random, int kills)
            throws IOException, InterruptedException {
        SortedSet<Integer> moments = new TreeSet<>();
        while (moments.size() < Math.min(kills, work.size())) {
            moments.add(random.nextInt(work.size()));
        }
        done.set(0);
        List<Callable<Answer>> counted = new ArrayList<>();
        work.forEach(one -> counted.add(() -> counted(one.call(), what, work.size())));
        try (ExecutorService one = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> killing = one.submit(() -> killAt(moments));
            List<Answer> answers = all(counted);
            result(killing);
            return answers;
        }
    }

    private Answer counted(Answer answer, String what, int all) {
        int count = done.incrementAndGet();
        if (count % PROGRESS == 0) {
            out.printf("%,d of %,d %s%n", count, all, what);
        }
        return new Answer(answer.status(), MissingNode.getInstance()); // all bodies are too many
    }

    /// Kills the server whenever so many orders are done.
    private @Nullable Void killAt(SortedSet<Integer> moments)
            throws IOException, InterruptedException {
        for (int moment : moments) {
            while (done.get() < moment) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            shop.isAt(null);
            server.kill();
            server = start();
        }
        return null;
    }

    private <T> List<T> all(List<Callable<T>> calls) throws IOException, InterruptedException {
        try (ExecutorService clients =
                Executors.newFixedThreadPool(settings.clients(), Thread.ofVirtual().factory())) {
            List<T> results = new ArrayList<>(calls.size());
            for (Future<T> future : clients.invokeAll(calls)) {
                results.add(result(future));
            }
            return results;
        }
    }

    private static <T> T result(Future<T> future) throws IOException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    /// The provider's own account of it.
    private JsonNode ledger() throws IOException, InterruptedException {
        URI uri = sandbox.uri().resolve("/ledger");
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(uri).timeout(Duration.ofMinutes(1)).build();
            return JsonMapper.shared().readTree(http.send(request, BodyHandlers.ofString()).body());
        }
    }
}
