// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.views.Row;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What became of a message that was sent at least once.
///
/// @param id of the message, `webhook-id`: that of its event
/// @param position of the event in the log: partition and offset
/// @param stream and `type`: of the event
/// @param status what the receiver answered last; `null` when nothing came, or when it is not known
///   any more
/// @param reason why the last attempt was in vain, in a phrase; `null` when it was not
/// @param nextAt when it is sent again, unless the receiver takes nothing; `null` when it is not
/// @param resend the resend that it was sent for; `null` when it was sent because it was recorded
record WebhookDelivery(
        String id,
        String position,
        String stream,
        String type,
        State state,
        Instant firstSentAt,
        int attempts,
        @Nullable Integer status,
        @Nullable String reason,
        @Nullable Instant nextAt,
        @Nullable Integer resend) {

    /// What became of it.
    enum State {
        /// The receiver has answered 2xx.
        TAKEN,
        /// It is sent again.
        WAITING,
        /// It is not sent again by itself.
        GIVEN_UP
    }

    /// One that was given up, as [WebhookView] has it.
    static WebhookDelivery of(Row row) {
        return new WebhookDelivery(
                row.text("id"),
                row.text("position"),
                row.text("stream"),
                row.text("type"),
                State.valueOf(row.text("state")),
                Instant.ofEpochMilli(row.number("first_sent_at")),
                (int) row.number("attempts"),
                null,
                row.text("reason"),
                null,
                null);
    }
}
