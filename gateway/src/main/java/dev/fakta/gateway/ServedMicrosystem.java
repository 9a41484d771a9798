// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Microsystem;
import java.util.function.Consumer;

/// A microsystem, and what is served of it over HTTP.
public record ServedMicrosystem(Microsystem definition, Consumer<Routes> routes) {}
