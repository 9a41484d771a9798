// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import static java.util.Map.entry;

import java.util.Map;

/// The data set's English country names and their ISO 3166-1 codes. A table and not
/// `Locale.getDisplayCountry`: the names are the data set's (`USA`, `UK`), and the JDK's own change
/// with its locale data.
final class Countries {

    private static final Map<String, String> CODES =
            Map.ofEntries(
                    entry("Australia", "AU"),
                    entry("Austria", "AT"),
                    entry("Belgium", "BE"),
                    entry("Canada", "CA"),
                    entry("Denmark", "DK"),
                    entry("Finland", "FI"),
                    entry("France", "FR"),
                    entry("Germany", "DE"),
                    entry("Hong Kong", "HK"),
                    entry("Ireland", "IE"),
                    entry("Israel", "IL"),
                    entry("Italy", "IT"),
                    entry("Japan", "JP"),
                    entry("Netherlands", "NL"),
                    entry("New Zealand", "NZ"),
                    entry("Norway", "NO"),
                    entry("Philippines", "PH"),
                    entry("Poland", "PL"),
                    entry("Portugal", "PT"),
                    entry("Russia", "RU"),
                    entry("Singapore", "SG"),
                    entry("South Africa", "ZA"),
                    entry("Spain", "ES"),
                    entry("Sweden", "SE"),
                    entry("Switzerland", "CH"),
                    entry("UK", "GB"),
                    entry("USA", "US"));

    private Countries() {}

    static String code(String name) {
        String code = CODES.get(name.strip());
        if (code == null) {
            throw new IllegalArgumentException("no ISO code is known for the country " + name);
        }
        return code;
    }
}
