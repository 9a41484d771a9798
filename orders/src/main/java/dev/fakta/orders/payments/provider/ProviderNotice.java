// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.provider;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A webhook of the provider, written down before anything is made of it. Its id is the provider's
/// event id, so that one which comes twice is there already, and counts once.
///
/// @param isReceived whether it has come
public record ProviderNotice(boolean isReceived) {

    public static final Aggregate<Receive, Received, ProviderNotice> AGGREGATE =
            Aggregate.named("provider-notice")
                    .taking(Receive.class)
                    .startingAs(new ProviderNotice(false))
                    .deciding(ProviderNotice::decide)
                    .evolving((ProviderNotice _, Received _) -> new ProviderNotice(true))
                    .event("provider-notice-received", Received.class);

    /// What it tells.
    public enum Topic {
        SUCCEEDED,
        FAILED,
        EXPIRED,
        DISPUTED
    }

    /// What it says.
    ///
    /// @param kind of the operation, with its number; of an expiry those of the authorization, of a
    ///   dispute those of the capture
    /// @param reference the provider's name of the operation or of the dispute
    /// @param at when it happened
    public record Content(
            Topic topic,
            String payment,
            Kind kind,
            int number,
            Money amount,
            String reference,
            String reason,
            Instant at,
            @Nullable Instant expiresAt) {}

    public record Receive(@Nullable Content content) {}

    public record Received(Content content) {}

    public enum Refusal implements Rejection {
        CONTENT_MISSING
    }

    private Decision<Received> decide(Receive receive) {
        Content content = receive.content();
        if (content == null) {
            return Decision.reject(Refusal.CONTENT_MISSING);
        }
        return isReceived ? Decision.accept() : Decision.accept(new Received(content));
    }
}
