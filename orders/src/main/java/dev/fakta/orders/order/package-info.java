// SPDX-License-Identifier: Apache-2.0

/// Orders: the request to place one, the aggregate, the list.
///
/// [Order] is the state and folds events. What it decides stands beside it, by subject:
/// [OrderDecider] (the order as a whole), [Edits], [PaymentDecider], [ShipmentDecider],
/// [ReturnDecider]; what may be done next in [Actions], for clients and deciders alike. Two ledgers
/// keep the invariants: [UnitLedger] (O2) and [MoneyLedger] (O3). The axes are functions of [Axes].
/// `docs/orders/states.md` draws them.
@NullMarked
package dev.fakta.orders.order;

import org.jspecify.annotations.NullMarked;
