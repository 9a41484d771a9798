// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class VerifiedTokensTest {

    private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");
    private static final Caller ANNA = Caller.named("anna");

    private final VerifiedTokens tokens = new VerifiedTokens();

    private void add(String token, Duration life) {
        tokens.add(token, ANNA, NOW.plus(life), NOW);
    }

    @Test
    void a_token_is_known_until_it_ends_and_for_five_minutes_at_most() {
        add("short", Duration.ofMinutes(1));
        add("long", Duration.ofHours(1));

        assertThat(tokens.find("short", NOW.plusSeconds(59))).isEqualTo(ANNA);
        assertThat(tokens.find("short", NOW.plusSeconds(60))).isNull();
        assertThat(tokens.find("long", NOW.plusSeconds(299))).isEqualTo(ANNA);
        assertThat(tokens.find("long", NOW.plusSeconds(300))).isNull();
        assertThat(tokens.find("other", NOW)).isNull();
    }

    @Test
    void of_too_many_the_one_that_came_the_longest_ago_is_forgotten() {
        add("first", Duration.ofHours(1));
        add("second", Duration.ofHours(1));
        for (int i = 2; i < VerifiedTokens.MOST; i++) {
            add("token " + i, Duration.ofHours(1));
        }
        assertThat(tokens.find("first", NOW)).isEqualTo(ANNA);
        add("one more", Duration.ofHours(1));

        assertThat(tokens.find("second", NOW)).isNull();
        assertThat(tokens.find("first", NOW)).isEqualTo(ANNA);
        assertThat(tokens.find("one more", NOW)).isEqualTo(ANNA);
    }
}
