// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import static dev.fakta.domain.Decision.accept;

import dev.fakta.domain.Decision;
import dev.fakta.orders.inventory.StockItem.Event;
import dev.fakta.orders.inventory.StockItem.Standing;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a stock item makes of a [StockItem.Command.Need], whose components these are.
///
/// It is never refused: what has left is a fact, and what the item cannot give is part of the
/// answer. It compares what the line needs with what it has, so the same wish twice, or one that a
/// newer one has overtaken, records nothing.
record NeedDecision(
        StockItem stock,
        String order,
        int line,
        long revision,
        long units,
        long left,
        long booked,
        @Nullable Instant until,
        Instant now) {

    Decision<Event> decided() {
        Reservation known = stock.reservations().known(order, line);
        if (revision < known.standing().revision()) {
            return accept();
        }
        StockDraft draft = new StockDraft(stock);
        leave(draft, known);
        Reservation kept = kept(draft, known);
        long wanted = wanted(known, kept);
        if (wanted - kept.open() > draft.after().available()) {
            draft.endOver(now, kept.key());
            draft.follow();
            kept = kept(draft, known);
        }
        long more = wanted - kept.open();
        draft.answer(more > 0 ? grown(draft.after(), kept, more) : shrunk(kept, -more));
        if (draft.after().missing() > 0) {
            draft.endOver(now, kept.key());
        }
        draft.follow();
        return draft.accepted();
    }

    /// What has left lowers on hand once, whether or not it was reserved. The item may have booked
    /// more of it than it remembers, and then the order says so.
    private void leave(StockDraft draft, Reservation known) {
        long gone = left - Math.max(known.standing().left(), booked);
        if (gone > 0) {
            long ofReserved = Math.min(gone, known.reserved());
            draft.record(new Event.StockLeft(order, line, gone, ofReserved, left));
        }
    }

    /// The line as it stands now, with the time until which it is kept from now on. A line that
    /// neither had, awaited nor was refused units begins anew, unless the wish is late.
    private Reservation kept(StockDraft draft, Reservation known) {
        Reservation stands = draft.after().reservations().known(order, line);
        if (known.isIdle()) {
            boolean begins = units > 0 && !isLate();
            return begins ? stands.with(stands.standing().keptUntil(until)) : stands;
        }
        return stands.with(stands.standing().keptUntil(later(known.until(), until)));
    }

    /// A line whose time is over needs nothing: it is ended in this decision.
    private long wanted(Reservation known, Reservation kept) {
        boolean isOver = known.isIdle() ? isLate() : kept.isOver(now);
        return isOver ? 0 : units;
    }

    private boolean isLate() {
        return until != null && !until.isAfter(now);
    }

    /// None is for good, and so later than any time.
    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return null;
        }
        return one.isAfter(other) ? one : other;
    }

    private Reservation grown(StockItem after, Reservation kept, long more) {
        boolean hasRoom = kept.open() > 0 || after.hasRoomForMore();
        long given = hasRoom ? Math.min(more, after.available()) : 0;
        long waits = hasRoom && after.backorders() ? more - given : 0;
        return met(kept, kept.reserved() + given, kept.backordered() + waits, more - given - waits);
    }

    /// Units that are waited for are given up before those that lie there.
    private Reservation shrunk(Reservation kept, long fewer) {
        long unawaited = Math.min(fewer, kept.backordered());
        return met(kept, kept.reserved() - (fewer - unawaited), kept.backordered() - unawaited, 0);
    }

    private Reservation met(Reservation kept, long reserved, long waiting, long refused) {
        long inAll = Math.max(kept.standing().left(), left);
        return kept.with(new Standing(revision, reserved, waiting, refused, inAll, kept.until()));
    }
}
