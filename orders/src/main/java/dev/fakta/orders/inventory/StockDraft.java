// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Decision;
import dev.fakta.orders.inventory.StockItem.Event;
import dev.fakta.orders.inventory.StockItem.Refusal;
import dev.fakta.orders.inventory.StockItem.Standing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A decision on its way: the events so far, and the stock as it stands after them.
///
/// What one decision records is one append. So it ends, serves and displaces so many reservations
/// and no more, and says with an event when some are left; [StockUpkeep] hears that and goes on.
final class StockDraft {

    /// The most reservations that one decision serves or displaces.
    static final int MOST_FOLLOWING = 1_000;

    /// The most reservations that one decision ends because their time is over.
    static final int MOST_ENDING = 1_000;

    private final StockItem before;
    private final List<Event> events = new ArrayList<>();
    private StockItem after;
    private int following;
    private int ending;
    private @Nullable Instant unended;

    StockDraft(StockItem before) {
        this.before = before;
        this.after = before;
    }

    StockItem after() {
        return after;
    }

    void record(Event event) {
        events.add(event);
        after = after.evolve(event);
    }

    /// Records the line's whole standing as the answer to what it needs, unless it was told before.
    /// What has left is known to this draft already, and to nobody who follows standings.
    void answer(Reservation line) {
        long told = before.reservations().known(line.order(), line.line()).standing().left();
        if (isNews(line) || line.standing().left() != told) {
            tell(line, true);
        }
    }

    /// Records the line's whole standing, which something has changed that it did not ask for.
    private void stand(Reservation line) {
        if (isNews(line)) {
            tell(line, false);
        }
    }

    private boolean isNews(Reservation line) {
        return !line.standing().equals(known(line).standing());
    }

    private Reservation known(Reservation line) {
        return after.reservations().known(line.order(), line.line());
    }

    private void tell(Reservation line, boolean isAnswer) {
        Reservation known = known(line);
        Standing now = line.standing();
        if (now.refused() != known.standing().refused()) {
            record(new Event.StockRefused(line.order(), line.line(), now.refused()));
        }
        Reservations all = after.reservations();
        record(
                new Event.StockStandingChanged(
                        line.order(),
                        line.line(),
                        now.revision(),
                        now.reserved(),
                        now.waiting(),
                        now.refused(),
                        now.left(),
                        now.until(),
                        all.reserved() + now.reserved() - known.reserved(),
                        all.backordered() + now.waiting() - known.backordered(),
                        isAnswer));
        if (line.open() > 0) {
            awaitEnd(now.until());
        }
    }

    private void awaitEnd(@Nullable Instant until) {
        if (until == null) {
            return;
        }
        Instant end = Quarter.endOf(until);
        Instant awaited = after.nextEnd();
        if (awaited == null || end.isBefore(awaited)) {
            record(new Event.StockEndsAwaited(end));
        }
    }

    /// Ends reservations whose time is over.
    ///
    /// @param but the key of the one line that is left alone, as it is decided on by itself
    void endOver(Instant now, String but) {
        for (Reservation over : after.reservations().over(now)) {
            if (over.key().equals(but)) {
                continue;
            }
            if (ending == MOST_ENDING) {
                unended = now;
                return;
            }
            ending++;
            stand(over.with(over.standing().over()));
        }
    }

    /// Says which end is awaited next, when the one that was has passed.
    void noteEnds(Instant now) {
        Instant awaited = after.nextEnd();
        if (awaited == null || awaited.isAfter(now) || unended != null) {
            return;
        }
        Instant first = after.reservations().firstEnd();
        record(new Event.StockEndsAwaited(first == null ? null : Quarter.endOf(first)));
    }

    /// Has those wait again whose units are missing, or serves those who wait.
    void follow() {
        if (after.missing() > 0) {
            displace();
        } else {
            fill();
        }
    }

    private void displace() {
        long left = after.missing();
        for (Reservation last : after.reservations().lastServedFirst()) {
            if (left == 0 || following == MOST_FOLLOWING) {
                return;
            }
            following++;
            long units = Math.min(left, last.reserved());
            left -= units;
            stand(last.with(last.standing().served(-units)));
        }
    }

    private void fill() {
        long left = after.free();
        int most = MOST_FOLLOWING - following;
        for (Reservation next : after.reservations().nextToServe(left, most)) {
            following++;
            long units = Math.min(left, next.backordered());
            left -= units;
            stand(next.with(next.standing().served(units)));
        }
    }

    /// Accepts with what follows, or refuses a command that would leave more units reserved than
    /// lie there. What an earlier decision has left to be displaced is no reason to refuse.
    Decision<Event> followed() {
        follow();
        return after.missing() > 0 && before.missing() == 0
                ? reject(Refusal.TOO_MANY_DISPLACED)
                : accepted();
    }

    /// Accepts, and says what people or the upkeep have to know of the stock as it stands now.
    Decision<Event> accepted() {
        if (events.isEmpty()) {
            return accept();
        }
        if (after.shortUnits() != before.shortUnits()) {
            record(new Event.StockFellShort(after.shortUnits()));
        }
        if (after.missing() > 0 || after.isUnserved()) {
            record(new Event.StockServingInterrupted(after.free(), after.missing()));
        }
        if (unended != null) {
            record(new Event.StockEndingInterrupted(unended));
        }
        return new Decision.Accepted<>(events);
    }
}
