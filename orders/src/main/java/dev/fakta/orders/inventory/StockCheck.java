// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

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
        return switch (command) {
            case Command.Count(var sku, _, _) when !fits(sku, LONGEST_SKU) -> Refusal.SKU_INVALID;
            case Command _ when !isLocation(command.location()) -> Refusal.LOCATION_INVALID;
            case Command.Count(_, _, var units) -> onHandFault(units);
            case Command.Receive(var units, var reference, _) -> movementFault(units, reference);
            case Command.Restock(var units, var reference) -> movementFault(units, reference);
            case Command.Adjust(var change, _, _, _)
                    when change == null
                            || change == 0
                            || Math.abs(change) > MOST_UNITS
                            || change == Long.MIN_VALUE ->
                    Refusal.CHANGE_INVALID;
            case Command.Adjust(_, var reason, var reference, _) -> reasonFault(reason, reference);
            case Command.WriteOff(var units, _, _, _) when !isQuantity(units) ->
                    Refusal.QUANTITY_INVALID;
            case Command.WriteOff(_, var reason, var reference, _) ->
                    reasonFault(reason, reference);
            case Command.ChangeSafetyStock(var units, _) -> onHandFault(units);
            case Command.AllowBackorders(var allowed, _) ->
                    allowed == null ? Refusal.ALLOWED_MISSING : null;
            case Command.FillBackorders _ -> null;
            case Command.Need need -> needFault(need);
            case Command.EndReservations(var now) -> timeFault(now);
        };
    }

    private static @Nullable Refusal needFault(Command.Need need) {
        if (!fits(need.order(), LONGEST_REFERENCE)) {
            return Refusal.ORDER_INVALID;
        }
        Integer line = need.line();
        if (line == null || line < 0) {
            return Refusal.LINE_INVALID;
        }
        Long revision = need.revision();
        if (revision == null || revision < 1) {
            return Refusal.REVISION_INVALID;
        }
        if (!isAmount(need.units()) || !isBookedOf(need.booked(), need.left())) {
            return Refusal.UNITS_INVALID;
        }
        Refusal until = need.until() == null ? null : timeFault(need.until());
        return until == null ? timeFault(need.now()) : until;
    }

    private static @Nullable Refusal onHandFault(@Nullable Long units) {
        return units != null && units >= 0 && units <= MOST_ON_HAND
                ? null
                : Refusal.ON_HAND_INVALID;
    }

    private static @Nullable Refusal movementFault(
            @Nullable Long units, @Nullable String reference) {
        return isQuantity(units) ? referenceFault(reference) : Refusal.QUANTITY_INVALID;
    }

    private static @Nullable Refusal reasonFault(
            @Nullable String reason, @Nullable String reference) {
        return reason == null || reason.length() <= LONGEST_REASON
                ? referenceFault(reference)
                : Refusal.REASON_INVALID;
    }

    private static @Nullable Refusal referenceFault(@Nullable String reference) {
        return reference == null || fits(reference, LONGEST_REFERENCE)
                ? null
                : Refusal.REFERENCE_INVALID;
    }

    private static @Nullable Refusal timeFault(@Nullable Instant at) {
        return at == null || at.isBefore(Instant.EPOCH) || at.isAfter(LATEST)
                ? Refusal.TIME_INVALID
                : null;
    }

    private static boolean isQuantity(@Nullable Long units) {
        return units != null && units >= 1 && units <= MOST_UNITS;
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
