// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static dev.fakta.testkit.Given.given;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Payment.Card;
import dev.fakta.orders.payments.Payment.Command;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordAuthorized;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordCaptured;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordRefunded;
import dev.fakta.orders.payments.Payment.Command.Settle;
import dev.fakta.orders.payments.Payment.Event;
import dev.fakta.orders.payments.Payment.Event.AuthorizationRequested;
import dev.fakta.orders.payments.Payment.Event.CaptureRequested;
import dev.fakta.orders.payments.Payment.Event.PaymentAuthorized;
import dev.fakta.orders.payments.Payment.Event.PaymentCaptured;
import dev.fakta.orders.payments.Payment.Event.PaymentRefunded;
import dev.fakta.orders.payments.Payment.Event.RefundRequested;
import dev.fakta.orders.payments.Payment.Event.VoidRequested;
import dev.fakta.orders.payments.Payment.Event.WishChanged;
import dev.fakta.orders.payments.Payment.GiveBack;
import dev.fakta.orders.payments.Payment.Standing;
import dev.fakta.testkit.Given;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Wishes of an order, and what its payment and provider make of them, in cents.
final class Wishes {

    static final Instant END = Instant.parse("2026-07-08T12:00:00Z");
    static final Instant SOONER = Instant.parse("2026-07-05T12:00:00Z");

    private Wishes() {}

    static Consumer<Payment> is(Consumer<Standing> check) {
        return payment -> check.accept(payment.standing());
    }

    /// This much is authorized, and this much of it is wished to be taken.
    static Given<Command, Event, Payment> live(long secure, long take) {
        return take == 0
                ? given(
                        Payment.AGGREGATE,
                        wish(1, secure, take, 1),
                        asked(1, secure, secure),
                        held(1, secure))
                : given(
                        Payment.AGGREGATE,
                        wish(1, secure, take, 1),
                        asked(1, secure, secure),
                        held(1, secure),
                        taking(1, 1, take));
    }

    static Given<Command, Event, Payment> paid(long minor) {
        return given(
                Payment.AGGREGATE,
                wish(1, minor, minor, 1),
                asked(1, minor, minor),
                held(1, minor),
                taking(1, 1, minor),
                taken(1, minor));
    }

    static Settle settle(long revision, long secure, long take, int attempt) {
        return settle(revision, secure, take, List.of(), card(attempt));
    }

    static Settle settle(long revision, long secure, long take, GiveBack... refunds) {
        return settle(revision, secure, take, List.of(refunds), card(1));
    }

    static Settle settle(
            long revision, long secure, long take, List<GiveBack> refunds, @Nullable Card card) {
        return new Settle("o1", revision, eur(1).currency(), secure, take, refunds, card);
    }

    static WishChanged wish(long revision, long secure, long take, int attempt) {
        return new WishChanged("o1", revision, eur(secure), eur(take), List.of(), card(attempt));
    }

    static WishChanged wish(long revision, long secure, long take, GiveBack... refunds) {
        return new WishChanged("o1", revision, eur(secure), eur(take), List.of(refunds), card(1));
    }

    static @Nullable Card card(int attempt) {
        return attempt == 0 ? null : new Card(attempt, "card", "tok_" + attempt);
    }

    static GiveBack back(String reason, long minor) {
        return new GiveBack(reason, minor);
    }

    static AuthorizationRequested asked(int number, long total, long minor) {
        return new AuthorizationRequested(
                "o1", eur(total), number, eur(minor), "card", "tok_" + number);
    }

    static RecordAuthorized authorized(int number, long minor) {
        return new RecordAuthorized(number, eur(minor), "ref", END, null);
    }

    static PaymentAuthorized held(int number, long minor) {
        return new PaymentAuthorized(number, eur(minor), "ref", END, null);
    }

    static CaptureRequested taking(int number, int authorization, long minor) {
        return new CaptureRequested(number, authorization, "take-" + number, eur(minor));
    }

    static RecordCaptured captured(int number, long minor) {
        return new RecordCaptured(number, eur(minor), "cap", null);
    }

    static PaymentCaptured taken(int number, long minor) {
        return new PaymentCaptured(number, eur(minor), "cap", null);
    }

    static VoidRequested voiding(int number, int authorization, long minor) {
        return new VoidRequested(number, authorization, eur(minor));
    }

    static RefundRequested refunding(int number, String reason, long minor) {
        return new RefundRequested(number, reason, 0, eur(minor));
    }

    static RecordRefunded refunded(int number, long minor) {
        return new RecordRefunded(number, eur(minor), "back", null);
    }

    static PaymentRefunded givenBack(int number, long minor) {
        return new PaymentRefunded(number, eur(minor), "back", null);
    }

    static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }
}
