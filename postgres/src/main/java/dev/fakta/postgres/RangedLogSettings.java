// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.engine.Problems;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.Driver;

/// The databases of a [RangedLog]: every partition in exactly one of them.
///
/// @param ranges ascending by their first partition
public record RangedLogSettings(List<DatabaseRange> ranges) {

    private static final Pattern RANGE = Pattern.compile("(\\d{1,4})-(\\d{1,4})=(.*)");

    /// @throws IllegalArgumentException naming each problem
    public RangedLogSettings {
        ranges = ranges.stream().sorted(Comparator.comparingInt(DatabaseRange::first)).toList();
        Problems problems = new Problems();
        check(problems, ranges);
        problems.failIfAny();
    }

    /// Reads `FIRST-LAST=JDBC_URL`, one a database, as the command line gives them.
    ///
    /// @param partitions of the whole log
    /// @throws IllegalArgumentException naming each problem
    public static RangedLogSettings parse(List<String> given, int partitions) {
        List<DatabaseRange> ranges = new ArrayList<>();
        Problems problems = new Problems();
        for (int i = 0; i < given.size(); i++) {
            Matcher parts = RANGE.matcher(given.get(i));
            if (!parts.matches()) { // what it is instead may hold a password
                problems.add("database %d is not of the form FIRST-LAST=JDBC_URL".formatted(i + 1));
            } else if (Driver.parseURL(parts.group(3), null) == null) {
                problems.add(
                        "database %s-%s is not of the form jdbc:postgresql://HOST:PORT/DATABASE"
                                .formatted(parts.group(1), parts.group(2)));
            } else {
                ranges.add(
                        new DatabaseRange(
                                Integer.parseInt(parts.group(1)),
                                Integer.parseInt(parts.group(2)),
                                PostgresLogSettings.of(parts.group(3)).withPartitions(partitions)));
            }
        }
        problems.failIfAny();
        return new RangedLogSettings(ranges);
    }

    /// Of the whole log.
    public int partitions() {
        return ranges.getFirst().database().partitions();
    }

    private static void check(Problems problems, List<DatabaseRange> sorted) {
        if (sorted.isEmpty()) {
            problems.add("there is no database");
            return;
        }
        int partitions = sorted.getFirst().database().partitions();
        Map<String, DatabaseRange> byPlace = new HashMap<>();
        int next = 0;
        for (DatabaseRange range : sorted) {
            if (range.last() < range.first()) {
                problems.add("range %s ends before it begins".formatted(range));
                continue;
            }
            if (range.first() > next) {
                problems.add("no database holds " + partitions(next, range.first() - 1));
            } else if (range.first() < next) {
                problems.add(
                        "two databases hold "
                                + partitions(range.first(), Math.min(next - 1, range.last())));
            }
            if (range.database().partitions() != partitions) {
                problems.add("range %s is of another number of partitions".formatted(range));
            }
            DatabaseRange same = byPlace.put(range.place(), range);
            if (same != null) {
                problems.add("ranges %s and %s are in the same database".formatted(same, range));
            }
            next = Math.max(next, range.last() + 1);
        }
        if (next < partitions) {
            problems.add("no database holds " + partitions(next, partitions - 1));
        } else if (next > partitions) {
            problems.add(
                    "the log has partitions 0 to %d only, not %d"
                            .formatted(partitions - 1, next - 1));
        }
    }

    private static String partitions(int first, int last) {
        return first == last ? "partition " + first : "partitions %d to %d".formatted(first, last);
    }
}
