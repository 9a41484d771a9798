// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.shipping;

import dev.fakta.orders.fields.Faults;
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
    private static final String REASON = "reason";
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private ShipmentCheck() {}

    /// The first fault that can be seen without the state, or null.
    static @Nullable Refusal fault(Command command) {
        return faults(command).first();
    }

    /// All of them.
    static Faults<Refusal> faults(Command command) {
        Faults<Refusal> faults = new Faults<>();
        look(command, faults);
        return faults;
    }

    private static void look(Command command, Faults<Refusal> faults) {
        switch (command) {
            case Command.PlanShipment(var order, var location, var lines, _) -> {
                faults.text(Refusal.ORDER_INVALID, "order", order, LONGEST_NAME)
                        .text(Refusal.LOCATION_INVALID, "location", location, LONGEST_LOCATION);
                lookAtLines(lines, faults);
            }
            case Command.Pick _ -> {} // has nothing to be wrong
            case Command.Pack(var parcels) -> lookAtParcels(parcels, faults);
            case Command.Dispatch(var labels, var cost) -> {
                lookAtLabels(labels, faults);
                faults.present(Refusal.COST_INVALID, "cost", cost)
                        .unless(
                                cost == null || cost.signum() >= 0,
                                Refusal.COST_INVALID,
                                "cost",
                                "is below zero");
            }
            case Command.DispatchAt(var dispatch, _) -> look(dispatch, faults);
            case Command.RecordTracking(var parcel, var status, var at) -> {
                faults.present(Refusal.UNKNOWN_PARCEL, "parcel", parcel)
                        .text(Refusal.TEXT_INVALID, "status", status, LONGEST_TEXT);
                lookAtTime(at, faults);
            }
            case Command.RecordDelivered(var parcel, var at) -> {
                faults.present(Refusal.UNKNOWN_PARCEL, "parcel", parcel);
                lookAtTime(at, faults);
            }
            case Command.RecordLost(var parcel, var reason) ->
                    faults.present(Refusal.UNKNOWN_PARCEL, "parcel", parcel)
                            .atMost(Refusal.TEXT_INVALID, REASON, reason, LONGEST_TEXT);
            case Command.CancelShipment(var reason) ->
                    faults.atMost(Refusal.TEXT_INVALID, REASON, reason, LONGEST_TEXT);
            case Command.Stop(var reason) ->
                    faults.atMost(Refusal.TEXT_INVALID, REASON, reason, LONGEST_TEXT);
            case Command.Withdraw(var reason) ->
                    faults.atMost(Refusal.TEXT_INVALID, REASON, reason, LONGEST_TEXT);
        }
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

    private static void lookAtLines(
            @Nullable List<@Nullable Planned> lines, Faults<Refusal> faults) {
        faults.size(Refusal.LINES_INVALID, "lines", lines, 1, MOST);
        Set<Integer> seen = new HashSet<>();
        for (int index = 0; index < size(lines); index++) {
            Planned line = lines == null ? null : lines.get(index);
            String field = "lines[" + index + "]";
            faults.present(Refusal.LINES_INVALID, field, line);
            if (line != null) {
                faults.unless(
                                line.line() >= 0 && seen.add(line.line()),
                                Refusal.LINES_INVALID,
                                field + ".line",
                                "0 or more is needed, each once")
                        .text(Refusal.LINES_INVALID, field + ".sku", line.sku(), LONGEST_SKU)
                        .number(
                                Refusal.LINES_INVALID,
                                field + ".quantity",
                                line.quantity(),
                                1,
                                MOST_UNITS);
            }
        }
    }

    private static void lookAtParcels(
            @Nullable List<@Nullable Packed> parcels, Faults<Refusal> faults) {
        faults.size(Refusal.PARCELS_INVALID, "parcels", parcels, 1, MOST);
        Set<String> seen = new HashSet<>();
        for (int index = 0; index < size(parcels); index++) {
            Packed parcel = parcels == null ? null : parcels.get(index);
            String field = "parcels[" + index + "]";
            faults.present(Refusal.PARCELS_INVALID, field, parcel);
            if (parcel != null) {
                String id = parcel.id();
                faults.text(Refusal.PARCELS_INVALID, field + ".id", id, LONGEST_NAME)
                        .unless(
                                id == null || seen.add(id),
                                Refusal.PARCELS_INVALID,
                                field + ".id",
                                "is that of another parcel")
                        .number(
                                Refusal.PARCELS_INVALID,
                                field + ".weightGrams",
                                parcel.weightGrams(),
                                0,
                                HEAVIEST_GRAMS);
                lookAtContents(field + ".contents", parcel.contents(), faults);
            }
        }
    }

    private static void lookAtContents(
            String field, @Nullable List<@Nullable Content> contents, Faults<Refusal> faults) {
        faults.size(Refusal.PARCELS_INVALID, field, contents, 1, MOST);
        for (int index = 0; index < size(contents); index++) {
            Content content = contents == null ? null : contents.get(index);
            String name = field + "[" + index + "]";
            faults.present(Refusal.PARCELS_INVALID, name, content);
            if (content != null) {
                faults.number(
                        Refusal.PARCELS_INVALID,
                        name + ".quantity",
                        content.quantity(),
                        1,
                        MOST_UNITS);
            }
        }
    }

    private static void lookAtLabels(
            @Nullable List<@Nullable Label> labels, Faults<Refusal> faults) {
        faults.size(Refusal.LABELS_INVALID, "labels", labels, 1, MOST);
        for (int index = 0; index < size(labels); index++) {
            Label label = labels == null ? null : labels.get(index);
            String field = "labels[" + index + "]";
            faults.present(Refusal.LABELS_INVALID, field, label);
            if (label != null) {
                faults.text(Refusal.LABELS_INVALID, field + ".parcel", label.parcel(), LONGEST_NAME)
                        .text(
                                Refusal.LABELS_INVALID,
                                field + ".carrier",
                                label.carrier(),
                                LONGEST_NAME)
                        .text(Refusal.LABELS_INVALID, field + ".code", label.code(), LONGEST_NAME);
            }
        }
    }

    private static void lookAtTime(@Nullable Instant at, Faults<Refusal> faults) {
        faults.present(Refusal.TIME_INVALID, "at", at)
                .unless(
                        at == null || (!at.isBefore(Instant.EPOCH) && !at.isAfter(LATEST)),
                        Refusal.TIME_INVALID,
                        "at",
                        "a time between 1970 and 9999 is needed");
    }

    /// No more than are looked through one by one.
    private static int size(@Nullable List<?> list) {
        return list == null ? 0 : Math.min(list.size(), MOST);
    }
}
