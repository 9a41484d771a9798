// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.orders.order.Placing.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fakta.orders.order.Sourcing.Location;
import dev.fakta.orders.order.Sourcing.Rule;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SourcingTest {

    private static final Location GRAZ = new Location("graz", "AT");
    private static final Location HOF = new Location("hof", "DE");
    private static final Location JENA = new Location("jena", "DE");

    /// Units by sku and location; of all else there is nothing.
    private static final Map<String, Long> STOCK =
            Map.of("tea@graz", 1L, "cup@graz", 9L, "tea@hof", 2L, "tea@jena", 9L, "cup@jena", 3L);

    private static List<String> sources(Rule rule, Location... locations) {
        Sourcing sourcing =
                new Sourcing(
                        List.of(locations),
                        rule,
                        (sku, location, _) -> STOCK.getOrDefault(sku + "@" + location, 0L));
        return Placing.order()
                .lines(line("tea", 2L), line("cup", 3L))
                .placed(new OrderRules(Risk.none(), sourcing))
                .locations();
    }

    @Test
    void an_order_of_a_shop_with_one_place_names_none() {
        OrderCreated placed = Placing.order().placed();
        assertThat(placed.sources()).isNull();
        assertThat(placed.locations()).containsExactly(Sourcing.MAIN);
    }

    @Test
    void by_priority_they_are_asked_as_they_are_listed() {
        assertThat(sources(Rule.PRIORITY, GRAZ, HOF)).containsExactly("graz", "hof");
        assertThat(sources(Rule.PRIORITY, HOF)).containsExactly("hof");
    }

    @Test
    void the_nearest_are_those_in_the_country_of_the_address() {
        assertThat(sources(Rule.NEAREST, GRAZ, HOF, JENA)).containsExactly("hof", "jena", "graz");
        assertThat(sources(Rule.NEAREST, new Location("main", null), JENA))
                .containsExactly("jena", "main");
    }

    @Test
    void the_fewest_parcels_come_from_where_most_lines_are_in_stock() {
        assertThat(sources(Rule.FEWEST_PARCELS, GRAZ, HOF, JENA))
                .containsExactly("jena", "graz", "hof");
    }

    @Test
    void there_are_one_to_ten_locations() {
        assertThatIllegalArgumentException().isThrownBy(() -> sources(Rule.PRIORITY));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new Sourcing(
                                        Collections.nCopies(11, HOF),
                                        Rule.PRIORITY,
                                        (_, _, _) -> 0))
                .withMessage("1 to 10 locations are needed, not 11");
    }
}
