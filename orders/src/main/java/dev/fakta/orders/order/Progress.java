// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import org.jspecify.annotations.Nullable;

/// What was decided about an order as a whole.
///
/// @param rejected why it was not taken, if it was not
/// @param cancelling the reason, once its cancellation is asked for
/// @param cancelled the reason, once it is cancelled
public record Progress(
        boolean confirmed,
        boolean completed,
        @Nullable RejectReason rejected,
        @Nullable String cancelling,
        @Nullable String cancelled) {

    static final Progress PLACED = new Progress(false, false, null, null, null);

    /// Why an order was not taken.
    public enum RejectReason {
        OUT_OF_STOCK,
        PAYMENT_DECLINED,
        CODE_EXHAUSTED,
        FRAUD,
        TIMEOUT
    }

    Progress confirm() {
        return new Progress(true, completed, rejected, cancelling, cancelled);
    }

    Progress complete() {
        return new Progress(confirmed, true, rejected, cancelling, cancelled);
    }

    Progress reject(RejectReason reason) {
        return new Progress(confirmed, completed, reason, cancelling, cancelled);
    }

    Progress beginCancelling(String reason) {
        return new Progress(confirmed, completed, rejected, reason, cancelled);
    }

    Progress cancel(String reason) {
        return new Progress(confirmed, completed, rejected, cancelling, reason);
    }
}
