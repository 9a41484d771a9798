// SPDX-License-Identifier: Apache-2.0

/// Shipments: from the plan over the parcels to the door. Read [Shipment] first.
@NullMarked
package dev.fakta.orders.shipping;

import org.jspecify.annotations.NullMarked;
