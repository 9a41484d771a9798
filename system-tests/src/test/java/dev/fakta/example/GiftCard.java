// SPDX-License-Identifier: Apache-2.0
package dev.fakta.example;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;
import static dev.fakta.example.GiftCard.Refusal.ALREADY_ISSUED;
import static dev.fakta.example.GiftCard.Refusal.AMOUNT_INVALID;
import static dev.fakta.example.GiftCard.Refusal.INSUFFICIENT_BALANCE;
import static dev.fakta.example.GiftCard.Refusal.NOT_ISSUED;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import dev.fakta.example.GiftCard.Command.Issue;
import dev.fakta.example.GiftCard.Command.Spend;
import dev.fakta.example.GiftCard.Command.TopUp;
import dev.fakta.example.GiftCard.Event.Issued;
import dev.fakta.example.GiftCard.Event.Spent;
import dev.fakta.example.GiftCard.Event.ToppedUp;
import java.util.HashSet;
import java.util.Set;

/// A gift card: issued once, spent in parts. Amounts are in cents.
public record GiftCard(long balance, Set<String> spentOn) {

    public sealed interface Command {
        record Issue(long amount) implements Command {}

        record Spend(String order, long amount) implements Command {}

        // region further-command
        record TopUp(long amount) implements Command {}
        // endregion
    }

    public sealed interface Event {
        record Issued(long amount) implements Event {}

        record Spent(String order, long amount) implements Event {}

        // region further-command
        record ToppedUp(long amount) implements Event {}
        // endregion
    }

    public enum Refusal implements Rejection {
        ALREADY_ISSUED,
        NOT_ISSUED,
        AMOUNT_INVALID,
        INSUFFICIENT_BALANCE
    }

    private static final long LARGEST = 1_000_000;
    private static final GiftCard NONE = new GiftCard(-1, Set.of());

    public static final Aggregate<Command, Event, GiftCard> AGGREGATE =
            Aggregate.named("gift-card")
                    .taking(Command.class)
                    .startingAs(NONE)
                    .deciding(GiftCard::decide)
                    .evolving(GiftCard::evolve)
                    .refusing(Refusal.class)
                    // region further-command
                    .event("gift-card-topped-up", ToppedUp.class)
                    // endregion
                    .event("gift-card-issued", Issued.class)
                    .event("gift-card-spent", Spent.class);

    public GiftCard {
        spentOn = Set.copyOf(spentOn);
    }

    // region gift-card
    Decision<Event> decide(Command command) {
        return switch (command) {
            case Issue _ when isIssued() -> reject(ALREADY_ISSUED);
            case Issue(var amount) when isInvalid(amount) -> reject(AMOUNT_INVALID);
            case Issue(var amount) -> accept(new Issued(amount));
            case Command _ when !isIssued() -> reject(NOT_ISSUED);
            case Spend(var order, _) when spentOn.contains(order) -> accept(); // already done
            case Spend(_, var amount) when isInvalid(amount) -> reject(AMOUNT_INVALID);
            case Spend(_, var amount) when amount > balance -> reject(INSUFFICIENT_BALANCE);
            case Spend(var order, var amount) -> accept(new Spent(order, amount));
            // region further-command
            case TopUp(var amount) when isInvalid(amount) -> reject(AMOUNT_INVALID);
            case TopUp(var amount) -> accept(new ToppedUp(amount));
                // endregion
        };
    }

    GiftCard evolve(Event event) {
        return switch (event) {
            case Issued(var amount) -> new GiftCard(amount, spentOn);
            case Spent(var order, var amount) -> new GiftCard(balance - amount, with(order));
            // region further-command
            case ToppedUp(var amount) -> new GiftCard(balance + amount, spentOn);
                // endregion
        };
    }

    // endregion

    private boolean isIssued() {
        return balance >= 0;
    }

    private static boolean isInvalid(long amount) {
        return amount < 1 || amount > LARGEST;
    }

    private Set<String> with(String order) {
        Set<String> more = new HashSet<>(spentOn);
        more.add(order);
        return more;
    }
}
