// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.campaign.Campaign;
import dev.fakta.orders.campaign.Definitions;
import dev.fakta.orders.catalog.Product;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Axes.Fulfilment;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.PlaceOrder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// What is recorded and sent survives JSON as Jackson does it without annotations.
class JsonTest {

    private final JsonMapper json = JsonMapper.builder().build();

    @Test
    void money_is_minor_units_and_a_currency() {
        assertThat(json.writeValueAsString(Money.of(1999, "EUR")))
                .isEqualTo("{\"minor\":1999,\"currency\":\"EUR\"}");
        assertThat(json.readValue("{\"minor\":1999,\"currency\":\"EUR\"}", Money.class))
                .isEqualTo(Money.of(1999, "EUR"));
    }

    @Test
    void a_campaign_comes_back_as_it_was() {
        Definitions definition =
                Definitions.units(2, 1).window(Instant.EPOCH, null).minSubtotal(Money.of(1, "EUR"));
        survives(definition.codes("SUN").defined(), Campaign.Event.CampaignDefined.class);
        survives(
                new Campaign(
                        definition.rules(),
                        List.of("SUN"),
                        true,
                        Campaign.AGGREGATE.initial().redemptions()),
                Campaign.class);
        assertThat(json.writeValueAsString(definition.rules()))
                .contains("\"kind\":\"buy-x-get-y\"");
    }

    @Test
    void a_product_comes_back_as_it_was() {
        survives(
                new Product("Tea", List.of(Money.of(1, "EUR")), "zero", 5, List.of("a"), true),
                Product.class);
    }

    @Test
    void the_axes_are_told_in_the_words_of_the_domain() {
        assertThat(json.writeValueAsString(Lifecycle.CREATED)).isEqualTo("\"Created\"");
        assertThat(json.writeValueAsString(Fulfilment.PARTIALLY_SHIPPED))
                .isEqualTo("\"PartiallyShipped\"");
    }

    @Test
    void a_request_may_lack_anything() {
        assertThat(json.readValue("{}", PlaceOrder.class))
                .isEqualTo(new PlaceOrder(null, null, null, null, null, null, null, null));
        assertThat(json.readValue("{\"lines\":[null]}", PlaceOrder.class).lines()).hasSize(1);
    }

    private <T> void survives(T value, Class<T> type) {
        assertThat(json.readValue(json.writeValueAsString(value), type)).isEqualTo(value);
    }
}
