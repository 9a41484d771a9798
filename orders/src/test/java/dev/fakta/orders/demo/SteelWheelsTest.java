// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fakta.orders.demo.SteelWheels.OrderHead;
import dev.fakta.orders.demo.SteelWheels.OrderLine;
import dev.fakta.orders.demo.SteelWheels.Product;
import java.io.IOException;
import java.io.StringReader;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SteelWheelsTest {

    private static final SteelWheels DATA = SteelWheels.read();

    @Test
    void every_row_of_the_artifact_is_read() {
        assertThat(DATA.products()).hasSize(110);
        assertThat(DATA.customers()).hasSize(126);
        assertThat(DATA.orders()).hasSize(330);
        assertThat(DATA.lines()).hasSize(3_001);
    }

    @Test
    void one_line_belongs_to_no_order() {
        assertThat(DATA.orphans())
                .containsExactly(new OrderLine(11150, "S18_1749", 1_000, 300_00, 3));
    }

    @Test
    void the_sum_leaves_the_orphan_out() {
        assertThat(DATA.orderedCents()).isEqualTo(11_281_065_00L);
        assertThat(DATA.lines().stream().mapToLong(OrderLine::cents).sum())
                .isEqualTo(11_581_065_00L);
    }

    @Test
    void rows_become_records_with_exact_amounts() {
        assertThat(DATA.products())
                .contains(
                        new Product(
                                "S10_1678",
                                "1969 Harley Davidson Ultimate Chopper",
                                "Motorcycles",
                                7933,
                                49_00,
                                96_00));
        assertThat(DATA.orders())
                .contains(new OrderHead(10100, LocalDate.of(2003, 1, 6), "Shipped", 363));
    }

    @Test
    void lines_are_grouped_by_order_in_their_own_sequence() {
        List<OrderLine> lines = DATA.linesByOrder().getOrDefault(10100, List.of());

        assertThat(lines).extracting(OrderLine::position).containsExactly(1, 2, 3, 4);
    }

    @Test
    void every_order_has_a_line_and_every_line_a_known_product() {
        Set<String> products = DATA.products().stream().map(Product::code).collect(toSet());

        assertThat(DATA.orders()).allMatch(o -> DATA.linesByOrder().containsKey(o.number()));
        assertThat(DATA.lines()).allMatch(line -> products.contains(line.product()));
    }

    @Test
    void every_customers_country_has_an_iso_code() {
        Set<String> iso = Set.of(Locale.getISOCountries());

        assertThat(DATA.customers()).allMatch(c -> iso.contains(Countries.code(c.country())));
        assertThatThrownBy(() -> Countries.code("Atlantis")).hasMessageContaining("Atlantis");
    }

    @Test
    void an_order_of_an_unknown_customer_cannot_be_read() {
        String script = "INSERT INTO \"orders\" VALUES(1,'2003-01-06','x','x','Shipped',NULL,9)";

        assertThatThrownBy(() -> read(script))
                .hasMessageContaining("order 1 names customer 9, which is not there");
    }

    private static SteelWheels read(String script) throws IOException {
        return SteelWheels.read(new StringReader(script));
    }
}
