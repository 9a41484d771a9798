// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.stock;

import static dev.fakta.testkit.Given.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.stock.StockItem.Command.Count;
import dev.fakta.orders.stock.StockItem.Event.StockCounted;
import dev.fakta.orders.stock.StockItem.Refusal;
import org.junit.jupiter.api.Test;

class StockItemTest {

    @Test
    void a_count_says_what_is_on_hand() {
        given(StockItem.AGGREGATE)
                .when(new Count("tea", "main", 100L))
                .then(new StockCounted("tea", "main", 100))
                .andState(stock -> assertThat(stock.onHand()).isEqualTo(100));
    }

    @Test
    void without_a_location_it_is_the_main_one() {
        given(StockItem.AGGREGATE)
                .when(new Count("tea", null, 0L))
                .then(new StockCounted("tea", "main", 0));
        assertThat(StockItem.id("tea", null)).isEqualTo(StockItem.id("tea", "main"));
    }

    @Test
    void the_same_count_changes_nothing() {
        given(StockItem.AGGREGATE, new StockCounted("tea", "main", 0))
                .when(new Count("tea", "main", 0L))
                .thenNothing();
    }

    @Test
    void a_count_needs_a_sku_a_location_and_units() {
        refuse(new Count(null, "main", 1L), Refusal.SKU_INVALID);
        refuse(new Count("x".repeat(65), "main", 1L), Refusal.SKU_INVALID);
        refuse(new Count("tea", "a@b", 1L), Refusal.LOCATION_INVALID);
        refuse(new Count("tea", "", 1L), Refusal.LOCATION_INVALID);
        refuse(new Count("tea", "main", null), Refusal.ON_HAND_INVALID);
        refuse(new Count("tea", "main", -1L), Refusal.ON_HAND_INVALID);
        refuse(new Count("tea", "main", Long.MAX_VALUE), Refusal.ON_HAND_INVALID);
    }

    private static void refuse(Count count, Refusal refusal) {
        given(StockItem.AGGREGATE).when(count).thenRejected(refusal);
        assertThat(refusal.detail()).endsWith(".");
    }
}
