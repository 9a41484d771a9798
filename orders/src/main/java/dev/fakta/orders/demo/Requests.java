// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fakta.orders.demo.SteelWheels.Customer;
import dev.fakta.orders.demo.SteelWheels.OrderHead;
import dev.fakta.orders.demo.SteelWheels.OrderLine;
import dev.fakta.orders.demo.SteelWheels.Product;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The bodies that the demo sends, and how a row of the data set becomes one. The same row always
/// becomes the same body, so that a second run repeats the first one's requests exactly.
final class Requests {

    private static final String CURRENCY = "USD";
    private static final long GRAMS = 1_000; // the data set has no weights

    private Requests() {}

    record Money(long minor, String currency) {}

    record PutProduct(
            String name,
            List<Money> prices,
            String taxCategory,
            long weightGrams,
            List<String> categories) {}

    record PutStock(String location, int onHand) {}

    record PlaceOrder(
            String customerId,
            String email,
            String currency,
            List<Line> lines,
            Shipping shipping,
            Payment payment,
            Instant placedAt) {}

    record Line(String sku, int quantity, Money unitPrice) {}

    record Shipping(String method, Address address) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Address(
            String name, String line1, String city, @Nullable String postalCode, String country) {}

    record Payment(String method, String token) {}

    record Empty() {}

    record Pack(List<Parcel> parcels) {}

    record Parcel(String id, long weightGrams, List<Content> contents) {}

    record Content(int line, int quantity) {}

    record Dispatch(List<Label> labels, Money cost) {}

    record Label(String parcel, String carrier, String code) {}

    record Delivery(String parcel, Instant at) {}

    record Hold(String reason) {}

    record Cancellation(String reason) {}

    record Note(String text) {}

    static Pack pack(List<OrderLine> lines) {
        List<Content> contents = new ArrayList<>();
        for (OrderLine line : lines) {
            contents.add(new Content(contents.size(), line.quantity()));
        }
        return new Pack(List.of(new Parcel("1", GRAMS, contents)));
    }

    static Dispatch dispatch(int number) {
        return new Dispatch(
                List.of(new Label("1", "post", "SW-" + number)), new Money(1_000, CURRENCY));
    }

    static PutProduct product(Product product) {
        return new PutProduct(
                product.name(),
                List.of(new Money(product.msrpCents(), CURRENCY)),
                "standard",
                GRAMS,
                List.of(product.productLine()));
    }

    static PutStock stock(int onHand) {
        return new PutStock("main", onHand);
    }

    static PlaceOrder order(OrderHead order, Customer customer, List<OrderLine> lines) {
        return new PlaceOrder(
                Integer.toString(customer.number()),
                "customer-" + customer.number() + "@example.com",
                CURRENCY,
                lines.stream().map(Requests::line).toList(),
                new Shipping("standard", address(customer)),
                new Payment("card", order.status().equals("Disputed") ? "tok_disputed" : "tok_ok"),
                order.orderDate().atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    private static Line line(OrderLine line) {
        return new Line(line.product(), line.quantity(), new Money(line.eachCents(), CURRENCY));
    }

    private static Address address(Customer customer) {
        return new Address(
                customer.name(),
                Stream.concat(Stream.of(customer.addressLine1()), customer.addressLine2().stream())
                        .collect(Collectors.joining(", ")),
                customer.city(),
                customer.postalCode().orElse(null),
                Countries.code(customer.country()));
    }
}
