// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Operation.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The money of one order at one provider: what was asked, what came of it, what is left.
///
/// A command such as `Capture` records that an [Operation] is requested; whoever follows the events
/// asks the provider under [Operation#key], and records the outcome. Of each kind one operation is
/// in flight at a time. A lost answer leaves it in flight, as unknown, until the provider was asked
/// what became of the key.
///
/// The provider's facts are never turned away because they are late. A fact that does not fit any
/// more is recorded, and what corrects it is requested with it: money that is authorized but not
/// wanted is voided, money that was captured beyond what was agreed is refunded. A correction that
/// fails is not repeated by itself: `VoidPayment` or `Refund` under the same purpose ask again.
///
/// An order that sends `Settle` says in absolute terms what should be true, and the payment asks
/// for what is missing by itself, see [Settlement]; then nobody else asks it for anything, and
/// [PaymentUpkeep] repeats what fails.
///
/// A fact about an operation counts once: it settles the operation. The newest
/// [#MOST_PROVIDER_EVENTS] event ids of the provider are remembered beside that.
///
/// @param order whose money it is; none as long as nothing was asked
/// @param total what the order costs: no more is captured; with a wish, what it wants secured
/// @param cancelled whether nothing more is to be taken
/// @param operations all of them, in the order of their requests
/// @param disputes what banks hold against it, in the order in which they were told of
/// @param wish what the order wants to be true; none when it asks for each operation
public record Payment(
        @Nullable String order,
        @Nullable Money total,
        boolean cancelled,
        List<Operation> operations,
        List<Dispute> disputes,
        List<String> providerEvents,
        @Nullable Wish wish) {

    static final int MOST_PROVIDER_EVENTS = 256;

    public static final Aggregate<Command, Event, Payment> AGGREGATE =
            Aggregate.named("payment")
                    .taking(Command.class)
                    .startingAs(
                            new Payment(null, null, false, List.of(), List.of(), List.of(), null))
                    .deciding(Payment::decide)
                    .evolving(Payment::evolve)
                    .refusing(Refusal.class)
                    .event("payment-authorization-requested", Event.AuthorizationRequested.class)
                    .event("payment-authorized", Event.PaymentAuthorized.class)
                    .event("payment-declined", Event.PaymentDeclined.class)
                    .event("payment-authorization-expired", Event.AuthorizationExpired.class)
                    .event("payment-capture-requested", Event.CaptureRequested.class)
                    .event("payment-captured", Event.PaymentCaptured.class)
                    .event("payment-overcharged", Event.PaymentOvercharged.class)
                    .event("payment-cancelled", Event.PaymentCancelled.class)
                    .event("payment-void-requested", Event.VoidRequested.class)
                    .event("payment-voided", Event.PaymentVoided.class)
                    .event("payment-refund-requested", Event.RefundRequested.class)
                    .event("payment-refunded", Event.PaymentRefunded.class)
                    .event("payment-refunded-beyond", Event.PaymentRefundedBeyond.class)
                    .event("payment-refund-settled", Event.PaymentRefundSettled.class)
                    .event("payment-capture-failed", Event.PaymentCaptureFailed.class)
                    .event("payment-void-failed", Event.PaymentVoidFailed.class)
                    .upcasting(Holdings::withFailures)
                    .event("payment-refund-failed", Event.PaymentRefundFailed.class)
                    .upcasting(Holdings::withFailures)
                    .event("payment-outcome-unknown", Event.OutcomeUnknown.class)
                    .event("payment-dispute-opened", Event.DisputeOpened.class)
                    .event("payment-dispute-closed", Event.DisputeClosed.class)
                    .event("payment-wish-changed", Event.WishChanged.class)
                    .version(3);

    public Payment {
        operations = List.copyOf(operations);
        disputes = List.copyOf(disputes);
        providerEvents = List.copyOf(providerEvents);
    }

    /// What should be given back for one reason, in minor units. It may grow; less than was given
    /// already changes nothing.
    public record GiveBack(String reason, long amount) {}

    /// The newest card of an order.
    ///
    /// @param attempt 1 for the first, more for every card or renewed try that the order asks for;
    ///   also the number of the authorization that is asked for with it
    /// @param token the provider's name for the card, sealed; may be empty for other methods
    public record Card(int attempt, String method, String token) {}

    public sealed interface Command {
        /// Says what should be true of the order's money from now on, in absolute terms. A wish
        /// that is not newer than the newest known changes nothing.
        ///
        /// @param revision the order's
        /// @param secure minor units that should be set aside or taken in all; what was taken
        ///   counts, also when it was given back
        /// @param take of these, what should be taken in all; what was given back counts too
        /// @param refunds what should be given back, each reason once
        /// @param card the newest card; none when no card is to be tried
        record Settle(
                @Nullable String order,
                long revision,
                @Nullable Currency currency,
                long secure,
                long take,
                @Nullable List<GiveBack> refunds,
                @Nullable Card card)
                implements Command {}

        /// Asks again for a refund or a void that failed, as far as it is still wanted, and without
        /// `kind` and `number`, as people do, for all that failed: see [Repetition].
        record AskAgain(@Nullable Kind kind, @Nullable Integer number) implements Command {}

        /// Says how people have settled a refund that was one too many: the customer has paid it
        /// back in another way, say. The provider is asked for nothing.
        ///
        /// @param number the refund's
        record SettleRefund(int number, @Nullable String reason) implements Command {}

        /// Tries to get money promised. Without an answer, the same request again changes nothing;
        /// after a refusal, it is another try.
        ///
        /// @param total what the order costs; the same with every try
        record RequestAuthorization(
                @Nullable String order,
                @Nullable Money total,
                @Nullable Money amount,
                @Nullable String method,
                @Nullable String token)
                implements Command {}

        record ExpireAuthorization(int number, @Nullable Instant at) implements Command {}

        /// Takes a part of what is authorized.
        ///
        /// @param part what it is taken for, as a shipment; each is taken once
        record Capture(@Nullable String part, @Nullable Money amount) implements Command {}

        /// Takes nothing more from now on, and gives back what is authorized and not captured.
        record VoidPayment() implements Command {}

        /// Gives back a part of what was captured.
        ///
        /// @param purpose what for, as a return; each is refunded once
        record Refund(@Nullable String purpose, @Nullable Money amount) implements Command {}

        /// Records what the provider said of the operation of this number, with the provider's
        /// event id when it came as an event and not as an answer.
        sealed interface Fact extends Command {
            record RecordAuthorized(
                    int number,
                    @Nullable Money amount,
                    @Nullable String reference,
                    @Nullable Instant expiresAt,
                    @Nullable String providerEvent)
                    implements Fact {}

            record RecordDeclined(
                    int number, @Nullable String reason, @Nullable String providerEvent)
                    implements Fact {}

            record RecordCaptured(
                    int number,
                    @Nullable Money amount,
                    @Nullable String reference,
                    @Nullable String providerEvent)
                    implements Fact {}

            record RecordCaptureFailed(
                    int number, @Nullable String reason, @Nullable String providerEvent)
                    implements Fact {}

            record RecordVoided(
                    int number, @Nullable String reference, @Nullable String providerEvent)
                    implements Fact {}

            record RecordVoidFailed(
                    int number, @Nullable String reason, @Nullable String providerEvent)
                    implements Fact {}

            record RecordRefunded(
                    int number,
                    @Nullable Money amount,
                    @Nullable String reference,
                    @Nullable String providerEvent)
                    implements Fact {}

            record RecordRefundFailed(
                    int number, @Nullable String reason, @Nullable String providerEvent)
                    implements Fact {}

            /// No answer came, and none will: the provider has to be asked for the state of the
            /// key.
            record RecordOutcomeUnknown(@Nullable Kind kind, int number) implements Fact {}

            record RecordDispute(
                    @Nullable String dispute,
                    @Nullable Money amount,
                    @Nullable String reason,
                    @Nullable String providerEvent)
                    implements Fact {}

            /// A dispute has come to its end.
            ///
            /// @param won whether the money stays with us
            record RecordDisputeClosed(
                    @Nullable String dispute, boolean won, @Nullable String providerEvent)
                    implements Fact {}
        }
    }

    public sealed interface Event {
        record AuthorizationRequested(
                String order, Money total, int number, Money amount, String method, String token)
                implements Event {}

        record PaymentAuthorized(
                int number,
                Money amount,
                String reference,
                Instant expiresAt,
                @Nullable String providerEvent)
                implements Event {}

        record PaymentDeclined(int number, String reason, @Nullable String providerEvent)
                implements Event {}

        record AuthorizationExpired(int number, Money rest) implements Event {}

        record CaptureRequested(int number, int authorization, String part, Money amount)
                implements Event {}

        record PaymentCaptured(
                int number, Money amount, String reference, @Nullable String providerEvent)
                implements Event {}

        /// The provider captured what it should not have, and is asked to refund it.
        record PaymentOvercharged(
                int number, Money amount, String reference, @Nullable String providerEvent)
                implements Event {}

        record PaymentCaptureFailed(int number, String reason, @Nullable String providerEvent)
                implements Event {}

        /// Nothing more is to be taken.
        record PaymentCancelled() implements Event {}

        record VoidRequested(int number, int authorization, Money amount) implements Event {}

        record PaymentVoided(int number, String reference, @Nullable String providerEvent)
                implements Event {}

        record PaymentVoidFailed(
                int number, String reason, int failures, @Nullable String providerEvent)
                implements Event {}

        /// The provider is to give this amount back.
        ///
        /// @param overcharge the number of the capture that is corrected by it, or 0
        record RefundRequested(int number, String purpose, int overcharge, Money amount)
                implements Event {}

        record PaymentRefunded(
                int number, Money amount, String reference, @Nullable String providerEvent)
                implements Event {}

        /// The provider refunded what had been refunded already. Only people can get it back.
        record PaymentRefundedBeyond(
                int number, Money amount, String reference, @Nullable String providerEvent)
                implements Event {}

        /// People have settled a refund that was one too many. It is in no sum, as before.
        record PaymentRefundSettled(int number, Money amount, String reason) implements Event {}

        /// It was refused.
        ///
        /// @param failures how often in a row that was for this reason, this time included; of a
        ///   void, of this authorization
        record PaymentRefundFailed(
                int number, String reason, int failures, @Nullable String providerEvent)
                implements Event {}

        record OutcomeUnknown(Kind kind, int number) implements Event {}

        record DisputeOpened(
                String dispute, Money amount, String reason, @Nullable String providerEvent)
                implements Event {}

        record DisputeClosed(String dispute, boolean won, @Nullable String providerEvent)
                implements Event {
            Dispute.Stage end() {
                return won ? Dispute.Stage.WON : Dispute.Stage.LOST;
            }
        }

        /// The order wants something else to be true of its money; see [Command.Settle].
        record WishChanged(
                String order,
                long revision,
                Money secure,
                Money take,
                List<GiveBack> refunds,
                @Nullable Card card)
                implements Event {
            public WishChanged {
                refunds = List.copyOf(refunds);
            }
        }
    }

    public enum Refusal implements Rejection {
        ORDER_INVALID("order: 1 to 100 characters are needed."),
        METHOD_INVALID("method: 1 to 100, token: 1 to 900 characters are needed."),
        PURPOSE_INVALID("part, purpose, dispute: 1 to 100 characters are needed."),
        AMOUNT_INVALID("total, amount: 1 to 10000000000000000 minor units are needed."),
        CURRENCY_DIFFERS("All amounts of a payment are in one currency."),
        REFERENCE_INVALID("reference, providerEvent: 1 to 200 characters are possible."),
        REASON_INVALID("reason: at most 200 characters are possible."),
        REASON_MISSING("reason: 1 to 200 characters are needed."),
        TIME_INVALID("expiresAt, at: a time between 1970 and 9999 is needed."),
        KIND_MISSING("kind: AUTHORIZATION, CAPTURE, VOID or REFUND is needed."),
        UNKNOWN_PAYMENT("Nothing was asked of this payment."),
        UNKNOWN_OPERATION("The payment has no such operation of this number."),
        ORDER_DIFFERS("The payment is for another order, or another total."),
        PAYMENT_CANCELLED("The payment is cancelled; nothing more is taken."),
        OPERATION_IN_FLIGHT("The outcome of an earlier operation is open."),
        ALREADY_AUTHORIZED("Another amount, or another card, is authorized already."),
        TOO_MANY_OPERATIONS("The payment has as many tries or disputes as one can have."),
        NOT_AUTHORIZED("No money is authorized."),
        EXCEEDS_TOTAL("That is more than is left of the order's total."),
        EXCEEDS_AUTHORIZED("That is more than is left of what is authorized."),
        EXCEEDS_CAPTURED("That is more than is left of what was captured."),
        PURPOSE_DIFFERS("Another amount was taken or refunded for this already."),
        AMOUNT_DIFFERS("Another amount was asked for than the provider tells of."),
        OUTCOME_CONTRADICTED("The provider had told of a success."),
        NOT_EXPIRED("The authorization's time is not over."),
        NOT_BEYOND("The refund was not one too many: there is nothing to settle."),
        WISH_INVALID("revision, currency, 0 <= take <= secure <= 10000000000000000 are needed."),
        REFUNDS_INVALID("refunds: at most 500, each with an amount and a reason of its own."),
        CARD_INVALID("card: attempt from 1, method of 1 to 100, token of up to 900 characters."),
        KIND_NOT_REPEATED("kind, number: of a VOID or a REFUND; none for all that has failed."),
        NOTHING_FAILED("Nothing that is still wanted has failed."),
        CARD_FAILED("The card's promise is gone with it: pay the order with another one."),
        SETTLED_BY_ORDER("The order says what becomes of its money: ask the order.");

        private final String detail;

        Refusal(String detail) {
            this.detail = detail;
        }

        @Override
        public String detail() {
            return detail;
        }
    }

    /// Where the payment stands, all in absolute terms and in minor units: its answer to `Settle`.
    /// What the provider took by mistake, and was asked to return, is in none of the sums.
    ///
    /// @param revision of the newest wish known; -1 before the first
    /// @param setAside what is left of the authorizations that captures may be taken from
    /// @param until when the first of these ends; none without one
    /// @param captured what was taken in all
    /// @param refunded what was given back in all
    /// @param refundedFor the same by reason, in the order of the reasons
    /// @param contested what banks were asked for by disputes and was not won back
    /// @param attempt the last that a card was tried with, or 0
    /// @param failing what waits for people, as its refund failed for good: reasons, and
    ///   `overcharge-N` for what was taken by mistake
    /// @param isMoving whether the outcome of an operation is open
    public record Standing(
            long revision,
            long setAside,
            @Nullable Instant until,
            long captured,
            long refunded,
            List<GiveBack> refundedFor,
            long contested,
            int attempt,
            Attempt outcome,
            List<String> failing,
            boolean isMoving) {
        public Standing {
            refundedFor = List.copyOf(refundedFor);
            failing = List.copyOf(failing);
        }
    }

    public Standing standing() {
        return new Holdings(this).standing();
    }

    /// Minor units that the provider ever promised.
    public long authorized() {
        return sum(
                one ->
                        one.kind() == Kind.AUTHORIZATION
                                && !one.isInFlight()
                                && one.status() != Status.FAILED);
    }

    /// Minor units that were taken as agreed.
    public long captured() {
        return sum(one -> one.kind() == Kind.CAPTURE && one.status() == Status.DONE);
    }

    /// Minor units of [#captured] that were given back.
    public long refunded() {
        return sum(
                one ->
                        one.kind() == Kind.REFUND
                                && one.about() == 0
                                && one.status() == Status.DONE);
    }

    private long sum(Predicate<Operation> which) {
        long sum = 0;
        for (Operation one : operations) {
            sum += which.test(one) ? one.amount().minor() : 0;
        }
        return sum;
    }

    /// Minor units that were promised and given back without having been taken.
    public long voided() {
        return new Holdings(this).voided();
    }

    /// Minor units that were taken beyond what was agreed, and not given back yet.
    public long overcharged() {
        return new Holdings(this).overcharged();
    }

    public @Nullable Operation operation(Kind kind, int number) {
        for (Operation one : operations) {
            if (one.is(kind, number)) {
                return one;
            }
        }
        return null;
    }

    /// The operation of this kind whose outcome is open; there is one at most.
    public @Nullable Operation inFlight(Kind kind) {
        for (Operation one : operations) {
            if (one.kind() == kind && one.isInFlight()) {
                return one;
            }
        }
        return null;
    }

    /// The authorization that captures are taken from: the newest that has something left.
    public @Nullable Operation authorization() {
        Operation newest = null;
        for (Operation one : operations) {
            newest = isLive(one) ? one : newest;
        }
        return newest;
    }

    boolean isLive(Operation one) {
        return one.kind() == Kind.AUTHORIZATION
                && one.status() == Status.DONE
                && uncaptured(one) > 0;
    }

    /// What is left of an authorization, as long as no capture is in flight.
    long uncaptured(Operation authorization) {
        return new Holdings(this).uncaptured(authorization);
    }

    Decision<Event> decide(Command command) {
        return new PaymentDecision(this).on(command);
    }

    Payment evolve(Event event) {
        return switch (event) {
            case Event.AuthorizationRequested e ->
                    agreed(e.order, e.total).plus(Operation.authorization(e));
            case Event.PaymentAuthorized e ->
                    settled(
                                    Kind.AUTHORIZATION,
                                    e.number,
                                    one -> one.with(Status.DONE, e.reference, e.expiresAt))
                            .seen(e.providerEvent);
            case Event.PaymentDeclined e ->
                    failed(Kind.AUTHORIZATION, e.number).seen(e.providerEvent);
            case Event.AuthorizationExpired e ->
                    settled(Kind.AUTHORIZATION, e.number, one -> one.with(Status.EXPIRED));
            case Event.CaptureRequested e -> plus(Operation.capture(e));
            case Event.PaymentCaptured e ->
                    done(Kind.CAPTURE, e.number, Status.DONE, e.reference).seen(e.providerEvent);
            case Event.PaymentOvercharged e ->
                    done(Kind.CAPTURE, e.number, Status.SURPLUS, e.reference).seen(e.providerEvent);
            case Event.PaymentCaptureFailed e ->
                    failed(Kind.CAPTURE, e.number).seen(e.providerEvent);
            case Event.PaymentCancelled _ ->
                    new Payment(order, total, true, operations, disputes, providerEvents, wish);
            case Event.VoidRequested e -> plus(Operation.voiding(e));
            case Event.PaymentVoided e -> voided(e).seen(e.providerEvent);
            case Event.PaymentVoidFailed e -> failed(Kind.VOID, e.number).seen(e.providerEvent);
            case Event.RefundRequested e -> plus(Operation.refund(e));
            case Event.PaymentRefunded e ->
                    done(Kind.REFUND, e.number, Status.DONE, e.reference).seen(e.providerEvent);
            case Event.PaymentRefundedBeyond e ->
                    done(Kind.REFUND, e.number, Status.SURPLUS, e.reference).seen(e.providerEvent);
            case Event.PaymentRefundSettled e ->
                    settled(Kind.REFUND, e.number, one -> one.with(Status.SETTLED));
            case Event.PaymentRefundFailed e -> failed(Kind.REFUND, e.number).seen(e.providerEvent);
            case Event.OutcomeUnknown(var kind, var number) ->
                    settled(kind, number, one -> one.with(Status.UNKNOWN));
            case Event.DisputeOpened e ->
                    disputed(
                            Dispute.opened(disputes, e.dispute, e.amount.minor()), e.providerEvent);
            case Event.DisputeClosed e ->
                    disputed(Dispute.closed(disputes, e.dispute, e.end()), e.providerEvent);
            case Event.WishChanged e ->
                    new Payment(
                            e.order,
                            e.secure,
                            false,
                            operations,
                            disputes,
                            providerEvents,
                            Wish.of(e));
        };
    }

    private Payment agreed(String newOrder, Money newTotal) {
        return new Payment(
                newOrder, newTotal, cancelled, operations, disputes, providerEvents, wish);
    }

    private Payment plus(Operation operation) {
        List<Operation> more = new ArrayList<>(operations);
        more.add(operation);
        return with(more);
    }

    private Payment done(Kind kind, int number, Status status, String reference) {
        return settled(kind, number, one -> one.with(status, reference, null));
    }

    private Payment failed(Kind kind, int number) {
        return settled(kind, number, one -> one.with(Status.FAILED));
    }

    private Payment voided(Event.PaymentVoided e) {
        Operation asked = operation(Kind.VOID, e.number);
        int about = asked == null ? 0 : asked.about();
        return done(Kind.VOID, e.number, Status.DONE, e.reference)
                .settled(
                        Kind.AUTHORIZATION,
                        about,
                        one -> one.status() == Status.DONE ? one.with(Status.VOIDED) : one);
    }

    private Payment settled(Kind kind, int number, UnaryOperator<Operation> change) {
        List<Operation> changed = new ArrayList<>(operations);
        changed.replaceAll(one -> one.is(kind, number) ? change.apply(one) : one);
        return with(changed);
    }

    private Payment with(List<Operation> changed) {
        return new Payment(order, total, cancelled, changed, disputes, providerEvents, wish);
    }

    private Payment disputed(List<Dispute> changed, @Nullable String providerEvent) {
        return new Payment(order, total, cancelled, operations, changed, providerEvents, wish)
                .seen(providerEvent);
    }

    private Payment seen(@Nullable String providerEvent) {
        if (providerEvent == null) {
            return this;
        }
        List<String> more = new ArrayList<>(providerEvents);
        more.add(providerEvent);
        if (more.size() > MOST_PROVIDER_EVENTS) {
            more.removeFirst();
        }
        return new Payment(order, total, cancelled, operations, disputes, more, wish);
    }
}
