// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What lies of one sku at one location, and for whom. The aggregate's id is [Command#idOf]`(sku,
/// location)`.
///
/// Units that lie there are reserved for lines of orders, first come, first served. Where an item
/// may be waited for, a line is backordered with what is missing. Units that come in or become free
/// go to those who wait, in the order in which they came, before anybody new gets one. When units
/// turn out to be missing, the last who came wait again. So never more units are reserved than are
/// on hand.
///
/// A [Command.Need] says what a line needs in absolute terms, and [#standing] answers what came of
/// it. Units that have left are a fact: when more leave than lie there, on hand falls below zero,
/// and the item is short until somebody counts or goods come in.
///
/// A line is known by its order and its number, and the newest of those that need nothing any more
/// are remembered ([EndedLines]): a wish that comes again, or late, changes nothing.
///
/// @param counted whether anybody ever counted
/// @param onHand the units that lie there
/// @param safetyStock the units of these that are promised to nobody
/// @param backorders whether lines may wait for what is missing
/// @param reservations who has units, and who waits for some
/// @param movements the references of the newest movements of units, to know one that is repeated
/// @param nextEnd the end of the quarter hour in which the next reservation ends, or one has ended
///   otherwise since; none when no end is awaited
public record StockItem(
        boolean counted,
        long onHand,
        long safetyStock,
        boolean backorders,
        Reservations reservations,
        List<String> movements,
        @Nullable Instant nextEnd) {

    public static final String MAIN = "main";

    /// How many movements a stock item remembers. An older one that is repeated counts again.
    static final int MOST_MOVEMENTS = 256;

    static final int MOST_RESERVATIONS = 1_000_000;

    static final StockItem NOTHING =
            new StockItem(false, 0, 0, false, Reservations.NONE, List.of(), null);

    public static final Aggregate<Command, Event, StockItem> AGGREGATE =
            Aggregate.named("stock-item")
                    .taking(Command.class)
                    .startingAs(NOTHING)
                    .deciding(StockItem::decide)
                    .evolving(StockItem::evolve)
                    .refusing(Refusal.class)
                    .event("stock-counted", Event.StockCounted.class)
                    .event("stock-received", Event.StockReceived.class)
                    .event("stock-adjusted", Event.StockAdjusted.class)
                    .event("stock-restocked", Event.StockRestocked.class)
                    .event("stock-written-off", Event.StockWrittenOff.class)
                    .event("safety-stock-changed", Event.SafetyStockChanged.class)
                    .event("backorders-allowed", Event.BackordersAllowed.class)
                    .event("stock-left", Event.StockLeft.class)
                    .event("stock-standing-changed", Event.StockStandingChanged.class)
                    .event("stock-refused", Event.StockRefused.class)
                    .event("stock-fell-short", Event.StockFellShort.class)
                    .event("stock-ends-awaited", Event.StockEndsAwaited.class)
                    .event("stock-serving-interrupted", Event.StockServingInterrupted.class)
                    .event("stock-ending-interrupted", Event.StockEndingInterrupted.class)
                    .version(5);

    public StockItem {
        movements = List.copyOf(movements);
    }

    /// A movement's reference is what makes it the same when it is repeated: a delivery note, a
    /// return. Without one, only the command's own id does.
    public sealed interface Command {
        /// The id of the stock item that commands about this sku at this location go to; without a
        /// location it is the main one. Locations have no `@`, so no two pairs share one.
        static String idOf(String sku, @Nullable String location) {
            return sku + "@" + (location == null ? MAIN : location);
        }

        /// Sets what is on hand, as counted. Without a location it is the main one.
        record Count(@Nullable String sku, @Nullable String location, @Nullable Long onHand)
                implements Command {}

        /// Where the stock is that this command is about, as far as it says so itself; none: at the
        /// main location.
        default @Nullable String location() {
            return null;
        }

        /// Units come in.
        record Receive(
                @Nullable Long quantity, @Nullable String reference, @Nullable String location)
                implements Command {
            public Receive(@Nullable Long quantity, @Nullable String reference) {
                this(quantity, reference, null);
            }
        }

        /// Corrects what is on hand, up or down.
        record Adjust(
                @Nullable Long change,
                @Nullable String reason,
                @Nullable String reference,
                @Nullable String location)
                implements Command {
            public Adjust(
                    @Nullable Long change, @Nullable String reason, @Nullable String reference) {
                this(change, reason, reference, null);
            }
        }

        /// Returned units lie there again.
        record Restock(@Nullable Long quantity, @Nullable String reference) implements Command {}

        /// Units are broken or lost.
        record WriteOff(
                @Nullable Long quantity,
                @Nullable String reason,
                @Nullable String reference,
                @Nullable String location)
                implements Command {
            public WriteOff(
                    @Nullable Long quantity, @Nullable String reason, @Nullable String reference) {
                this(quantity, reason, reference, null);
            }
        }

        /// Says how many units are promised to nobody. What is reserved already stays so.
        record ChangeSafetyStock(@Nullable Long units, @Nullable String location)
                implements Command {
            public ChangeSafetyStock(@Nullable Long units) {
                this(units, null);
            }
        }

        /// Says whether lines may wait for what is missing. Who waits already goes on to.
        record AllowBackorders(@Nullable Boolean allowed, @Nullable String location)
                implements Command {
            public AllowBackorders(@Nullable Boolean allowed) {
                this(allowed, null);
            }
        }

        /// Goes on to serve who waits, or to have those wait whose units are missing, where one
        /// command had too many of them.
        record FillBackorders() implements Command {}

        /// What a line of an order needs of this item from now on, in absolute terms. It is never
        /// refused for the state of the stock: [StockItem#standing] says what came of it.
        ///
        /// @param revision the order's revision that the wish comes from, from 1; an older one than
        ///   the line's reservation knows changes nothing
        /// @param units the units that the line needs from here and that have not left
        /// @param left the units of the line that have left from here in all, since the order was
        ///   placed
        /// @param booked what of these the order knows that the item has booked, so that an item
        ///   which has forgotten the line does not book them again
        /// @param until how long the needed units are kept; none: for good
        /// @param now the time of the wish
        record Need(
                @Nullable String order,
                @Nullable Integer line,
                @Nullable Long revision,
                @Nullable Long units,
                @Nullable Long left,
                @Nullable Long booked,
                @Nullable Instant until,
                @Nullable Instant now)
                implements Command {}

        /// Ends all reservations whose time is over, a thousand at most.
        record EndReservations(@Nullable Instant now) implements Command {}
    }

    public sealed interface Event {
        record StockCounted(String sku, String location, long onHand) implements Event {}

        record StockReceived(long quantity, @Nullable String reference) implements Event {}

        record StockAdjusted(long change, String reason, @Nullable String reference)
                implements Event {}

        record StockRestocked(long quantity, @Nullable String reference) implements Event {}

        record StockWrittenOff(long quantity, String reason, @Nullable String reference)
                implements Event {}

        record SafetyStockChanged(long units) implements Event {}

        record BackordersAllowed(boolean allowed) implements Event {}

        /// Units of a line have left.
        ///
        /// @param quantity how many have left since the line's standing was told last
        /// @param ofReserved how many of these were reserved for the line
        /// @param left how many have left from here in all
        record StockLeft(String order, int line, long quantity, long ofReserved, long left)
                implements Event {}

        /// What a line has from now on, whatever changed it: the whole, so that a follower needs no
        /// earlier event.
        ///
        /// @param revision the order's revision that the known need comes from
        /// @param waiting the units that it waits for
        /// @param refused the units that it needs and can neither have nor wait for
        /// @param left the units that have left from here in all
        /// @param until when its reservation ends by itself; none: it is firm
        /// @param reservedInAll the units that all lines together have reserved then
        /// @param waitingInAll the units that all lines together wait for then
        /// @param isAnswer whether it follows from what the line itself was said to need, and not
        ///   from what happened to the item or to others
        record StockStandingChanged(
                String order,
                int line,
                long revision,
                long reserved,
                long waiting,
                long refused,
                long left,
                @Nullable Instant until,
                long reservedInAll,
                long waitingInAll,
                boolean isAnswer)
                implements Event {}

        /// The line was refused another number of units than before. The standing of the line that
        /// is recorded behind it says the same number.
        ///
        /// @param units all that it is refused of its need; 0 when that is over
        record StockRefused(String order, int line, long units) implements Event {}

        /// More units have left than there were.
        ///
        /// @param units how many on hand is below zero; 0 when that is over
        record StockFellShort(long units) implements Event {}

        /// Reservations end by themselves, the next one in the quarter hour that ends then.
        ///
        /// @param next none when no reservation ends any more
        record StockEndsAwaited(@Nullable Instant next) implements Event {}

        /// One decision had too many lines to serve, or to have them wait again.
        ///
        /// @param free the units that lie free while others wait for some
        /// @param missing the units that are reserved and do not lie there
        record StockServingInterrupted(long free, long missing) implements Event {}

        /// One decision had too many reservations to end.
        ///
        /// @param now the time by which they are over
        record StockEndingInterrupted(Instant now) implements Event {}
    }

    /// What a line has, and what of it has left, all in absolute terms.
    ///
    /// @param revision the order's revision that the known need comes from; 0 when none is known
    /// @param reserved the units that lie there for it
    /// @param waiting the units that it waits for
    /// @param refused the units that it needs and can neither have nor wait for
    /// @param left the units that have left from here in all
    /// @param until when it ends by itself; none: never
    public record Standing(
            long revision,
            long reserved,
            long waiting,
            long refused,
            long left,
            @Nullable Instant until) {
        static final Standing UNKNOWN = new Standing(0, 0, 0, 0, 0, null);

        /// With so many of the units that it waited for; a negative number waits again.
        Standing served(long units) {
            return new Standing(revision, reserved + units, waiting - units, refused, left, until);
        }

        /// With so many of its reserved units fewer, after so many have left in all.
        Standing leaving(long ofReserved, long inAll) {
            return new Standing(revision, reserved - ofReserved, waiting, refused, inAll, until);
        }

        Standing keptUntil(@Nullable Instant end) {
            return new Standing(revision, reserved, waiting, refused, left, end);
        }

        /// What stays of it when its time is over.
        Standing over() {
            return new Standing(revision, 0, 0, 0, left, until);
        }
    }

    public enum Refusal implements Rejection {
        SKU_INVALID("sku: 1 to 64 characters are needed."),
        LOCATION_INVALID("location: 1 to 60 characters without @ are needed."),
        ON_HAND_INVALID("onHand: 0 to 1000000000000 units are possible."),
        QUANTITY_INVALID("quantity: 1 to 1000000000 units are needed."),
        ALLOWED_MISSING("allowed: true or false is needed."),
        CHANGE_INVALID("change: -1000000000 to 1000000000 units are needed, and not 0."),
        REASON_INVALID("reason: at most 200 characters are possible."),
        REFERENCE_INVALID("reference: 1 to 100 characters are needed."),
        ORDER_INVALID("order: 1 to 100 characters are needed."),
        LINE_INVALID("line: a number of 0 or more is needed."),
        TIME_INVALID("until, now: a time between 1970 and 9999 is needed."),
        REVISION_INVALID("revision: a number of 1 or more is needed."),
        UNITS_INVALID("units, left: 0 to 1000000000 are possible, and booked: no more than left."),
        TOO_MANY_DISPLACED("More than 1000 reservations would lose units: take smaller steps.");

        private final String detail;

        Refusal(String detail) {
            this.detail = detail;
        }

        @Override
        public String detail() {
            return detail;
        }
    }

    /// The units that the next one who asks can have.
    public long available() {
        return reservations.waiting().isEmpty() ? free() : 0;
    }

    /// The units that are neither reserved nor kept back.
    long free() {
        return Math.max(0, onHand - reservations.reserved() - safetyStock);
    }

    /// The units that are reserved and do not lie there, while those who have them are not all
    /// displaced yet.
    long missing() {
        return Math.max(0, reservations.reserved() - Math.max(0, onHand));
    }

    /// Whether units are free that somebody waits for.
    boolean isUnserved() {
        return free() > 0 && !reservations.waiting().isEmpty();
    }

    boolean hasRoomForMore() {
        return reservations.live().size() < MOST_RESERVATIONS;
    }

    /// Whether more units have left than there were.
    public boolean isShort() {
        return onHand < 0;
    }

    /// How many units more have left than there were.
    public long shortUnits() {
        return Math.max(0, -onHand);
    }

    /// What came of the needs of a line; all zero when nothing is known of it.
    public Standing standing(String order, int line) {
        return reservations.known(order, line).standing();
    }

    boolean remembers(@Nullable String movement) {
        return movement != null && movements.contains(movement);
    }

    Decision<Event> decide(Command command) {
        return new StockDecision(this).on(command);
    }

    StockItem evolve(Event event) {
        return switch (event) {
            case Event.StockCounted(_, _, var units) ->
                    new StockItem(
                            true, units, safetyStock, backorders, reservations, movements, nextEnd);
            case Event.StockReceived(var units, var reference) -> moved(units, reference);
            case Event.StockAdjusted(var change, _, var reference) -> moved(change, reference);
            case Event.StockRestocked(var units, var reference) -> moved(units, reference);
            case Event.StockWrittenOff(var units, _, var reference) -> moved(-units, reference);
            case Event.SafetyStockChanged(var units) ->
                    new StockItem(
                            counted, onHand, units, backorders, reservations, movements, nextEnd);
            case Event.BackordersAllowed(var allowed) ->
                    new StockItem(
                            counted,
                            onHand,
                            safetyStock,
                            allowed,
                            reservations,
                            movements,
                            nextEnd);
            case Event.StockLeft e -> left(e);
            case Event.StockStandingChanged e -> with(stands(e));
            case Event.StockEndsAwaited(var next) -> awaiting(next);
            // What these say follows from what is known by other events.
            case Event.StockRefused _,
                    Event.StockFellShort _,
                    Event.StockServingInterrupted _,
                    Event.StockEndingInterrupted _ ->
                    this;
        };
    }

    private StockItem left(Event.StockLeft e) {
        Reservation known = reservations.known(e.order, e.line);
        return moved(-e.quantity, null)
                .with(known.with(known.standing().leaving(e.ofReserved, e.left)));
    }

    private StockItem awaiting(@Nullable Instant next) {
        return new StockItem(
                counted, onHand, safetyStock, backorders, reservations, movements, next);
    }

    private Reservation stands(Event.StockStandingChanged e) {
        return reservations
                .known(e.order, e.line)
                .with(new Standing(e.revision, e.reserved, e.waiting, e.refused, e.left, e.until));
    }

    private StockItem moved(long change, @Nullable String movement) {
        List<String> newest = movements;
        if (movement != null) {
            newest = new ArrayList<>(movements);
            newest.add(movement);
            if (newest.size() > MOST_MOVEMENTS) {
                newest.removeFirst();
            }
        }
        return new StockItem(
                counted, onHand + change, safetyStock, backorders, reservations, newest, nextEnd);
    }

    private StockItem with(Reservation reservation) {
        return new StockItem(
                counted,
                onHand,
                safetyStock,
                backorders,
                reservations.with(reservation),
                movements,
                nextEnd);
    }
}
