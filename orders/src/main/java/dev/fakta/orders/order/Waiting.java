// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that an order waits for, and who has to act so that it goes on. An order that has not
/// ended waits for something, always; one that has may wait for its returns and refunds still.
///
/// @param subject which one, where an order may wait for several: the kind of the hold, the topic
///   of the attention, the id of the shipment or of the return
/// @param since when the wait began; none where the order does not know
/// @param until when the wait ends by itself; none where it does not
/// @param says the same in a sentence
public record Waiting(
        Code code,
        Actor actor,
        @Nullable String subject,
        @Nullable Instant since,
        @Nullable Instant until,
        String says) {

    /// What has to come or to be done.
    public enum Code {
        HOLD,
        ATTENTION,
        STOCK_ANSWER,
        BACKORDER,
        CODES,
        PAYMENT_REQUEST,
        PAYMENT_ANSWER,
        ANOTHER_CARD,
        CONFIRMATION,
        PLANNING,
        WAREHOUSE,
        DELIVERY,
        CAPTURE,
        REFUND,
        RETURN,
        COMPLETION
    }

    /// Who has to act.
    public enum Actor {
        CUSTOMER,
        STAFF,
        WAREHOUSE,
        CARRIER,
        /// Whoever moves the money.
        PROVIDER,
        /// The order management itself.
        SYSTEM;

        /// Whether it is people, who may take their time, and no program that ought to be at it.
        public boolean isPeople() {
            return switch (this) {
                case CUSTOMER, STAFF, WAREHOUSE, CARRIER -> true;
                case PROVIDER, SYSTEM -> false;
            };
        }
    }

    /// All that the order waits for.
    ///
    /// @param order one that exists
    public static List<Waiting> of(Order order) {
        return new Waits(order).all();
    }

    /// Whether the order's customer is told: a hold and what needs attention are the shop's.
    boolean isForCustomers() {
        return code != Code.HOLD && code != Code.ATTENTION;
    }

    static Waiting on(Code code, Actor actor, String says) {
        return new Waiting(code, actor, null, null, null, says);
    }

    Waiting about(String which) {
        return new Waiting(code, actor, which, since, until, says);
    }

    Waiting from(@Nullable Instant begin) {
        return new Waiting(code, actor, subject, begin, until, says);
    }

    Waiting to(@Nullable Instant end) {
        return new Waiting(code, actor, subject, since, end, says);
    }
}
