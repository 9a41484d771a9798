// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which databases hold the log of each microsystem. Several can be in one database: each has a
/// schema of its own there, called as the microsystem is, with `_` for `-`.
///
/// @param logs the databases of each microsystem's log, by its name
/// @param home the database that says which partitions each microsystem has
public record LogPlaces(Map<String, RangedLogSettings> logs, PostgresLogSettings home) {

    private static final Pattern NAMED =
            Pattern.compile("([a-z][a-z0-9-]*)(?:=|:(?=\\d))(.*)", Pattern.DOTALL);
    private static final int LONGEST_NAME = 50; // PostgreSQL cuts longer ones of channels

    public LogPlaces {
        logs = Map.copyOf(logs);
    }

    /// Reads `JDBC_URL` or `FIRST-LAST=JDBC_URL` for all microsystems, `NAME=JDBC_URL` or
    /// `NAME:FIRST-LAST=JDBC_URL` for one, as the command line gives them.
    ///
    /// @param partitions of each log
    /// @throws IllegalArgumentException naming each problem
    public static LogPlaces parse(
            List<String> given, Collection<String> microsystems, int partitions) {
        List<String> common = new ArrayList<>();
        Map<String, List<String>> own = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (String one : given) {
            Matcher named = NAMED.matcher(one);
            if (one.startsWith("jdbc:") || !named.matches()) {
                common.add(one);
            } else if (microsystems.contains(named.group(1))) {
                own.computeIfAbsent(named.group(1), _ -> new ArrayList<>()).add(named.group(2));
            } else {
                problems.add("there is no microsystem " + named.group(1));
            }
        }
        Map<String, RangedLogSettings> logs = new LinkedHashMap<>();
        for (String name : microsystems) {
            try {
                logs.put(name, log(name, own.getOrDefault(name, common), partitions));
            } catch (IllegalArgumentException e) {
                String problem = String.valueOf(e.getMessage());
                problems.add(own.containsKey(name) ? name + ": " + problem : problem);
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    String.join("; ", problems.stream().distinct().toList()));
        }
        List<String> first = own.getOrDefault(microsystems.iterator().next(), common);
        List<String> home = common.isEmpty() ? first : common;
        return new LogPlaces(logs, ranges(home, partitions).ranges().getFirst().database());
    }

    private static RangedLogSettings log(String microsystem, List<String> given, int partitions) {
        if (given.isEmpty()) {
            throw new IllegalArgumentException("no database for the log of " + microsystem);
        }
        if (microsystem.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "the name %s has more than %d characters".formatted(microsystem, LONGEST_NAME));
        }
        return new RangedLogSettings(
                ranges(given, partitions).ranges().stream()
                        .map(range -> range.inSchema(schema(microsystem)))
                        .toList());
    }

    static String schema(String microsystem) {
        return microsystem.replace('-', '_');
    }

    private static RangedLogSettings ranges(List<String> given, int partitions) {
        boolean isWhole = given.size() == 1 && given.getFirst().startsWith("jdbc:");
        return RangedLogSettings.parse(
                isWhole ? List.of("0-%d=%s".formatted(partitions - 1, given.getFirst())) : given,
                partitions);
    }
}
