// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.pricing;

import static dev.fakta.orders.campaign.Definitions.amount;
import static dev.fakta.orders.campaign.Definitions.percentage;
import static dev.fakta.orders.campaign.Definitions.units;
import static dev.fakta.orders.pricing.Carts.cart;
import static dev.fakta.orders.pricing.Carts.item;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.campaign.Definitions;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.pricing.PricedLine.Deduction;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DiscountsTest {

    @Nested
    class Percentage {
        @Test
        void a_percentage_of_the_order_is_shared_by_the_lines() {
            // 10 % of 10.05 is 1.005, which goes up to 1.01; 3.33 : 3.33 : 3.39 of it are 0.3347,
            // 0.3347 and 0.3407: what rounding down leaves goes to the first of the larger rests
            Carts three = cart(item("a", 1, 333), item("b", 1, 333), item("c", 1, 339));
            assertThat(off(three.deal("TEN", percentage("10")))).containsExactly(34, 33, 34);
        }

        @Test
        void a_percentage_with_a_restriction_is_taken_line_by_line() {
            Carts cart = cart(item("ax", 3, 105), item("bx", 1, 1000));
            // 10 % of 3.15 is 0.315, which goes up to 0.32
            assertThat(off(cart.deal("A", only(percentage("10"), "ax")))).containsExactly(32, 0);
            assertThat(off(cart.deal("B", category(percentage("10"), "b"))))
                    .containsExactly(0, 100);
        }

        @Test
        void a_hundred_percent_leaves_nothing() {
            Quote free = cart(item("a", 3, 999)).deal("ALL", percentage("100")).price();
            assertThat(free.totals().grand()).isEqualTo(eur(0));
        }
    }

    @Nested
    class FixedAmount {
        @Test
        void an_amount_is_shared_by_what_the_lines_cost() {
            Carts cart = cart(item("a", 1, 1000), item("b", 1, 2000), item("free", 1, 0));
            assertThat(off(cart.deal("FIVE", amount("fixed-amount", eur(500)))))
                    .containsExactly(167, 333, 0);
        }

        @Test
        void an_amount_is_never_more_than_the_lines_cost() {
            Carts cart = cart(item("a", 1, 300), item("b", 1, 2000));
            assertThat(off(cart.deal("A", only(amount("fixed-amount", eur(500)), "a"))))
                    .containsExactly(300, 0);
        }
    }

    @Nested
    class FixedPrice {
        @Test
        void every_unit_costs_the_fixed_price() {
            Carts cart = cart(item("a", 3, 1000), item("b", 1, 1000));
            assertThat(off(cart.deal("A", only(amount("fixed-price", eur(799)), "a"))))
                    .containsExactly(603, 0);
        }

        @Test
        void a_fixed_price_never_makes_a_unit_dearer() {
            Carts cart = cart(item("a", 3, 500));
            assertThat(off(cart.deal("A", amount("fixed-price", eur(799))))).containsExactly(0);
        }
    }

    @Nested
    class BuyXGetY {
        @Test
        void of_three_units_one_is_free() {
            assertThat(off(cart(item("a", 3, 1000)).deal("B2G1", units(2, 1))))
                    .containsExactly(1000);
            assertThat(off(cart(item("a", 5, 1000)).deal("B2G1", units(2, 1))))
                    .containsExactly(1000);
            assertThat(off(cart(item("a", 6, 1000)).deal("B2G1", units(2, 1))))
                    .containsExactly(2000);
        }

        @Test
        void the_cheapest_units_of_all_lines_are_free() {
            Carts cart = cart(item("a", 4, 1000), item("b", 1, 300), item("c", 1, 500));
            assertThat(off(cart.deal("B2G1", units(2, 1)))).containsExactly(0, 300, 500);
        }

        @Test
        void units_that_do_not_take_part_do_not_count() {
            Carts cart = cart(item("a", 3, 1000), item("b", 9, 300));
            assertThat(off(cart.deal("A", only(units(2, 1), "a")))).containsExactly(1000, 0);
        }
    }

    @Nested
    class FreeShipping {
        @Test
        void shipping_costs_nothing_and_says_who_paid() {
            Quote quote =
                    cart(item("a", 1, 1000))
                            .by("standard")
                            .deal("SHIP", Definitions.of("free-shipping"))
                            .price();
            assertThat(quote.shipping().net()).isEqualTo(eur(1490));
            assertThat(quote.shipping().discount()).isEqualTo(eur(1490));
            assertThat(quote.shipping().total()).isEqualTo(eur(0));
            assertThat(quote.shipping().deductions())
                    .containsExactly(new Deduction("SHIP", "SHIP", eur(1490)));
            assertThat(quote.totals().discount()).isEqualTo(eur(1490));
            assertThat(quote.totals().grand()).isEqualTo(eur(1000));
        }
    }

    @Nested
    class Together {
        @Test
        void a_line_takes_the_item_discount_that_gives_it_most() {
            Carts cart =
                    cart(item("a", 1, 1000), item("b", 1, 5000))
                            .deal("FIX", amount("fixed-price", eur(900)))
                            .deal("PCT", category(percentage("20"), "a"));
            assertThat(off(cart)).containsExactly(200, 4100);
            assertThat(cart.price().lines().getFirst().deductions())
                    .containsExactly(new Deduction("PCT", "PCT", eur(200)));
        }

        @Test
        void of_two_that_give_the_same_the_first_one_acts() {
            Carts cart =
                    cart(item("a", 1, 1000))
                            .deal("ONE", only(percentage("10"), "a"))
                            .deal("TWO", only(percentage("10"), "a"));
            assertThat(cart.price().lines().getFirst().deductions())
                    .containsExactly(new Deduction("ONE", "ONE", eur(100)));
        }

        @Test
        void percentages_come_before_amounts_whatever_the_order_of_the_codes() {
            // 100.00 - 10 % - 20.00, and not (100.00 - 20.00) - 10 %
            Carts cart = cart(item("a", 1, 10_000));
            Carts amountFirst =
                    cart.deal("AMT", amount("fixed-amount", eur(2000)))
                            .deal("PCT", percentage("10"));
            Carts percentFirst =
                    cart.deal("PCT", percentage("10"))
                            .deal("AMT", amount("fixed-amount", eur(2000)));
            assertThat(off(amountFirst)).containsExactly(3000);
            assertThat(off(percentFirst)).containsExactly(3000);
        }

        @Test
        void order_discounts_act_on_what_item_discounts_left() {
            // 10.00 * 80 % = 8.00, 8.00 * 90 % = 7.20
            Carts cart =
                    cart(item("a", 1, 1000))
                            .deal("ORDER", percentage("10"))
                            .deal("ITEM", only(percentage("20"), "a"));
            assertThat(cart.price().lines().getFirst().deductions())
                    .containsExactly(
                            new Deduction("ORDER", "ORDER", eur(80)),
                            new Deduction("ITEM", "ITEM", eur(200)));
        }

        @Test
        void a_line_never_falls_below_zero() {
            Carts cart =
                    cart(item("a", 1, 1000))
                            .deal("ALL", percentage("100"))
                            .deal("AMT", amount("fixed-amount", eur(500)));
            assertThat(off(cart)).containsExactly(1000);
        }
    }

    private static long[] off(Carts cart) {
        return Carts.discounts(cart.price()).toArray();
    }

    private static Definitions only(Definitions definition, String sku) {
        return definition.only(List.of(sku), List.of());
    }

    private static Definitions category(Definitions definition, String category) {
        return definition.only(List.of(), List.of(category));
    }

    private static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }
}
