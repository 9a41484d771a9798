// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.pricing;

import dev.fakta.orders.money.Exact;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What shipping costs: the three tables that a shop replaces by its own.
///
/// A method costs `first` for the first kilogram and `further` for every further one that is begun;
/// nothing when the goods cost `free from` or more after discounts. The amounts are for EUR. In
/// another currency they are multiplied by its factor, a list price and not an exchange rate, and
/// rounded up to the currency's minor unit; a currency without a factor has the factor 1.
public final class ShippingRates {

    private static final String RATES =
            """
            method    zone      first   further  free-from
            standard  EUROPE    4.90    1.20     100
            standard  AMERICA   9.90    3.50     150
            standard  WORLD     14.90   6.00     250
            express   EUROPE    12.90   2.50     -
            express   AMERICA   29.90   7.50     -
            express   WORLD     39.90   12.00    -
            pickup    EUROPE    0       0        -
            pickup    AMERICA   0       0        -
            pickup    WORLD     0       0        -
            """;

    /// Every other country is in the zone WORLD.
    private static final String ZONES =
            """
            zone     countries
            EUROPE   AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK
            AMERICA  CA MX US
            """;

    private static final String FACTORS =
            """
            currency  factor
            AUD       1.5
            BRL       6
            CAD       1.5
            CNY       8
            CZK       25
            DKK       7.5
            HKD       8
            HUF       400
            IDR       18000
            INR       90
            JPY       150
            KRW       1500
            KWD       0.3
            MXN       20
            NOK       11.5
            PLN       4.5
            RON       5
            SEK       11.5
            SGD       1.5
            THB       40
            TRY       40
            VND       28000
            ZAR       20
            """;

    private static final String WORLD = "WORLD";
    private static final long GRAMS_PER_STEP = 1000;
    private static final long NEVER = Long.MAX_VALUE;
    private static final Set<String> COUNTRIES =
            Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2);
    private static final Map<String, String> ZONE_OF = zones();
    private static final Map<Currency, Integer> THOUSANDTHS_OF = factors();
    private static final Map<String, Map<String, Tariff>> TARIFFS = tariffs();

    private ShippingRates() {}

    /// Whether there is such a method.
    public static boolean knowsMethod(String method) {
        return TARIFFS.containsKey(method);
    }

    /// Whether this is a country in ISO 3166, in two capitals: the shop ships to all of them.
    public static boolean knowsCountry(String country) {
        return COUNTRIES.contains(country);
    }

    /// In minor units of the currency.
    ///
    /// @param goods what the goods cost after discounts, in minor units
    static long cost(
            String method, String country, Currency currency, long weightGrams, long goods) {
        Map<String, Tariff> byZone = TARIFFS.get(method);
        if (byZone == null) {
            throw new IllegalArgumentException("shipping method " + method);
        }
        Tariff euro = byZone.get(ZONE_OF.getOrDefault(country, WORLD));
        if (euro == null) {
            throw new IllegalStateException(method + " has no rate to " + country);
        }
        return euro.in(currency).cost(weightGrams, goods);
    }

    /// A row of the rates, in minor units.
    private record Tariff(long first, long further, long freeFrom) {
        Tariff in(Currency currency) {
            long numerator = THOUSANDTHS_OF.getOrDefault(currency, 1000);
            for (int digit = 0; digit < currency.getDefaultFractionDigits(); digit++) {
                numerator *= 10;
            }
            return new Tariff(
                    convert(first, numerator),
                    convert(further, numerator),
                    freeFrom == NEVER ? NEVER : convert(freeFrom, numerator));
        }

        long cost(long weightGrams, long goods) {
            if (goods >= freeFrom) {
                return 0;
            }
            long steps = Math.max(1, (weightGrams + GRAMS_PER_STEP - 1) / GRAMS_PER_STEP);
            return Math.addExact(first, Math.multiplyExact(steps - 1, further));
        }

        /// Cents to minor units: the cents' 100, the factor's 1000.
        private static long convert(long cents, long numerator) {
            return Exact.timesOver(cents, numerator, 100_000, RoundingMode.CEILING);
        }
    }

    private static Map<String, Map<String, Tariff>> tariffs() {
        Map<String, Map<String, Tariff>> tariffs = new HashMap<>();
        for (List<String> row : Table.of(RATES).rows()) {
            long free = row.get(4).equals("-") ? NEVER : scaled(row.get(4), 2);
            Tariff tariff = new Tariff(scaled(row.get(2), 2), scaled(row.get(3), 2), free);
            tariffs.computeIfAbsent(row.getFirst(), _ -> new HashMap<>()).put(row.get(1), tariff);
        }
        return tariffs;
    }

    private static Map<String, String> zones() {
        Map<String, String> zones = new HashMap<>();
        for (List<String> row : Table.of(ZONES).rows()) {
            row.stream().skip(1).forEach(country -> zones.put(country, row.getFirst()));
        }
        return zones;
    }

    private static Map<Currency, Integer> factors() {
        Map<Currency, Integer> factors = new HashMap<>();
        for (List<String> row : Table.of(FACTORS).rows()) {
            factors.put(
                    Currency.getInstance(row.getFirst()), Math.toIntExact(scaled(row.get(1), 3)));
        }
        return factors;
    }

    private static long scaled(String decimal, int digits) {
        return new BigDecimal(decimal).movePointRight(digits).longValueExact();
    }
}
