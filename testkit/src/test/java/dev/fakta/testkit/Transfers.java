// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Progress;
import dev.fakta.domain.Reaction;
import dev.fakta.domain.Rejection;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaInput;
import dev.fakta.domain.SagaInput.Compensated;
import dev.fakta.domain.SagaInput.Done;
import dev.fakta.domain.SagaInput.Happened;
import dev.fakta.domain.SagaInput.Refused;
import dev.fakta.domain.SagaInput.Unanswered;
import dev.fakta.domain.SagaInput.Woken;
import dev.fakta.domain.Send;
import dev.fakta.domain.Step;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/// Money moves between two wallets by a saga; a transfer can be called off until the money has
/// arrived. Some of its rules can be left out, for a [Simulation] to find that.
final class Transfers {

    static final long FILLED = 100;
    private static final Duration WINDOW = Duration.ofMinutes(30);

    private final boolean remembersPayments;
    private final boolean bearsAnyOrder;

    /// @param remembersPayments whether a wallet knows by itself what it was paid before
    /// @param bearsAnyOrder whether the saga waits for the withdrawal before it gives money back
    Transfers(boolean remembersPayments, boolean bearsAnyOrder) {
        this.remembersPayments = remembersPayments;
        this.bearsAnyOrder = bearsAnyOrder;
    }

    sealed interface WalletCommand {
        record Take(String transfer, long amount) implements WalletCommand {}

        record Put(String transfer, long amount) implements WalletCommand {}
    }

    sealed interface WalletEvent {
        record Taken(String transfer, long amount) implements WalletEvent {}

        record Received(String transfer, long amount) implements WalletEvent {}
    }

    enum Refusal implements Rejection {
        NOT_ENOUGH,
        UNKNOWN,
        TOO_LATE
    }

    record Wallet(long balance, Set<String> known) {
        Wallet {
            known = Set.copyOf(known);
        }

        Wallet with(String payment, long amount) {
            Set<String> more = new HashSet<>(known);
            more.add(payment);
            return new Wallet(balance + amount, more);
        }
    }

    record Transfer(String from, String to, long amount, boolean isCalledOff, boolean isDone) {}

    sealed interface TransferCommand {
        record Ask(String from, String to, long amount) implements TransferCommand {}

        record CallOff() implements TransferCommand {}

        record Finish() implements TransferCommand {}
    }

    sealed interface TransferEvent {
        record Asked(String from, String to, long amount) implements TransferEvent {}

        record CalledOff() implements TransferEvent {}

        record Finished() implements TransferEvent {}
    }

    sealed interface MovingEvent {
        record Begun(String from, String to, long amount) implements MovingEvent {}
    }

    /// What the saga knows.
    record Moving(String id, String from, String to, long amount) {}

    final Aggregate<WalletCommand, WalletEvent, Wallet> wallets =
            Aggregate.named("wallet")
                    .taking(WalletCommand.class)
                    .startingAs(new Wallet(FILLED, Set.of()))
                    .deciding(this::decide)
                    .evolving(Transfers::evolve)
                    .event("wallet-taken", WalletEvent.Taken.class)
                    .event("wallet-received", WalletEvent.Received.class);

    static final Aggregate<TransferCommand, TransferEvent, Transfer> TRANSFERS =
            Aggregate.named("transfer")
                    .taking(TransferCommand.class)
                    .startingAs(new Transfer("", "", 0, false, false))
                    .deciding(Transfers::decide)
                    .evolving(Transfers::evolve)
                    .event("transfer-asked", TransferEvent.Asked.class)
                    .event("transfer-called-off", TransferEvent.CalledOff.class)
                    .event("transfer-finished", TransferEvent.Finished.class);

    final Saga<MovingEvent, Moving> moving =
            Saga.named("moving")
                    .startingAs(new Moving("", "", "", 0))
                    .reacting(this::react)
                    .evolving(
                            (Moving now, MovingEvent event) ->
                                    switch (event) {
                                        case MovingEvent.Begun(var from, var to, var amount) ->
                                                new Moving(now.id, from, to, amount);
                                    })
                    .event("moving-begun", MovingEvent.Begun.class)
                    .on(TransferEvent.Asked.class, (_, at) -> at.id())
                    .on(TransferEvent.CalledOff.class, (_, at) -> at.id())
                    .step(
                            Step.<Moving>named("take")
                                    .doing(
                                            (now, key) ->
                                                    Send.to(
                                                            wallets,
                                                            now.from,
                                                            new WalletCommand.Take(
                                                                    key, now.amount)))
                                    .undoing(
                                            (now, key) ->
                                                    Send.to(
                                                            wallets,
                                                            now.from,
                                                            new WalletCommand.Put(
                                                                    key + "-back", now.amount))))
                    .step(
                            Step.<Moving>named("finish")
                                    .doing(
                                            (_, key) ->
                                                    Send.to(
                                                            TRANSFERS,
                                                            key,
                                                            new TransferCommand.Finish())))
                    .step(
                            Step.<Moving>named("put")
                                    .doing(
                                            (now, key) ->
                                                    Send.to(
                                                            wallets,
                                                            now.to,
                                                            new WalletCommand.Put(
                                                                    key, now.amount))));

    Microsystem microsystem() {
        return Microsystem.named("transfers").with(wallets).with(TRANSFERS).with(moving);
    }

    private Decision<WalletEvent> decide(Wallet wallet, WalletCommand command) {
        return switch (command) {
            case WalletCommand.Take(var transfer, _) when wallet.known.contains("-" + transfer) ->
                    Decision.accept();
            case WalletCommand.Take(_, var amount) when wallet.balance < amount ->
                    Decision.reject(Refusal.NOT_ENOUGH);
            case WalletCommand.Take(var transfer, var amount) ->
                    Decision.accept(new WalletEvent.Taken(transfer, amount));
            case WalletCommand.Put(var transfer, _)
                    when remembersPayments && wallet.known.contains("+" + transfer) ->
                    Decision.accept();
            case WalletCommand.Put(var transfer, var amount) ->
                    Decision.accept(new WalletEvent.Received(transfer, amount));
        };
    }

    private static Wallet evolve(Wallet wallet, WalletEvent event) {
        return switch (event) {
            case WalletEvent.Taken(var transfer, var amount) ->
                    wallet.with("-" + transfer, -amount);
            case WalletEvent.Received(var transfer, var amount) ->
                    wallet.with("+" + transfer, amount);
        };
    }

    private static Decision<TransferEvent> decide(Transfer transfer, TransferCommand command) {
        return switch (command) {
            case TransferCommand.Ask _ when transfer.amount > 0 -> Decision.accept();
            case TransferCommand.Ask(var from, var to, var amount) ->
                    Decision.accept(new TransferEvent.Asked(from, to, amount));
            case TransferCommand.CallOff _ when transfer.isCalledOff -> Decision.accept();
            case TransferCommand.CallOff _ when transfer.amount == 0 ->
                    Decision.reject(Refusal.UNKNOWN);
            case TransferCommand.CallOff _ when transfer.isDone ->
                    Decision.reject(Refusal.TOO_LATE);
            case TransferCommand.CallOff _ -> Decision.accept(new TransferEvent.CalledOff());
            case TransferCommand.Finish _ when transfer.isDone -> Decision.accept();
            case TransferCommand.Finish _ when transfer.isCalledOff ->
                    Decision.reject(Refusal.TOO_LATE);
            case TransferCommand.Finish _ -> Decision.accept(new TransferEvent.Finished());
        };
    }

    private static Transfer evolve(Transfer transfer, TransferEvent event) {
        return switch (event) {
            case TransferEvent.Asked(var from, var to, var amount) ->
                    new Transfer(from, to, amount, false, false);
            case TransferEvent.CalledOff() ->
                    new Transfer(transfer.from, transfer.to, transfer.amount, true, false);
            case TransferEvent.Finished() ->
                    new Transfer(transfer.from, transfer.to, transfer.amount, false, true);
        };
    }

    private Reaction<MovingEvent> react(Moving now, SagaInput input, Progress progress) {
        return switch (input) {
            case Happened(TransferEvent.Asked(var from, var to, var amount), var at) ->
                    Reaction.<MovingEvent>record(new MovingEvent.Begun(from, to, amount))
                            .run("take", at.id())
                            .wake("window", WINDOW);
            case Done(var step, var key) when step.equals("take") ->
                    Transfers.<MovingEvent>nothing().run("finish", key);
            case Done(var step, var key) when step.equals("finish") ->
                    Transfers.<MovingEvent>nothing().run("put", key);
            case Done _ -> Transfers.<MovingEvent>nothing().complete();
            case Refused(var step, _, _, _) when step.equals("finish") && bearsAnyOrder ->
                    Transfers.<MovingEvent>nothing().compensate("called off");
            case Refused _ -> Transfers.<MovingEvent>nothing().complete();
            case Happened(TransferEvent.CalledOff _, _) when !bearsAnyOrder ->
                    Transfers.<MovingEvent>nothing().complete();
            case Compensated() -> Transfers.<MovingEvent>nothing().complete();
            case Happened _, Unanswered _, Woken _ -> Reaction.nothing();
        };
    }

    private static <E> Reaction<E> nothing() {
        return Reaction.nothing();
    }
}
