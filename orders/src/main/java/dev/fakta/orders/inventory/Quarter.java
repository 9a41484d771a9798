// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import java.time.Duration;
import java.time.Instant;

/// Quarter hours of UTC. Ends of reservations are waited for in steps of these, so that a thousand
/// reservations of one item need one timer.
final class Quarter {

    static final Duration LENGTH = Duration.ofMinutes(15);

    private Quarter() {}

    /// The end of the quarter hour that the time is in; the time itself when it is one's end.
    static Instant endOf(Instant time) {
        long seconds = LENGTH.toSeconds();
        long begun = Math.floorDiv(time.getEpochSecond(), seconds);
        Instant begin = Instant.ofEpochSecond(begun * seconds);
        return begin.equals(time) ? begin : begin.plus(LENGTH);
    }
}
