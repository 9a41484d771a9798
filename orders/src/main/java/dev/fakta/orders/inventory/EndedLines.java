// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import dev.fakta.domain.PersistentMap;
import dev.fakta.orders.inventory.StockItem.Standing;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of lines that neither have nor await units: it makes a wish that comes again, or
/// late, one that changes nothing.
///
/// So many of the latest are kept as orders can come between a wish and its repetition. A line that
/// needs something after that counts as a new one; what of it has left is not booked twice, as the
/// need says how much the item has booked already.
///
/// @param lines by their [Reservation#key]
/// @param places the keys by the order in which the lines have ended
/// @param first no line has a lower place
/// @param next the place of the next one
record EndedLines(Map<String, EndedLine> lines, Map<Long, String> places, long first, long next) {

    /// The most lines that one item remembers.
    static final int MOST_ENDED = 4_000;

    static final EndedLines NONE = new EndedLines(Map.of(), Map.of(), 0, 0);

    EndedLines {
        lines = PersistentMap.copyOf(lines);
        places = PersistentMap.copyOf(places);
    }

    /// One line.
    ///
    /// @param standing how it stood when it ended
    /// @param place in the order in which lines have ended
    record EndedLine(Standing standing, long place) {}

    /// The line as a reservation of nothing; `null` when it is not known.
    @Nullable Reservation of(String order, int line, long turn) {
        EndedLine ended = lines.get(Reservation.key(order, line));
        return ended == null ? null : new Reservation(order, line, turn, ended.standing);
    }

    EndedLines with(Reservation reservation) {
        String key = reservation.key();
        EndedLines others = without(key);
        EndedLine ended = new EndedLine(reservation.standing(), next);
        return new EndedLines(
                        PersistentMap.<String, EndedLine>copyOf(others.lines).with(key, ended),
                        PersistentMap.<Long, String>copyOf(others.places).with(next, key),
                        first,
                        next + 1)
                .withoutOldest();
    }

    EndedLines without(String key) {
        EndedLine known = lines.get(key);
        return known == null
                ? this
                : new EndedLines(
                        PersistentMap.<String, EndedLine>copyOf(lines).without(key),
                        PersistentMap.<Long, String>copyOf(places).without(known.place),
                        first,
                        next);
    }

    private EndedLines withoutOldest() {
        if (lines.size() <= MOST_ENDED) {
            return this;
        }
        long oldest = first;
        String key = places.get(oldest);
        while (key == null) {
            key = places.get(++oldest);
        }
        EndedLines others = without(key);
        return new EndedLines(others.lines, others.places, oldest + 1, next);
    }
}
