// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import dev.fakta.domain.At;
import dev.fakta.domain.PersistentMap;
import dev.fakta.domain.Progress;
import dev.fakta.domain.Reaction;
import dev.fakta.domain.Retry;
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
import dev.fakta.orders.payments.Payment.Command;
import dev.fakta.orders.payments.Payment.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// What a payment that an order settles needs time for: it asks again for refunds and voids that
/// failed, and ends authorizations by our own clock, whether or not the provider tells of it.
///
/// One instance per payment, with the payment's id; it begins with the order's first wish, and so
/// leaves payments alone whose operations are ordered singly. It keeps no account: whether a refund
/// is still owed, and how much of it, is decided by the payment when it is asked again.
///
/// It does not end, as a payment does not: the money of a return may fail to go back years later.
///
/// @param refund what the last refund that was asked for is for
/// @param release the number of the authorization that the last void is of
/// @param tries how often in a row each of these failed
/// @param ends when authorizations end, by their number
record PaymentUpkeep(
        String payment,
        String refund,
        String release,
        Map<String, Integer> tries,
        Map<String, Instant> ends) {

    static final String NAME = "payment-upkeep";
    static final String EXPIRE = "expire";
    static final String ASK_AGAIN = "ask-again";

    /// Between two tries: ten minutes, doubling to a day.
    static final Retry TRIES =
            Retry.times(Holdings.MOST_TRIES).pausing(Duration.ofMinutes(10), Duration.ofDays(1));

    private static final Duration PATIENCE = Duration.ofDays(36_500);
    private static final PaymentUpkeep NONE = new PaymentUpkeep("", "", "", Map.of(), Map.of());

    PaymentUpkeep {
        tries = PersistentMap.copyOf(tries);
        ends = PersistentMap.copyOf(ends);
    }

    sealed interface Event {
        record UpkeepBegun(String payment) implements Event {}

        /// An authorization was made, which ends by itself.
        record EndKnown(int authorization, Instant end) implements Event {}

        /// A refund or a void was asked for.
        ///
        /// @param subject its reason, or the number of its authorization
        record TryBegun(Kind kind, String subject) implements Event {}

        record TryFailed(Kind kind) implements Event {}

        /// A refund was made, so that earlier failures count no more.
        record RefundsWork() implements Event {}
    }

    static final Saga<Event, PaymentUpkeep> SAGA =
            Saga.named(NAME)
                    .startingAs(NONE)
                    .reacting(PaymentUpkeep::react)
                    .evolving(PaymentUpkeep::evolve)
                    .event("payment-upkeep-begun", Event.UpkeepBegun.class)
                    .event("payment-upkeep-end-known", Event.EndKnown.class)
                    .event("payment-upkeep-try-begun", Event.TryBegun.class)
                    .event("payment-upkeep-try-failed", Event.TryFailed.class)
                    .event("payment-upkeep-refunds-work", Event.RefundsWork.class)
                    .patience(PATIENCE)
                    .on(Payment.Event.PaymentAuthorized.class, (_, at) -> at.id())
                    .on(Payment.Event.AuthorizationExpired.class, (_, at) -> at.id())
                    .on(Payment.Event.RefundRequested.class, (_, at) -> at.id())
                    .on(Payment.Event.PaymentRefunded.class, (_, at) -> at.id())
                    .on(Payment.Event.PaymentRefundFailed.class, (_, at) -> at.id())
                    .on(Payment.Event.VoidRequested.class, (_, at) -> at.id())
                    .on(Payment.Event.PaymentVoidFailed.class, (_, at) -> at.id())
                    .step(Step.<PaymentUpkeep>named(EXPIRE).doing(PaymentUpkeep::expire))
                    .step(Step.<PaymentUpkeep>named(ASK_AGAIN).doing(PaymentUpkeep::askAgain));

    private Reaction<Event> react(SagaInput input, Progress progress) {
        return switch (input) {
            case Happened(Payment.Event event, At at) -> onEvent(event, at);
            case Woken(var timer) when timer.startsWith(EXPIRE) ->
                    Reaction.<Event>nothing().run(EXPIRE, timer);
            case Woken(var timer) -> Reaction.<Event>nothing().run(ASK_AGAIN, timer);
            case Refused(_, var timer, var rejection, var detail) ->
                    later(timer, rejection, detail);
            case Happened _, Done _, Unanswered _, Compensated _ -> Reaction.nothing();
        };
    }

    private Reaction<Event> onEvent(Payment.Event event, At at) {
        Reaction<Event> reaction = onEvent(event);
        if (!payment.isEmpty()) {
            return reaction;
        }
        List<Event> events = new ArrayList<>(reaction.events());
        events.addFirst(new Event.UpkeepBegun(at.id()));
        return new Reaction<>(events, reaction.effects());
    }

    private Reaction<Event> onEvent(Payment.Event event) {
        return switch (event) {
            case Payment.Event.PaymentAuthorized(var number, _, _, var end, _) ->
                    Reaction.<Event>record(new Event.EndKnown(number, end))
                            .wakeAt(EXPIRE + "-" + number, end);
            case Payment.Event.AuthorizationExpired(var number, _) ->
                    Reaction.<Event>nothing().cancel(EXPIRE + "-" + number);
            case Payment.Event.RefundRequested(_, var purpose, _, _) ->
                    Reaction.record(new Event.TryBegun(Kind.REFUND, purpose));
            case Payment.Event.VoidRequested(_, var authorization, _) ->
                    Reaction.record(new Event.TryBegun(Kind.VOID, String.valueOf(authorization)));
            case Payment.Event.PaymentRefunded _ ->
                    tries.isEmpty() ? Reaction.nothing() : Reaction.record(new Event.RefundsWork());
            case Payment.Event.PaymentRefundFailed(var number, _, _) ->
                    failed(Kind.REFUND, number, refund);
            case Payment.Event.PaymentVoidFailed(var number, _, _) ->
                    failed(Kind.VOID, number, release);
            case Payment.Event _ -> Reaction.nothing();
        };
    }

    private Reaction<Event> failed(Kind kind, int number, String subject) {
        int times = tries.getOrDefault(subject(kind, subject), 0) + 1;
        Reaction<Event> failed = Reaction.record(new Event.TryFailed(kind));
        return times >= TRIES.attempts()
                ? failed
                : failed.wake(timer(kind, number), TRIES.pause(times));
    }

    /// The payment is at something else, or has nothing to give back yet.
    private static Reaction<Event> later(String timer, String rejection, String detail) {
        if (rejection.equals(Refusal.OPERATION_IN_FLIGHT.name())) {
            return Reaction.<Event>nothing().wake(timer, TRIES.first());
        }
        if (rejection.equals(Refusal.EXCEEDS_CAPTURED.name())) {
            return Reaction.<Event>nothing().wake(timer, TRIES.longest());
        }
        throw new IllegalStateException(
                "the payment refuses %s: %s: %s".formatted(timer, rejection, detail));
    }

    private PaymentUpkeep evolve(Event event) {
        return switch (event) {
            case Event.UpkeepBegun(var id) -> new PaymentUpkeep(id, refund, release, tries, ends);
            case Event.EndKnown(var number, var end) ->
                    new PaymentUpkeep(
                            payment,
                            refund,
                            release,
                            tries,
                            PersistentMap.<String, Instant>copyOf(ends)
                                    .with(String.valueOf(number), end));
            case Event.TryBegun(var kind, var subject) ->
                    kind == Kind.REFUND
                            ? new PaymentUpkeep(payment, subject, release, tries, ends)
                            : new PaymentUpkeep(payment, refund, subject, tries, ends);
            case Event.TryFailed(var kind) ->
                    counting(subject(kind, kind == Kind.REFUND ? refund : release));
            case Event.RefundsWork _ -> new PaymentUpkeep(payment, refund, release, Map.of(), ends);
        };
    }

    private PaymentUpkeep counting(String subject) {
        int times = tries.getOrDefault(subject, 0) + 1;
        return new PaymentUpkeep(
                payment,
                refund,
                release,
                PersistentMap.<String, Integer>copyOf(tries).with(subject, times),
                ends);
    }

    /// It has ended at its time, however late the timer is.
    private Send<?> expire(String timer) {
        String number = timer.substring(EXPIRE.length() + 1);
        Instant end = Objects.requireNonNull(ends.get(number), "no such authorization");
        return Send.to(
                Payment.AGGREGATE,
                payment,
                new Command.ExpireAuthorization(Integer.parseInt(number), end));
    }

    private Send<?> askAgain(String timer) {
        int dash = timer.indexOf('-');
        Kind kind = Kind.valueOf(timer.substring(0, dash).toUpperCase(Locale.ROOT));
        int number = Integer.parseInt(timer.substring(dash + 1));
        return Send.to(Payment.AGGREGATE, payment, new Command.AskAgain(kind, number));
    }

    /// A refund's reason and a void's authorization may have the same name.
    private static String subject(Kind kind, String name) {
        return kind + " " + name;
    }

    private static String timer(Kind kind, int number) {
        return kind.name().toLowerCase(Locale.ROOT) + "-" + number;
    }
}
