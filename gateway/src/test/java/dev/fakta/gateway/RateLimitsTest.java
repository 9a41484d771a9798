// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fakta.gateway.RateLimits.Quota;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class RateLimitsTest {

    @Command(name = "node")
    private static final class Program {
        @Mixin private ServeOptions options;
    }

    private static List<RateLimit> limits(String... arguments) {
        Program program = new Program();
        new CommandLine(program).parseArgs(arguments);
        return program.options.gateway().rateLimits();
    }

    private static final RateLimit LIMIT = RateLimit.parse("customer=6/60s");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // as nanoTime may be
    private final RateLimits limits = new RateLimits(List.of(LIMIT), nanos::get, 2);

    private void pass(long seconds) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    private Quota take(String who) {
        return limits.take(LIMIT, who);
    }

    private void takeAll(String who) {
        for (int i = 0; i < LIMIT.requests(); i++) {
            assertThat(take(who).retryAfter()).isZero();
        }
    }

    @Test
    void all_requests_of_a_time_may_come_at_once_and_the_next_one_waits_for_one_to_come_back() {
        takeAll("carl");
        assertThat(take("carl")).isEqualTo(new Quota(LIMIT, 0, 60, 10));
        pass(9);
        assertThat(take("carl")).isEqualTo(new Quota(LIMIT, 0, 51, 1));
        pass(1);
        assertThat(take("carl")).isEqualTo(new Quota(LIMIT, 0, 60, 0));
        assertThat(take("carl").retryAfter()).isEqualTo(10);
    }

    @Test
    void each_answer_says_how_many_are_left_and_when_all_are_back() {
        assertThat(take("carl").state()).isEqualTo("\"customer\";r=5;t=10");
        assertThat(take("carl").state()).isEqualTo("\"customer\";r=4;t=20");
        pass(15);
        assertThat(take("carl").state()).isEqualTo("\"customer\";r=4;t=15");
        assertThat(take("carl").policy()).isEqualTo("\"customer\";q=6;w=60");
    }

    @Test
    void who_has_been_away_has_no_more_than_all() {
        takeAll("carl");
        pass(1_000);
        takeAll("carl");
        assertThat(take("carl").retryAfter()).isEqualTo(10);
        assertThat(limits.refused()).isEqualTo(1);
    }

    @Test
    void callers_do_not_take_from_each_other() {
        takeAll("carl");
        takeAll("anna");
        assertThat(take("carl").retryAfter()).isPositive();
    }

    @Test
    void more_callers_than_are_known_count_as_one_until_some_can_be_forgotten() {
        take("a");
        take("b");
        assertThat(take("c").left()).isEqualTo(5);
        assertThat(take("d").left()).isEqualTo(4);
        assertThat(take("a").left()).isEqualTo(4);
        pass(20); // all have all of their requests again
        assertThat(take("e").left()).isEqualTo(5);
        assertThat(take("f").left()).isEqualTo(5);
    }

    @Test
    void a_caller_has_the_most_generous_limit_of_its_roles_and_none_when_a_role_has_none() {
        RateLimit staff = RateLimit.parse("staff=100/1m");
        RateLimit anybody = RateLimit.parse("anybody=1/1h");
        RateLimits all = new RateLimits(List.of(LIMIT, staff, anybody));

        assertThat(all.limit(Caller.named("c", CallerRole.CUSTOMER))).isEqualTo(LIMIT);
        assertThat(all.limit(Caller.named("c", CallerRole.CUSTOMER, CallerRole.STAFF)))
                .isEqualTo(staff);
        assertThat(all.limit(Caller.named("c", CallerRole.CUSTOMER, CallerRole.OPERATOR))).isNull();
        assertThat(all.limit(Caller.ANYBODY)).isEqualTo(anybody);
        assertThat(all.limit(Caller.trusted())).isNull();
        assertThat(new RateLimits(List.of()).limit(Caller.ANYBODY)).isNull();
    }

    @Test
    void addresses_of_one_network_are_one_caller() throws Exception {
        assertThat(RateLimits.network(InetAddress.getByName("2001:db8:0:1::1")))
                .isEqualTo(RateLimits.network(InetAddress.getByName("2001:db8:0:1:ffff::2")))
                .isNotEqualTo(RateLimits.network(InetAddress.getByName("2001:db8:0:2::1")));
        assertThat(RateLimits.network(InetAddress.getByName("192.0.2.1")))
                .isNotEqualTo(RateLimits.network(InetAddress.getByName("192.0.2.2")));
    }

    @Test
    void the_command_line_takes_several_limits_and_sets_none_by_itself() {
        assertThat(limits()).isEmpty();
        assertThat(limits("--rate-limit", "customer=6/60s,anybody=1/1h", "--rate-limit=staff=9/1s"))
                .extracting(RateLimit::name)
                .containsExactly("customer", "anybody", "staff");
        assertThatExceptionOfType(ParameterException.class)
                .isThrownBy(() -> limits("--rate-limit", "customer"))
                .withMessageStartingWith("--rate-limit: a role or anybody");
    }

    @Test
    void a_limit_is_written_as_a_role_requests_and_a_time() {
        assertThat(RateLimit.parse("anybody=20/1m"))
                .isEqualTo(new RateLimit(null, 20, Duration.ofMinutes(1)));
        assertThat(RateLimit.parse("importer=5000/1h").name()).isEqualTo("importer");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.parse("customer=100"))
                .withMessageContaining("as in customer=100/60s");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.parse("king=100/60s"))
                .withMessage("no role is king");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.parse("customer=0/0s"))
                .withMessageContaining("1 to 1000000 requests, not 0; a second to a day");
    }
}
