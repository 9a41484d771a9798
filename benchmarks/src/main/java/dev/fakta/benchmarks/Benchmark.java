// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.time.Duration;
import java.util.List;

/// Something that can be measured by name.
public interface Benchmark {

    /// Lower case, with dashes; what `./fakta bench NAME` takes.
    String name();

    /// What is measured and what it is compared with, in one line.
    String description();

    /// Measures and returns the figures; whatever it started has stopped when it returns. Throws
    /// when the figures would be worth nothing, for instance because requests failed.
    ///
    /// @param time how long each measurement lasts, warm-up not included
    List<Figure> run(Duration time) throws Exception;
}
