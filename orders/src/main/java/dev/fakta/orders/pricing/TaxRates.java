// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.pricing;

import dev.fakta.orders.money.Rate;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tax rates: the one table that a shop replaces by its own.
///
/// A product's tax category names a column; an unknown category counts as `standard`. Shipping is
/// taxed as `standard`. Prices in one of the currencies in the last column contain the tax, all
/// other prices do not. A country that is not in the table is taxed with nothing; a row for a
/// region (`US-CA`) goes before the one of its country.
final class TaxRates {

    private static final String TABLE =
            """
            market  standard  reduced  zero  contained in
            AT      20        10       0     EUR
            BE      21        6        0     EUR
            BG      20        9        0     EUR BGN
            CY      19        5        0     EUR
            CZ      21        12       0     CZK EUR
            DE      19        7        0     EUR
            DK      25        25       0     DKK EUR
            EE      24        9        0     EUR
            ES      21        10       0     EUR
            FI      25.5      14       0     EUR
            FR      20        5.5      0     EUR
            GR      24        13       0     EUR
            HR      25        13       0     EUR
            HU      27        5        0     HUF EUR
            IE      23        13.5     0     EUR
            IT      22        10       0     EUR
            LT      21        9        0     EUR
            LU      17        8        0     EUR
            LV      21        12       0     EUR
            MT      18        5        0     EUR
            NL      21        9        0     EUR
            PL      23        8        0     PLN EUR
            PT      23        6        0     EUR
            RO      21        11       0     RON EUR
            SE      25        12       0     SEK EUR
            SI      22        9.5      0     EUR
            SK      23        19       0     EUR
            GB      20        5        0     GBP
            CH      8.1       2.6      0     CHF
            NO      25        15       0     NOK
            AU      10        0        0     AUD
            NZ      15        15       0     NZD
            JP      10        8        0     JPY
            SG      9         9        0     SGD
            CA      5         0        0     -
            CA-ON   13        5        0     -
            CA-QC   14.975    5        0     -
            US      0         0        0     -
            US-CA   7.25      0        0     -
            US-FL   6         0        0     -
            US-IL   6.25      1        0     -
            US-MA   6.25      0        0     -
            US-NJ   6.625     0        0     -
            US-NY   4         0        0     -
            US-PA   6         0        0     -
            US-TX   6.25      0        0     -
            US-WA   6.5       0        0     -
            """;

    private static final String STANDARD = "standard";
    private static final Market UNTAXED = new Market(Map.of(STANDARD, Rate.ZERO), List.of());
    private static final Map<String, Market> MARKETS = parse();

    private TaxRates() {}

    /// The taxes where an order goes to.
    static Market in(String country, @Nullable String region) {
        Market byRegion = region == null ? null : MARKETS.get(country + "-" + region);
        return byRegion == null ? MARKETS.getOrDefault(country, UNTAXED) : byRegion;
    }

    /// One row of the table.
    record Market(Map<String, Rate> rates, List<Currency> containedIn) {
        Rate rate(String category) {
            Rate rate = rates.get(category);
            return rate == null ? rates.getOrDefault(STANDARD, Rate.ZERO) : rate;
        }

        Rate shippingRate() {
            return rate(STANDARD);
        }

        /// Whether prices in this currency contain the tax.
        boolean includesTax(Currency currency) {
            return containedIn.contains(currency);
        }
    }

    private static Map<String, Market> parse() {
        Table table = Table.of(TABLE);
        Map<String, Market> markets = new HashMap<>();
        for (List<String> row : table.rows()) {
            Map<String, Rate> rates = new HashMap<>();
            for (int column = 1; column <= 3; column++) {
                rates.put(
                        table.columns().get(column), Rate.percent(new BigDecimal(row.get(column))));
            }
            List<Currency> contained =
                    row.subList(4, row.size()).stream()
                            .filter(code -> !code.equals("-"))
                            .map(Currency::getInstance)
                            .toList();
            markets.put(row.getFirst(), new Market(Map.copyOf(rates), contained));
        }
        return markets;
    }
}
