// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.sandbox;

import dev.fakta.orders.money.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One line of the ledger's file: something that happened at the provider. All else is computed
/// from these.
///
/// @param number 1, 2, 3 …; a webhook's id follows from it
/// @param id the provider's reference of the operation; of a dispute, its own
/// @param key of the operation; of an expiry, that of the authorization
/// @param digest of the request, to tell a repeated one from another one
/// @param about the reference of the authorization that a capture or void is of, or of the capture
///   that is refunded or disputed; of a delivery, the number of the entry that was told of
/// @param token by which an authorization steers the sandbox
/// @param reason of a failure
/// @param expiresAt of an authorization
record Entry(
        Type type,
        long number,
        String id,
        String payment,
        Money amount,
        Instant at,
        @Nullable Kind kind,
        @Nullable Status status,
        @Nullable String key,
        @Nullable String digest,
        @Nullable String about,
        @Nullable String token,
        @Nullable String reason,
        @Nullable Instant expiresAt) {

    enum Type {
        OPERATION,
        EXPIRED,
        DISPUTED,
        DELIVERED
    }

    enum Kind {
        AUTHORIZATION,
        CAPTURE,
        VOID,
        REFUND
    }

    enum Status {
        SUCCEEDED,
        FAILED,
        PENDING
    }

    boolean is(Kind wanted) {
        return kind == wanted;
    }

    boolean is(Status wanted) {
        return status == wanted;
    }

    /// Whether the merchant is told of it.
    boolean mustBeTold() {
        return type != Type.DELIVERED && status != Status.PENDING;
    }

    Entry settled(long newNumber, Instant time, Status outcome, @Nullable String why) {
        return new Entry(
                type, newNumber, id, payment, amount, time, kind, outcome, key, digest, about,
                token, why, expiresAt);
    }

    /// Something that the sandbox does by itself about an earlier entry.
    Entry followed(
            Type what, long newNumber, String newId, Instant time, Money much, String aboutWhat) {
        return new Entry(
                what, newNumber, newId, payment, much, time, null, null, key, null, aboutWhat, null,
                null, null);
    }
}
