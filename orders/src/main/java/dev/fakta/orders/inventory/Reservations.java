// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import dev.fakta.domain.PersistentMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Who has units of a stock item, and who waits for some. A change costs about the same whether ten
/// or a hundred thousand reservations live.
///
/// @param live all reservations that have or await units, by their [Reservation#key]
/// @param waiting the keys of those that await units, by their turn
/// @param reserved the sum of what they have
/// @param backordered the sum of what they await
/// @param nextTurn the turn of the next one
/// @param firstWaiting nobody with a lower turn waits
/// @param ends when those end that are kept for a time
/// @param ended what is known of lines that neither have nor await units any more
public record Reservations(
        Map<String, Reservation> live,
        Map<Long, String> waiting,
        long reserved,
        long backordered,
        long nextTurn,
        long firstWaiting,
        Ends ends,
        EndedLines ended) {

    static final Reservations NONE =
            new Reservations(Map.of(), Map.of(), 0, 0, 0, 0, Ends.NONE, EndedLines.NONE);

    public Reservations {
        live = PersistentMap.copyOf(live);
        waiting = PersistentMap.copyOf(waiting);
    }

    public @Nullable Reservation of(String order, int line) {
        return live.get(Reservation.key(order, line));
    }

    /// What is known of the line, if only that nothing is: a line that does not live is a
    /// reservation of nothing, with the next turn.
    Reservation known(String order, int line) {
        Reservation lives = of(order, line);
        if (lives != null) {
            return lives;
        }
        Reservation before = ended.of(order, line, nextTurn);
        return before == null ? Reservation.none(order, line, nextTurn) : before;
    }

    /// With this reservation instead of the earlier one of the same order and line, or without it
    /// when it neither has nor awaits units any more.
    Reservations with(Reservation reservation) {
        String key = reservation.key();
        PersistentMap<String, Reservation> all = PersistentMap.copyOf(live);
        PersistentMap<Long, String> queue = PersistentMap.copyOf(waiting);
        Reservation earlier = all.get(key);
        boolean lives = reservation.open() > 0;
        boolean waits = reservation.backordered() > 0;
        queue = waits ? queue.with(reservation.turn(), key) : queue.without(reservation.turn());
        long next = Math.max(nextTurn, reservation.turn() + 1);
        return new Reservations(
                lives ? all.with(key, reservation) : all.without(key),
                queue,
                reserved + reservation.reserved() - (earlier == null ? 0 : earlier.reserved()),
                backordered
                        + reservation.backordered()
                        - (earlier == null ? 0 : earlier.backordered()),
                next,
                waits
                        ? Math.min(firstWaiting, reservation.turn())
                        : firstFrom(firstWaiting, queue, next),
                ends.replacing(earlier, lives ? reservation : null),
                lives ? ended.without(key) : ended.with(reservation));
    }

    private static long firstFrom(long turn, PersistentMap<Long, String> queue, long end) {
        if (queue.isEmpty()) {
            return end;
        }
        long first = turn;
        while (!queue.containsKey(first)) {
            first++;
        }
        return first;
    }

    /// Those who wait, first come first, until together they await these units, or are as many.
    List<Reservation> nextToServe(long units, int most) {
        List<Reservation> next = new ArrayList<>();
        long left = units;
        long turns = waiting.size();
        for (long turn = firstWaiting; left > 0 && turns > 0 && next.size() < most; turn++) {
            String key = waiting.get(turn);
            Reservation reservation = key == null ? null : live.get(key);
            if (reservation != null) {
                turns--;
                left -= reservation.backordered();
                next.add(reservation);
            }
        }
        return next;
    }

    /// Those who have units, in the order in which they lose them: those that are kept for a time
    /// first, and among these the last come. Looks at all of them: units are missed seldom.
    List<Reservation> lastServedFirst() {
        List<Reservation> served = new ArrayList<>();
        for (Reservation reservation : live.values()) {
            if (reservation.reserved() > 0) {
                served.add(reservation);
            }
        }
        served.sort(
                Comparator.comparing(Reservation::isKeptForGood)
                        .thenComparing(Reservation::turn, Comparator.reverseOrder()));
        return served;
    }

    /// When the first of them ends; none when all are kept for good.
    @Nullable Instant firstEnd() {
        return ends.first();
    }

    /// Those whose time is over, the first to end first.
    List<Reservation> over(Instant now) {
        List<Reservation> over = new ArrayList<>();
        for (String key : ends.passed(now)) {
            over.add(Objects.requireNonNull(live.get(key), "what ends lives"));
        }
        over.sort(
                Comparator.comparing(
                                (Reservation one) -> Objects.requireNonNull(one.until(), "it ends"))
                        .thenComparingLong(Reservation::turn));
        return over;
    }
}
