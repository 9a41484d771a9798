// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.partitioningBy;
import static java.util.stream.Collectors.summingInt;
import static java.util.stream.Collectors.toMap;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/// The Steel Wheels data set: products, customers, orders and their lines, as they stand in the SQL
/// script of `net.hydromatic:steelwheels-data-hsqldb`. The script is read line by line; no database
/// is involved. All amounts are US dollars in cents.
///
/// Every order names a customer that is there, or reading fails. A line may name an order that is
/// not there: real data has such faults, and [#orphans] lists them.
record SteelWheels(
        List<Product> products,
        List<Customer> customers,
        List<OrderHead> orders,
        List<OrderLine> lines) {

    private static final String RESOURCE = "/steelwheels.script";

    record Product(
            String code,
            String name,
            String productLine,
            int inStock,
            long buyCents,
            long msrpCents) {}

    record Customer(
            int number,
            String name,
            String addressLine1,
            Optional<String> addressLine2,
            String city,
            Optional<String> postalCode,
            String country) {}

    record OrderHead(int number, LocalDate orderDate, String status, int customer) {}

    record OrderLine(int order, String product, int quantity, long eachCents, int position) {

        long cents() {
            return Math.multiplyExact(quantity, eachCents);
        }
    }

    SteelWheels {
        products = List.copyOf(products);
        customers = List.copyOf(customers);
        orders = List.copyOf(orders);
        lines = List.copyOf(lines);
    }

    /// Reads the data set from the artifact on the class path.
    static SteelWheels read() {
        try (InputStream script = SteelWheels.class.getResourceAsStream(RESOURCE)) {
            Objects.requireNonNull(script, "no " + RESOURCE + " on the class path");
            return read(new InputStreamReader(script, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SteelWheels read(Reader script) throws IOException {
        List<Product> products = new ArrayList<>();
        List<Customer> customers = new ArrayList<>();
        List<OrderHead> orders = new ArrayList<>();
        List<OrderLine> lines = new ArrayList<>();
        for (SqlInsert row : inserts(script)) {
            switch (row.table()) {
                case "products" -> products.add(product(row));
                case "customers" -> customers.add(customer(row));
                case "orders" -> orders.add(orderHead(row));
                case "orderdetails" -> lines.add(orderLine(row));
                default -> {} // the warehouse's own tables: employees, offices, budgets
            }
        }
        SteelWheels read = new SteelWheels(products, customers, orders, lines);
        orders.forEach(read::customerOf);
        return read;
    }

    Customer customerOf(OrderHead order) {
        return customers.stream()
                .filter(customer -> customer.number() == order.customer())
                .findFirst()
                .orElseThrow(
                        () ->
                                new NoSuchElementException(
                                        "order %d names customer %d, which is not there"
                                                .formatted(order.number(), order.customer())));
    }

    /// Each order's lines by the order's number, in the order in which they stand on the order.
    Map<Integer, List<OrderLine>> linesByOrder() {
        return lines.stream()
                .sorted(Comparator.comparingInt(OrderLine::position))
                .collect(groupingBy(OrderLine::order));
    }

    /// How many units of each product the orders take.
    Map<String, Integer> unitsByProduct() {
        return byOwnership().getOrDefault(true, List.of()).stream()
                .collect(groupingBy(OrderLine::product, summingInt(OrderLine::quantity)));
    }

    /// The lines that belong to no order.
    List<OrderLine> orphans() {
        return byOwnership().getOrDefault(false, List.of());
    }

    /// The sum of all lines that belong to an order.
    long orderedCents() {
        return byOwnership().getOrDefault(true, List.of()).stream()
                .mapToLong(OrderLine::cents)
                .reduce(0, Math::addExact);
    }

    private Map<Boolean, List<OrderLine>> byOwnership() {
        Map<Integer, OrderHead> heads =
                orders.stream().collect(toMap(OrderHead::number, Function.identity()));
        return lines.stream().collect(partitioningBy(line -> heads.containsKey(line.order())));
    }

    private static List<SqlInsert> inserts(Reader script) throws IOException {
        List<SqlInsert> inserts = new ArrayList<>();
        BufferedReader text = new BufferedReader(script);
        int number = 0;
        for (String line = text.readLine(); line != null; line = text.readLine()) {
            SqlInsert.parse(++number, line).ifPresent(inserts::add);
        }
        return inserts;
    }

    private static Product product(SqlInsert row) {
        return new Product(
                row.text(0), row.text(1), row.text(2), row.integer(6), row.cents(7), row.cents(8));
    }

    private static Customer customer(SqlInsert row) {
        return new Customer(
                row.integer(0),
                row.text(1),
                row.text(5),
                row.optionalText(6),
                row.text(7),
                row.optionalText(9),
                row.text(10));
    }

    private static OrderHead orderHead(SqlInsert row) {
        return new OrderHead(row.integer(0), row.date(1), row.text(4), row.integer(6));
    }

    private static OrderLine orderLine(SqlInsert row) {
        return new OrderLine(
                row.integer(0), row.text(1), row.integer(2), row.cents(3), row.integer(4));
    }
}
