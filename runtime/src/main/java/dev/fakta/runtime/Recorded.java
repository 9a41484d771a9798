// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.At;

/// An event as it was recorded.
///
/// @param name the event's stable name
public record Recorded<E>(At at, String name, E event) {}
