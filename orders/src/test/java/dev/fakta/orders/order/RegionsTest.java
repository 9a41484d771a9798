// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Processor.Problem;
import dev.fakta.orders.order.PlaceOrder.Destination;
import dev.fakta.orders.order.PlaceOrder.Shipping;
import dev.fakta.testkit.Surroundings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A state or province is one, however a customer writes it.
class RegionsTest {

    private final Problems problems = new Problems();

    private @Nullable String region(String country, @Nullable String region) {
        Destination to = new Destination("Ada", "Weg 1", null, "Ort", region, "12345", country);
        DeliveryCheck check = new DeliveryCheck(Surroundings.surroundings(), problems);
        return check.address(new Shipping("standard", to)).region();
    }

    @ParameterizedTest
    @CsvSource({
        "US, California, CA",
        "US, ca, CA",
        "us, CALIFORNIA, CA",
        "US, ' new   york ', NY",
        "US, N.Y., NY",
        "US, New Yorkshire, ",
        "US, Washington, WA",
        "US, Washington D.C., DC",
        "US, PR, PR",
        "CA, Québec, QC",
        "CA, quebec, QC",
        "CA, Nova Scotia, NS",
        "CA, Prince-Edward Island, PE",
        "CA, Île du Prince Édouard, PE"
    })
    void a_region_is_known_by_its_code_and_by_its_name(
            String country, String text, @Nullable String code) {
        assertThat(region(country, text)).isEqualTo(code);
        assertThat(problems.areNone()).isEqualTo(code != null);
    }

    @Test
    void a_region_that_the_country_does_not_have_is_refused() {
        assertThat(region("US", "Bavaria")).isNull();
        assertThat(region("CA", "CA")).isNull();
        assertThat(problems.found())
                .extracting(Problem::field)
                .containsExactly("shipping.address.region", "shipping.address.region");
        assertThat(problems.found().getFirst().reason())
                .isEqualTo("is no region of US, neither by its name nor by its code");
    }

    @Test
    void other_countries_name_their_regions_as_they_like() {
        assertThat(region("DE", "Bayern")).isEqualTo("Bayern");
        assertThat(region("AU", "nsw")).isEqualTo("nsw");
        assertThat(problems.areNone()).isTrue();
    }

    @Test
    void a_region_may_be_left_out() {
        assertThat(region("US", null)).isNull();
        assertThat(region("US", " ")).isNull();
        assertThat(problems.areNone()).isTrue();
    }

    @Test
    void every_code_is_found_by_itself() {
        for (String state : List.of("AL", "WY", "DC", "AP", "MP")) {
            assertThat(Regions.code("US", state)).isEqualTo(state);
        }
        assertThat(Regions.areKnown("US")).isTrue();
        assertThat(Regions.areKnown("DE")).isFalse();
    }
}
