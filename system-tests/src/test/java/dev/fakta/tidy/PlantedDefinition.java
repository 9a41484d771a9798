// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import java.util.function.Supplier;

/// For ArrowsTest: defines something in a static field, as aggregates do.
interface PlantedDefinition {
    Supplier<String> DEFINITION = () -> "";
}
