// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.runtime.Recorded;
import java.time.Instant;

/// One fact of an aggregate, as clients see it.
record Fact(
        long revision,
        String name,
        Instant at,
        String actor,
        String correlationId,
        String causationId,
        String position,
        Object data) {

    static Fact of(Recorded<Object> recorded) {
        return of(recorded, recorded.event());
    }

    static Fact of(Recorded<Object> recorded, Object data) {
        var at = recorded.at();
        return new Fact(
                at.revision(),
                recorded.name(),
                at.time(),
                at.actor(),
                at.correlationId().toString(),
                at.causationId().toString(),
                at.partition() + "." + at.offset(),
                data);
    }
}
