// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fakta.orders.order.OrderRules;
import dev.fakta.orders.order.Sourcing;
import dev.fakta.orders.order.Sourcing.Location;
import dev.fakta.orders.order.Sourcing.Rule;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class RuleOptionsTest {

    @Command
    private static final class Program {
        @Mixin private RuleOptions rules;
    }

    private static OrderRules rules(String... arguments) {
        Program program = new Program();
        new CommandLine(program).parseArgs(arguments);
        return program.rules.rules();
    }

    private static void assertWrong(String message, String... arguments) {
        assertThatExceptionOfType(ParameterException.class)
                .isThrownBy(() -> rules(arguments))
                .withMessage(message);
    }

    @Test
    void without_options_all_lies_at_the_main_location() {
        Sourcing sourcing = rules().sourcing();
        assertThat(sourcing.locations()).containsExactly(new Location(Sourcing.MAIN, null));
        assertThat(sourcing.rule()).isEqualTo(Rule.PRIORITY);
    }

    @Test
    void locations_have_a_country_where_it_matters() {
        Sourcing sourcing =
                rules("--locations", "hof:de, graz:AT,depot", "--sourcing", "fewest-parcels")
                        .sourcing();
        assertThat(sourcing.locations())
                .containsExactly(
                        new Location("hof", "DE"),
                        new Location("graz", "AT"),
                        new Location("depot", null));
        assertThat(sourcing.rule()).isEqualTo(Rule.FEWEST_PARCELS);
    }

    @Test
    void what_is_no_location_or_rule_is_named() {
        assertWrong("--locations: 'XX' is no country of ISO 3166, as DE is", "--locations", "a:XX");
        assertWrong(
                "--locations: 'a@b' is no name of 1 to 60 characters without @",
                "--locations",
                "a@b");
        assertWrong("--locations: a is there twice", "--locations", "a,a:DE");
        assertWrong("--locations: at most 10, not 11", "--locations", "a,b,c,d,e,f,g,h,i,j,k");
        assertWrong(
                "--sourcing: priority, nearest or fewest-parcels is needed, not quickest",
                "--sourcing",
                "quickest");
        assertWrong("--review-above: 0.001 is no amount of EUR", "--review-above", "EUR=0.001");
    }
}
