// SPDX-License-Identifier: Apache-2.0
package dev.fakta.example;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import dev.fakta.example.Purchase.Command.Cancel;
import dev.fakta.example.Purchase.Command.Confirm;
import dev.fakta.example.Purchase.Command.Order;
import dev.fakta.example.Purchase.Command.Reject;
import dev.fakta.example.Purchase.Event.CancelAsked;
import dev.fakta.example.Purchase.Event.Confirmed;
import dev.fakta.example.Purchase.Event.Ordered;
import dev.fakta.example.Purchase.Event.Rejected;
import java.util.List;

/// Something that is bought with the money of several wallets.
public record Purchase(Status status, String reason) {

    public enum Status {
        NONE,
        ORDERED,
        CONFIRMED,
        REJECTED
    }

    /// What one wallet pays.
    public record Share(String wallet, long amount) {}

    public sealed interface Command {
        record Order(List<Share> shares) implements Command {}

        record Cancel() implements Command {}

        record Confirm() implements Command {}

        record Reject(String reason) implements Command {}
    }

    public sealed interface Event {
        record Ordered(List<Share> shares) implements Event {}

        record CancelAsked() implements Event {}

        record Confirmed() implements Event {}

        record Rejected(String reason) implements Event {}
    }

    public enum Refusal implements Rejection {
        ALREADY_ORDERED,
        ALREADY_CONFIRMED
    }

    public static final Aggregate<Command, Event, Purchase> AGGREGATE =
            Aggregate.named("purchase")
                    .taking(Command.class)
                    .startingAs(new Purchase(Status.NONE, ""))
                    .deciding(Purchase::decide)
                    .evolving(Purchase::evolve)
                    .refusing(Refusal.class)
                    .event("purchase-ordered", Ordered.class)
                    .event("purchase-cancel-asked", CancelAsked.class)
                    .event("purchase-confirmed", Confirmed.class)
                    .event("purchase-rejected", Rejected.class);

    Decision<Event> decide(Command command) {
        return switch (command) {
            case Order _ when status != Status.NONE -> reject(Refusal.ALREADY_ORDERED);
            case Order(var shares) -> accept(new Ordered(shares));
            case Cancel _ when status == Status.CONFIRMED -> reject(Refusal.ALREADY_CONFIRMED);
            case Cancel _ -> accept(new CancelAsked());
            case Confirm _ -> accept(new Confirmed());
            case Reject(var why) -> accept(new Rejected(why));
        };
    }

    Purchase evolve(Event event) {
        return switch (event) {
            case Ordered _ -> new Purchase(Status.ORDERED, "");
            case CancelAsked _ -> this;
            case Confirmed _ -> new Purchase(Status.CONFIRMED, "");
            case Rejected(var why) -> new Purchase(Status.REJECTED, why);
        };
    }
}
