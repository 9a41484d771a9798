// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Payment.Event.AuthorizationRequested;
import dev.fakta.orders.payments.Payment.Event.CaptureRequested;
import dev.fakta.orders.payments.Payment.Event.RefundRequested;
import dev.fakta.orders.payments.Payment.Event.VoidRequested;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Something that the provider is asked to do, once.
///
/// @param number 1, 2, 3 … within its kind
/// @param purpose what it is for: the sealed token of an authorization, the part of a capture, the
///   reason of a refund
/// @param about the number of the authorization that a capture or a void belongs to, or of the
///   surplus capture that is refunded; 0 when there is none
/// @param reference the provider's name for it, once it is done
/// @param expiresAt when an authorization ends by itself
/// @param method how the customer pays, of an authorization
public record Operation(
        Kind kind,
        int number,
        Money amount,
        String purpose,
        int about,
        Status status,
        @Nullable String reference,
        @Nullable Instant expiresAt,
        @Nullable String method) {

    public enum Kind {
        AUTHORIZATION,
        CAPTURE,
        VOID,
        REFUND
    }

    public enum Status {
        REQUESTED,
        /// Asked for, and the answer is lost. As good as requested until the provider is asked for
        /// the state of the key.
        UNKNOWN,
        DONE,
        FAILED,
        /// Money moved that should not have moved.
        SURPLUS,
        /// The same, of a refund, and people have settled it otherwise: it counts for nothing.
        SETTLED,
        /// Of an authorization: what is left of it was given back.
        VOIDED,
        /// Of an authorization: its time is over.
        EXPIRED
    }

    /// The key under which the provider is asked: the same for every retry of this operation, and
    /// of no other one.
    public String key(String payment) {
        return payment + "-" + kind.name().toLowerCase(Locale.ROOT) + "-" + number;
    }

    static Operation authorization(AuthorizationRequested e) {
        return requested(Kind.AUTHORIZATION, e.number(), e.amount(), e.token(), 0, e.method());
    }

    static Operation capture(CaptureRequested e) {
        return requested(Kind.CAPTURE, e.number(), e.amount(), e.part(), e.authorization(), null);
    }

    static Operation voiding(VoidRequested e) {
        return requested(Kind.VOID, e.number(), e.amount(), "", e.authorization(), null);
    }

    static Operation refund(RefundRequested e) {
        return requested(Kind.REFUND, e.number(), e.amount(), e.purpose(), e.overcharge(), null);
    }

    private static Operation requested(
            Kind kind,
            int number,
            Money amount,
            String purpose,
            int about,
            @Nullable String method) {
        return new Operation(
                kind, number, amount, purpose, about, Status.REQUESTED, null, null, method);
    }

    /// Whether its outcome is open.
    public boolean isInFlight() {
        return status == Status.REQUESTED || status == Status.UNKNOWN;
    }

    /// Whether the money is where it would be had nobody asked for it.
    boolean hasComeToNothing() {
        return status == Status.FAILED || status == Status.SETTLED;
    }

    boolean is(Kind wanted, int wantedNumber) {
        return kind == wanted && number == wantedNumber;
    }

    Operation with(Status changed) {
        return with(changed, reference, expiresAt);
    }

    Operation with(Status changed, @Nullable String newReference, @Nullable Instant newExpiry) {
        return new Operation(
                kind, number, amount, purpose, about, changed, newReference, newExpiry, method);
    }
}
