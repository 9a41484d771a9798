// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.sandbox;

import dev.fakta.orders.money.Money;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the provider holds and has moved of one payment. Guarded by its [Book].
final class Account {

    private static final String NO_SUCH_AUTHORIZATION = "no_such_authorization";

    private final String payment;
    private final String currency;
    private final Map<String, Hold> holds = new HashMap<>();
    private final Map<String, Long> captures = new HashMap<>();
    private final @Nullable String token;
    private long authorized;
    private long captured;
    private long voided;
    private long expired;
    private long refunded;
    private long disputed;

    private enum HoldStatus {
        LIVE,
        VOIDED,
        EXPIRED
    }

    private record Hold(long amount, long captured, HoldStatus status, Instant expiresAt) {
        long rest() {
            return amount - captured;
        }

        Hold with(HoldStatus next) {
            return new Hold(amount, captured, next, expiresAt);
        }
    }

    /// What anybody can look at: minor units, never rounded.
    record Sums(
            String payment,
            String currency,
            long authorized,
            long captured,
            long voided,
            long expired,
            long refunded,
            long disputed) {}

    /// @param first the payment's first authorization that succeeds
    Account(Entry first) {
        this.payment = first.payment();
        this.currency = first.amount().currency().getCurrencyCode();
        this.token = first.token();
    }

    Sums sums() {
        return new Sums(
                payment, currency, authorized, captured, voided, expired, refunded, disputed);
    }

    @Nullable String token() {
        return token;
    }

    /// Why this cannot be done; `null` when it can.
    @Nullable String fault(Entry.Kind kind, @Nullable String about, Money amount, Instant now) {
        if (!amount.currency().getCurrencyCode().equals(currency)) {
            return "currency_differs";
        }
        return switch (kind) {
            case AUTHORIZATION -> null;
            case CAPTURE -> captureFault(about, amount.minor(), now);
            case VOID -> holdFault(about, now);
            case REFUND -> refundFault(about, amount.minor());
        };
    }

    private @Nullable String captureFault(@Nullable String about, long minor, Instant now) {
        if (Tokens.CAPTURE_FAILS.equals(token)) {
            return "capture_refused";
        }
        String fault = holdFault(about, now);
        return fault == null && minor > rest(about) ? "exceeds_authorization" : fault;
    }

    private @Nullable String holdFault(@Nullable String about, Instant now) {
        Hold hold = holds.get(about);
        if (hold == null) {
            return NO_SUCH_AUTHORIZATION;
        }
        return switch (hold.status) {
            case VOIDED -> "authorization_voided";
            case EXPIRED -> "authorization_expired";
            case LIVE -> now.isBefore(hold.expiresAt) ? null : "authorization_expired";
        };
    }

    private @Nullable String refundFault(@Nullable String about, long minor) {
        if (Tokens.REFUND_FAILS.equals(token)) {
            return "refund_refused";
        }
        if (about != null && !captures.containsKey(about)) {
            return "no_such_capture";
        }
        return minor > captured - refunded ? "exceeds_captured" : null;
    }

    /// What is left of an authorization.
    long rest(@Nullable String authorization) {
        Hold hold = holds.get(authorization);
        return hold == null ? 0 : hold.rest();
    }

    boolean isLive(String authorization) {
        Hold hold = holds.get(authorization);
        return hold != null && hold.status == HoldStatus.LIVE && hold.rest() > 0;
    }

    void apply(Entry entry) {
        long minor = entry.amount().minor();
        switch (entry.type()) {
            case OPERATION -> operated(entry, minor);
            case EXPIRED -> {
                expired += minor;
                holds.computeIfPresent(about(entry), (_, hold) -> hold.with(HoldStatus.EXPIRED));
            }
            case DISPUTED -> disputed += minor;
            case DELIVERED -> {}
        }
    }

    private void operated(Entry entry, long minor) {
        switch (Objects.requireNonNull(entry.kind())) {
            case AUTHORIZATION -> {
                authorized += minor;
                Instant end = Objects.requireNonNull(entry.expiresAt());
                holds.put(entry.id(), new Hold(minor, 0, HoldStatus.LIVE, end));
            }
            case CAPTURE -> {
                captured += minor;
                captures.put(entry.id(), minor);
                holds.computeIfPresent(
                        about(entry),
                        (_, hold) ->
                                new Hold(
                                        hold.amount,
                                        hold.captured + minor,
                                        hold.status,
                                        hold.expiresAt));
            }
            case VOID -> {
                voided += minor;
                holds.computeIfPresent(about(entry), (_, hold) -> hold.with(HoldStatus.VOIDED));
            }
            case REFUND -> refunded += minor;
        }
    }

    private static String about(Entry entry) {
        return Objects.requireNonNull(entry.about(), "it is about another entry");
    }
}
