// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

/// What one way to pay has promised and given an order, in minor units of its currency.
///
/// `captured + withdrawn <= authorized` and `refunded <= captured`, always (O3).
///
/// @param authorized what was ever promised
/// @param captured what of it was taken
/// @param refunded what of that was given back
/// @param withdrawn what of the promises was voided or has expired
public record Tender(long authorized, long captured, long refunded, long withdrawn) {

    static final Tender NONE = new Tender(0, 0, 0, 0);

    public Tender {
        if (refunded < 0
                || withdrawn < 0
                || refunded > captured
                || withdrawn > authorized - captured) {
            throw new IllegalArgumentException(
                    "authorized %d, captured %d, refunded %d, withdrawn %d"
                            .formatted(authorized, captured, refunded, withdrawn));
        }
    }

    /// What is set aside and neither captured nor given up.
    public long open() {
        return authorized - captured - withdrawn;
    }

    /// What was promised and not given up: set aside or taken.
    public long promised() {
        return authorized - withdrawn;
    }

    /// What was captured and not given back.
    public long kept() {
        return captured - refunded;
    }

    Tender authorizing(long minor) {
        return new Tender(authorized + minor, captured, refunded, withdrawn);
    }

    Tender capturing(long minor) {
        return new Tender(authorized, captured + minor, refunded, withdrawn);
    }

    Tender refunding(long minor) {
        return new Tender(authorized, captured, refunded + minor, withdrawn);
    }

    Tender withdrawing(long minor) {
        return new Tender(authorized, captured, refunded, withdrawn + minor);
    }
}
