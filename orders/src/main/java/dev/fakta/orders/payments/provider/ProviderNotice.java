// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.provider;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import dev.fakta.orders.fields.Faults;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A webhook of the provider, written down before anything is made of it. Its id is the provider's
/// event id, so that one which comes twice is there already, and counts once.
///
/// @param content what it says; none as long as it has not come
/// @param isDismissed whether people have said that nothing is to be made of it
public record ProviderNotice(@Nullable Content content, boolean isDismissed) {

    private static final int LONGEST_REASON = 200;

    public static final Aggregate<Command, Event, ProviderNotice> AGGREGATE =
            Aggregate.named("provider-notice")
                    .taking(Command.class)
                    .startingAs(new ProviderNotice(null, false))
                    .deciding(ProviderNotice::decide)
                    .evolving(ProviderNotice::evolve)
                    .refusing(Refusal.class)
                    .event("provider-notice-received", Event.Received.class)
                    .event("provider-notice-dismissed", Event.Dismissed.class);

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

    public sealed interface Command {
        record Receive(@Nullable Content content) implements Command {}

        /// People have seen that its payment refuses it, and have done what there was to do.
        record Dismiss(@Nullable String reason) implements Command {}
    }

    public sealed interface Event {
        record Received(Content content) implements Event {}

        /// Nothing is made of it any more.
        record Dismissed(Content content, String reason) implements Event {}
    }

    public enum Refusal implements Rejection {
        CONTENT_MISSING("content: is needed."),
        UNKNOWN_NOTICE("No such notice has come."),
        REASON_MISSING("reason: 1 to 200 characters are needed.");

        private final String detail;

        Refusal(String detail) {
            this.detail = detail;
        }

        @Override
        public String detail() {
            return detail;
        }
    }

    private Decision<Event> decide(Command command) {
        return switch (command) {
            case Command.Receive(var told) when told == null -> reject(Refusal.CONTENT_MISSING);
            case Command.Receive(var told) ->
                    content == null ? accept(new Event.Received(told)) : accept();
            case Command.Dismiss(var reason) -> dismiss(reason);
        };
    }

    private Decision<Event> dismiss(@Nullable String reason) {
        if (reason == null || faults(new Command.Dismiss(reason)).first() != null) {
            return reject(Refusal.REASON_MISSING);
        }
        if (content == null) {
            return reject(Refusal.UNKNOWN_NOTICE);
        }
        return isDismissed ? accept() : accept(new Event.Dismissed(content, reason));
    }

    /// What is wrong with the fields of such a command.
    public static Faults<Refusal> faults(Command.Dismiss command) {
        return new Faults<Refusal>()
                .text(Refusal.REASON_MISSING, "reason", command.reason(), LONGEST_REASON);
    }

    private ProviderNotice evolve(Event event) {
        return switch (event) {
            case Event.Received(var told) -> new ProviderNotice(told, false);
            case Event.Dismissed _ -> new ProviderNotice(content, true);
        };
    }
}
