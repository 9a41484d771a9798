// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;

class RangedLogSettingsTest {

    private static final String A = "jdbc:postgresql://a:1/log";
    private static final String B = "jdbc:postgresql://b:2/log?user=me&password=hush";

    @Test
    void ranges_are_taken_in_any_order() {
        assertThat(RangedLogSettings.parse(List.of("32-63=" + B, "0-31=" + A), 64).ranges())
                .extracting(DatabaseRange::first, range -> range.database().url())
                .containsExactly(tuple(0, A), tuple(32, B));
    }

    @Test
    void a_partition_without_a_database_and_one_with_two_are_named_at_once() {
        refuses(
                "no database holds partition 0; two databases hold partitions 8 to 15;"
                        + " no database holds partitions 32 to 63",
                "1-15=" + A,
                "8-31=" + B);
    }

    @Test
    void partitions_that_the_log_does_not_have_are_refused() {
        refuses("the log has partitions 0 to 63 only, not 64", "0-31=" + A, "32-64=" + B);
    }

    @Test
    void a_range_that_ends_before_it_begins_is_refused() {
        refuses("ends before it begins", "0-63=" + A, "9-8=" + B);
    }

    @Test
    void one_database_holds_one_range() {
        refuses(
                "ranges 0-31=a:1/log and 32-63=a:1/log are in the same database",
                "0-31=" + A,
                "32-63=" + A);
    }

    @Test
    void what_is_no_range_is_told_by_its_place_since_it_may_hold_a_password() {
        refuses(
                "database 1 is not of the form FIRST-LAST=JDBC_URL; database 32-63 is not of the form"
                        + " jdbc:postgresql://HOST:PORT/DATABASE",
                B,
                "32-63=http://b:hush@x");
    }

    @Test
    void a_password_is_not_shown() {
        assertThat(RangedLogSettings.parse(List.of("0-63=" + B), 64).toString())
                .contains("0-63=b:2/log")
                .doesNotContain("hush");
    }

    private static void refuses(String reason, String... given) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RangedLogSettings.parse(List.of(given), 64))
                .withMessageContaining(reason)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hush"));
    }
}
