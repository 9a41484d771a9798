// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fakta.domain.View;
import dev.fakta.log.LogException;
import dev.fakta.runtime.Durations;
import dev.fakta.runtime.NodeLoad;
import dev.fakta.runtime.Reply;
import dev.fakta.views.ViewLag;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BacklogTest {

    private static final View VIEW = View.named("wishes").table("create table wish (id text)");
    private static final long SECOND = 1_000_000_000;

    private long now = Long.MAX_VALUE;
    private int waiting;
    private long appended = 1_000;
    private double lag;
    private boolean isLogAway;
    private int looks;
    private Duration wait = Duration.ZERO;
    private final Backlog backlog = new Backlog(this::load, this::lags, () -> wait, () -> now);

    private NodeLoad load() {
        return new NodeLoad(0, 0, waiting, 0, 0, 0, 0, appended, 0, 0, none(), 0, 0, 0, 0, 0, 0, 0);
    }

    private static Durations none() {
        return new Durations(List.of(), List.of(0L), 0);
    }

    private List<ViewLag> lags() {
        looks++;
        if (isLogAway) {
            throw new LogException(LogException.Category.UNAVAILABLE, "away");
        }
        return List.of(new ViewLag("others", 1, 0, 99, 0), new ViewLag("wishes", 1, 9, lag, 0));
    }

    @Test
    void a_busy_partition_is_asked_again_when_what_waits_is_answered() {
        now += 2 * SECOND;
        waiting = 700;
        appended += 200;
        Problem problem = backlog.problem(new Reply.Busy<>());
        assertThat(problem.code()).isEqualTo("BUSY");
        assertThat(problem.retryAfterSeconds()).isEqualTo(7);
    }

    @Test
    void what_would_wait_too_long_is_refused_until_it_would_not() {
        Duration longest = Duration.ofSeconds(5);
        wait = longest;
        backlog.requireShort(longest);
        assertThat(backlog.refused()).isZero();
        wait = Duration.ofMillis(8_200);
        assertThatThrownBy(() -> backlog.requireShort(longest))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> {
                            assertThat(refused.problem().status()).isEqualTo(503);
                            assertThat(refused.problem().code()).isEqualTo("BACKLOG");
                            assertThat(refused.problem().retryAfterSeconds()).isEqualTo(4);
                        });
        assertThat(backlog.refused()).isEqualTo(1);
        wait = Duration.ZERO;
        backlog.requireShort(longest);
    }

    @Test
    void it_is_a_second_at_least_and_half_a_minute_at_most() {
        assertThat(backlog.commandSeconds()).isEqualTo(1);
        now += SECOND;
        assertThat(backlog.commandSeconds()).isEqualTo(1);
        now += SECOND;
        waiting = 4_096;
        assertThat(backlog.commandSeconds()).isEqualTo(30);
    }

    @Test
    void what_was_found_holds_for_a_second() {
        now += SECOND;
        waiting = 500;
        appended += 100;
        assertThat(backlog.commandSeconds()).isEqualTo(5);
        now += SECOND - 1;
        waiting = 0;
        assertThat(backlog.commandSeconds()).isEqualTo(5);
        now += 1;
        assertThat(backlog.commandSeconds()).isEqualTo(1);
    }

    @Test
    void other_replies_keep_their_time() {
        now += SECOND;
        waiting = 4_096;
        assertThat(
                        backlog.problem(new Reply.Failed<>(Reply.Failure.TIMEOUT, ""))
                                .retryAfterSeconds())
                .isEqualTo(1);
    }

    @Test
    void a_view_is_asked_again_when_it_may_have_caught_up() {
        lag = 6.2;
        assertThat(backlog.viewSeconds(VIEW)).isEqualTo(7);
        lag = 0;
        assertThat(backlog.viewSeconds(VIEW)).isEqualTo(7);
        assertThat(looks).isEqualTo(1);
        now += SECOND;
        assertThat(backlog.viewSeconds(VIEW)).isEqualTo(1);
    }

    @Test
    void a_log_that_is_away_is_no_reason_not_to_answer() {
        isLogAway = true;
        assertThat(backlog.viewSeconds(VIEW)).isEqualTo(1);
    }
}
