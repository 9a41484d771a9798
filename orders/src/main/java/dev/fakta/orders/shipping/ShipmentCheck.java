// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.shipping;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.shipping.Parcel.Content;
import dev.fakta.orders.shipping.Shipment.Command;
import dev.fakta.orders.shipping.Shipment.Label;
import dev.fakta.orders.shipping.Shipment.Line;
import dev.fakta.orders.shipping.Shipment.Packed;
import dev.fakta.orders.shipping.Shipment.Planned;
import dev.fakta.orders.shipping.Shipment.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is wrong with a command, and what it says when nothing is.
final class ShipmentCheck {

    private static final int MOST = 1_000;
    private static final long MOST_UNITS = 1_000_000_000L;
    private static final long HEAVIEST_GRAMS = 10_000_000L;
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_LOCATION = 60;
    private static final int LONGEST_SKU = 64;
    private static final int LONGEST_TEXT = 200;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private ShipmentCheck() {}

    /// The first fault that can be seen without the state, or null.
    static @Nullable Refusal fault(Command command) {
        return switch (command) {
            case Command.PlanShipment(var order, _, _, _) when !fits(order, LONGEST_NAME) ->
                    Refusal.ORDER_INVALID;
            case Command.PlanShipment(_, var location, _, _)
                    when !fits(location, LONGEST_LOCATION) ->
                    Refusal.LOCATION_INVALID;
            case Command.PlanShipment(_, _, var lines, _) ->
                    areLines(lines) ? null : Refusal.LINES_INVALID;
            case Command.Pick _ -> null;
            case Command.Pack(var parcels) -> areParcels(parcels) ? null : Refusal.PARCELS_INVALID;
            case Command.Dispatch(var labels, _) when !areLabels(labels) -> Refusal.LABELS_INVALID;
            case Command.Dispatch(_, var cost) -> isCost(cost) ? null : Refusal.COST_INVALID;
            case Command.DispatchAt(var dispatch, _) -> fault(dispatch);
            case Command.RecordTracking(_, var status, _) when !fits(status, LONGEST_TEXT) ->
                    Refusal.TEXT_INVALID;
            case Command.RecordTracking(_, _, var at) -> isTime(at) ? null : Refusal.TIME_INVALID;
            case Command.RecordDelivered(_, var at) -> isTime(at) ? null : Refusal.TIME_INVALID;
            case Command.RecordLost(_, var reason) -> isText(reason) ? null : Refusal.TEXT_INVALID;
            case Command.CancelShipment(var reason) -> isText(reason) ? null : Refusal.TEXT_INVALID;
            case Command.Stop(var reason) -> isText(reason) ? null : Refusal.TEXT_INVALID;
            case Command.Withdraw(var reason) -> isText(reason) ? null : Refusal.TEXT_INVALID;
        };
    }

    static List<Line> lines(List<@Nullable Planned> planned) {
        List<Line> lines = new ArrayList<>();
        for (Planned one : planned) {
            if (one != null && one.sku() != null) {
                lines.add(new Line(one.line(), one.sku(), one.quantity()));
            }
        }
        return lines;
    }

    static boolean areOpen(List<@Nullable Planned> planned) {
        for (Planned one : planned) {
            if (one != null && one.quantity() > one.open()) {
                return false;
            }
        }
        return true;
    }

    static List<Parcel> parcels(List<@Nullable Packed> packed) {
        List<Parcel> parcels = new ArrayList<>();
        for (Packed one : packed) {
            if (one != null && one.id() != null) {
                parcels.add(Parcel.packed(one.id(), one.weightGrams(), contents(one.contents())));
            }
        }
        return parcels;
    }

    private static List<Content> contents(@Nullable List<@Nullable Content> packed) {
        List<Content> contents = new ArrayList<>();
        for (Content one : packed == null ? List.<Content>of() : packed) {
            if (one != null) {
                contents.add(one);
            }
        }
        return contents;
    }

    /// Whether the parcels hold exactly the units of these lines.
    static boolean holdAll(List<Parcel> parcels, List<Line> lines) {
        Map<Integer, Long> missing = new HashMap<>();
        lines.forEach(line -> missing.put(line.line(), line.quantity()));
        for (Parcel parcel : parcels) {
            for (Content content : parcel.contents()) {
                missing.merge(content.line(), -content.quantity(), Long::sum);
            }
        }
        return missing.values().stream().allMatch(units -> units == 0);
    }

    /// The parcels, each with its label; empty when labels and parcels do not match.
    static List<Parcel> labelled(List<Parcel> parcels, List<@Nullable Label> labels) {
        Map<String, Label> byParcel = new HashMap<>();
        for (Label label : labels) {
            if (label != null && label.parcel() != null) {
                byParcel.put(label.parcel(), label);
            }
        }
        List<Parcel> labelled = new ArrayList<>();
        for (Parcel parcel : parcels) {
            Label label = byParcel.get(parcel.id());
            if (label == null || label.carrier() == null || label.code() == null) {
                return List.of();
            }
            labelled.add(parcel.dispatched(label.carrier(), label.code()));
        }
        return labels.size() == parcels.size() ? labelled : List.of();
    }

    private static boolean areLines(@Nullable List<@Nullable Planned> lines) {
        if (lines == null || lines.isEmpty() || lines.size() > MOST) {
            return false;
        }
        Set<Integer> seen = new HashSet<>();
        for (Planned line : lines) {
            if (line == null
                    || line.line() < 0
                    || !seen.add(line.line())
                    || !fits(line.sku(), LONGEST_SKU)
                    || !isQuantity(line.quantity())) {
                return false;
            }
        }
        return true;
    }

    private static boolean areParcels(@Nullable List<@Nullable Packed> parcels) {
        if (parcels == null || parcels.isEmpty() || parcels.size() > MOST) {
            return false;
        }
        Set<String> seen = new HashSet<>();
        for (Packed parcel : parcels) {
            if (parcel == null
                    || parcel.id() == null
                    || !fits(parcel.id(), LONGEST_NAME)
                    || !seen.add(parcel.id())
                    || parcel.weightGrams() < 0
                    || parcel.weightGrams() > HEAVIEST_GRAMS
                    || !areContents(parcel.contents())) {
                return false;
            }
        }
        return true;
    }

    private static boolean areContents(@Nullable List<@Nullable Content> contents) {
        if (contents == null || contents.isEmpty() || contents.size() > MOST) {
            return false;
        }
        for (Content content : contents) {
            if (content == null || !isQuantity(content.quantity())) {
                return false;
            }
        }
        return true;
    }

    private static boolean areLabels(@Nullable List<@Nullable Label> labels) {
        if (labels == null || labels.isEmpty() || labels.size() > MOST) {
            return false;
        }
        for (Label label : labels) {
            if (label == null
                    || !fits(label.parcel(), LONGEST_NAME)
                    || !fits(label.carrier(), LONGEST_NAME)
                    || !fits(label.code(), LONGEST_NAME)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isQuantity(long units) {
        return units >= 1 && units <= MOST_UNITS;
    }

    private static boolean isCost(@Nullable Money cost) {
        return cost != null && cost.signum() >= 0;
    }

    private static boolean isTime(@Nullable Instant at) {
        return at != null && !at.isBefore(Instant.EPOCH) && !at.isAfter(LATEST);
    }

    private static boolean isText(@Nullable String text) {
        return text == null || text.length() <= LONGEST_TEXT;
    }

    private static boolean fits(@Nullable String text, int longest) {
        return text != null && !text.isBlank() && text.length() <= longest;
    }
}
