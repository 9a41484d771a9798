// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.log.HybridTime;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Versioned;
import java.time.Duration;
import java.time.Instant;
import java.util.function.ToLongFunction;

/// What a client has seen: the value of the header `Fakta-Token`. A query that carries it waits for
/// these positions, and what a command with it leads to is recorded with a later time.
///
/// Written `POSITIONS@TIME`, the hybrid time in base 36; without the time when it is not known. A
/// client may join several with commas.
///
/// @param time a hybrid logical time, or 0
record Token(Positions positions, long time) {

    static final Token NONE = new Token(Positions.NONE, 0);

    private static final int RADIX = 36;

    /// How far ahead of this node's clock a time is believed without a look at the log. One that is
    /// invented would set the clocks of all partitions that it reaches.
    private static final Duration APART = Duration.ofSeconds(2);

    /// @throws IllegalArgumentException when it is no token
    static Token parse(String text) {
        Positions positions = Positions.NONE;
        long time = 0;
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int at = part.lastIndexOf('@');
            if (at >= 0) {
                time = Math.max(time, Long.parseLong(part.substring(at + 1), RADIX));
            }
            String place = at < 0 ? part : part.substring(0, at);
            if (place.isEmpty()) {
                throw new IllegalArgumentException("a token names partitions");
            }
            positions = positions.merge(Positions.parse(place));
        }
        return new Token(positions, time);
    }

    /// The token with a time that no client has invented: at most [#APART] ahead of this node's
    /// clock, or as late as a record that the token names. Where the clock of the node that wrote
    /// this record is ahead, what follows from it still gets a later time.
    ///
    /// @param now this node's clock
    /// @param recorded the highest hybrid time of the records at some positions, or 0; asked only
    ///   for a time that is further ahead
    Token believed(Instant now, ToLongFunction<Positions> recorded) {
        long most = HybridTime.of(now.plus(APART));
        return time <= most
                ? this
                : new Token(
                        positions, Math.min(time, Math.max(most, recorded.applyAsLong(positions))));
    }

    Token after(Versioned<?> seen) {
        return new Token(positions.merge(seen.seen()), Math.max(time, seen.time()));
    }

    boolean isEmpty() {
        return positions.isEmpty();
    }

    @Override
    public String toString() {
        return time == 0 ? positions.token() : positions.token() + "@" + Long.toString(time, RADIX);
    }
}
