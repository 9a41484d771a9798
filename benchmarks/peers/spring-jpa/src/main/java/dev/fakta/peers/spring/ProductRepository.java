// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.spring;

import java.util.Collection;
import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface ProductRepository extends JpaRepository<Product, String> {

    /// The products with their prices, in one query.
    @Query("select p from Product p left join fetch p.prices where p.sku in :skus")
    List<Product> findPriced(Collection<String> skus);
}
