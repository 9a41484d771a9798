// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.SealedTokens.Opened;
import dev.fakta.orders.payments.provider.Answer;
import dev.fakta.orders.payments.provider.PaymentProvider;
import org.jspecify.annotations.Nullable;

/// A provider that gets the token of a card in the clear: it is opened here, just before the call,
/// and nowhere else. A provider that repeats the token in its words is not quoted to the letter.
///
/// Of a token that does not open the provider is not asked. When its key may be found again, the
/// operation waits for it, and is stuck for an operator in the end; else the card is declined, and
/// the order asks for another one.
record UnsealingProvider(PaymentProvider provider, SealedTokens tokens) implements PaymentProvider {

    private static final String HIDDEN = "(token)";

    @Override
    public Answer authorize(String key, String payment, Money amount, String method, String token) {
        return switch (tokens.open(payment, token)) {
            case Opened.Token(var clear) ->
                    without(clear, provider.authorize(key, payment, amount, method, clear));
            case Opened.OtherKey(var name) ->
                    new Answer.NotAsked(
                            "the card's token was sealed with key %s, which this node does not have: add it by --token-key"
                                    .formatted(name));
            case Opened.Spoiled(var why) -> new Answer.Declined("the card's token " + why);
        };
    }

    private static Answer without(String token, Answer answer) {
        return switch (answer) {
            case Answer.Declined(var reason) -> new Answer.Declined(without(token, reason));
            case Answer.Unknown(var reason) -> new Answer.Unknown(without(token, reason));
            case Answer.NotAsked(var reason) -> new Answer.NotAsked(without(token, reason));
            case Answer.Done _, Answer.Pending _, Answer.NoSuchKey _ -> answer;
        };
    }

    private static String without(String token, String reason) {
        return token.isEmpty() ? reason : reason.replace(token, HIDDEN);
    }

    @Override
    public Answer capture(String key, String payment, String authorization, Money amount) {
        return provider.capture(key, payment, authorization, amount);
    }

    @Override
    public Answer cancel(String key, String payment, String authorization) {
        return provider.cancel(key, payment, authorization);
    }

    @Override
    public Answer refund(String key, String payment, @Nullable String capture, Money amount) {
        return provider.refund(key, payment, capture, amount);
    }

    @Override
    public Answer find(String key) {
        return provider.find(key);
    }
}
