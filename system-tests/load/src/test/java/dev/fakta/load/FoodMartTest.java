// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fakta.load.FoodMart.Basket;
import dev.fakta.load.FoodMart.Line;
import dev.fakta.load.FoodMart.Product;
import dev.fakta.orders.demo.UnreadableScript;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FoodMartTest {

    private static final String TEA =
            """
            INSERT INTO "product" VALUES(30,7,'Brand','Tea',90,2.8500,8.39E0)
            INSERT INTO "promotion" VALUES(0,0,'No Promotion')
            INSERT INTO "promotion" VALUES(5,0,'Two Day Sale')
            """;

    @Test
    void every_basket_of_the_artifact_is_read() {
        FoodMart data = FoodMart.read();

        assertThat(data.lines()).isEqualTo(251_395);
        assertThat(data.baskets()).hasSize(54_600);
        assertThat(data.promotedLines()).isEqualTo(67_473);
        assertThat(data.products()).hasSize(1_560);
        assertThat(data.promotions()).hasSize(1_864);
        assertThat(data.faults()).isEmpty();
        assertThat(data.products()).containsEntry(1, new Product(1, "Washington Berry Juice", 285));
    }

    @Test
    void lines_of_a_basket_need_not_stand_together() throws IOException {
        FoodMart data =
                read(
                        sale("7,371,1,0,2,3.0000,0.5,2.0000"),
                        sale("7,371,9,5,2,2.8500,0.5,1.0000"),
                        sale("7,371,1,0,2,1.0000,0.5,1.0000"));

        assertThat(data.baskets())
                .containsExactly(
                        new Basket(371, 1, 2, 0, List.of(new Line(7, 2, 150), new Line(7, 1, 100))),
                        new Basket(371, 9, 2, 5, List.of(new Line(7, 1, 285))));
        assertThat(data.promotedLines()).isEqualTo(1);
        assertThat(FoodMart.unitsByProduct(data.baskets())).containsOnly(Map.entry(7, 4L));
    }

    @Test
    void a_line_that_cannot_be_sold_is_left_out_and_reported() throws IOException {
        FoodMart data =
                read(
                        sale("8,371,1,0,2,3.0000,0.5,2.0000"),
                        sale("7,371,1,6,2,3.0000,0.5,2.0000"),
                        sale("7,371,1,0,2,3.0000,0.5,1.5000"),
                        sale("7,371,1,0,2,1.0000,0.5,3.0000"));

        assertThat(data.baskets()).isEmpty();
        assertThat(data.faults())
                .containsExactlyInAnyOrder(
                        "line 4: product 8 is not there",
                        "line 5: promotion 6 is not there",
                        "line 6: no whole number of units was sold",
                        "line 7: its units do not cost the same");
    }

    @Test
    void a_row_that_cannot_be_read_is_named() {
        assertThatThrownBy(() -> read(sale("7,x,1,0,2,3.0000,0.5,2.0000")))
                .isInstanceOf(UnreadableScript.class)
                .hasMessageContaining("line 4: sales_fact_1998, column 2 is no integer: x");
    }

    private static String sale(String values) {
        return "INSERT INTO \"sales_fact_1998\" VALUES(" + values + ")";
    }

    private static FoodMart read(String... sales) throws IOException {
        return FoodMart.read(new StringReader(TEA + String.join("\n", sales)));
    }
}
