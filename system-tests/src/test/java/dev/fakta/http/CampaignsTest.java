// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.campaign;
import static dev.fakta.http.Bodies.money;
import static dev.fakta.http.Bodies.object;
import static dev.fakta.http.Bodies.order;
import static dev.fakta.http.Bodies.product;
import static dev.fakta.http.Bodies.withCodes;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Campaigns over HTTP, and what they take off orders: cups cost 10.00, pots 30.00.
final class CampaignsTest {

    private static Shop shop;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.open(directory);
        shop.put("/products/cup", product("Cup", 1_000)).is(200);
        ObjectNode pot = product("Pot", 3_000);
        pot.putArray("categories").add("kitchen");
        shop.put("/products/pot", pot).is(200);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static void define(String id, ObjectNode campaign) {
        shop.put("/campaigns/" + id, campaign).is(200);
    }

    private static Answer place(ObjectNode order) {
        return shop.post("/orders", order).is(201);
    }

    /// Items, discount and shipping of an order to a place without tax add up to its total.
    private static void costs(Answer order, long items, long discount, long shipping) {
        assertThat(order.number("/totals/items/minor")).as("items").isEqualTo(items);
        assertThat(order.number("/totals/discount/minor")).as("discount").isEqualTo(discount);
        assertThat(order.number("/totals/shipping/minor")).as("shipping").isEqualTo(shipping);
        assertThat(order.number("/totals/tax/minor")).as("tax").isZero();
        assertThat(order.number("/totals/grand/minor"))
                .as("grand")
                .isEqualTo(items - discount + shipping);
    }

    @Nested
    final class Kinds {

        @Test
        void a_percentage_is_taken_off_every_line() {
            define("percent", campaign("percentage", "TEN").put("percent", 10));
            Answer order = place(withCodes(order("cup", 2, "pot", 1), "TEN"));
            costs(order, 5_000, 500, 0);
            assertThat(order.number("/lines/0/discount/minor")).isEqualTo(200);
            assertThat(order.number("/lines/1/discount/minor")).isEqualTo(300);
            assertThat(order.text("/lines/1/deductions/0/campaignId")).isEqualTo("percent");
        }

        @Test
        void a_fixed_amount_is_shared_by_the_lines() {
            ObjectNode campaign = campaign("fixed-amount", "FIVE");
            campaign.set("amount", money(501, "USD"));
            define("amount", campaign);
            Answer order = place(withCodes(order("cup", 1, "pot", 1), "FIVE"));
            costs(order, 4_000, 501, 0);
            assertThat(order.number("/lines/0/discount/minor")).isEqualTo(125);
            assertThat(order.number("/lines/1/discount/minor")).isEqualTo(376);
        }

        @Test
        void a_fixed_price_replaces_a_higher_one() {
            ObjectNode campaign = campaign("fixed-price", "POT20");
            campaign.set("amount", money(2_000, "USD"));
            campaign.putArray("categories").add("kitchen");
            define("price", campaign);
            costs(place(withCodes(order("cup", 1, "pot", 2), "POT20")), 7_000, 2_000, 0);
        }

        @Test
        void of_three_cups_the_third_is_free() {
            ObjectNode campaign = campaign("buy-x-get-y", "THIRD").put("buy", 2).put("get", 1);
            campaign.putArray("skus").add("cup");
            define("third", campaign);
            costs(place(withCodes(order("cup", 7), "THIRD")), 7_000, 2_000, 0);
        }

        @Test
        void free_shipping_takes_off_what_shipping_costs() {
            define("free", campaign("free-shipping", "FREE"));
            ObjectNode order = withCodes(order("cup", 1), "FREE");
            ((ObjectNode) order.path("shipping")).put("method", "standard");
            costs(place(order), 1_000, 990, 990);
        }
    }

    @Nested
    final class Rules {

        @Test
        void a_code_is_taken_in_any_case_and_kept_on_the_order() {
            define("case", campaign("percentage", "Case26").put("percent", 50));
            Answer order = place(withCodes(order("cup", 2), " case26 "));
            costs(order, 2_000, 1_000, 0);
            assertThat(order.text("/codes/0/code")).isEqualTo("CASE26");
            assertThat(order.text("/codes/0/campaignId")).isEqualTo("case");
        }

        @Test
        void a_code_of_another_campaign_is_refused() {
            define("owner", campaign("free-shipping", "MINE"));
            shop.put("/campaigns/thief", campaign("free-shipping", "MINE"))
                    .isProblem(409, "code-taken");
            shop.get("/campaigns/thief").isProblem(404, "unknown");
        }

        @Test
        void of_several_codes_one_of_which_is_taken_none_is_assigned() {
            define("holder", campaign("free-shipping", "HELD"));
            ObjectNode both = campaign("free-shipping", "FRESH");
            ((ArrayNode) both.path("codes")).add("HELD");
            shop.put("/campaigns/hopeful", both).isProblem(409, "code-taken");
            define("later", campaign("free-shipping", "FRESH"));
        }

        @Test
        void a_campaign_with_a_fault_takes_no_code() {
            shop.put("/campaigns/faulty", campaign("percentage", "LATER").put("percent", 101))
                    .isProblem(400, "invalid-request");
            define("right", campaign("percentage", "LATER").put("percent", 10));
        }

        @Test
        void codes_are_not_given_to_a_campaign_that_is_not_defined() {
            ObjectNode codes = object();
            codes.putArray("codes").add("EARLY");
            shop.post("/campaigns/undefined/codes", codes).isProblem(404, "unknown");
            define("early", campaign("free-shipping", "EARLY"));
        }

        @Test
        void added_codes_work_and_a_paused_campaign_does_not() {
            define("more", campaign("percentage", "ONE").put("percent", 10));
            ObjectNode codes = object();
            codes.putArray("codes").add("TWO");
            shop.post("/campaigns/more/codes", codes).is(200);
            costs(place(withCodes(order("cup", 1), "TWO")), 1_000, 100, 0);
            shop.post("/campaigns/more/pause", "").is(200);
            Answer refused = shop.post("/orders", withCodes(order("cup", 1), "ONE"));
            refused.isProblem(400, "invalid-request");
            assertThat(refused.fields()).containsExactly("campaignCodes[0]");
            shop.post("/campaigns/more/activate", "").is(200);
            place(withCodes(order("cup", 1), "ONE"));
        }

        @Test
        void an_exclusive_campaign_stands_alone() {
            define(
                    "alone",
                    campaign("percentage", "ALONE").put("percent", 20).put("exclusive", true));
            define("beside", campaign("percentage", "BESIDE").put("percent", 5));
            Answer refused =
                    shop.post("/orders", withCodes(order("cup", 1), "BESIDE", "ALONE"))
                            .isProblem(400, "invalid-request");
            assertThat(refused.fields()).containsExactly("campaignCodes[1]");
        }

        @Test
        void a_minimum_subtotal_is_asked_for() {
            ObjectNode campaign = campaign("percentage", "BIG").put("percent", 10);
            campaign.set("minSubtotal", money(5_000, "USD"));
            define("big", campaign);
            shop.post("/orders", withCodes(order("cup", 4), "BIG")).is(400);
            costs(place(withCodes(order("cup", 5), "BIG")), 5_000, 500, 0);
        }

        @Test
        void what_is_answered_can_be_put_back() {
            for (String kind : List.of("percentage", "PERCENTAGE")) {
                ObjectNode campaign = campaign(kind, "BACK").put("percent", 12.5);
                campaign.set("minSubtotal", money(5_000, "USD"));
                Answer put = shop.put("/campaigns/back", campaign).is(200);
                assertThat(put.text("/kind")).isEqualTo("PERCENTAGE");
                assertThat(put.json().path("percent").asDouble()).isEqualTo(12.5);
                assertThat(put.number("/minSubtotal/minor")).isEqualTo(5_000);
                Answer again = shop.put("/campaigns/back", put.body()).is(200);
                assertThat(again.body()).isEqualTo(put.body());
            }
        }

        @Test
        void the_list_shows_what_is_defined() {
            Answer put = shop.put("/campaigns/shown", campaign("free-shipping", "SHOWN"));
            Answer list =
                    shop.get("/campaigns?limit=200", "Fakta-Token", put.header("Fakta-Token"));
            assertThat(list.is(200).each("id")).contains("shown").isSorted();
            assertThat(list.each("kind")).contains("FREE_SHIPPING");
        }
    }
}
