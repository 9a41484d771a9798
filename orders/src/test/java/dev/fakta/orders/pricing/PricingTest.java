// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.pricing;

import static dev.fakta.orders.campaign.Definitions.amount;
import static dev.fakta.orders.campaign.Definitions.percentage;
import static dev.fakta.orders.pricing.Carts.cart;
import static dev.fakta.orders.pricing.Carts.item;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.campaign.Definitions;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.money.Rate;
import dev.fakta.orders.pricing.Cart.Item;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PricingTest {

    @Nested
    class Tax {
        @Test
        void prices_in_germany_contain_the_tax() {
            // 2 * 19.99 = 39.98 with 19 %: 39.98 / 1.19 = 33.597, so 33.60 and 6.38
            Quote quote = cart(item("a", 2, 1999)).to("DE").price();
            assertThat(quote.pricesIncludeTax()).isTrue();
            assertThat(quote.rounding()).isEqualTo(RoundingMode.HALF_UP);
            assertThat(quote.totals())
                    .isEqualTo(new Totals(eur(3360), eur(0), eur(0), eur(638), eur(3998)));
            assertThat(quote.lines().getFirst().taxRate()).isEqualTo(new Rate(190_000));
        }

        @Test
        void a_discount_on_prices_with_tax_is_told_without_it() {
            // 39.98 - 10 % = 35.98: net 30.24 (33.60 - 3.36), tax 5.74
            Quote quote = cart(item("a", 2, 1999)).to("DE").deal("TEN", percentage("10")).price();
            assertThat(quote.totals())
                    .isEqualTo(new Totals(eur(3360), eur(336), eur(0), eur(574), eur(3598)));
            assertThat(quote.lines().getFirst().total()).isEqualTo(eur(3598));
        }

        @Test
        void the_tax_category_names_the_rate_and_an_unknown_one_is_standard() {
            Quote quote =
                    cart(
                                    item("a", 1, 10_700, "reduced"),
                                    item("b", 1, 10_000, "zero"),
                                    item("c", 1, 11_900, "magic"))
                            .to("DE")
                            .price();
            assertThat(quote.lines())
                    .extracting(PricedLine::tax)
                    .containsExactly(eur(700), eur(0), eur(1900));
        }

        @Test
        void prices_in_the_united_states_do_not_contain_the_tax() {
            // 100.00 + 7.25 % in California
            Quote quote = inUsd(10_000, "US", "CA");
            assertThat(quote.pricesIncludeTax()).isFalse();
            assertThat(quote.totals())
                    .isEqualTo(new Totals(usd(10_000), usd(0), usd(0), usd(725), usd(10_725)));
        }

        @Test
        void half_a_cent_goes_up() {
            assertThat(inUsd(100, "US", "WA").totals().tax()).isEqualTo(usd(7)); // 6.5
            assertThat(inUsd(300, "US", "WA").totals().tax()).isEqualTo(usd(20)); // 19.5
            assertThat(inUsd(1000, "US", "TX").totals().tax()).isEqualTo(usd(63)); // 62.5
            assertThat(inUsd(200, "US", "NJ").totals().tax()).isEqualTo(usd(13)); // 13.25
        }

        @Test
        void regions_are_taxed_alike_when_their_rates_are_the_same() {
            assertThat(Pricing.areTaxedAlike("DE", null, "Bayern")).isTrue();
            assertThat(Pricing.areTaxedAlike("US", "OR", null)).isTrue();
            assertThat(Pricing.areTaxedAlike("US", "CA", "NY")).isFalse();
        }

        @Test
        void a_region_without_a_row_of_its_own_has_its_countrys() {
            assertThat(inUsd(10_000, "US", "OR").totals().tax()).isEqualTo(usd(0));
            assertThat(inUsd(10_000, "CA", "AB").totals().tax()).isEqualTo(usd(500));
            assertThat(inUsd(10_000, "CA", null).totals().tax()).isEqualTo(usd(500));
        }

        @Test
        void prices_in_a_foreign_currency_do_not_contain_the_tax() {
            Quote quote = inUsd(10_000, "FR", null);
            assertThat(quote.pricesIncludeTax()).isFalse();
            assertThat(quote.totals().tax()).isEqualTo(usd(2000));
        }

        @Test
        void a_country_that_is_not_in_the_table_is_not_taxed() {
            assertThat(inUsd(10_000, "BR", null).totals().tax()).isEqualTo(usd(0));
        }

        private Quote inUsd(long cents, String country, @Nullable String region) {
            Item one = new Item("a", "A", 1, usd(cents), 0, "standard", List.of());
            Currency dollar = Currency.getInstance("USD");
            return Pricing.price(
                    new Cart(dollar, List.of(one), List.of(), country, region, "pickup"));
        }

        private Money usd(long minor) {
            return Money.of(minor, "USD");
        }
    }

    @Nested
    class Shipping {
        @Test
        void shipping_is_taxed_too() {
            // 4.90 with 19 %: 4.12 and 0.78
            PricedShipping shipping =
                    cart(item("a", 1, 100)).to("DE").by("standard").price().shipping();
            assertThat(shipping.net()).isEqualTo(eur(412));
            assertThat(shipping.tax()).isEqualTo(eur(78));
            assertThat(shipping.total()).isEqualTo(eur(490));
        }

        @Test
        void the_discounted_goods_count_for_free_shipping() {
            Carts hundred = cart(item("a", 1, 10_000)).to("DE").by("standard");
            assertThat(hundred.price().shipping().total()).isEqualTo(eur(0));
            assertThat(
                            hundred.deal("CENT", amount("fixed-amount", eur(1)))
                                    .price()
                                    .shipping()
                                    .total())
                    .isEqualTo(eur(490));
        }

        @Test
        void free_shipping_is_told_without_tax_as_well() {
            Quote quote =
                    cart(item("a", 1, 1190))
                            .to("DE")
                            .by("standard")
                            .deal("SHIP", Definitions.of("free-shipping"))
                            .price();
            assertThat(quote.totals())
                    .isEqualTo(new Totals(eur(1000), eur(412), eur(412), eur(190), eur(1190)));
        }

        @Test
        void weight_is_counted_in_kilograms_that_are_begun() {
            assertThat(cost("standard", "DE", "EUR", 0)).isEqualTo(490);
            assertThat(cost("standard", "DE", "EUR", 1000)).isEqualTo(490);
            assertThat(cost("standard", "DE", "EUR", 1001)).isEqualTo(610);
            assertThat(cost("standard", "DE", "EUR", 5000)).isEqualTo(490 + 4 * 120);
        }

        @Test
        void method_and_zone_name_the_rate() {
            assertThat(cost("express", "DE", "EUR", 1)).isEqualTo(1290);
            assertThat(cost("standard", "US", "EUR", 1)).isEqualTo(990);
            assertThat(cost("standard", "JP", "EUR", 1)).isEqualTo(1490);
            assertThat(cost("pickup", "JP", "EUR", 99_999)).isZero();
        }

        @Test
        void another_currency_has_a_factor_and_its_own_digits() {
            assertThat(cost("standard", "DE", "SEK", 1)).isEqualTo(5635); // 4.90 * 11.5
            assertThat(cost("standard", "DE", "JPY", 1)).isEqualTo(735); // 4.90 * 150
            assertThat(cost("standard", "DE", "KWD", 1)).isEqualTo(1470); // 4.90 * 0.3
            assertThat(cost("standard", "DE", "CLP", 1)).isEqualTo(5); // 4.90, rounded up
        }

        @Test
        void the_heaviest_order_can_be_paid_for() {
            assertThat(cost("express", "JP", "VND", Cart.LARGEST_WEIGHT)).isPositive();
        }

        private long cost(String method, String country, String currency, long grams) {
            return ShippingRates.cost(method, country, Currency.getInstance(currency), grams, 0);
        }
    }

    private static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }
}
