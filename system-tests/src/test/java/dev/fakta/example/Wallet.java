// SPDX-License-Identifier: Apache-2.0
package dev.fakta.example;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import dev.fakta.example.Wallet.Command.Fill;
import dev.fakta.example.Wallet.Command.Pay;
import dev.fakta.example.Wallet.Command.PayBack;
import dev.fakta.example.Wallet.Event.Filled;
import dev.fakta.example.Wallet.Event.Paid;
import dev.fakta.example.Wallet.Event.PaidBack;
import java.util.HashMap;
import java.util.Map;

/// Somebody's money, in cents, and what was paid from it for which purchase.
public record Wallet(long balance, Map<String, Long> paid) {

    public sealed interface Command {
        record Fill(long amount) implements Command {}

        record Pay(String purchase, long amount) implements Command {}

        record PayBack(String purchase) implements Command {}
    }

    public sealed interface Event {
        record Filled(long amount) implements Event {}

        record Paid(String purchase, long amount) implements Event {}

        record PaidBack(String purchase) implements Event {}
    }

    public enum Refusal implements Rejection {
        INSUFFICIENT_BALANCE
    }

    public static final Aggregate<Command, Event, Wallet> AGGREGATE =
            Aggregate.named("wallet")
                    .taking(Command.class)
                    .startingAs(new Wallet(0, Map.of()))
                    .deciding(Wallet::decide)
                    .evolving(Wallet::evolve)
                    .refusing(Refusal.class)
                    .event("wallet-filled", Filled.class)
                    .event("wallet-paid", Paid.class)
                    .event("wallet-paid-back", PaidBack.class);

    public Wallet {
        paid = Map.copyOf(paid);
    }

    Decision<Event> decide(Command command) {
        return switch (command) {
            case Fill(var amount) -> accept(new Filled(amount));
            case Pay(var purchase, _) when paid.containsKey(purchase) -> accept(); // already done
            case Pay(_, var amount) when amount > balance -> reject(Refusal.INSUFFICIENT_BALANCE);
            case Pay(var purchase, var amount) -> accept(new Paid(purchase, amount));
            case PayBack(var purchase) when paid.containsKey(purchase) ->
                    accept(new PaidBack(purchase));
            case PayBack _ -> accept(); // nothing was paid, or it was paid back
        };
    }

    Wallet evolve(Event event) {
        Map<String, Long> now = new HashMap<>(paid);
        return switch (event) {
            case Filled(var amount) -> new Wallet(balance + amount, paid);
            case Paid(var purchase, var amount) -> {
                now.put(purchase, amount);
                yield new Wallet(balance - amount, now);
            }
            case PaidBack(var purchase) -> {
                long amount = paid.getOrDefault(purchase, 0L);
                now.remove(purchase);
                yield new Wallet(balance + amount, now);
            }
        };
    }
}
