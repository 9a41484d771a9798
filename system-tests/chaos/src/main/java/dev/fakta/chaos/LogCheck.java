// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// Looks at the event table by itself, with plain SQL.
final class LogCheck {

    private static final String COUNT = "select count(*) from event";

    private static final String OFFSETS =
            """
            select format('partition %s has %s records from %s to %s',
                          partition_no, count(*), min("offset"), max("offset"))
            from event group by partition_no
            having min("offset") <> 1 or max("offset") <> count(*)
            """;

    private static final String REVISIONS =
            """
            select format('%s has %s events from %s to %s',
                          stream, count(*), min(revision), max(revision))
            from event where stream is not null group by stream
            having min(revision) <> 1 or max(revision) <> count(*)
            """;

    private static final String REVISION_ORDER =
            """
            select format('%s revision %s comes after %s', stream, revision, before)
            from (select stream, revision,
                         lag(revision) over (partition by stream order by "offset") before
                  from event where stream is not null) e
            where revision <= before
            """;

    private static final String EPOCHS =
            """
            select format('partition %s offset %s has epoch %s after %s',
                          partition_no, "offset", epoch, before)
            from (select partition_no, "offset", epoch, node,
                         lag(epoch, 1, 0::bigint) over (partition by partition_no order by "offset")
                           before
                  from event) e
            where epoch <> before + case when node is null then 0 else 1 end
            """;

    private static final String TIMES =
            """
            select format('partition %s offset %s', partition_no, "offset")
            from (select partition_no, "offset", hybrid_time,
                         lag(hybrid_time) over (partition by partition_no order by "offset") before
                  from event) e
            where hybrid_time < before
            """;

    private LogCheck() {}

    static void check(Connection connection, Verdict verdict) throws SQLException {
        long records = Long.parseLong(texts(connection, COUNT).getFirst());
        verdict.add("G3: offsets of a partition have no gap", records, texts(connection, OFFSETS));
        verdict.add("G3: revisions of a stream have no gap", records, texts(connection, REVISIONS));
        verdict.add(
                "G3: revisions stand in the order of offsets",
                records,
                texts(connection, REVISION_ORDER));
        verdict.add(
                "G2: only the newest claim's epoch is written, and claims count by one",
                records,
                texts(connection, EPOCHS));
        verdict.add(
                "hybrid time never goes back in a partition", records, texts(connection, TIMES));
    }

    private static List<String> texts(Connection connection, String select) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(select)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }
}
