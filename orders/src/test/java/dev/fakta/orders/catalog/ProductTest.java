// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.catalog;

import static dev.fakta.testkit.Given.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.catalog.Product.Command.ChangePrice;
import dev.fakta.orders.catalog.Product.Command.ListProduct;
import dev.fakta.orders.catalog.Product.Command.Retire;
import dev.fakta.orders.catalog.Product.Event.ProductDescribed;
import dev.fakta.orders.catalog.Product.Event.ProductListed;
import dev.fakta.orders.catalog.Product.Event.ProductPriceChanged;
import dev.fakta.orders.catalog.Product.Event.ProductRelisted;
import dev.fakta.orders.catalog.Product.Event.ProductRetired;
import dev.fakta.orders.catalog.Product.Refusal;
import dev.fakta.orders.money.Money;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ProductTest {

    static final Money EUR = Money.of(1999, "EUR");
    static final Money USD = Money.of(2199, "USD");
    static final ProductListed LISTED =
            new ProductListed("Tea", List.of(EUR), "reduced", 250, List.of("drinks"));

    @Nested
    class Listing {
        @Test
        void a_new_product_is_listed() {
            given(Product.AGGREGATE)
                    .when(tea(EUR, true))
                    .then(LISTED)
                    .andState(tea -> assertThat(tea.active()).isTrue());
        }

        @Test
        void what_is_left_out_gets_its_default() {
            given(Product.AGGREGATE)
                    .when(named("Tea"))
                    .then(new ProductListed("Tea", List.of(), "standard", 0, List.of()));
        }

        @Test
        void saying_the_same_again_changes_nothing() {
            given(Product.AGGREGATE, LISTED).when(tea(EUR, true)).thenNothing();
        }

        @Test
        void another_price_is_a_fact_of_its_own() {
            given(Product.AGGREGATE, LISTED)
                    .when(tea(USD, true))
                    .then(new ProductPriceChanged(List.of(USD)))
                    .andState(tea -> assertThat(tea.priceIn(USD.currency())).isEqualTo(USD))
                    .andState(tea -> assertThat(tea.priceIn(EUR.currency())).isNull());
        }

        @Test
        void another_name_or_weight_is_a_description() {
            given(Product.AGGREGATE, LISTED)
                    .when(new ListProduct("Mint", List.of(EUR), "reduced", 300L, List.of(), null))
                    .then(new ProductDescribed("Mint", "reduced", 300, List.of()));
        }

        @Test
        void a_product_can_be_listed_as_retired_and_come_back() {
            given(Product.AGGREGATE)
                    .when(tea(EUR, false))
                    .then(LISTED, new ProductRetired())
                    .when(tea(EUR, false))
                    .thenNothing()
                    .when(tea(EUR, true))
                    .then(new ProductRelisted())
                    .andState(tea -> assertThat(tea.active()).isTrue());
        }

        private ListProduct tea(Money price, boolean active) {
            return new ListProduct(
                    "Tea", List.of(price), "reduced", 250L, List.of("drinks"), active);
        }
    }

    @Nested
    class Refusals {
        @Test
        void a_product_needs_a_name_of_at_most_200_characters() {
            refuse(named(null), Refusal.NAME_INVALID);
            refuse(named(" "), Refusal.NAME_INVALID);
            refuse(named("x".repeat(201)), Refusal.NAME_INVALID);
        }

        @Test
        void prices_are_one_per_currency_and_not_below_zero() {
            refuse(priced(List.of(EUR, EUR)), Refusal.PRICES_INVALID);
            refuse(priced(List.of(Money.of(-1, "EUR"))), Refusal.PRICES_INVALID);
            refuse(priced(Collections.singletonList(null)), Refusal.PRICES_INVALID);
        }

        @Test
        void a_tax_category_is_not_empty() {
            refuse(
                    new ListProduct("Tea", null, " ", null, null, null),
                    Refusal.TAX_CATEGORY_INVALID);
        }

        @Test
        void a_weight_is_between_nothing_and_ten_tonnes() {
            refuse(weighing(-1), Refusal.WEIGHT_INVALID);
            refuse(weighing(10_000_001), Refusal.WEIGHT_INVALID);
        }

        @Test
        void categories_are_at_most_fifty_and_not_empty() {
            refuse(inCategories(Arrays.asList("a", null)), Refusal.CATEGORIES_INVALID);
            refuse(inCategories(Collections.nCopies(51, "a")), Refusal.CATEGORIES_INVALID);
        }

        private void refuse(ListProduct put, Refusal refusal) {
            given(Product.AGGREGATE).when(put).thenRejected(refusal);
            assertThat(refusal.detail()).endsWith(".");
        }

        private ListProduct priced(List<@Nullable Money> prices) {
            return new ListProduct("Tea", prices, null, null, null, null);
        }

        private ListProduct weighing(long grams) {
            return new ListProduct("Tea", null, null, grams, null, null);
        }

        private ListProduct inCategories(List<@Nullable String> categories) {
            return new ListProduct("Tea", null, null, null, categories, null);
        }
    }

    @Nested
    class ChangingThePrice {
        @Test
        void one_price_changes_and_the_others_stay() {
            given(Product.AGGREGATE, LISTED)
                    .when(new ChangePrice(USD))
                    .then(new ProductPriceChanged(List.of(EUR, USD)))
                    .when(new ChangePrice(Money.of(5, "EUR")))
                    .then(new ProductPriceChanged(List.of(USD, Money.of(5, "EUR"))));
        }

        @Test
        void the_same_price_changes_nothing() {
            given(Product.AGGREGATE, LISTED).when(new ChangePrice(EUR)).thenNothing();
        }

        @Test
        void a_price_is_needed_and_not_below_zero() {
            given(Product.AGGREGATE, LISTED)
                    .when(new ChangePrice(null))
                    .thenRejected(Refusal.PRICES_INVALID);
            given(Product.AGGREGATE, LISTED)
                    .when(new ChangePrice(Money.of(-1, "EUR")))
                    .thenRejected(Refusal.PRICES_INVALID);
        }

        @Test
        void an_unknown_product_has_no_price() {
            given(Product.AGGREGATE)
                    .when(new ChangePrice(EUR))
                    .thenRejected(Refusal.UNKNOWN_PRODUCT);
        }
    }

    @Nested
    class Retiring {
        @Test
        void a_product_is_retired_once() {
            given(Product.AGGREGATE, LISTED)
                    .when(new Retire())
                    .then(new ProductRetired())
                    .when(new Retire())
                    .thenNothing();
        }

        @Test
        void an_unknown_product_is_not_retired() {
            given(Product.AGGREGATE).when(new Retire()).thenRejected(Refusal.UNKNOWN_PRODUCT);
        }
    }

    static ListProduct named(@Nullable String name) {
        return new ListProduct(name, null, null, null, null, null);
    }
}
