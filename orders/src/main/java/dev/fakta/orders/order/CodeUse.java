// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.campaign.Campaign.Command.Use.Wanted;
import dev.fakta.orders.money.Money;
import java.time.Instant;

/// What an order wants of a code, in absolute terms.
///
/// @param campaign the id of the code's campaign
/// @param amount what the code takes off the order
/// @param until how long a use that is set aside is to be kept
public record CodeUse(String campaign, String code, Wanted wanted, Money amount, Instant until) {}
