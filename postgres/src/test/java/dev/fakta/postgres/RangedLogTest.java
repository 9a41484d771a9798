// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.EventLog;
import dev.fakta.postgres.server.ThrowawayPostgres;
import dev.fakta.testkit.EventLogConformance;
import java.util.List;

class RangedLogTest extends EventLogConformance {

    private RangedLogSettings settings = Samples.inTwo("jdbc:postgresql:a", "jdbc:postgresql:b");

    @Override
    protected EventLog create() {
        settings = Samples.inTwo(ThrowawayPostgres.schema(), ThrowawayPostgres.schema());
        return RangedLog.open(settings);
    }

    @Override
    protected EventLog reopen(EventLog closed) {
        return RangedLog.open(new RangedLogSettings(List.copyOf(settings.ranges().reversed())));
    }
}
