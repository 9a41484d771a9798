// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.provider;

import dev.fakta.domain.Alarm;
import dev.fakta.domain.Alarm.AfterRefusal;
import dev.fakta.domain.AlarmChanges;
import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Send;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.OperationKey;
import dev.fakta.orders.payments.Payment.Event;
import dev.fakta.orders.payments.Payment.Refusal;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;

/// Takes each operation of a payment through the provider: asked for once, and, when no answer
/// comes, looked for by its key until somebody knows. Its alarms ring for the operation's key.
///
/// It is over with the payment's fact, whoever brought it: the provider's answer, a look, or a
/// webhook. A look that gets no answer for half an hour stands on the operators' list, and is tried
/// again at most two minutes apart. So does a fact that the payment refuses, as it contradicts what
/// the provider told before.
final class OperationClock {

    static final String NAME = "operation-clock";
    static final String ASK = "ask";
    static final String LOOK = "look";

    private OperationClock() {}

    static AlarmClock of(AskProvider processors, Pace pace) {
        AlarmClock clock =
                AlarmClock.named(NAME)
                        .alarm(alarm(ASK, pace, processors.asking(), AskProvider.Ask::new))
                        .alarm(alarm(LOOK, pace, processors.looking(), AskProvider.Look::new))
                        .on(
                                Event.AuthorizationRequested.class,
                                asks(Kind.AUTHORIZATION, Event.AuthorizationRequested::number))
                        .on(
                                Event.CaptureRequested.class,
                                asks(Kind.CAPTURE, Event.CaptureRequested::number))
                        .on(Event.VoidRequested.class, asks(Kind.VOID, Event.VoidRequested::number))
                        .on(
                                Event.RefundRequested.class,
                                asks(Kind.REFUND, Event.RefundRequested::number))
                        .on(
                                Event.OutcomeUnknown.class,
                                (unknown, at) ->
                                        of(at.id(), unknown.kind(), unknown.number())
                                                .clear(ASK)
                                                .ring(LOOK, pace.firstLook()));
        return settled(clock);
    }

    private static <R> Alarm alarm(
            String name,
            Pace pace,
            Processor<R, ?> processor,
            BiFunction<Kind, Integer, R> request) {
        return Alarm.named(name)
                .sending(
                        key -> {
                            OperationKey operation = OperationKey.parse(key).orElseThrow();
                            return Send.through(
                                    processor,
                                    operation.payment(),
                                    request.apply(operation.kind(), operation.number()));
                        })
                .retrying(pace.retry())
                .onRefusal(
                        (_, refusal, _) ->
                                // First yes, then no: what was promised is not there when it is to
                                // be taken, which is told then.
                                refusal.equals(Refusal.OUTCOME_CONTRADICTED.name())
                                        ? AfterRefusal.done()
                                        : AfterRefusal.trouble());
    }

    private static AlarmClock settled(AlarmClock clock) {
        return clock.on(
                        Event.PaymentAuthorized.class,
                        settles(Kind.AUTHORIZATION, Event.PaymentAuthorized::number))
                .on(
                        Event.PaymentDeclined.class,
                        settles(Kind.AUTHORIZATION, Event.PaymentDeclined::number))
                .on(
                        Event.PaymentCaptured.class,
                        settles(Kind.CAPTURE, Event.PaymentCaptured::number))
                .on(
                        Event.PaymentOvercharged.class,
                        settles(Kind.CAPTURE, Event.PaymentOvercharged::number))
                .on(
                        Event.PaymentCaptureFailed.class,
                        settles(Kind.CAPTURE, Event.PaymentCaptureFailed::number))
                .on(Event.PaymentVoided.class, settles(Kind.VOID, Event.PaymentVoided::number))
                .on(
                        Event.PaymentVoidFailed.class,
                        settles(Kind.VOID, Event.PaymentVoidFailed::number))
                .on(
                        Event.PaymentRefunded.class,
                        settles(Kind.REFUND, Event.PaymentRefunded::number))
                .on(
                        Event.PaymentRefundedBeyond.class,
                        settles(Kind.REFUND, Event.PaymentRefundedBeyond::number))
                .on(
                        Event.PaymentRefundFailed.class,
                        settles(Kind.REFUND, Event.PaymentRefundFailed::number));
    }

    private static <T> AlarmClock.Setting<T> asks(Kind kind, ToIntFunction<T> number) {
        return (event, at) -> of(at.id(), kind, number.applyAsInt(event)).ring(ASK, Duration.ZERO);
    }

    private static <T> AlarmClock.Setting<T> settles(Kind kind, ToIntFunction<T> number) {
        return (event, at) -> of(at.id(), kind, number.applyAsInt(event)).clearAll();
    }

    private static AlarmChanges of(String payment, Kind kind, int number) {
        return AlarmChanges.of(new OperationKey(payment, kind, number).toString());
    }
}
