// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.nio.ByteBuffer;

/// Makes the requests of a load. Called by the generator's thread only, once per request, so it
/// should do as little as possible and allocate nothing.
@FunctionalInterface
public interface RequestFactory {

    /// Writes the whole request, head and body, to the buffer, which has room for 64 KiB. The
    /// request must not ask for `100-continue` and its method must not be `HEAD`.
    ///
    /// @param number 0, 1, 2 … over the whole run, warm-up included
    void write(long number, ByteBuffer out);
}
