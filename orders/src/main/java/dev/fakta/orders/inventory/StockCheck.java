// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import dev.fakta.orders.fields.Faults;
import dev.fakta.orders.inventory.StockItem.Command;
import dev.fakta.orders.inventory.StockItem.Refusal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is wrong with a command, whatever the state.
final class StockCheck {

    static final long MOST_ON_HAND = 1_000_000_000_000L;
    static final long MOST_UNITS = 1_000_000_000L;
    private static final int LONGEST_SKU = 64;
    private static final int LONGEST_LOCATION = 60;
    private static final int LONGEST_REFERENCE = 100;
    private static final int LONGEST_REASON = 200;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private StockCheck() {}

    /// The first fault, or null. A command without one has all of its components, but for those
    /// that its documentation calls optional.
    static @Nullable Refusal fault(Command command) {
        return faults(command).first();
    }

    /// All faults.
    static Faults<Refusal> faults(Command command) {
        Faults<Refusal> faults = new Faults<>();
        if (command instanceof Command.Count count) {
            faults.text(Refusal.SKU_INVALID, "sku", count.sku(), LONGEST_SKU);
        }
        faults.unless(
                isLocation(command.location()),
                Refusal.LOCATION_INVALID,
                "location",
                "1 to " + LONGEST_LOCATION + " characters without @ are needed");
        switch (command) {
            case Command.Count(_, _, var units) ->
                    faults.number(Refusal.ON_HAND_INVALID, "onHand", units, 0, MOST_ON_HAND);
            case Command.Receive(var units, var reference, _) -> move(units, reference, faults);
            case Command.Restock(var units, var reference) -> move(units, reference, faults);
            case Command.Adjust(var change, var reason, var reference, _) -> {
                faults.number(Refusal.CHANGE_INVALID, "change", change, -MOST_UNITS, MOST_UNITS)
                        .unless(
                                change == null || change != 0,
                                Refusal.CHANGE_INVALID,
                                "change",
                                "is 0: nothing would change");
                explain(reason, reference, faults);
            }
            case Command.WriteOff(var units, var reason, var reference, _) -> {
                faults.number(Refusal.QUANTITY_INVALID, "quantity", units, 1, MOST_UNITS);
                explain(reason, reference, faults);
            }
            case Command.ChangeSafetyStock(var units, _) ->
                    faults.number(Refusal.ON_HAND_INVALID, "units", units, 0, MOST_ON_HAND);
            case Command.AllowBackorders(var allowed, _) ->
                    faults.present(Refusal.ALLOWED_MISSING, "allowed", allowed);
            case Command.FillBackorders _ -> {} // has nothing to be wrong
            case Command.Need need -> need(need, faults);
            case Command.EndReservations(var now) -> time("now", now, faults);
        }
        return faults;
    }

    private static void need(Command.Need need, Faults<Refusal> faults) {
        faults.text(Refusal.ORDER_INVALID, "order", need.order(), LONGEST_REFERENCE)
                .number(Refusal.LINE_INVALID, "line", need.line(), 0, Integer.MAX_VALUE)
                .number(Refusal.REVISION_INVALID, "revision", need.revision(), 1, Long.MAX_VALUE)
                .number(Refusal.UNITS_INVALID, "units", need.units(), 0, MOST_UNITS)
                .unless(
                        isBookedOf(need.booked(), need.left()),
                        Refusal.UNITS_INVALID,
                        "booked",
                        "no more than left is needed, which is 0 to " + MOST_UNITS);
        if (need.until() != null) {
            time("until", need.until(), faults);
        }
        time("now", need.now(), faults);
    }

    private static void move(
            @Nullable Long units, @Nullable String reference, Faults<Refusal> faults) {
        faults.number(Refusal.QUANTITY_INVALID, "quantity", units, 1, MOST_UNITS)
                .optional(Refusal.REFERENCE_INVALID, "reference", reference, LONGEST_REFERENCE);
    }

    private static void explain(
            @Nullable String reason, @Nullable String reference, Faults<Refusal> faults) {
        faults.atMost(Refusal.REASON_INVALID, "reason", reason, LONGEST_REASON)
                .optional(Refusal.REFERENCE_INVALID, "reference", reference, LONGEST_REFERENCE);
    }

    private static void time(String field, @Nullable Instant at, Faults<Refusal> faults) {
        faults.unless(
                at != null && !at.isBefore(Instant.EPOCH) && !at.isAfter(LATEST),
                Refusal.TIME_INVALID,
                field,
                "a time between 1970 and 9999 is needed");
    }

    private static boolean isAmount(@Nullable Long units) {
        return units != null && units >= 0 && units <= MOST_UNITS;
    }

    private static boolean isBookedOf(@Nullable Long booked, @Nullable Long left) {
        return booked != null && left != null && isAmount(left) && booked >= 0 && booked <= left;
    }

    private static boolean isLocation(@Nullable String location) {
        return location == null || (fits(location, LONGEST_LOCATION) && location.indexOf('@') < 0);
    }

    private static boolean fits(@Nullable String text, int longest) {
        return text != null && !text.isBlank() && text.length() <= longest;
    }
}
