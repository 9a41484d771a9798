// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import dev.fakta.runtime.Microsystems;

/// Codecs as a JVM has them that runs without assertions, for the tests of other packages.
public final class EventCodecs {

    private EventCodecs() {}

    /// Reads back the first event of each type only.
    public static EventCodec withoutAssertions(Microsystems microsystems) {
        return new EventCodec(EventCodec.ReadsBack.FIRST_OF_TYPE, microsystems);
    }
}
