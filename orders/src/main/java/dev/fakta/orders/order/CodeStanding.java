// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.campaign.Campaign.Command.Use.Wanted;

/// What a campaign has said last of an order's use of a code.
///
/// @param heard the order's revision whose wish the campaign has answered
/// @param is what the order has of the code
/// @param isRefused whether the order wanted something else
public record CodeStanding(String code, long heard, Wanted is, boolean isRefused) {

    static CodeStanding unknown(String code) {
        return new CodeStanding(code, 0, Wanted.NOTHING, false);
    }

    /// Whether the campaign was told that this is wanted, and has answered. What it has refused is
    /// an answer too.
    boolean answers(Wanted wanted) {
        return isRefused || is == wanted;
    }

    /// Whether it says the same, whichever wish it answers.
    boolean isSame(CodeStanding other) {
        return is == other.is && isRefused == other.isRefused;
    }
}
