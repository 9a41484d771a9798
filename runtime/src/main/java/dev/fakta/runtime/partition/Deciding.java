// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import dev.fakta.domain.Decision;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls `decide`, and reports by name one that keeps its whole partition waiting.
final class Deciding {

    private static final Logger LOG = LoggerFactory.getLogger(Deciding.class);
    private static final Duration SLOW = Duration.ofMillis(50);

    private Deciding() {}

    static Decision<Object> decide(Resident resident, Object command) {
        long start = System.nanoTime();
        try {
            return resident.aggregate.decide(resident.tentative, command);
        } finally {
            long nanos = System.nanoTime() - start;
            if (nanos > SLOW.toNanos()) {
                LOG.warn(
                        "{} takes {} ms to decide on {}; its partition waits",
                        resident.aggregate,
                        nanos / 1_000_000,
                        command.getClass().getSimpleName());
            }
        }
    }
}
