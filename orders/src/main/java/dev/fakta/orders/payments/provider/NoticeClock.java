// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.provider;

import dev.fakta.domain.Alarm;
import dev.fakta.domain.Alarm.AfterRefusal;
import dev.fakta.domain.AlarmChanges;
import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Send;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.Payment.Command;
import dev.fakta.orders.payments.Payment.Command.Fact;
import dev.fakta.orders.payments.provider.ProviderNotice.Content;
import dev.fakta.orders.payments.provider.ProviderNotice.Event.Dismissed;
import dev.fakta.orders.payments.provider.ProviderNotice.Event.Received;
import java.time.Duration;

/// Hands a webhook's content to its payment, with the provider's event id. An operation counts
/// once, whoever told of it first, the webhook or the provider's answer.
///
/// A notice that its payment refuses (it contradicts what the provider told before, or nobody knows
/// the payment) stands on the operators' list, until they dismiss it. Only an expiry while a
/// capture is under way is tried again by itself: the capture decides first.
final class NoticeClock {

    static final String NAME = "notice-clock";
    static final String HAND_OVER = "hand-over";
    static final Duration PAUSE = Duration.ofSeconds(30);

    private NoticeClock() {}

    /// Hands over one notice.
    ///
    /// @param event the provider's id of it
    record HandOver(String event) {}

    static final Processor<HandOver, Command> HANDING_OVER =
            Processor.named("hand-over-notice")
                    .taking(HandOver.class)
                    .sendingTo(Payment.AGGREGATE)
                    .processing((request, context) -> handOver(request.event(), context));

    static final AlarmClock CLOCK =
            AlarmClock.named(NAME)
                    .alarm(
                            Alarm.named(HAND_OVER)
                                    .sending(NoticeClock::sent)
                                    .onRefusal((_, refusal, _) -> afterRefusal(refusal)))
                    .on(
                            Received.class,
                            (received, at) ->
                                    AlarmChanges.of(id(received.content(), at.id()))
                                            .ring(HAND_OVER, Duration.ZERO))
                    .on(
                            Dismissed.class,
                            (dismissed, at) ->
                                    AlarmChanges.of(id(dismissed.content(), at.id())).clearAll());

    /// There is no colon in the provider's event ids.
    private static String id(Content content, String event) {
        return content.payment() + ":" + event;
    }

    private static Send<HandOver> sent(String id) {
        int colon = id.lastIndexOf(':');
        return Send.through(
                HANDING_OVER, id.substring(0, colon), new HandOver(id.substring(colon + 1)));
    }

    private static AfterRefusal afterRefusal(String refusal) {
        return refusal.equals(Payment.Refusal.OPERATION_IN_FLIGHT.name())
                ? AfterRefusal.again(PAUSE)
                : AfterRefusal.trouble();
    }

    private static Outcome<Command> handOver(String event, Processor.Context context) {
        ProviderNotice notice = context.state(ProviderNotice.AGGREGATE, event);
        Content told = notice.content();
        return told == null
                ? new Outcome.Unanswered<>("the notice is not there yet")
                : new Outcome.Send<>(command(told, event));
    }

    private static Command command(Content told, String event) {
        return switch (told.topic()) {
            case SUCCEEDED -> success(told, event);
            case FAILED -> AskProvider.failure(told.kind(), told.number(), told.reason(), event);
            case EXPIRED -> new Command.ExpireAuthorization(told.number(), told.at());
            case DISPUTED ->
                    new Fact.RecordDispute(told.reference(), told.amount(), told.reason(), event);
        };
    }

    private static Command success(Content told, String event) {
        Kind kind = told.kind();
        return switch (kind) {
            case AUTHORIZATION ->
                    new Fact.RecordAuthorized(
                            told.number(),
                            told.amount(),
                            told.reference(),
                            told.expiresAt(),
                            event);
            case CAPTURE ->
                    new Fact.RecordCaptured(told.number(), told.amount(), told.reference(), event);
            case VOID -> new Fact.RecordVoided(told.number(), told.reference(), event);
            case REFUND ->
                    new Fact.RecordRefunded(told.number(), told.amount(), told.reference(), event);
        };
    }
}
