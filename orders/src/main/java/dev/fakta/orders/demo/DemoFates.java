// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import dev.fakta.orders.demo.SteelWheels.OrderHead;
import dev.fakta.orders.demo.SteelWheels.OrderLine;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// Drives the orders of the demo to what the data set says became of them, through the public HTTP
/// API, as the people of a shop would: what was shipped is picked, packed and dispatched, what was
/// resolved has arrived too, some are held or cancelled. Customers who dispute paid with a card of
/// the sandbox provider that does so by itself.
///
/// Every request has an idempotency key made from the data, so that a second run changes nothing.
public final class DemoFates {

    /// A payment whose answers are lost pauses up to two minutes before its next try, and several
    /// tries may be lost on a busy machine: only a demo that is stuck takes this long.
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final String AS_RECORDED = "as the data set records";
    private static final int STRAYS_SHOWN = 10;

    private final SteelWheels data;
    private final Map<Integer, List<OrderLine>> lines;
    private final ApiClient client;
    private final Deadline deadline;

    private DemoFates(SteelWheels data, ApiClient client, Deadline deadline) {
        this.data = data;
        this.lines = data.linesByOrder();
        this.client = client;
        this.deadline = deadline;
    }

    /// What became of the orders.
    ///
    /// @param reached how many are as the data set records, by its statuses
    /// @param strays those that are not, and how they are
    public record Fates(SortedMap<String, Integer> reached, List<String> strays) {
        void print(PrintStream out) {
            List<String> texts = new ArrayList<>();
            reached.forEach((status, count) -> texts.add(count + " " + status));
            out.println("as the data set records: " + String.join(", ", texts));
            strays.stream().limit(STRAYS_SHOWN).forEach(one -> out.println("  not: " + one));
            if (strays.size() > STRAYS_SHOWN) {
                out.println("  not: " + (strays.size() - STRAYS_SHOWN) + " more");
            }
        }
    }

    /// Takes ten minutes at most. An order that cannot be driven where it belongs, because no
    /// payment provider answers say, is in the report and is no exception.
    ///
    /// @param placed the orders' ids, by their numbers
    public static Fates run(URI base, SortedMap<Integer, String> placed, PrintStream out) {
        Deadline deadline = Deadline.in(LIMIT);
        try (ApiClient client = new ApiClient(base, DemoLimits.USUAL, deadline, Tally.JSON)) {
            Fates fates = new DemoFates(SteelWheels.read(), client, deadline).drive(placed, out);
            fates.print(out);
            return fates;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the demo was interrupted");
        }
    }

    private Fates drive(SortedMap<Integer, String> placed, PrintStream out)
            throws InterruptedException {
        Progress progress = new Progress(out, Progress.Display.LINES, "statuses", placed.size());
        SortedMap<String, Integer> reached = new TreeMap<>();
        List<String> strays = new ArrayList<>();
        Map<OrderHead, Future<String>> futures = new LinkedHashMap<>();
        try (ExecutorService workers =
                Executors.newFixedThreadPool(
                        DemoLimits.USUAL.concurrency(), Thread.ofVirtual().factory())) {
            for (OrderHead order : data.orders()) {
                String id = placed.get(order.number());
                if (id != null) {
                    futures.put(order, workers.submit(() -> drive(order, id, progress)));
                }
            }
        }
        for (Map.Entry<OrderHead, Future<String>> one : futures.entrySet()) {
            String problem = result(one.getValue());
            if (problem.isEmpty()) {
                reached.merge(one.getKey().status(), 1, Math::addExact);
            } else {
                strays.add(
                        "order %d, %s there: %s"
                                .formatted(one.getKey().number(), one.getKey().status(), problem));
            }
        }
        return new Fates(reached, strays);
    }

    private static String result(Future<String> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a request could not be made", e.getCause());
        }
    }

    /// Empty when the order is where it belongs.
    private String drive(OrderHead order, String id, Progress progress)
            throws InterruptedException {
        try {
            await(id, "is decided on", state -> !state.is("status", "Created"));
            go(order, id);
            return "";
        } catch (Stray stray) {
            return String.valueOf(stray.getMessage());
        } finally {
            progress.step();
        }
    }

    private void go(OrderHead order, String id) throws InterruptedException, Stray {
        switch (order.status()) {
            case "Shipped" -> ship(order, id);
            case "Disputed" -> {
                ship(order, id);
                await(id, "is disputed", state -> state.is("payment", "Disputed"));
            }
            case "Resolved" -> {
                ship(order, id);
                Instant at = order.orderDate().atStartOfDay(ZoneOffset.UTC).toInstant();
                send(order, shipment(id) + "/deliver", new Requests.Delivery("1", at));
                await(id, "is completed", state -> state.is("status", "Completed"));
            }
            case "Cancelled" -> {
                send(order, order(id) + "/cancel", new Requests.Cancellation(AS_RECORDED));
                await(id, "is cancelled", state -> state.is("status", "Cancelled"));
            }
            case "On Hold" -> {
                send(order, "PUT", order(id) + "/holds/MANUAL", new Requests.Hold(AS_RECORDED));
                await(id, "is held", state -> !state.body().path("holds").isEmpty());
            }
            case "In Process" ->
                    await(id, "is allocated", state -> state.is("fulfilment", "Allocated"));
            default -> throw new Stray("there is no way to " + order.status());
        }
    }

    private void ship(OrderHead order, String id) throws InterruptedException, Stray {
        await(id, "has a shipment", state -> !state.is("fulfilment", "Unallocated"));
        List<OrderLine> own = lines.getOrDefault(order.number(), List.of());
        send(order, shipment(id) + "/pick", new Requests.Empty());
        send(order, shipment(id) + "/pack", Requests.pack(own));
        send(order, shipment(id) + "/dispatch", Requests.dispatch(order.number()));
        await(id, "is captured", state -> !state.is("payment", "Authorized"));
    }

    private static String order(String id) {
        return "/orders/" + id;
    }

    private static String shipment(String id) {
        return "/shipments/" + id + "-1";
    }

    private void send(OrderHead order, String path, Object body)
            throws InterruptedException, Stray {
        send(order, "POST", path, body);
    }

    private void send(OrderHead order, String method, String path, Object body)
            throws InterruptedException, Stray {
        String key = "steel-wheels-" + order.number() + path.substring(path.lastIndexOf('/'));
        Outcome outcome =
                client.send(new Sending("order " + order.number(), method, path, key, body));
        if (outcome instanceof Outcome.Failed failed) {
            throw new Stray(failed.reason());
        }
    }

    /// Looks at the order until it is as it should be.
    private void await(String id, String what, Predicate<State> isThere)
            throws InterruptedException, Stray {
        String seen = "not looked at";
        while (!deadline.isOver()) {
            switch (client.send(Sending.get("order " + id, order(id)))) {
                case Outcome.Failed failed -> throw new Stray(failed.reason());
                case Outcome.Accepted(_, var body) -> {
                    State state = new State(body);
                    if (isThere.test(state)) {
                        return;
                    }
                    seen = state.toString();
                }
            }
            deadline.pause(LOOK);
        }
        throw new Stray("it never %s: %s".formatted(what, seen));
    }

    /// An order as it is answered.
    private record State(JsonNode body) {
        boolean is(String axis, String value) {
            return body.path(axis).asString().equals(value);
        }

        @Override
        public String toString() {
            return "%s, payment %s, fulfilment %s"
                    .formatted(
                            body.path("status").asString(),
                            body.path("payment").asString(),
                            body.path("fulfilment").asString());
        }
    }

    /// An order does not get where it belongs.
    private static final class Stray extends Exception {
        private static final long serialVersionUID = 1;

        Stray(String message) {
            super(message);
        }
    }
}
