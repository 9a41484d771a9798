// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import org.jspecify.annotations.Nullable;

/// One measured number.
///
/// @param unit of the value: `requests/s`, `ms`
/// @param baselineRatio the value divided by the baseline's value of the same run; null when it has
///   no baseline
public record Figure(String name, double value, String unit, @Nullable Double baselineRatio) {

    /// A figure without a baseline.
    public static Figure of(String name, double value, String unit) {
        return new Figure(name, value, unit, null);
    }

    /// The same figure, compared with another one of the same unit.
    public Figure comparedWith(Figure baseline) {
        if (!unit.equals(baseline.unit)) {
            throw new IllegalArgumentException(unit + " cannot be compared with " + baseline.unit);
        }
        return new Figure(name, value, unit, value / baseline.value);
    }
}
