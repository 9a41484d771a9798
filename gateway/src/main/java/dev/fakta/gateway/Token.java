// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.log.HybridTime;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Versioned;
import java.time.Duration;
import java.time.Instant;

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

    /// How far the clocks of nodes may lie apart. A time beyond it is a client's invention: it
    /// would set the clocks of all partitions that it reaches.
    private static final Duration APART = Duration.ofSeconds(2);

    /// @param now the node's clock
    /// @throws IllegalArgumentException when it is no token
    static Token parse(String text, Instant now) {
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
        return new Token(positions, Math.min(time, HybridTime.of(now.plus(APART))));
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
