// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import dev.fakta.gateway.CallerRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Who may use which route, as the page on access says it.
final class AccessTable {

    static final Path PAGE = Path.of("..", "docs", "orders", "access.md");

    private static final Pattern ROW =
            Pattern.compile(
                    "\\| `(GET|POST|PUT|DELETE) (/\\S*)` \\|(.*)\\|(.*)\\|(.*)\\|(.*)\\|(.*)\\|");
    private static final List<CallerRole> COLUMNS =
            List.of(
                    CallerRole.CUSTOMER,
                    CallerRole.STAFF,
                    CallerRole.IMPORTER,
                    CallerRole.OPERATOR,
                    CallerRole.ADMIN);

    private AccessTable() {}

    /// What a caller may do with a route.
    enum Access {
        NO,
        YES,
        /// With what is its own.
        OWN
    }

    record Row(String method, String path, Map<CallerRole, Access> access) {

        Row {
            access = Map.copyOf(access);
        }

        String route() {
            return method + " " + path;
        }

        Access of(CallerRole role) {
            return access.getOrDefault(role, Access.NO);
        }
    }

    /// The rows of the page, in its order.
    static List<Row> rows() {
        try {
            List<Row> rows = new ArrayList<>();
            for (String line : Files.readAllLines(PAGE)) {
                if (line.startsWith("| `")) {
                    rows.add(row(line));
                }
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(String line) {
        Matcher cells = ROW.matcher(line);
        if (!cells.matches()) {
            throw new AssertionError("no row of the table: " + line);
        }
        Map<CallerRole, Access> access = new EnumMap<>(CallerRole.class);
        for (int i = 0; i < COLUMNS.size(); i++) {
            access.put(COLUMNS.get(i), access(cells.group(i + 3).strip(), line));
        }
        return new Row(cells.group(1), cells.group(2), access);
    }

    private static Access access(String cell, String line) {
        return switch (cell) {
            case "" -> Access.NO;
            case "yes" -> Access.YES;
            case "own" -> Access.OWN;
            default -> throw new AssertionError("neither yes nor own: " + line);
        };
    }
}
