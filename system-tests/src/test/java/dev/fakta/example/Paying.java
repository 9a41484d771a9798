// SPDX-License-Identifier: Apache-2.0
package dev.fakta.example;

import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Progress;
import dev.fakta.domain.Reaction;
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
import dev.fakta.example.Purchase.Event.CancelAsked;
import dev.fakta.example.Purchase.Event.Ordered;
import dev.fakta.example.Purchase.Share;
import dev.fakta.gateway.Fakta;
import dev.fakta.gateway.Routes;
import dev.fakta.runtime.Versioned;
import java.time.Duration;
import java.util.List;

/// Takes the money for a purchase from all its wallets, or from none.
public record Paying(String purchase, List<Share> shares, String failure) {

    /// After the last payment somebody may still think better of it.
    static final Duration SECOND_THOUGHTS = Duration.ofMillis(150);

    public sealed interface Event {
        record Begun(String purchase, List<Share> shares) implements Event {}

        record Failed(String reason) implements Event {}
    }

    static final Step<Paying> PAY =
            Step.<Paying>named("pay")
                    .doing(
                            (paying, wallet) ->
                                    Send.to(Wallet.AGGREGATE, wallet, paying.pay(wallet)))
                    .undoing(
                            (paying, wallet) ->
                                    Send.to(
                                            Wallet.AGGREGATE,
                                            wallet,
                                            new Wallet.Command.PayBack(paying.purchase)));

    public static final Saga<Event, Paying> SAGA =
            Saga.named("paying")
                    .startingAs(new Paying("", List.of(), ""))
                    .reacting(Paying::react)
                    .evolving(Paying::evolve)
                    .event("paying-begun", Event.Begun.class)
                    .event("paying-failed", Event.Failed.class)
                    .on(Ordered.class, (_, at) -> at.id())
                    .on(CancelAsked.class, (_, at) -> at.id())
                    .step(PAY)
                    .step(
                            Step.<Paying>named("confirm")
                                    .doing(
                                            (paying, _) ->
                                                    paying.tell(new Purchase.Command.Confirm())))
                    .step(
                            Step.<Paying>named("reject")
                                    .doing(
                                            (paying, _) ->
                                                    paying.tell(
                                                            new Purchase.Command.Reject(
                                                                    paying.failure))));

    Reaction<Event> react(SagaInput input, Progress progress) {
        return switch (input) {
            case Happened(Ordered(var wanted), var at) ->
                    Reaction.<Event>record(new Event.Begun(at.id(), wanted))
                            .runEach("pay", wanted.stream().map(Share::wallet).toList());
            case Happened(CancelAsked _, _) -> fail("CANCELLED", progress);
            case Refused(_, _, var rejection, _) -> fail(rejection, progress);
            case Done(var step, _) when !step.equals("pay") -> nothing().complete();
            case Done _ when progress.isDone("pay") && !progress.isCompensating() ->
                    nothing().wake("second-thoughts", SECOND_THOUGHTS);
            case Woken _ when !progress.isCompensating() -> nothing().run("confirm");
            case Compensated() -> nothing().run("reject");
            case Happened _, Done _, Woken _, Unanswered _ -> nothing();
        };
    }

    private static Reaction<Event> nothing() {
        return Reaction.nothing();
    }

    private static Reaction<Event> fail(String reason, Progress progress) {
        boolean isTooLate =
                progress.isCompensating()
                        || progress.isCompleted()
                        || progress.isOpen("confirm")
                        || progress.isDone("confirm");
        return isTooLate
                ? nothing()
                : Reaction.<Event>record(new Event.Failed(reason)).compensate(reason);
    }

    Paying evolve(Event event) {
        return switch (event) {
            case Event.Begun(var id, var wanted) -> new Paying(id, wanted, "");
            case Event.Failed(var reason) -> new Paying(purchase, shares, reason);
        };
    }

    private Wallet.Command pay(String wallet) {
        return shares.stream()
                .filter(share -> share.wallet().equals(wallet))
                .findFirst()
                .map(share -> new Wallet.Command.Pay(purchase, share.amount()))
                .orElseThrow();
    }

    private Send<?> tell(Purchase.Command command) {
        return Send.to(Purchase.AGGREGATE, purchase, command);
    }

    static final Microsystem MICROSYSTEM =
            Microsystem.named("purchases")
                    .with(Wallet.AGGREGATE)
                    .with(Purchase.AGGREGATE)
                    .with(SAGA);

    static void routes(Routes http) {
        http.resource("/wallets", Wallet.AGGREGATE, Versioned::state)
                .put("/wallets/{id}", Wallet.Command.Fill.class, Wallet.AGGREGATE)
                .resource("/purchases", Purchase.AGGREGATE, Versioned::state)
                .put("/purchases/{id}", Purchase.Command.Order.class, Purchase.AGGREGATE)
                .post("/purchases/{id}/cancel", Purchase.Command.Cancel.class, Purchase.AGGREGATE);
    }

    public static void main(String[] args) {
        Fakta.run(args, MICROSYSTEM, Paying::routes);
    }
}
