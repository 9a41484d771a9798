// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WebhookSignatureTest {

    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final Instant NOW = Instant.ofEpochSecond(1_614_265_330);
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
    private static final WebhookSecret SECRET =
            WebhookSecret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    /// The example that libraries of Standard Webhooks are tested with.
    @Test
    void a_message_is_signed_as_the_standard_has_it() {
        WebhookSignature signed =
                WebhookSignature.of("msg_p5jXN8AQM9LWM0D4loKWxJek", NOW, BODY, List.of(SECRET));

        assertThat(signed.timestamp()).isEqualTo("1614265330");
        assertThat(signed.signatures())
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void a_receiver_that_knows_either_secret_takes_a_message_while_one_replaces_the_other() {
        WebhookKeys keys = WebhookKeys.ofThisProcess();
        WebhookSecret before = keys.secret("a", 0);
        WebhookSecret after = keys.secret("a", 1);
        WebhookSignature both = WebhookSignature.of("m", NOW, BODY, List.of(after, before));
        WebhookSignature one = WebhookSignature.of("m", NOW, BODY, List.of(after));

        assertThat(both.isOf(BODY, List.of(before), NOW, TOLERANCE)).isTrue();
        assertThat(both.isOf(BODY, List.of(after), NOW, TOLERANCE)).isTrue();
        assertThat(one.isOf(BODY, List.of(before), NOW, TOLERANCE)).isFalse();
        assertThat(one.isOf(BODY, List.of(before, after), NOW, TOLERANCE)).isTrue();
    }

    @Test
    void a_message_that_is_replayed_later_is_not_taken() {
        WebhookSignature signed = WebhookSignature.of("m", NOW, BODY, List.of(SECRET));

        assertThat(signed.isOf(BODY, List.of(SECRET), NOW.plus(TOLERANCE), TOLERANCE)).isTrue();
        assertThat(signed.isOf(BODY, List.of(SECRET), NOW.plusSeconds(301), TOLERANCE)).isFalse();
        assertThat(signed.isOf(BODY, List.of(SECRET), NOW.minusSeconds(301), TOLERANCE)).isFalse();
        for (String time :
                List.of("", "soon", "-1", "9223372036854775807", "99999999999999999999")) {
            WebhookSignature other = new WebhookSignature("m", time, signed.signatures());
            assertThat(other.isOf(BODY, List.of(SECRET), NOW, TOLERANCE)).as(time).isFalse();
        }
    }

    @Property(tries = 300)
    void one_changed_bit_of_a_body_breaks_its_signature(
            @ForAll @Size(min = 1, max = 200) byte[] body, @ForAll @IntRange(max = 1_599) int bit) {
        WebhookSignature signed = WebhookSignature.of("m", NOW, body, List.of(SECRET));
        assertThat(signed.isOf(body, List.of(SECRET), NOW, TOLERANCE)).isTrue();

        byte[] changed = body.clone();
        changed[bit / 8 % body.length] ^= (byte) (1 << bit % 8);
        assertThat(signed.isOf(changed, List.of(SECRET), NOW, TOLERANCE)).isFalse();
        assertThat(
                        new WebhookSignature("n", signed.timestamp(), signed.signatures())
                                .isOf(body, List.of(SECRET), NOW, TOLERANCE))
                .isFalse();
    }

    @Property(tries = 300)
    void whatever_stands_for_a_signature_is_refused_and_breaks_nothing(@ForAll String signatures) {
        assertThat(
                        new WebhookSignature("m", "1614265330", signatures)
                                .isOf(BODY, List.of(SECRET), NOW, TOLERANCE))
                .isFalse();
    }

    @Test
    void secrets_follow_from_the_key_and_differ_by_subscription_and_generation() {
        byte[] key = WebhookKeys.freshKey();
        String first = WebhookKeys.of(key).secret("a", 1).text();

        assertThat(WebhookKeys.of(key).secret("a", 1).text()).isEqualTo(first);
        assertThat(WebhookKeys.of(key).secret("a", 2).text()).isNotEqualTo(first);
        assertThat(WebhookKeys.of(key).secret("b", 1).text()).isNotEqualTo(first);
        assertThat(WebhookKeys.ofThisProcess().secret("a", 1).text()).isNotEqualTo(first);
        assertThat(WebhookSecret.parse(first).text()).isEqualTo(first);
    }

    @Test
    void no_message_shows_a_secret() {
        assertThat(SECRET.toString()).doesNotContain("MfKQ");
        for (String wrong : List.of("MfKQ9r8G", "whsec_MfKQ9r8G", "whsec_MfKQ9r8G!")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> WebhookSecret.parse(wrong))
                    .withMessageNotContaining("MfKQ");
        }
    }
}
