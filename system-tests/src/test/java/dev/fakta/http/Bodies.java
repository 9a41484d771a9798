// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Valid request bodies, to be sent as they are or changed before.
final class Bodies {

    private Bodies() {}

    static ObjectNode object() {
        return JsonMapper.shared().createObjectNode();
    }

    static ObjectNode money(long minor, String currency) {
        return object().put("minor", minor).put("currency", currency);
    }

    /// A product of 500 g at this price in US dollars, and in euro.
    static ObjectNode product(String name, long minor) {
        ObjectNode product = object().put("name", name).put("weightGrams", 500);
        product.putArray("prices").add(money(minor, "USD")).add(money(minor, "EUR"));
        return product;
    }

    /// A campaign with one code.
    static ObjectNode campaign(String kind, String code) {
        ObjectNode campaign = object().put("kind", kind);
        campaign.putArray("codes").add(code);
        return campaign;
    }

    /// An order in US dollars to a place without sales tax, to be picked up: its lines are all that
    /// it costs.
    static ObjectNode order(String sku, long quantity) {
        ObjectNode order =
                object().put("customerId", "ada")
                        .put("email", "ada@example.org")
                        .put("currency", "USD");
        addLine(order.putArray("lines"), sku, quantity);
        ObjectNode shipping = order.putObject("shipping").put("method", "pickup");
        shipping.putObject("address")
                .put("name", "Ada Byron")
                .put("line1", "1 Analytical Way")
                .put("city", "Portland")
                .put("postalCode", "97201")
                .put("country", "US");
        order.putObject("payment").put("method", "card").put("token", "tok_ok");
        return order;
    }

    /// The same with a second line.
    static ObjectNode order(String sku, long quantity, String otherSku, long otherQuantity) {
        ObjectNode order = order(sku, quantity);
        addLine(order.withArray("lines"), otherSku, otherQuantity);
        return order;
    }

    /// The same with campaign codes.
    static ObjectNode withCodes(ObjectNode order, String... codes) {
        ArrayNode array = order.putArray("campaignCodes");
        for (String code : codes) {
            array.add(code);
        }
        return order;
    }

    private static void addLine(ArrayNode lines, String sku, long quantity) {
        lines.addObject().put("sku", sku).put("quantity", quantity);
    }
}
