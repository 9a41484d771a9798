// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import dev.fakta.load.FoodMart.Basket;
import dev.fakta.load.FoodMart.Line;
import dev.fakta.load.FoodMart.Product;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The bodies that are sent. The same row always becomes the same body, so that a request that is
/// sent again is the same request.
final class Requests {

    private static final String CURRENCY = "USD";

    private Requests() {}

    private static ObjectNode object() {
        return JsonMapper.shared().createObjectNode();
    }

    static String sku(int product) {
        return "fm-" + product;
    }

    static String code(int promotion) {
        return "PROMO-" + promotion;
    }

    static ObjectNode product(Product product) {
        ObjectNode body = object().put("name", product.name());
        body.putArray("prices").addObject().put("minor", product.cents()).put("currency", CURRENCY);
        return body.put("weightGrams", 300);
    }

    static ObjectNode stock(long onHand) {
        return object().put("location", "main").put("onHand", onHand);
    }

    /// Ten percent off, for so many orders.
    static ObjectNode promotion(int promotion, long maxUses) {
        ObjectNode body = object().put("kind", "percentage").put("percent", 10);
        body.putArray("codes").add(code(promotion));
        return body.put("maxUses", maxUses).put("active", true);
    }

    static ObjectNode order(Basket basket) {
        ObjectNode body =
                object().put("customerId", Integer.toString(basket.customer()))
                        .put("email", "c" + basket.customer() + "@example.com")
                        .put("currency", CURRENCY);
        for (Line line : basket.lines()) {
            body.withArray("lines")
                    .addObject()
                    .put("sku", sku(line.product()))
                    .put("quantity", line.units());
        }
        if (basket.isPromoted()) {
            body.putArray("campaignCodes").add(code(basket.promotion()));
        }
        body.putObject("shipping")
                .put("method", "standard")
                .putObject("address")
                .put("name", "Customer " + basket.customer())
                .put("line1", "Store " + basket.store())
                .put("city", "Seattle")
                .put("postalCode", "98101")
                .put("country", "US");
        body.putObject("payment").put("method", "card").put("token", "tok_ok");
        return body;
    }
}
