// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import dev.fakta.orders.demo.SqlInsert;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The FoodMart data set: products, promotions, and what customers bought in 1997 and 1998, as it
/// stands in the SQL script of `net.hydromatic:foodmart-data-hsqldb`. All amounts are US dollars in
/// cents.
///
/// The script has 78 million characters and is read line by line; only the rows of these tables are
/// taken apart. A basket's lines do not stand together, so all are kept, a few numbers each.
///
/// A line that cannot be sold (of a product that is not there, of less than a unit, or whose units
/// do not cost the same) is left out and listed in [#faults]; so is a basket without another line.
///
/// @param promotions their names by their number; number 0 stands for none
record FoodMart(
        Map<Integer, Product> products,
        Map<Integer, String> promotions,
        List<Basket> baskets,
        List<String> faults) {

    private static final String RESOURCE = "/foodmart.script";
    private static final int MOST_FAULTS = 1_000;

    /// @param cents the list price; what a line was sold for can differ from it
    record Product(int id, String name, long cents) {}

    /// What a customer bought in a store on a day.
    ///
    /// @param promotion by which all of it was sold; 0 for none
    record Basket(int day, int customer, int store, int promotion, List<Line> lines) {
        Basket {
            lines = List.copyOf(lines);
        }

        boolean isPromoted() {
            return promotion != 0;
        }
    }

    /// @param eachCents what a unit was sold for
    record Line(int product, int units, long eachCents) {}

    FoodMart {
        products = Map.copyOf(products);
        promotions = Map.copyOf(promotions);
        baskets = List.copyOf(baskets);
        faults = List.copyOf(faults);
    }

    /// Reads the data set from the artifact on the class path.
    static FoodMart read() {
        try (InputStream script = FoodMart.class.getResourceAsStream(RESOURCE)) {
            Objects.requireNonNull(script, "no " + RESOURCE + " on the class path");
            return read(new InputStreamReader(script, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static FoodMart read(Reader script) throws IOException {
        Reading reading = new Reading();
        BufferedReader text = new BufferedReader(script);
        int number = 0;
        for (String line = text.readLine(); line != null; line = text.readLine()) {
            number++;
            Consumer<SqlInsert> taker = reading.taker(line);
            if (taker != null) {
                SqlInsert.parse(number, line).ifPresent(taker);
            }
        }
        return reading.done();
    }

    /// How many lines all baskets have.
    long lines() {
        return baskets.stream().mapToLong(basket -> basket.lines().size()).sum();
    }

    /// How many lines were sold under a promotion.
    long promotedLines() {
        return baskets.stream()
                .filter(Basket::isPromoted)
                .mapToLong(basket -> basket.lines().size())
                .sum();
    }

    /// The units that these baskets have of each product, by its number.
    static Map<Integer, Long> unitsByProduct(List<Basket> baskets) {
        Map<Integer, Long> units = new TreeMap<>();
        for (Basket basket : baskets) {
            for (Line line : basket.lines()) {
                units.merge(line.product(), (long) line.units(), Math::addExact);
            }
        }
        return units;
    }

    /// @throws IllegalArgumentException when there is none of this number
    Product product(int id) {
        Product product = products.get(id);
        if (product == null) {
            throw new IllegalArgumentException("there is no product " + id);
        }
        return product;
    }

    /// What has been read so far.
    private static final class Reading {

        private final Map<String, Consumer<SqlInsert>> takers =
                Map.of(
                        "INSERT INTO \"product\" ", this::product,
                        "INSERT INTO \"promotion\" ", this::promotion,
                        "INSERT INTO \"sales_fact_1997\" ", this::sale,
                        "INSERT INTO \"sales_fact_1998\" ", this::sale);
        private final Map<Integer, Product> products = new TreeMap<>();
        private final Map<Integer, String> promotions = new TreeMap<>();
        private final Map<Key, List<Sold>> sold = new LinkedHashMap<>();
        private final List<String> faults = new ArrayList<>();

        private record Key(int day, int customer, int store, int promotion) {}

        private record Sold(int line, int product, long centiUnits, long cents) {}

        /// Who takes this line of the script; nobody most of them.
        @Nullable Consumer<SqlInsert> taker(String line) {
            int values = line.indexOf("VALUES(");
            return values < 0 ? null : takers.get(line.substring(0, values));
        }

        private void product(SqlInsert row) {
            Product product = new Product(row.integer(1), row.text(3), row.cents(5));
            products.put(product.id(), product);
        }

        private void promotion(SqlInsert row) {
            promotions.put(row.integer(0), row.text(2));
        }

        private void sale(SqlInsert row) {
            Key key = new Key(row.integer(1), row.integer(2), row.integer(4), row.integer(3));
            Sold line = new Sold(row.line(), row.integer(0), row.cents(7), row.cents(5));
            sold.computeIfAbsent(key, _ -> new ArrayList<>()).add(line);
        }

        FoodMart done() {
            List<Basket> baskets = new ArrayList<>(sold.size());
            sold.forEach(
                    (key, rows) -> {
                        List<Line> lines = sellable(key, rows);
                        if (!lines.isEmpty()) {
                            baskets.add(
                                    new Basket(
                                            key.day,
                                            key.customer,
                                            key.store,
                                            key.promotion,
                                            lines));
                        }
                    });
            return new FoodMart(products, promotions, baskets, faults);
        }

        private List<Line> sellable(Key key, List<Sold> rows) {
            List<Line> lines = new ArrayList<>(rows.size());
            for (Sold row : rows) {
                String fault = fault(key, row);
                if (fault.isEmpty()) {
                    int units = Math.toIntExact(row.centiUnits / 100);
                    lines.add(new Line(row.product, units, row.cents / units));
                } else if (faults.size() < MOST_FAULTS) {
                    faults.add("line " + row.line + ": " + fault);
                }
            }
            return lines;
        }

        private String fault(Key key, Sold row) {
            if (!products.containsKey(row.product)) {
                return "product " + row.product + " is not there";
            }
            if (!promotions.containsKey(key.promotion)) {
                return "promotion " + key.promotion + " is not there";
            }
            if (row.centiUnits < 100 || row.centiUnits % 100 != 0) {
                return "no whole number of units was sold";
            }
            long units = row.centiUnits / 100;
            return row.cents % units == 0 ? "" : "its units do not cost the same";
        }
    }
}
