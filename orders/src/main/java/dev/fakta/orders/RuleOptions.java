// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.domain.Processor.Context;
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.order.OrderRules;
import dev.fakta.orders.order.Risk;
import dev.fakta.orders.order.Sourcing;
import dev.fakta.orders.order.Sourcing.Location;
import dev.fakta.orders.order.Sourcing.Rule;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What a shop decides about all of its orders, on the command line.
final class RuleOptions {

    @Option(
            names = "--review-above",
            paramLabel = "CURRENCY=AMOUNT",
            description =
                    "hold orders above this until somebody has looked at them, as in EUR=5000; once for each currency")
    private Map<Currency, BigDecimal> reviewed = Map.of();

    @Option(
            names = "--locations",
            paramLabel = "NAME[:COUNTRY]",
            split = ",",
            description =
                    "where goods leave from, the preferred place first, as in hof:DE,graz:AT (default: ${DEFAULT-VALUE})",
            defaultValue = Sourcing.MAIN)
    private List<String> locations = List.of(Sourcing.MAIN);

    @Option(
            names = "--sourcing",
            paramLabel = "RULE",
            description =
                    "which location an order asks first: priority, nearest or fewest-parcels (default: ${DEFAULT-VALUE})",
            defaultValue = "priority")
    private String sourcing = "priority";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    OrderRules rules() {
        return new OrderRules(risk(), sourcing());
    }

    private Risk risk() {
        Map<Currency, Long> above = new HashMap<>();
        reviewed.forEach(
                (currency, amount) -> {
                    try {
                        above.put(
                                currency,
                                amount.movePointRight(currency.getDefaultFractionDigits())
                                        .longValueExact());
                    } catch (ArithmeticException _) {
                        throw wrong(
                                "--review-above: %s is no amount of %s"
                                        .formatted(amount, currency));
                    }
                });
        return new Risk(above);
    }

    private Sourcing sourcing() {
        if (locations.size() > Sourcing.MOST) {
            throw wrong(
                    "--locations: at most %d, not %d".formatted(Sourcing.MOST, locations.size()));
        }
        List<Location> all = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String text : locations) {
            Location location = location(text.strip());
            if (!names.add(location.name())) {
                throw wrong("--locations: %s is there twice".formatted(location.name()));
            }
            all.add(location);
        }
        return new Sourcing(all, rule(), RuleOptions::available);
    }

    private Location location(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        if (!Sourcing.isLocation(name)) {
            throw wrong(
                    "--locations: '%s' is no name of 1 to %d characters without @"
                            .formatted(name, Sourcing.LONGEST_NAME));
        }
        String country = colon < 0 ? null : text.substring(colon + 1).toUpperCase(Locale.ROOT);
        if (country != null && !List.of(Locale.getISOCountries()).contains(country)) {
            throw wrong(
                    "--locations: '%s' is no country of ISO 3166, as DE is"
                            .formatted(text.substring(colon + 1)));
        }
        return new Location(name, country);
    }

    private Rule rule() {
        for (Rule rule : Rule.values()) {
            if (rule.name().replace('_', '-').equalsIgnoreCase(sourcing)) {
                return rule;
            }
        }
        throw wrong("--sourcing: priority, nearest or fewest-parcels is needed, not " + sourcing);
    }

    private static long available(String sku, String location, Context context) {
        return context.state(StockItem.AGGREGATE, StockItem.Command.idOf(sku, location))
                .available();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
