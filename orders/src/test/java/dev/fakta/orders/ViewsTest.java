// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.campaign.Campaign.Command.Use.Wanted;
import dev.fakta.orders.campaign.Campaign.Event.CampaignActivated;
import dev.fakta.orders.campaign.Campaign.Event.CampaignCodesAdded;
import dev.fakta.orders.campaign.Campaign.Event.CampaignPaused;
import dev.fakta.orders.campaign.Campaign.Event.RedemptionExpired;
import dev.fakta.orders.campaign.Campaign.Event.RedemptionSettled;
import dev.fakta.orders.campaign.CampaignsView;
import dev.fakta.orders.campaign.Definitions;
import dev.fakta.orders.catalog.Product.Event.ProductDescribed;
import dev.fakta.orders.catalog.Product.Event.ProductListed;
import dev.fakta.orders.catalog.Product.Event.ProductPriceChanged;
import dev.fakta.orders.catalog.Product.Event.ProductRelisted;
import dev.fakta.orders.catalog.Product.Event.ProductRetired;
import dev.fakta.orders.catalog.ProductsView;
import dev.fakta.orders.inventory.StockItem.Event;
import dev.fakta.orders.inventory.StockItem.Event.StockCounted;
import dev.fakta.orders.inventory.StockView;
import dev.fakta.orders.money.Money;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewsTest {

    private static final ProductListed TEA =
            new ProductListed("Tea", List.of(Money.of(1999, "EUR")), "reduced", 250, List.of());

    @Test
    void a_product_is_one_row_and_each_price_another() throws SQLException {
        try (Tables tables = Tables.of(ProductsView.DEFINITION)) {
            tables.apply(
                    "tea",
                    TEA,
                    new ProductDescribed("Mint", "zero", 300, List.of()),
                    new ProductPriceChanged(List.of(Money.of(5, "USD"), Money.of(6, "GBP"))),
                    new ProductRetired());
            tables.apply("cup", TEA, new ProductRetired(), new ProductRelisted());
            assertThat(tables.rows("select * from product order by sku"))
                    .containsExactly("cup|Tea|reduced|250|1|3", "tea|Mint|zero|300|0|4");
            assertThat(tables.rows("select * from product_price order by sku, currency"))
                    .containsExactly("cup|EUR|1999", "tea|GBP|6", "tea|USD|5");
        }
    }

    @Test
    void stock_is_one_row_per_sku_and_location_with_the_last_count() throws SQLException {
        try (Tables tables = Tables.of(StockView.DEFINITION)) {
            tables.apply(
                    "tea@main",
                    new StockCounted("tea", "main", 5),
                    new StockCounted("tea", "main", 7));
            tables.apply("tea@north", new StockCounted("tea", "north", 1));
            assertThat(tables.rows("select * from stock order by location"))
                    .containsExactly("tea|main|7|0|0|0|0|2", "tea|north|1|0|0|0|0|1");
        }
    }

    @Test
    void stock_shows_what_is_reserved_and_waited_for() throws SQLException {
        Instant soon = Instant.ofEpochMilli(5);
        try (Tables tables = Tables.of(StockView.DEFINITION)) {
            tables.apply(
                    "tea@main",
                    new Event.StockReceived(10, null),
                    new Event.SafetyStockChanged(1),
                    new Event.StockStandingChanged("a", 0, 1, 6, 0, 0, 0, soon, 6, 0, true),
                    new Event.StockRefused("b", 0, 2),
                    new Event.StockStandingChanged("b", 0, 1, 3, 5, 2, 0, null, 9, 5, true),
                    new Event.StockLeft("a", 0, 2, 2, 2),
                    new Event.StockStandingChanged("a", 0, 2, 1, 0, 0, 2, soon, 4, 5, true));
            assertThat(tables.rows("select * from stock")).containsExactly("tea|main|8|4|5|1|0|7");
            tables.apply(
                    "tea@north",
                    new Event.StockAdjusted(7, "", null),
                    new Event.StockRestocked(2, null),
                    new Event.StockWrittenOff(1, "", null),
                    new Event.BackordersAllowed(true));
            assertThat(tables.rows("select * from stock where location = 'north'"))
                    .containsExactly("tea|north|8|0|0|0|1|4");
        }
    }

    @Test
    void a_campaign_is_one_row_and_each_code_another() throws SQLException {
        Definitions definition =
                Definitions.percentage("10")
                        .window(Instant.ofEpochMilli(5), null)
                        .uses(100L, null)
                        .exclusive();
        try (Tables tables = Tables.of(CampaignsView.DEFINITION)) {
            tables.apply(
                    "sun",
                    definition.codes("OLD").defined(),
                    definition.codes("SUN").defined(),
                    new CampaignPaused(),
                    new CampaignCodesAdded(List.of("SUN2")),
                    settled("o1", Wanted.NOTHING, Wanted.REDEEMED),
                    settled("o3", Wanted.NOTHING, Wanted.SET_ASIDE),
                    new RedemptionExpired("o3", "SUN"),
                    settled("o4", Wanted.NOTHING, Wanted.SET_ASIDE),
                    definition.codes("SUN", "SUN2").defined());
            tables.apply(
                    "rain",
                    definition.codes("RAIN").defined(),
                    new CampaignPaused(),
                    new CampaignActivated());
            assertThat(tables.rows("select * from campaign order by id"))
                    .containsExactly(
                            "rain|percentage|1|1|5|null|100|null|0|0|3",
                            "sun|percentage|1|1|5|null|100|null|1|1|9");
            assertThat(tables.rows("select code from campaign_code order by code"))
                    .containsExactly("RAIN", "SUN", "SUN2");
        }
    }

    @Test
    void a_campaign_counts_what_orders_were_told_they_have() throws SQLException {
        try (Tables tables = Tables.of(CampaignsView.DEFINITION)) {
            tables.apply(
                    "sun",
                    Definitions.percentage("10").codes("SUN").defined(),
                    settled("a", Wanted.NOTHING, Wanted.SET_ASIDE),
                    settled("b", Wanted.NOTHING, Wanted.REDEEMED),
                    settled("c", Wanted.NOTHING, Wanted.SET_ASIDE),
                    settled("c", Wanted.SET_ASIDE, Wanted.SET_ASIDE),
                    settled("d", Wanted.NOTHING, Wanted.REDEEMED),
                    settled("d", Wanted.REDEEMED, Wanted.NOTHING));
            assertThat(tables.rows("select reserved, redeemed, revision from campaign"))
                    .containsExactly("2|1|7");
        }
    }

    private static RedemptionSettled settled(String order, Wanted was, Wanted is) {
        return new RedemptionSettled(order, "c", "SUN", 1, was, is, Money.of(1, "EUR"), null, null);
    }
}
