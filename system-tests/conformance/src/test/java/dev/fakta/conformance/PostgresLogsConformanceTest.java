// SPDX-License-Identifier: Apache-2.0
package dev.fakta.conformance;

import dev.fakta.log.EventLog;
import dev.fakta.postgres.LogPlaces;
import dev.fakta.postgres.PostgresLogs;
import dev.fakta.postgres.server.ThrowawayPostgres;
import dev.fakta.testkit.EventLogConformance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Two microsystems' logs in one database keep the contract that one keeps.
class PostgresLogsConformanceTest extends EventLogConformance {

    private static final int EACH = PARTITIONS / 2;
    private static final Set<String> FIRST = Set.of(KIND, SHORT_STREAM);
    private static final Set<String> SECOND = Set.of(OTHER_KIND, OTHER_SHORT_STREAM);

    private String url = "jdbc:postgresql:none";

    @Override
    protected EventLog create() {
        url = ThrowawayPostgres.database();
        return open();
    }

    private EventLog open() {
        Map<String, Set<String>> aggregates = new LinkedHashMap<>();
        aggregates.put("first", FIRST);
        aggregates.put("second", SECOND);
        return PostgresLogs.open(
                LogPlaces.parse(List.of(url), aggregates.keySet(), EACH), aggregates);
    }

    @Override
    protected EventLog reopen(EventLog closed) {
        return open();
    }

    @Override
    protected int partitionFor(String stream, long hash) {
        return (FIRST.contains(stream) ? 0 : EACH) + (int) Long.remainderUnsigned(hash, EACH);
    }
}
