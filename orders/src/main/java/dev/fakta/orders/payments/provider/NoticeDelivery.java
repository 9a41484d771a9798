// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.provider;

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
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.Payment.Command;
import dev.fakta.orders.payments.Payment.Command.Fact;
import dev.fakta.orders.payments.provider.ProviderNotice.Content;
import dev.fakta.orders.payments.provider.ProviderNotice.Received;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Hands a webhook's content to its payment, with the provider's event id: one instance per notice.
/// An operation counts once, whoever told of it first, the webhook or the provider's answer.
///
/// A notice that its payment refuses (it contradicts what the provider told before, or nobody knows
/// the payment) is parked, for people to see. Only an expiry while a capture is under way is tried
/// again: the capture decides first.
///
/// @param event the provider's id of it
record NoticeDelivery(String event, @Nullable Content content) {

    private static final String HAND_OVER = "hand-over";
    private static final String LATER = "later";
    private static final Duration PAUSE = Duration.ofSeconds(30);

    /// Its first fact.
    record Begun(String event, Content content) {}

    static final Saga<Begun, NoticeDelivery> SAGA =
            Saga.named("notice-delivery")
                    .startingAs(new NoticeDelivery("", null))
                    .reacting(NoticeDelivery::react)
                    .evolving(
                            (NoticeDelivery _, Begun begun) ->
                                    new NoticeDelivery(begun.event(), begun.content()))
                    .event("notice-delivery-begun", Begun.class)
                    .on(Received.class, (_, at) -> at.id())
                    .step(
                            Step.<NoticeDelivery>named(HAND_OVER)
                                    .doing((delivery, _) -> delivery.handOver()));

    private Reaction<Begun> react(SagaInput input, Progress progress) {
        return switch (input) {
            case Happened(Received(var told), var at) ->
                    Reaction.record(new Begun(at.id(), told)).run(HAND_OVER);
            case Refused(_, _, var rejection, _)
                    when rejection.equals(Payment.Refusal.OPERATION_IN_FLIGHT.name()) ->
                    Reaction.<Begun>nothing().wake(LATER, PAUSE);
            case Refused(_, _, var rejection, var detail) ->
                    throw new IllegalStateException(
                            "the payment refuses what the provider tells: %s: %s"
                                    .formatted(rejection, detail));
            case Woken _ -> Reaction.<Begun>nothing().run(HAND_OVER);
            case Done _ -> Reaction.<Begun>nothing().complete();
            case Happened _, Unanswered _, Compensated _ -> Reaction.nothing();
        };
    }

    private Send<?> handOver() {
        Content told = Objects.requireNonNull(content, "it has not begun");
        return Send.to(Payment.AGGREGATE, told.payment(), command(told));
    }

    private Command command(Content told) {
        return switch (told.topic()) {
            case SUCCEEDED -> success(told);
            case FAILED -> AskProvider.failure(told.kind(), told.number(), told.reason(), event);
            case EXPIRED -> new Command.ExpireAuthorization(told.number(), told.at());
            case DISPUTED ->
                    new Fact.RecordDispute(told.reference(), told.amount(), told.reason(), event);
        };
    }

    private Command success(Content told) {
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
