// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.orders.campaign.Definitions.amount;
import static dev.fakta.orders.campaign.Definitions.percentage;
import static dev.fakta.orders.campaign.Definitions.units;
import static dev.fakta.orders.order.Placing.berlin;
import static dev.fakta.orders.order.Placing.line;
import static dev.fakta.orders.order.Placing.order;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Processor.Problem;
import dev.fakta.orders.campaign.Campaign;
import dev.fakta.orders.campaign.CampaignCode;
import dev.fakta.orders.campaign.Definitions;
import dev.fakta.orders.catalog.Product;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.PlaceOrder.Amount;
import dev.fakta.orders.order.PlaceOrder.Destination;
import dev.fakta.orders.order.PlaceOrder.Line;
import dev.fakta.orders.order.PlaceOrder.Payment;
import dev.fakta.orders.order.PlaceOrder.Shipping;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PlaceOrderRefusalsTest {

    @Test
    void an_empty_request_hears_of_everything_that_is_missing_at_once() {
        order().with(new PlaceOrder(null, null, null, null, null, null, null, null))
                .process()
                .thenRefused(
                        new Problem("customerId", "is missing"),
                        new Problem("email", "is missing"),
                        new Problem("currency", "is missing"),
                        new Problem("lines", "is missing"),
                        new Problem("shipping", "is missing"),
                        new Problem("payment", "is missing"));
    }

    @Test
    void faults_in_all_parts_of_a_request_are_told_together() {
        order().customer("customer-1", "eva")
                .lines(line("tea", 0L), line("coffee", 1L))
                .codes("NONE")
                .payment(new Payment("beads", null))
                .process()
                .thenRefused(
                        new Problem("email", "is no e-mail address"),
                        new Problem("lines[0].quantity", "is not between 1 and 1000000"),
                        new Problem("lines[1].sku", "is unknown"),
                        new Problem("campaignCodes[0]", "is unknown"),
                        new Problem("payment.method", "is unknown"));
    }

    @Nested
    class TheCustomer {
        @Test
        void an_id_has_at_most_100_characters_and_no_control_characters() {
            refuse(order().customer(" ", "a@b.de"), "customerId", "is missing");
            refuse(
                    order().customer("x".repeat(101), "a@b.de"),
                    "customerId",
                    "has more than 100 characters");
            refuse(order().customer("a\u0000", "a@b.de"), "customerId", "has a control character");
        }

        @Test
        void an_email_address_can_be_one() {
            for (String bad :
                    List.of(
                            "eva",
                            "@b.de",
                            "eva@",
                            "eva@de",
                            "a b@c.de",
                            ".a@b.de",
                            "a.@b.de",
                            "a..b@c.de",
                            "a@-b.de",
                            "a@b-.de",
                            "a@b..de",
                            "a@b.de.",
                            "a@b_c.de",
                            "x".repeat(65) + "@b.de",
                            "a@" + "x".repeat(64) + ".de",
                            "a@b@c.de")) {
                refuse(order().customer("c", bad), "email", "is no e-mail address");
            }
            refuse(
                    order().customer("c", "a@" + "b.".repeat(130) + "de"),
                    "email",
                    "has more than 254 characters");
            for (String good : List.of("a@b.de", "a.b+c@d-e.co.uk", "é@straße.de", "o'neil@b.ie")) {
                assertThat(order().customer("c", good).placed().email()).isEqualTo(good);
            }
        }
    }

    @Nested
    class TheCurrency {
        @Test
        void a_currency_is_one_of_iso_4217_that_has_minor_units() {
            String reason = "is no currency of ISO 4217, as EUR is";
            refuse(order().currency("ABC"), "currency", reason);
            refuse(order().currency("eur"), "currency", reason);
            refuse(order().currency("XAU"), "currency", reason);
            refuse(order().currency("EURO"), "currency", "has more than 3 characters");
        }

        @Test
        void a_product_needs_a_price_in_it() {
            refuse(order().currency("USD"), "lines[0].sku", "has no price in USD");
        }
    }

    @Nested
    class TheLines {
        @Test
        void an_order_has_1_to_500_lines() {
            refuse(order().lines(), "lines", "is missing");
            refuse(
                    order().allLines(Collections.nCopies(501, line("tea", 1L))),
                    "lines",
                    "are more than 500");
            assertThat(order().allLines(Collections.nCopies(500, line("tea", 1L))).placed().lines())
                    .hasSize(500);
        }

        @Test
        void a_line_has_a_sku_and_a_quantity() {
            refuse(order().lines((Line) null), "lines[0]", "is missing");
            refuse(order().lines(line(null, 1L)), "lines[0].sku", "is missing");
            refuse(order().lines(line(" ", 1L)), "lines[0].sku", "is missing");
            refuse(
                    order().lines(line("x".repeat(65), 1L)),
                    "lines[0].sku",
                    "has more than 64 characters");
            refuse(order().lines(line("tea", null)), "lines[0].quantity", "is missing");
        }

        @Test
        void a_quantity_is_between_one_and_a_million() {
            String reason = "is not between 1 and 1000000";
            for (long bad : new long[] {0, -1, 1_000_001, Long.MAX_VALUE, Long.MIN_VALUE}) {
                refuse(order().lines(line("tea", bad)), "lines[0].quantity", reason);
            }
            assertThat(order().lines(line("tea", 1_000_000L)).placed().lines()).hasSize(1);
        }

        @Test
        void a_product_is_known_and_sold() {
            refuse(order().lines(line("coffee", 1L)), "lines[0].sku", "is unknown");
            refuse(
                    order().product(
                                    "tea",
                                    Placing.tea(Money.of(1, "EUR")),
                                    new Product.Event.ProductRetired()),
                    "lines[0].sku",
                    "is not sold any more");
        }

        @Test
        void a_line_that_costs_more_than_can_be_counted_is_refused() {
            refuse(
                    order().product("tea", Placing.tea(Money.of(Long.MAX_VALUE, "EUR"))),
                    "lines[0].quantity",
                    "makes the line cost more than 10000000000000000");
        }

        @Test
        void lines_that_cost_more_than_can_be_counted_together_are_refused() {
            refuse(
                    order().product("tea", Placing.tea(Money.of(5_000_000_000_000_000L, "EUR")))
                            .lines(line("tea", 2L), line("tea", 1L)),
                    "lines",
                    "cost more than 10000000000000000 together");
        }

        @Test
        void lines_that_weigh_more_than_a_million_tonnes_are_refused() {
            Product.Event anvil =
                    new Product.Event.ProductListed(
                            "Anvil",
                            List.of(Money.of(1, "EUR")),
                            "standard",
                            Product.HEAVIEST_GRAMS,
                            List.of());
            refuse(
                    order().product("anvil", anvil).lines(line("anvil", 1_000_000L)),
                    "lines",
                    "weigh more than 1000000000000 g");
        }
    }

    @Nested
    class Imports {
        final Line own = new Line("tea", 1L, new Amount(5L, "EUR"));

        @Test
        void only_importers_say_prices_and_times() {
            order().lines(own)
                    .placedAt("2003-01-06T00:00:00Z")
                    .process()
                    .thenRefused(
                            new Problem("lines[0].unitPrice", "needs the permission import"),
                            new Problem("placedAt", "needs the permission import"));
        }

        @Test
        void an_imported_order_keeps_its_price_and_time() {
            OrderCreated placed =
                    order().lines(own).placedAt("2003-01-06T00:00:00Z").importing().placed();
            assertThat(placed.lines().getFirst().unitPrice()).isEqualTo(Money.of(5, "EUR"));
            assertThat(placed.placedAt()).isEqualTo("2003-01-06T00:00:00Z");
        }

        @Test
        void an_imported_price_is_an_amount_in_the_currency_of_the_order() {
            Placing importing = order().importing();
            refuse(priced(importing, null, "EUR"), "lines[0].unitPrice.minor", "is missing");
            refuse(priced(importing, -1L, "EUR"), "lines[0].unitPrice.minor", "is below zero");
            refuse(priced(importing, 1L, null), "lines[0].unitPrice.currency", "is missing");
            refuse(
                    priced(importing, 1L, "USD"),
                    "lines[0].unitPrice.currency",
                    "differs from the order's, EUR");
        }

        @Test
        void an_imported_time_lies_between_1970_and_now() {
            Placing importing = order().importing();
            String reason = "lies before 1970 or in the future";
            refuse(importing.placedAt("1969-12-31T23:59:59Z"), "placedAt", reason);
            refuse(importing.placedAt("2026-07-01T12:00:01Z"), "placedAt", reason);
            refuse(importing.placedAt("+1000000000-12-31T23:59:59Z"), "placedAt", reason);
            refuse(
                    importing.placedAt("yesterday"),
                    "placedAt",
                    "is no time of ISO 8601, as 2026-07-01T12:00:00Z is");
        }

        private Placing priced(Placing importing, @Nullable Long minor, @Nullable String code) {
            return importing.lines(new Line("tea", 1L, new Amount(minor, code)));
        }
    }

    @Nested
    class TheDelivery {
        @Test
        void a_method_is_known_and_an_address_is_there() {
            refuse(
                    order().shipping(new Shipping("drone", berlin())),
                    "shipping.method",
                    "is unknown");
            order().shipping(new Shipping(null, null))
                    .process()
                    .thenRefused(
                            new Problem("shipping.method", "is missing"),
                            new Problem("shipping.address", "is missing"));
        }

        @Test
        void an_address_needs_a_name_a_line_a_city_a_postal_code_and_a_country() {
            to(new Destination(null, null, null, null, null, null, null))
                    .process()
                    .thenRefused(
                            new Problem("shipping.address.name", "is missing"),
                            new Problem("shipping.address.line1", "is missing"),
                            new Problem("shipping.address.city", "is missing"),
                            new Problem("shipping.address.postalCode", "is missing"),
                            new Problem("shipping.address.country", "is missing"));
        }

        @Test
        void every_text_of_an_address_has_a_limit() {
            String long201 = "x".repeat(201);
            to(new Destination(long201, long201, long201, long201, long201, long201, "DE"))
                    .process()
                    .thenRefused(
                            tooLong("name", 200),
                            tooLong("line1", 200),
                            tooLong("line2", 200),
                            tooLong("city", 100),
                            tooLong("region", 100),
                            tooLong("postalCode", 20));
        }

        @Test
        void a_country_is_one_of_iso_3166_in_either_case() {
            refuse(
                    inCountry("XX"),
                    "shipping.address.country",
                    "is no country of ISO 3166, as DE is");
            refuse(inCountry("DEU"), "shipping.address.country", "has more than 2 characters");
            assertThat(inCountry("de").placed().address().country()).isEqualTo("DE");
        }

        @Test
        void a_country_without_postal_codes_needs_none() {
            Placing hongKong =
                    to(new Destination("Li", "Road 1", null, "Hong Kong", null, null, "HK"));
            assertThat(hongKong.placed().address().postalCode()).isEmpty();
        }

        private Placing to(Destination destination) {
            return order().shipping(new Shipping("standard", destination));
        }

        private Placing inCountry(String country) {
            return to(new Destination("Eva", "Allee 1", null, "Ort", null, "1", country));
        }

        private Problem tooLong(String field, int longest) {
            return new Problem(
                    "shipping.address." + field, "has more than %d characters".formatted(longest));
        }
    }

    @Nested
    class ThePayment {
        @Test
        void a_method_is_known() {
            refuse(order().payment(new Payment(null, "t")), "payment.method", "is missing");
            refuse(order().payment(new Payment("beads", "t")), "payment.method", "is unknown");
        }

        @Test
        void a_card_needs_a_token_and_an_invoice_does_not() {
            refuse(order().payment(new Payment("card", null)), "payment.token", "is missing");
            refuse(
                    order().payment(new Payment("card", "x".repeat(201))),
                    "payment.token",
                    "has more than 200 characters");
            assertThat(order().payment(new Payment("invoice", null)).placed().payment().token())
                    .isNull();
        }

        private static Placing byCredit(@Nullable String token) {
            return order().payment(new Payment("store-credit", token));
        }

        @Test
        void store_credit_alone_covers_the_order() {
            Money total = byCredit("tok_ok").placed().totals().grand();
            Money missesOne = new Money(total.minor() - 1, total.currency());
            String costs = "store credit, the order costs " + total;
            String field = "payment.method";
            refuse(byCredit(null), field, "does not suffice: the customer has no " + costs);
            refuse(
                    byCredit(null).credit(missesOne),
                    field,
                    "does not suffice: the customer has %s of %s".formatted(missesOne, costs));
            refuse(
                    byCredit(null).credit(Money.of(1_000_000, "USD")),
                    field,
                    "does not suffice: the customer has 10000.00 USD of " + costs);
            assertThat(byCredit(null).credit(total).placed().payment().method())
                    .isEqualTo("store-credit");
        }

        @Test
        void a_card_pays_what_store_credit_does_not() {
            Payment both = new Payment("card", "tok_ok", true);
            assertThat(order().payment(both).placed().payment().usesStoreCredit()).isTrue();
            assertThat(byCredit("tok_ok").placed().payment().token()).isNotNull();
        }
    }

    @Nested
    class TheCodes {
        final Placing sun = order().campaign("SUN", percentage("10"));

        @Test
        void a_code_is_known_to_its_campaign() {
            refuse(sun.codes("MOON"), "campaignCodes[0]", "is unknown");
            refuse(sun.codes("N O"), "campaignCodes[0]", "is unknown");
            refuse(sun.codes((String) null), "campaignCodes[0]", "is missing");
            refuse(
                    order().campaign("OLD", percentage("10").codes("NEW").defined()).codes("OLD"),
                    "campaignCodes[0]",
                    "is unknown");
            refuse(order().campaign("VOID").codes("VOID"), "campaignCodes[0]", "is unknown");
        }

        @Test
        void a_code_may_be_written_in_small_letters() {
            assertThat(sun.codes("sun").placed().codes())
                    .containsExactly(new OrderCreated.Code("SUN", "sun"));
        }

        @Test
        void a_paused_campaign_is_refused() {
            Placing paused =
                    order().campaign(
                                    "SUN",
                                    percentage("10").codes("SUN").defined(),
                                    new Campaign.Event.CampaignPaused());
            refuse(paused.codes("SUN"), "campaignCodes[0]", "is paused");
        }

        @Test
        void a_campaign_is_valid_from_its_first_moment_to_before_its_last() {
            Instant noon = Placing.NOON;
            refuse(
                    valid(percentage("10").window(noon.plusMillis(1), null)),
                    "campaignCodes[0]",
                    "is not valid yet");
            refuse(valid(percentage("10").window(null, noon)), "campaignCodes[0]", "has expired");
            assertThat(valid(percentage("10").window(noon, noon.plusMillis(1))).placed().codes())
                    .hasSize(1);
        }

        @Test
        void a_minimum_subtotal_has_to_be_reached() {
            refuse(
                    valid(percentage("10").minSubtotal(eur(3999))),
                    "campaignCodes[0]",
                    "needs a subtotal of 39.99 EUR");
            assertThat(valid(percentage("10").minSubtotal(eur(3998))).placed().codes()).hasSize(1);
        }

        @Test
        void a_campaign_in_another_currency_is_refused() {
            refuse(
                    valid(percentage("10").minSubtotal(Money.of(1, "USD"))),
                    "campaignCodes[0]",
                    "is for orders in USD");
            refuse(
                    valid(amount("fixed-amount", Money.of(1, "USD"))),
                    "campaignCodes[0]",
                    "is for orders in USD");
        }

        @Test
        void a_campaign_without_a_product_in_the_order_is_refused() {
            refuse(
                    valid(percentage("10").only(List.of("cup"), List.of())),
                    "campaignCodes[0]",
                    "is for products that this order does not have");
            refuse(valid(units(2, 1)), "campaignCodes[0]", "needs 3 units that take part");
        }

        @Test
        void a_code_or_a_campaign_counts_once() {
            refuse(sun.codes("SUN", "sun"), "campaignCodes[1]", "is given twice");
            Placing twin = sun.campaign("SUN", percentage("10").codes("SUN", "TWIN").defined());
            refuse(
                    new Placing(
                                    twin.request(),
                                    twin.shop()
                                            .with(
                                                    CampaignCode.AGGREGATE,
                                                    "TWIN",
                                                    new CampaignCode.Event.CodeAssigned("sun")),
                                    null)
                            .codes("SUN", "TWIN"),
                    "campaignCodes[1]",
                    "is for the same campaign as SUN");
        }

        @Test
        void an_exclusive_campaign_stands_alone() {
            Placing both = sun.campaign("ALONE", percentage("20").exclusive());
            refuse(
                    both.codes("SUN", "ALONE"),
                    "campaignCodes[1]",
                    "cannot be combined with other codes");
            assertThat(both.codes("ALONE").placed().codes()).hasSize(1);
        }

        @Test
        void an_order_has_at_most_20_codes() {
            String[] many = new String[21];
            Arrays.fill(many, "SUN");
            refuse(sun.codes(many), "campaignCodes", "are more than 20");
        }

        private Placing valid(Definitions definition) {
            return order().campaign("ONE", definition).codes("ONE");
        }
    }

    private static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }

    private static void refuse(Placing placing, String field, String reason) {
        placing.process().thenRefused(new Problem(field, reason));
    }
}
