// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.log.LogException.Category;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class FailuresTest {

    @Test
    void a_failure_has_the_category_that_tells_what_to_do() {
        assertThat(Failures.category(failure("53100"))).isEqualTo(Category.FULL);
        assertThat(Failures.category(failure("53300"))).isEqualTo(Category.UNAVAILABLE);
        assertThat(Failures.category(failure("57014"))).isEqualTo(Category.TIMEOUT);
        assertThat(Failures.category(failure("XX001"))).isEqualTo(Category.CORRUPT);
        assertThat(Failures.category(failure("XX000"))).isEqualTo(Category.UNAVAILABLE);
        assertThat(Failures.category(failure("08006"))).isEqualTo(Category.UNAVAILABLE);
        assertThat(Failures.category(caused("08006", new SocketTimeoutException("slow"))))
                .isEqualTo(Category.TIMEOUT);
    }

    @Test
    void only_a_lost_connection_leaves_the_outcome_open() {
        assertThat(Failures.isLostConnection(failure("08006"))).isTrue();
        assertThat(Failures.isLostConnection(failure("57P01"))).isTrue();
        assertThat(Failures.isLostConnection(failure("25006"))).isTrue();
        assertThat(Failures.isLostConnection(caused("99999", new IOException("gone")))).isTrue();
        assertThat(Failures.isLostConnection(failure("57014"))).isFalse();
        assertThat(Failures.isLostConnection(failure("23505"))).isFalse();
    }

    @Test
    void rows_are_at_fault_for_data_integrity_and_deadlocks() {
        assertThat(Failures.isAboutRows(failure("23505"))).isTrue();
        assertThat(Failures.isAboutRows(failure("22021"))).isTrue();
        assertThat(Failures.isAboutRows(failure("40P01"))).isTrue();
        assertThat(Failures.isAboutRows(failure("53100"))).isFalse();
    }

    private static SQLException failure(String state) {
        return new SQLException("a failure", state);
    }

    private static SQLException caused(String state, Exception cause) {
        return new SQLException("a failure", state, cause);
    }
}
