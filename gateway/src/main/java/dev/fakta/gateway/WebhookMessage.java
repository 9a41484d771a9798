// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An event on its way to a receiver. One thread at a time.
final class WebhookMessage {

    private static final int SIZE_OF_REST = 1_000;

    private final EventFeed.Entry entry;
    private final @Nullable Integer resend;
    private int attempts;
    private Instant due = Instant.MIN;
    private @Nullable Instant firstTried;

    /// @param resend that it is sent for; `null` when it was recorded just now
    WebhookMessage(EventFeed.Entry entry, @Nullable Integer resend) {
        this.entry = entry;
        this.resend = resend;
    }

    EventFeed.Entry entry() {
        return entry;
    }

    @Nullable Integer resend() {
        return resend;
    }

    int partition() {
        return entry.record().partition();
    }

    long offset() {
        return entry.record().offset();
    }

    String position() {
        return partition() + "." + offset();
    }

    String id() {
        return entry.record().event().metadata().eventId().toString();
    }

    String stream() {
        return entry.record().event().stream();
    }

    String event() {
        return entry.record().event().name();
    }

    /// In bytes, about.
    int size() {
        return entry.record().event().payload().length + SIZE_OF_REST;
    }

    int attempts() {
        return attempts;
    }

    /// When it was tried first; `null` when it was not yet.
    @Nullable Instant firstTried() {
        return firstTried;
    }

    /// When it is to be tried again.
    Instant due() {
        return due;
    }

    void beginAttempt(Instant now) {
        attempts++;
        if (firstTried == null) {
            firstTried = now;
        }
    }

    void tryAgainAt(Instant time) {
        due = time;
    }

    /// For the list of deliveries.
    ///
    /// @param status that the receiver has answered last; `null` when it has not
    WebhookDelivery is(
            WebhookDelivery.State state, @Nullable Integer status, @Nullable String reason) {
        return new WebhookDelivery(
                id(),
                position(),
                stream(),
                event(),
                state,
                firstTried == null ? due : firstTried,
                attempts,
                status,
                reason,
                state == WebhookDelivery.State.WAITING ? due : null,
                resend);
    }
}
