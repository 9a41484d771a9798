// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.spring;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/// Places and finds orders, each in one transaction.
@Service
class OrderService {

    private final OrderRepository orders;
    private final ProductRepository products;
    private final InstantSource clock;

    OrderService(OrderRepository orders, ProductRepository products, InstantSource clock) {
        this.orders = orders;
        this.products = products;
        this.clock = clock;
    }

    @Transactional
    public OrderDocument place(PlaceOrder request) {
        PurchaseOrder order =
                new PurchaseOrder(request, clock.instant().truncatedTo(ChronoUnit.MICROS));
        Map<String, Product> priced = priced(request);
        for (PlaceOrder.Line line : request.lines()) {
            Product product = priced.get(line.sku());
            if (product == null) {
                throw new CannotBeOrdered("there is no product " + line.sku());
            }
            long price =
                    product.price(request.currency())
                            .orElseThrow(
                                    () ->
                                            new CannotBeOrdered(
                                                    "%s has no price in %s"
                                                            .formatted(
                                                                    line.sku(),
                                                                    request.currency())));
            order.add(product, line.quantity(), price);
        }
        return OrderDocument.of(orders.save(order));
    }

    @Transactional(readOnly = true)
    public Optional<OrderDocument> find(UUID id) {
        return orders.findWithLinesById(id).map(OrderDocument::of);
    }

    private Map<String, Product> priced(PlaceOrder request) {
        Set<String> skus = request.lines().stream().map(PlaceOrder.Line::sku).collect(toSet());
        return products.findPriced(skus).stream().collect(toMap(Product::sku, identity()));
    }
}
