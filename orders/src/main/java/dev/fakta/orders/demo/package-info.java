// SPDX-License-Identifier: Apache-2.0

/// The demo: 330 real orders of a wholesaler of model cars (Steel Wheels), sent through the public
/// HTTP API.
///
/// [DemoLoad] is the way in. It is an ordinary client: it knows the API's paths and bodies and
/// nothing else of the microsystem, so what it can do, every caller can do.
@NullMarked
package dev.fakta.orders.demo;

import org.jspecify.annotations.NullMarked;
