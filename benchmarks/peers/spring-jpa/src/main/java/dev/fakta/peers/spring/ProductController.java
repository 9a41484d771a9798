// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.spring;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.util.List;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// Lists and changes products.
@RestController
class ProductController {

    record Body(@NotBlank String name, @NotEmpty List<@Valid Money> prices) {}

    record Document(String sku, String name, List<Money> prices) {}

    private final ProductRepository products;

    ProductController(ProductRepository products) {
        this.products = products;
    }

    @PutMapping("/products/{sku}")
    @Transactional
    public Document put(@PathVariable String sku, @Valid @RequestBody Body body) {
        Product product = products.findById(sku).orElseGet(() -> new Product(sku));
        product.describe(body.name(), body.prices());
        Product saved = products.save(product);
        return new Document(saved.sku(), saved.name(), saved.prices());
    }
}
