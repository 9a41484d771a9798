// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.money;
import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.withCodes;
import static dev.fakta.http.Refusals.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/// Orders with one fault each. A row says the fault, the field that the answer names, and how the
/// fault is made.
final class BadOrderTest {

    private static Shop shop;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.open(directory);
        Refusals.prepare(shop);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static Arguments fault(String what, String field, Consumer<ObjectNode> change) {
        return arguments(what, field, change);
    }

    private static ObjectNode line(ObjectNode order) {
        return (ObjectNode) order.at("/lines/0");
    }

    private static ObjectNode shipping(ObjectNode order) {
        return (ObjectNode) order.path("shipping");
    }

    private static ObjectNode address(ObjectNode order) {
        return (ObjectNode) order.at("/shipping/address");
    }

    /// Who orders, and in which currency.
    static Stream<Arguments> customers() {
        return Stream.of(
                fault("no customer", "customerId", o -> o.remove("customerId")),
                fault("null for the customer", "customerId", o -> o.putNull("customerId")),
                fault("a blank customer", "customerId", o -> o.put("customerId", " \t ")),
                fault("a long customer", "customerId", o -> o.put("customerId", LONG)),
                fault("a number for the customer", "customerId", o -> o.put("customerId", 7)),
                fault("true for the customer", "customerId", o -> o.put("customerId", true)),
                fault("a list for the customer", "customerId", o -> o.putArray("customerId")),
                fault("control characters", "customerId", o -> o.put("customerId", "a\0b")),
                fault("half a character", "customerId", o -> o.put("customerId", "a\ud800")),
                fault("no e-mail", "email", o -> o.remove("email")),
                fault("no @ in the e-mail", "email", o -> o.put("email", "ada.example.org")),
                fault("half an e-mail", "email", o -> o.put("email", "\udc00a@example.org")),
                fault("a long e-mail", "email", o -> o.put("email", LONG + "@example.org")),
                fault("an object for the e-mail", "email", o -> o.putObject("email")),
                fault("no currency", "currency", o -> o.remove("currency")),
                fault("an unknown currency", "currency", o -> o.put("currency", "ZZZ")),
                fault("a metal", "currency", o -> o.put("currency", "XAU")),
                fault("a long currency", "currency", o -> o.put("currency", LONG)),
                fault("a currency without price", "lines[0].sku", o -> o.put("currency", "JPY")));
    }

    /// What is ordered.
    static Stream<Arguments> lines() {
        return Stream.of(
                fault("no lines", "lines", o -> o.remove("lines")),
                fault("empty lines", "lines", o -> o.putArray("lines")),
                fault("an object for lines", "lines", o -> o.putObject("lines")),
                fault("a text for lines", "lines", o -> o.put("lines", "tea")),
                fault("null in lines", "lines[1]", o -> o.withArray("lines").addNull()),
                fault("a number in lines", "lines[1]", o -> o.withArray("lines").add(5)),
                fault("a list in lines", "lines[1]", o -> o.withArray("lines").addArray()),
                fault("an empty text in lines", "lines[1]", o -> o.withArray("lines").add("")),
                fault("501 lines", "lines", BadOrderTest::addLines),
                fault("no sku", "lines[0].sku", o -> line(o).remove("sku")),
                fault("an unknown sku", "lines[0].sku", o -> line(o).put("sku", "coffee")),
                fault("a retired product", "lines[0].sku", o -> line(o).put("sku", "gone")),
                fault("another currency", "lines[0].sku", o -> line(o).put("sku", "euro")),
                fault("a path for a sku", "lines[0].sku", o -> line(o).put("sku", "../tea")),
                fault("half a sku", "lines[0].sku", o -> line(o).put("sku", "\ud800")),
                fault("zero bytes in a sku", "lines[0].sku", o -> line(o).put("sku", "\0")),
                fault("a long sku", "lines[0].sku", o -> line(o).put("sku", LONG)),
                fault("a number for a sku", "lines[0].sku", o -> line(o).put("sku", 12)));
    }

    /// How much of it.
    static Stream<Arguments> quantities() {
        return Stream.of(
                fault("no quantity", "lines[0].quantity", o -> line(o).remove("quantity")),
                fault("null of them", "lines[0].quantity", o -> line(o).putNull("quantity")),
                fault("zero", "lines[0].quantity", o -> line(o).put("quantity", 0)),
                fault("minus one", "lines[0].quantity", o -> line(o).put("quantity", -1)),
                fault("1.5", "lines[0].quantity", o -> line(o).put("quantity", 1.5)),
                fault("1.0", "lines[0].quantity", o -> line(o).put("quantity", 1.0)),
                fault("text", "lines[0].quantity", o -> line(o).put("quantity", "2")),
                fault("no text", "lines[0].quantity", o -> line(o).put("quantity", "")),
                fault("true", "lines[0].quantity", o -> line(o).put("quantity", true)),
                fault("many", "lines[0].quantity", o -> line(o).put("quantity", 1_000_001)),
                fault("2^31", "lines[0].quantity", o -> line(o).put("quantity", 1L << 31)),
                fault(
                        "2^63 - 1",
                        "lines[0].quantity",
                        o -> line(o).put("quantity", Long.MAX_VALUE)),
                fault("-2^63", "lines[0].quantity", o -> line(o).put("quantity", Long.MIN_VALUE)),
                fault("2^70", "lines[0].quantity", o -> line(o).put("quantity", beyondLong())),
                fault("1e400", "lines[0].quantity", o -> line(o).put("quantity", farBeyond())),
                fault("a price too high", "lines[0].quantity", o -> line(o).put("sku", "gold")));
    }

    /// What an order may have or may not have.
    static Stream<Arguments> extras() {
        return Stream.of(
                fault(
                        "a price of one's own",
                        "lines[0].unitPrice",
                        o -> line(o).set("unitPrice", money(1, "USD"))),
                fault(
                        "a time of one's own",
                        "placedAt",
                        o -> o.put("placedAt", "2020-01-01T00:00:00Z")),
                fault("a field too many", "coupon", o -> o.put("coupon", "X")),
                fault("a field too many in a line", "lines[0].note", o -> line(o).put("note", "")),
                fault("half a field name", "payment", o -> o.put("\ud800", 1)),
                fault("an unknown code", "campaignCodes[0]", o -> withCodes(o, "NOPE")),
                fault("an expired code", "campaignCodes[0]", o -> withCodes(o, "OLD")),
                fault("a code of next year", "campaignCodes[0]", o -> withCodes(o, "SOON")),
                fault("a blank code", "campaignCodes[0]", o -> withCodes(o, "")),
                fault("half a code", "campaignCodes[0]", o -> withCodes(o, "\ud800")),
                fault("a long code", "campaignCodes[0]", o -> withCodes(o, LONG)),
                fault(
                        "null for a code",
                        "campaignCodes[0]",
                        o -> o.putArray("campaignCodes").addNull()),
                fault(
                        "a number for a code",
                        "campaignCodes[0]",
                        o -> o.putArray("campaignCodes").add(5)),
                fault("a text for codes", "campaignCodes", o -> o.put("campaignCodes", "OLD")));
    }

    /// Where it goes, and how it is paid.
    static Stream<Arguments> delivery() {
        return Stream.of(
                fault("no shipping", "shipping", o -> o.remove("shipping")),
                fault("a list for shipping", "shipping", o -> o.putArray("shipping")),
                fault("a text for shipping", "shipping", o -> o.put("shipping", "")),
                fault("no way of shipping", "shipping.method", o -> shipping(o).remove("method")),
                fault("pigeons", "shipping.method", o -> shipping(o).put("method", "pigeon")),
                fault("no address", "shipping.address", o -> shipping(o).remove("address")),
                fault("no name", "shipping.address.name", o -> address(o).remove("name")),
                fault(
                        "a long city",
                        "shipping.address.city",
                        o -> address(o).put("city", "x".repeat(101))),
                fault(
                        "no postal code",
                        "shipping.address.postalCode",
                        o -> address(o).remove("postalCode")),
                fault(
                        "no such country",
                        "shipping.address.country",
                        o -> address(o).put("country", "XX")),
                fault("no payment", "payment", o -> o.remove("payment")),
                fault(
                        "shells",
                        "payment.method",
                        o -> ((ObjectNode) o.path("payment")).put("method", "shells")),
                fault(
                        "a card without a token",
                        "payment.token",
                        o -> ((ObjectNode) o.path("payment")).remove("token")));
    }

    private static void addLines(ObjectNode order) {
        for (int i = 0; i < 500; i++) {
            order.withArray("lines").addObject().put("sku", "tea").put("quantity", 1);
        }
    }

    private static BigInteger beyondLong() {
        return BigInteger.TWO.pow(70);
    }

    private static BigDecimal farBeyond() {
        return new BigDecimal("1e400");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"customers", "lines", "quantities", "extras", "delivery"})
    void an_order_is_refused_with(String what, String field, Consumer<ObjectNode> change) {
        ObjectNode order = order("tea", 2);
        change.accept(order);
        Answer answer = Refusals.refused(shop, () -> shop.post("/orders", order));
        assertThat(answer.is(400).fields()).as(answer.body()).contains(field);
    }
}
