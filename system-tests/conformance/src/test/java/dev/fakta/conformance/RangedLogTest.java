// SPDX-License-Identifier: Apache-2.0
package dev.fakta.conformance;

import dev.fakta.log.EventLog;
import dev.fakta.postgres.RangedLog;
import dev.fakta.postgres.RangedLogSettings;
import dev.fakta.postgres.server.ThrowawayPostgres;
import dev.fakta.testkit.EventLogConformance;
import java.util.List;

class RangedLogTest extends EventLogConformance {

    private RangedLogSettings settings = inTwo("jdbc:postgresql:a", "jdbc:postgresql:b");

    private static RangedLogSettings inTwo(String low, String high) {
        int half = PARTITIONS / 2;
        return RangedLogSettings.parse(
                List.of(
                        "0-%d=%s".formatted(half - 1, low),
                        "%d-%d=%s".formatted(half, PARTITIONS - 1, high)),
                PARTITIONS);
    }

    @Override
    protected EventLog create() {
        settings = inTwo(ThrowawayPostgres.schema(), ThrowawayPostgres.schema());
        return RangedLog.open(settings);
    }

    @Override
    protected EventLog reopen(EventLog closed) {
        return RangedLog.open(new RangedLogSettings(List.copyOf(settings.ranges().reversed())));
    }
}
