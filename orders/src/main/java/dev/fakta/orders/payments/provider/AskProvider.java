// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.provider;

import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Context;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.Payment.Command;
import dev.fakta.orders.payments.Payment.Command.Fact;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Asks the provider to do an operation of a payment, or what became of it, and makes of the answer
/// the fact that the payment records.
///
/// It asks once. Without an answer the fact is that the outcome is unknown, and from then on only
/// [#look] goes on. What was surely not asked for is asked for again by [OperationClock]. An
/// operation that is settled, as by a webhook meanwhile, is left alone.
final class AskProvider {

    private static final int LONGEST_REASON = 200;

    private final PaymentProvider provider;

    AskProvider(PaymentProvider provider) {
        this.provider = provider;
    }

    /// Which operation of the payment.
    record Ask(Kind kind, int number) {}

    /// Which operation of the payment; the same as a record of its own, for the log.
    record Look(Kind kind, int number) {}

    Processor<Ask, Command> asking() {
        return Processor.named("ask-payment-provider")
                .taking(Ask.class)
                .sendingTo(Payment.AGGREGATE)
                .processing(this::ask);
    }

    Processor<Look, Command> looking() {
        return Processor.named("look-at-payment-provider")
                .taking(Look.class)
                .sendingTo(Payment.AGGREGATE)
                .processing(this::look);
    }

    private Outcome<Command> ask(Ask ask, Context context) {
        Payment payment = context.state(Payment.AGGREGATE, context.id());
        Operation operation = payment.operation(ask.kind(), ask.number());
        if (operation == null) {
            return new Outcome.Unanswered<>("the payment has no such operation yet");
        }
        if (operation.status() != Operation.Status.REQUESTED) {
            return unknown(operation); // settled, or asked before
        }
        Answer answer = request(operation, payment, context.id());
        return switch (answer) {
            case Answer.Done done -> new Outcome.Send<>(success(operation, done));
            case Answer.Declined(var reason) -> new Outcome.Send<>(failure(operation, reason));
            case Answer.Pending _, Answer.Unknown _ -> unknown(operation);
            case Answer.NotAsked(var reason) -> new Outcome.Unanswered<>(reason);
            case Answer.NoSuchKey _ -> new Outcome.Unanswered<>("the provider denies the key");
        };
    }

    private Outcome<Command> look(Look look, Context context) {
        Payment payment = context.state(Payment.AGGREGATE, context.id());
        Operation operation = payment.operation(look.kind(), look.number());
        if (operation == null) {
            return new Outcome.Unanswered<>("the payment has no such operation yet");
        }
        if (!operation.isInFlight()) {
            return unknown(operation);
        }
        Answer found = provider.find(operation.key(context.id()));
        Answer answer =
                found instanceof Answer.NoSuchKey
                        ? request(operation, payment, context.id())
                        : found;
        return switch (answer) {
            case Answer.Done done -> new Outcome.Send<>(success(operation, done));
            case Answer.Declined(var reason) -> new Outcome.Send<>(failure(operation, reason));
            case Answer.Pending _ -> new Outcome.Unanswered<>("the provider is still at it");
            case Answer.Unknown(var reason) -> new Outcome.Unanswered<>(reason);
            case Answer.NotAsked(var reason) -> new Outcome.Unanswered<>(reason);
            case Answer.NoSuchKey _ -> new Outcome.Unanswered<>("the provider denies the key");
        };
    }

    private Answer request(Operation operation, Payment payment, String id) {
        String key = operation.key(id);
        Money amount = operation.amount();
        return switch (operation.kind()) {
            case AUTHORIZATION ->
                    provider.authorize(
                            key,
                            id,
                            amount,
                            Objects.requireNonNullElse(operation.method(), ""),
                            operation.purpose());
            case CAPTURE ->
                    provider.capture(
                            key, id, reference(payment, Kind.AUTHORIZATION, operation), amount);
            case VOID ->
                    provider.cancel(key, id, reference(payment, Kind.AUTHORIZATION, operation));
            case REFUND ->
                    provider.refund(
                            key,
                            id,
                            operation.about() == 0
                                    ? null
                                    : reference(payment, Kind.CAPTURE, operation),
                            amount);
        };
    }

    private static String reference(Payment payment, Kind kind, Operation operation) {
        Operation about = payment.operation(kind, operation.about());
        String reference = about == null ? null : about.reference();
        if (reference == null) {
            throw new IllegalStateException(
                    "%s %d has no reference".formatted(kind, operation.about()));
        }
        return reference;
    }

    private static Command success(Operation operation, Answer.Done done) {
        int number = operation.number();
        return switch (operation.kind()) {
            case AUTHORIZATION ->
                    new Fact.RecordAuthorized(
                            number, done.amount(), done.reference(), done.expiresAt(), null);
            case CAPTURE -> new Fact.RecordCaptured(number, done.amount(), done.reference(), null);
            case VOID -> new Fact.RecordVoided(number, done.reference(), null);
            case REFUND -> new Fact.RecordRefunded(number, done.amount(), done.reference(), null);
        };
    }

    private static Command failure(Operation operation, String reason) {
        return failure(operation.kind(), operation.number(), reason, null);
    }

    static Command failure(Kind kind, int number, String reason, @Nullable String event) {
        String shortened = reason.substring(0, Math.min(reason.length(), LONGEST_REASON));
        return switch (kind) {
            case AUTHORIZATION -> new Fact.RecordDeclined(number, shortened, event);
            case CAPTURE -> new Fact.RecordCaptureFailed(number, shortened, event);
            case VOID -> new Fact.RecordVoidFailed(number, shortened, event);
            case REFUND -> new Fact.RecordRefundFailed(number, shortened, event);
        };
    }

    /// Of a settled operation nothing is recorded.
    private static Outcome<Command> unknown(Operation operation) {
        return new Outcome.Send<>(
                new Fact.RecordOutcomeUnknown(operation.kind(), operation.number()));
    }
}
