// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.shipping;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A box of a shipment.
///
/// @param id its name within the shipment
/// @param carrier who carries it, once it is dispatched
/// @param code the carrier's name for it
/// @param seen what the carrier said last
public record Parcel(
        String id,
        long weightGrams,
        List<Content> contents,
        Status status,
        @Nullable String carrier,
        @Nullable String code,
        @Nullable Sighting seen) {

    public Parcel {
        contents = List.copyOf(contents);
    }

    public enum Status {
        PACKED,
        DISPATCHED,
        DELIVERED,
        LOST
    }

    /// Units of a line of the order.
    public record Content(int line, long quantity) {}

    public record Sighting(String status, Instant at) {}

    static Parcel packed(String id, long weightGrams, List<Content> contents) {
        return new Parcel(id, weightGrams, contents, Status.PACKED, null, null, null);
    }

    /// The carriers' codes of these, as one text of at most so many characters: those that fit.
    public static String codes(List<Parcel> parcels, int longest) {
        StringBuilder text = new StringBuilder();
        for (Parcel parcel : parcels) {
            String code = parcel.code();
            int gap = text.isEmpty() ? 0 : 1;
            if (code != null && text.length() + gap + code.length() <= longest) {
                text.append(gap == 0 ? "" : " ").append(code);
            }
        }
        return text.toString();
    }

    Parcel dispatched(String newCarrier, String newCode) {
        return new Parcel(id, weightGrams, contents, Status.DISPATCHED, newCarrier, newCode, seen);
    }

    Parcel with(Status changed) {
        return new Parcel(id, weightGrams, contents, changed, carrier, code, seen);
    }

    Parcel with(Sighting newest) {
        return new Parcel(id, weightGrams, contents, status, carrier, code, newest);
    }
}
