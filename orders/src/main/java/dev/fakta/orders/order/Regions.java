// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The states and provinces of the countries whose taxes differ by region, from the table
/// `regions.txt`. Customers write them as they like; taxes go by the code.
final class Regions {

    private static final String TABLE = "regions.txt";
    private static final Pattern MARKS = Pattern.compile("[\\p{M}.]+");
    private static final Pattern GAPS = Pattern.compile("[\\s\\-]+");

    /// By country, and then by code and by name, both as [#key].
    private static final Map<String, Map<String, String>> CODES = read();

    private Regions() {}

    /// Whether the country has a table.
    static boolean areKnown(String country) {
        return CODES.containsKey(country);
    }

    /// The code of a region of a country that has a table, from its code or name; null when it is
    /// neither. Case, accents, hyphens and dots do not matter.
    static @Nullable String code(String country, String text) {
        return CODES.getOrDefault(country, Map.of()).get(key(text));
    }

    private static String key(String text) {
        String plain =
                MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD)).replaceAll("");
        return GAPS.matcher(plain).replaceAll(" ").strip().toUpperCase(Locale.ROOT);
    }

    private static Map<String, Map<String, String>> read() {
        try (InputStream file =
                        Objects.requireNonNull(Regions.class.getResourceAsStream(TABLE), TABLE);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            Map<String, Map<String, String>> codes = new HashMap<>();
            lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" ", 3))
                    .forEach(
                            cells -> {
                                Map<String, String> its =
                                        codes.computeIfAbsent(cells[0], _ -> new HashMap<>());
                                its.put(key(cells[1]), cells[1]);
                                its.put(key(cells[2]), cells[1]);
                            });
            return Map.copyOf(codes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
