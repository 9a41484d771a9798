// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.provider;

import dev.fakta.domain.At;
import dev.fakta.domain.Processor;
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
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment.Event;
import dev.fakta.orders.payments.Payment.Refusal;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// One operation of a payment on its way through the provider: asked for once, and, when no answer
/// comes, looked for by its key until somebody knows.
///
/// One instance per operation and not per payment: it ends with the operation, so that its state is
/// small, a payment of a thousand captures is no long life of one instance, and an operation that
/// waits for an operator holds up no other one of its payment. Its id is the operation's key.
///
/// It ends by the payment's fact, whoever brought it: the provider's answer, a look, or a webhook.
/// A look that gets no answer for half an hour is stuck: the operator who has it retried, once the
/// provider can be asked, finds the outcome. A fact that the payment refuses (it contradicts what
/// the provider told before) parks it, for people to see.
record PaymentOperation(String payment, @Nullable Kind kind, int number, String method) {

    static final String NAME = "payment-operation";
    private static final String ASK = "ask";
    private static final String LOOK = "look";

    private static final PaymentOperation NONE = new PaymentOperation("", null, 0, "");

    /// Its first fact: which operation it is.
    record Begun(String payment, Kind kind, int number, String method) {}

    static Saga<Begun, PaymentOperation> saga(AskProvider processors, Pace pace) {
        var asking = processors.asking();
        var looking = processors.looking();
        Saga<Begun, PaymentOperation> saga =
                Saga.named(NAME)
                        .startingAs(NONE)
                        .reacting(
                                (PaymentOperation state, SagaInput input, Progress progress) ->
                                        state.react(input, progress, pace))
                        .evolving((PaymentOperation _, Begun begun) -> of(begun))
                        .event("payment-operation-begun", Begun.class)
                        .step(
                                Step.<PaymentOperation>named(ASK)
                                        .doing((it, _) -> it.through(asking, it.ask()))
                                        .retrying(pace.retry()))
                        .step(
                                Step.<PaymentOperation>named(LOOK)
                                        .doing((it, _) -> it.through(looking, it.look()))
                                        .retrying(pace.retry()));
        return settled(requested(saga));
    }

    private static Saga<Begun, PaymentOperation> requested(Saga<Begun, PaymentOperation> saga) {
        return saga.on(
                        Event.AuthorizationRequested.class,
                        of(Kind.AUTHORIZATION, Event.AuthorizationRequested::number))
                .on(Event.CaptureRequested.class, of(Kind.CAPTURE, Event.CaptureRequested::number))
                .on(Event.VoidRequested.class, of(Kind.VOID, Event.VoidRequested::number))
                .on(Event.RefundRequested.class, of(Kind.REFUND, Event.RefundRequested::number))
                .on(
                        Event.OutcomeUnknown.class,
                        (unknown, at) -> key(at, unknown.kind(), unknown.number()));
    }

    private static Saga<Begun, PaymentOperation> settled(Saga<Begun, PaymentOperation> saga) {
        return saga.on(
                        Event.PaymentAuthorized.class,
                        of(Kind.AUTHORIZATION, Event.PaymentAuthorized::number))
                .on(
                        Event.PaymentDeclined.class,
                        of(Kind.AUTHORIZATION, Event.PaymentDeclined::number))
                .on(Event.PaymentCaptured.class, of(Kind.CAPTURE, Event.PaymentCaptured::number))
                .on(
                        Event.PaymentOvercharged.class,
                        of(Kind.CAPTURE, Event.PaymentOvercharged::number))
                .on(
                        Event.PaymentCaptureFailed.class,
                        of(Kind.CAPTURE, Event.PaymentCaptureFailed::number))
                .on(Event.PaymentVoided.class, of(Kind.VOID, Event.PaymentVoided::number))
                .on(Event.PaymentVoidFailed.class, of(Kind.VOID, Event.PaymentVoidFailed::number))
                .on(Event.PaymentRefunded.class, of(Kind.REFUND, Event.PaymentRefunded::number))
                .on(
                        Event.PaymentRefundedBeyond.class,
                        of(Kind.REFUND, Event.PaymentRefundedBeyond::number))
                .on(
                        Event.PaymentRefundFailed.class,
                        of(Kind.REFUND, Event.PaymentRefundFailed::number));
    }

    private static <T> Saga.Naming<T> of(Kind kind, ToIntFunction<T> number) {
        return (event, at) -> key(at, kind, number.applyAsInt(event));
    }

    private static String key(At at, Kind kind, int number) {
        return new OperationKey(at.id(), kind, number).toString();
    }

    private static PaymentOperation of(Begun begun) {
        return new PaymentOperation(begun.payment(), begun.kind(), begun.number(), begun.method());
    }

    private <R> Send<R> through(Processor<R, ?> processor, R request) {
        return Send.through(processor, payment, request);
    }

    private AskProvider.Ask ask() {
        return new AskProvider.Ask(known(), number, method);
    }

    private AskProvider.Look look() {
        return new AskProvider.Look(known(), number, method);
    }

    private Kind known() {
        return Objects.requireNonNull(kind, "it has not begun");
    }

    private Reaction<Begun> react(SagaInput input, Progress progress, Pace pace) {
        return switch (input) {
            case Happened(Event event, At at) -> onEvent(event, at, progress, pace);
            case Woken _ -> Reaction.<Begun>nothing().run(LOOK);
            // First yes, then no: what was promised is not there when it is to be taken, which is
            // told then.
            case Refused(_, _, var rejection, _)
                    when rejection.equals(Refusal.OUTCOME_CONTRADICTED.name()) ->
                    Reaction.<Begun>nothing().complete();
            case Refused(_, _, var rejection, var detail) ->
                    throw new IllegalStateException(
                            "the payment refuses what the provider tells: %s: %s"
                                    .formatted(rejection, detail));
            case Happened _, Done _, Unanswered _, Compensated _ -> Reaction.nothing();
        };
    }

    private Reaction<Begun> onEvent(Event event, At at, Progress progress, Pace pace) {
        return switch (event) {
            case Event.AuthorizationRequested e ->
                    begin(at, Kind.AUTHORIZATION, e.number(), e.method());
            case Event.CaptureRequested e -> begin(at, Kind.CAPTURE, e.number(), "");
            case Event.VoidRequested e -> begin(at, Kind.VOID, e.number(), "");
            case Event.RefundRequested e -> begin(at, Kind.REFUND, e.number(), "");
            case Event.OutcomeUnknown _ when kind != null && !progress.isCompleted() ->
                    Reaction.<Begun>nothing().wake(LOOK, pace.firstLook());
            case Event _ when kind != null && !progress.isCompleted() ->
                    Reaction.<Begun>nothing().complete();
            case Event _ -> Reaction.nothing(); // late, or of before there was this saga
        };
    }

    private static Reaction<Begun> begin(At at, Kind kind, int number, String method) {
        return Reaction.record(new Begun(at.id(), kind, number, method)).run(ASK);
    }
}
