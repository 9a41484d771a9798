// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import dev.fakta.orders.demo.DemoReport.Sum;
import dev.fakta.orders.demo.PlacedOrder.Amount;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Adds up the answers of a load into its report. For one thread.
final class Tally {

    static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    private final SteelWheels data;
    private final URI base;
    private final long start = System.nanoTime();
    private final List<PlacedOrder> orders = new ArrayList<>();
    private final SortedMap<Integer, String> ids = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private final Map<String, Sum> sums = new TreeMap<>(); // by currency code

    Tally(SteelWheels data, URI base) {
        this.data = data;
        this.base = base;
    }

    void listed(Outcome outcome) {
        switch (outcome) {
            case Outcome.Accepted _ -> {}
            case Outcome.Failed failed -> failures.add(failed.toString());
        }
    }

    /// @param number the order's in the data set
    void placed(int number, Outcome outcome) {
        switch (outcome) {
            case Outcome.Accepted accepted -> placed(number, accepted);
            case Outcome.Failed failed -> failures.add(failed.toString());
        }
    }

    boolean hasFailures() {
        return !failures.isEmpty();
    }

    DemoReport report() {
        return new DemoReport(
                orders.size(),
                orders.stream().mapToInt(order -> order.lines().size()).sum(),
                data.orphans().stream().map(Tally::orphan).toList(),
                List.copyOf(sums.values()),
                data.orderedCents(),
                Duration.ofNanos(System.nanoTime() - start),
                failures,
                ids,
                invitations());
    }

    private void placed(int number, Outcome.Accepted accepted) {
        try {
            PlacedOrder order = JSON.treeToValue(accepted.body(), PlacedOrder.class);
            orders.add(order);
            ids.put(number, order.id());
            order.lines().forEach(line -> add(line.unitPrice().currency(), line.minor(), 0, 0));
            Amount items = order.totals().items();
            add(items.currency(), 0, items.minor(), 0);
            Amount grand = order.totals().grand();
            add(grand.currency(), 0, 0, grand.minor());
        } catch (JacksonException | ArithmeticException e) {
            failures.add(accepted.subject() + ": the answer is no order: " + e.getMessage());
        }
    }

    private void add(Currency currency, long lineMinor, long itemsMinor, long grandMinor) {
        Sum sum = new Sum(currency, lineMinor, itemsMinor, grandMinor);
        sums.merge(currency.getCurrencyCode(), sum, Sum::plus);
    }

    private static String orphan(SteelWheels.OrderLine line) {
        return "%d of %s, which names order %d; the data set has no such order"
                .formatted(line.quantity(), line.product(), line.order());
    }

    private List<URI> invitations() {
        if (orders.isEmpty()) {
            return List.of();
        }
        String customer = Integer.toString(data.orders().getFirst().customer());
        return List.of(
                base.resolve("/orders?customer=" + customer),
                base.resolve("/orders/" + orders.getFirst().id() + "/events"),
                base.resolve("/orders?from=2005-05-01T00:00:00Z&limit=5"));
    }
}
