// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;

class DatabaseBreakerTest {

    private static final LogException REFUSED =
            failure(new SQLException("refused", "08001", new ConnectException("refused")));
    private static final LogException LATE =
            failure(new SQLException("late", "08006", new SocketTimeoutException("late")));
    private static final LogException CANCELLED = failure(new SQLException("slow", "57014"));
    private static final LogException USED_UP =
            failure(new SQLTransientConnectionException("no connection is free"));
    private static final LogException REFUSED_TO_THE_POOL =
            failure(
                    new SQLTransientConnectionException(
                            "no connection", "08001", new ConnectException("refused")));

    private final DatabaseBreaker breaker = new DatabaseBreaker();

    private static LogException failure(SQLException e) {
        return Failures.of("cannot ask", e);
    }

    @Test
    void a_connection_that_is_refused_opens_it_once() {
        assertThat(breaker.onFailure(REFUSED)).isTrue();
        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.onFailure(REFUSED)).isFalse();
        assertThat(breaker.onAnswer()).isTrue();
        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.onFailure(REFUSED_TO_THE_POOL)).isTrue();
    }

    @Test
    void calls_that_wait_in_vain_open_it_only_in_a_row() {
        for (int i = 1; i < DatabaseBreaker.TIMEOUTS; i++) {
            assertThat(breaker.onFailure(i % 2 == 0 ? LATE : CANCELLED)).isFalse();
        }
        assertThat(breaker.onAnswer()).isFalse();
        for (int i = 1; i < DatabaseBreaker.TIMEOUTS; i++) {
            assertThat(breaker.onFailure(LATE)).isFalse();
        }
        assertThat(breaker.onFailure(LATE)).isTrue();
    }

    @Test
    void a_pool_that_is_used_up_and_a_refusal_do_not_open_it() {
        for (int i = 0; i < 3 * DatabaseBreaker.TIMEOUTS; i++) {
            assertThat(breaker.onFailure(USED_UP)).isFalse();
            assertThat(breaker.onFailure(Ownership.moved(3))).isFalse();
            assertThat(breaker.onFailure(new LogException(Category.FULL, "no room"))).isFalse();
        }
        assertThat(breaker.isOpen()).isFalse();
    }
}
