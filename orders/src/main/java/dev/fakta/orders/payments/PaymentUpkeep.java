// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import dev.fakta.domain.Alarm;
import dev.fakta.domain.Alarm.AfterRefusal;
import dev.fakta.domain.AlarmChanges;
import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Retry;
import dev.fakta.domain.Send;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment.Command;
import dev.fakta.orders.payments.Payment.Event;
import dev.fakta.orders.payments.Payment.Refusal;
import java.time.Duration;
import java.time.Instant;

/// What a payment needs time for: its authorizations end by our own clock, whether or not the
/// provider tells of it, and refunds and voids that failed are asked for again. Its alarms ring for
/// the key of the operation.
///
/// It keeps no account: whether a refund is still owed, and how much of it, is decided by the
/// payment when it is asked again.
final class PaymentUpkeep {

    static final String NAME = "upkeep-clock";
    static final String EXPIRE = "expire";
    static final String ASK_AGAIN = "ask-again";

    /// Between two tries: ten minutes, doubling to a day.
    static final Retry TRIES =
            Retry.times(Holdings.MOST_TRIES).pausing(Duration.ofMinutes(10), Duration.ofDays(1));

    private PaymentUpkeep() {}

    /// Ends one authorization.
    ///
    /// @param number of the authorization
    record Expire(int number) {}

    static final Processor<Expire, Command> EXPIRING =
            Processor.named("expire-authorization")
                    .taking(Expire.class)
                    .sendingTo(Payment.AGGREGATE)
                    .processing(PaymentUpkeep::expire);

    static final AlarmClock CLOCK =
            AlarmClock.named(NAME)
                    .alarm(
                            Alarm.named(EXPIRE)
                                    .sending(PaymentUpkeep::expire)
                                    .onRefusal((_, refusal, _) -> afterRefusal(refusal)))
                    .alarm(
                            Alarm.named(ASK_AGAIN)
                                    .sending(PaymentUpkeep::askAgain)
                                    .onRefusal((_, refusal, _) -> afterRefusal(refusal)))
                    .on(
                            Event.PaymentAuthorized.class,
                            (event, at) ->
                                    of(at.id(), Kind.AUTHORIZATION, event.number())
                                            .ringAt(EXPIRE, event.expiresAt()))
                    .on(
                            Event.AuthorizationExpired.class,
                            (event, at) ->
                                    of(at.id(), Kind.AUTHORIZATION, event.number()).clear(EXPIRE))
                    .on(
                            Event.PaymentRefundFailed.class,
                            (event, at) ->
                                    again(
                                            of(at.id(), Kind.REFUND, event.number()),
                                            event.failures()))
                    .on(
                            Event.PaymentVoidFailed.class,
                            (event, at) ->
                                    again(
                                            of(at.id(), Kind.VOID, event.number()),
                                            event.failures()));

    static Microsystem addTo(Microsystem payments) {
        return payments.with(EXPIRING).with(CLOCK);
    }

    private static AlarmChanges of(String payment, Kind kind, int number) {
        return AlarmChanges.of(new OperationKey(payment, kind, number).toString());
    }

    private static AlarmChanges again(AlarmChanges failed, int failures) {
        return failures >= TRIES.attempts()
                ? failed
                : failed.ring(ASK_AGAIN, TRIES.pause(failures));
    }

    /// The payment is at something else, or has nothing to give back yet.
    private static AfterRefusal afterRefusal(String refusal) {
        if (refusal.equals(Refusal.OPERATION_IN_FLIGHT.name())) {
            return AfterRefusal.again(TRIES.first());
        }
        return refusal.equals(Refusal.EXCEEDS_CAPTURED.name())
                ? AfterRefusal.again(TRIES.longest())
                : AfterRefusal.trouble();
    }

    private static Send<?> expire(String key) {
        OperationKey authorization = OperationKey.parse(key).orElseThrow();
        return Send.through(EXPIRING, authorization.payment(), new Expire(authorization.number()));
    }

    /// It has ended at its time, however late the alarm is.
    private static Outcome<Command> expire(Expire request, Processor.Context context) {
        Payment payment = context.state(Payment.AGGREGATE, context.id());
        Operation authorization = payment.operation(Kind.AUTHORIZATION, request.number());
        Instant end = authorization == null ? null : authorization.expiresAt();
        return end == null
                ? new Outcome.Unanswered<>("the payment does not know the authorization yet")
                : new Outcome.Send<>(new Command.ExpireAuthorization(request.number(), end));
    }

    private static Send<?> askAgain(String key) {
        OperationKey failed = OperationKey.parse(key).orElseThrow();
        return Send.to(
                Payment.AGGREGATE,
                failed.payment(),
                new Command.AskAgain(failed.kind(), failed.number()));
    }
}
