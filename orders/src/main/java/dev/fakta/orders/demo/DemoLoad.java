// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import dev.fakta.orders.demo.SteelWheels.OrderHead;
import dev.fakta.orders.demo.SteelWheels.OrderLine;
import dev.fakta.orders.demo.SteelWheels.Product;
import java.io.Console;
import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Loads the Steel Wheels data set through the public HTTP API: products and their stock first,
/// then the orders, each stage with a bounded number of requests in flight.
///
/// Every request has an idempotency key made from the data (`steel-wheels-10100`), so running the
/// load again changes nothing and reports the same. Orders are sent with the data's prices and
/// dates, for which the caller needs the import permission (`--trusted`).
public final class DemoLoad {

    private final SteelWheels data;
    private final ApiClient client;
    private final DemoLimits limits;
    private final Progress.Display display;
    private final PrintStream out;

    private DemoLoad(
            SteelWheels data,
            ApiClient client,
            DemoLimits limits,
            Progress.Display display,
            PrintStream out) {
        this.data = data;
        this.client = client;
        this.limits = limits;
        this.display = display;
        this.out = out;
    }

    /// Loads the data set into the microsystem at `base`, shows progress on `out` and prints the
    /// report there. Takes five minutes at most. A failed request is in the report and is no
    /// exception; when a product or its stock cannot be set, no order is sent.
    public static DemoReport run(URI base, PrintStream out) {
        return run(base, SteelWheels.read(), DemoLimits.USUAL, display(), out);
    }

    static DemoReport run(
            URI base,
            SteelWheels data,
            DemoLimits limits,
            Progress.Display display,
            PrintStream out) {
        Tally tally = new Tally(data, base);
        try (ApiClient client =
                new ApiClient(base, limits, Deadline.in(limits.total()), Tally.JSON)) {
            new DemoLoad(data, client, limits, display, out).load(tally);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the demo load was interrupted");
        }
        DemoReport report = tally.report();
        report.print(out);
        return report;
    }

    /// From JDK 22 to 24 there always is a console, elsewhere only when it is a terminal.
    @SuppressWarnings("SystemConsoleNull")
    private static Progress.Display display() {
        Console console = System.console();
        return console != null && console.isTerminal()
                ? Progress.Display.TERMINAL
                : Progress.Display.LINES;
    }

    private void load(Tally tally) throws InterruptedException {
        List<Sending> orders = orders(); // an unusable row fails here, before anything is sent
        send("products", data.products().stream().map(DemoLoad::product).toList())
                .forEach(tally::listed);
        Map<String, Integer> wanted = data.unitsByProduct();
        send("stock", data.products().stream().map(one -> stock(one, wanted)).toList())
                .forEach(tally::listed);
        if (!tally.hasFailures()) {
            List<Outcome> outcomes = send("orders", orders);
            for (int i = 0; i < outcomes.size(); i++) {
                tally.placed(data.orders().get(i).number(), outcomes.get(i));
            }
        }
    }

    private List<Outcome> send(String stage, List<Sending> sendings) throws InterruptedException {
        Progress progress = new Progress(out, display, stage, sendings.size());
        try (ExecutorService workers =
                Executors.newFixedThreadPool(limits.concurrency(), Thread.ofVirtual().factory())) {
            return outcomes(
                    workers.invokeAll(
                            sendings.stream().map(sending -> task(sending, progress)).toList()));
        }
    }

    private Callable<Outcome> task(Sending sending, Progress progress) {
        return () -> {
            Outcome outcome = client.send(sending);
            progress.step();
            return outcome;
        };
    }

    private static List<Outcome> outcomes(List<Future<Outcome>> futures)
            throws InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        for (Future<Outcome> future : futures) {
            try {
                outcomes.add(future.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("a request could not be made", e.getCause());
            }
        }
        return outcomes;
    }

    private static Sending product(Product product) {
        String code = product.code();
        return new Sending(
                "product " + code,
                "PUT",
                "/products/" + code,
                "steel-wheels-product-" + code,
                Requests.product(product));
    }

    /// As much as the orders take is there on top of what is left, as it was when they came.
    private static Sending stock(Product product, Map<String, Integer> wanted) {
        String code = product.code();
        return new Sending(
                "stock of " + code,
                "PUT",
                "/stock/" + code,
                "steel-wheels-stock-" + code,
                Requests.stock(product.inStock() + wanted.getOrDefault(product.code(), 0)));
    }

    private List<Sending> orders() {
        Map<Integer, List<OrderLine>> lines = data.linesByOrder();
        return data.orders().stream()
                .map(order -> order(order, lines.getOrDefault(order.number(), List.of())))
                .toList();
    }

    private Sending order(OrderHead order, List<OrderLine> lines) {
        return new Sending(
                "order " + order.number(),
                "POST",
                "/orders",
                "steel-wheels-" + order.number(),
                Requests.order(order, data.customerOf(order), lines));
    }
}
