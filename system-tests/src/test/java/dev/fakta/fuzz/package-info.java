// SPDX-License-Identifier: Apache-2.0

/// A fuzzer that asks a node what it serves, and sends it what nobody should:
/// [HostileRequestsTest].
@NullMarked
package dev.fakta.fuzz;

import org.jspecify.annotations.NullMarked;
