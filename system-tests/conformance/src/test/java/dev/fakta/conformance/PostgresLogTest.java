// SPDX-License-Identifier: Apache-2.0
package dev.fakta.conformance;

import dev.fakta.log.EventLog;
import dev.fakta.postgres.PostgresLog;
import dev.fakta.postgres.PostgresLogSettings;
import dev.fakta.postgres.server.ThrowawayPostgres;
import dev.fakta.testkit.EventLogConformance;

class PostgresLogTest extends EventLogConformance {

    private PostgresLogSettings settings = PostgresLogSettings.of("jdbc:postgresql:none");

    @Override
    protected EventLog create() {
        settings = PostgresLogSettings.of(ThrowawayPostgres.schema()).withPartitions(PARTITIONS);
        return PostgresLog.open(settings);
    }

    @Override
    protected EventLog reopen(EventLog closed) {
        return PostgresLog.open(settings);
    }
}
