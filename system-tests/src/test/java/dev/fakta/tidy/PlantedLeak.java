// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import java.util.List;
import java.util.concurrent.Future;

/// A planted fault for ArrowsTest: shows a foreign type as a type argument, the least visible way.
public interface PlantedLeak {
    List<? extends Future<String>> answers();
}
