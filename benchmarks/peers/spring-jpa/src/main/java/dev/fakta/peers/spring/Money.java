// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.spring;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/// An amount in a currency's smallest unit.
record Money(long minor, @NotNull @Pattern(regexp = "[A-Z]{3}") String currency) {}
