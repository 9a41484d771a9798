// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

/// What one order holds, took and got back of a customer's store credit, in minor units.
///
/// @param authorized what was ever promised to it
/// @param held what of it is neither captured nor released
/// @param captured what was taken in all
/// @param refunded what of that was given back in all
public record Spending(long authorized, long held, long captured, long refunded) {

    static Spending of(long authorized) {
        return new Spending(authorized, authorized, 0, 0);
    }

    Spending capturing(long minor) {
        return new Spending(authorized, held - minor, captured + minor, refunded);
    }

    Spending released() {
        return new Spending(authorized, 0, captured, refunded);
    }

    Spending refunding(long minor) {
        return new Spending(authorized, held, captured, refunded + minor);
    }
}
