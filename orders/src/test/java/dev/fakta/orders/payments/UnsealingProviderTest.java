// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.provider.Answer;
import dev.fakta.orders.payments.provider.PaymentProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UnsealingProviderTest {

    private static final Money AMOUNT = Money.of(100, "EUR");

    private final SealedTokens tokens = SealedTokens.ofThisProcess();
    private final List<String> asked = new ArrayList<>();

    /// Answers with the word that the test has chosen, and the token that it got.
    private final class Loose implements PaymentProvider {
        @Override
        public Answer authorize(
                String key, String payment, Money amount, String method, String token) {
            asked.add(token);
            return switch (method) {
                case "declined" -> new Answer.Declined("no money on " + token);
                case "unknown" -> new Answer.Unknown("what is '" + token + "'?");
                default -> new Answer.NotAsked("not with " + token);
            };
        }

        @Override
        public Answer capture(String key, String payment, String authorization, Money amount) {
            return new Answer.Done("capture", amount, null);
        }

        @Override
        public Answer cancel(String key, String payment, String authorization) {
            return new Answer.Done("cancel", AMOUNT, null);
        }

        @Override
        public Answer refund(String key, String payment, @Nullable String capture, Money amount) {
            return new Answer.Done("refund", amount, null);
        }

        @Override
        public Answer find(String key) {
            return new Answer.NoSuchKey();
        }
    }

    private Answer authorize(SealedTokens with, String method, String token) {
        return new UnsealingProvider(new Loose(), with).authorize("k", "o1", AMOUNT, method, token);
    }

    @Test
    void the_provider_gets_the_token_and_is_not_quoted_with_it() {
        String sealed = tokens.seal("o1", "tok_1");
        assertThat(authorize(tokens, "declined", sealed))
                .isEqualTo(new Answer.Declined("no money on (token)"));
        assertThat(authorize(tokens, "unknown", sealed))
                .isEqualTo(new Answer.Unknown("what is '(token)'?"));
        assertThat(authorize(tokens, "other", sealed))
                .isEqualTo(new Answer.NotAsked("not with (token)"));
        assertThat(asked).containsExactly("tok_1", "tok_1", "tok_1");
    }

    @Test
    void a_token_of_another_key_waits_for_it() {
        String sealed = SealedTokens.ofThisProcess().seal("o1", "tok_1");
        assertThat(authorize(tokens, "card", sealed))
                .isInstanceOfSatisfying(
                        Answer.NotAsked.class,
                        answer ->
                                assertThat(answer.reason())
                                        .contains(sealed.split(":")[1])
                                        .contains("--token-key"));
        assertThat(asked).isEmpty();
    }

    @Test
    void a_token_of_a_lost_key_or_of_another_order_is_a_declined_card() {
        String sealed = SealedTokens.ofThisProcess().seal("o1", "tok_1");
        SealedTokens without = tokens.withLost(Set.of(sealed.split(":")[1]));
        assertThat(authorize(without, "card", sealed)).isInstanceOf(Answer.Declined.class);
        assertThat(authorize(tokens, "card", tokens.seal("o2", "tok_1")))
                .isEqualTo(
                        new Answer.Declined(
                                "the card's token was sealed for another order, or is damaged"));
        assertThat(asked).isEmpty();
    }

    @Test
    void everything_else_is_the_providers() {
        PaymentProvider provider = new UnsealingProvider(new Loose(), tokens);
        assertThat(provider.capture("k", "o1", "a", AMOUNT))
                .isEqualTo(new Answer.Done("capture", AMOUNT, null));
        assertThat(provider.cancel("k", "o1", "a"))
                .isEqualTo(new Answer.Done("cancel", AMOUNT, null));
        assertThat(provider.refund("k", "o1", null, AMOUNT))
                .isEqualTo(new Answer.Done("refund", AMOUNT, null));
        assertThat(provider.find("k")).isEqualTo(new Answer.NoSuchKey());
    }
}
