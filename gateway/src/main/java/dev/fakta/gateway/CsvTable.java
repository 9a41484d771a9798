// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Writes the items of a list as CSV (RFC 4180): a line with the names of the columns, then a line
/// for each item.
///
/// The columns are the components of the item's record, in their order. A component that is a
/// record itself has a column for each of its own, with a dot in its name, as in `grand.minor`.
/// What has no cell of its own, a list for one, is written as its JSON. `null` is an empty cell,
/// and an empty text a pair of quotation marks.
///
/// A spreadsheet takes a text that begins with `=` for a formula, and runs it. So a text that
/// begins with one of [#DANGEROUS] has an apostrophe put before it, and so has one that begins with
/// an apostrophe: a program that takes one apostrophe off the beginning of each cell has every text
/// as it was. Numbers are left alone.
final class CsvTable {

    /// Where formulas begin: `=`, `+`, `-` and `@`, also in their full width, and the control
    /// characters that spreadsheets skip before one.
    static final String DANGEROUS = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    private static final String ONLY_COLUMN = "value";
    private static final String LINE_END = "\r\n";

    private final List<List<String>> columns = new ArrayList<>();

    /// @param item the type of an item
    CsvTable(Type item) {
        Class<?> raw = raw(item);
        if (raw.isRecord()) {
            add(raw, List.of(), Set.of());
        } else {
            columns.add(List.of());
        }
    }

    private void add(Class<?> type, List<String> path, Set<Class<?>> around) {
        Set<Class<?>> within = new HashSet<>(around);
        within.add(type);
        for (RecordComponent component : type.getRecordComponents()) {
            List<String> name = new ArrayList<>(path);
            name.add(component.getName());
            Class<?> kind = component.getType();
            if (kind.isRecord()
                    && kind.getRecordComponents().length > 0
                    && !within.contains(kind)) {
                add(kind, name, within);
            } else {
                columns.add(List.copyOf(name));
            }
        }
    }

    private static Class<?> raw(Type type) {
        return switch (type) {
            case Class<?> known -> known;
            case ParameterizedType known -> raw(known.getRawType());
            default -> Object.class;
        };
    }

    /// The line with the names of the columns.
    String header() {
        return columns.stream()
                .map(path -> path.isEmpty() ? ONLY_COLUMN : String.join(".", path))
                .collect(Collectors.joining(",", "", LINE_END));
    }

    /// The line of an item.
    String line(JsonNode item) {
        StringJoiner line = new StringJoiner(",", "", LINE_END);
        for (List<String> path : columns) {
            JsonNode value = item;
            for (String name : path) {
                value = value.path(name);
            }
            line.add(cell(value));
        }
        return line.toString();
    }

    private static String cell(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        return value.isString() ? quoted(harmless(value.stringValue())) : quoted(value.toString());
    }

    private static String harmless(String text) {
        boolean isChanged =
                !text.isEmpty()
                        && (text.charAt(0) == '\'' || DANGEROUS.indexOf(text.charAt(0)) >= 0);
        return isChanged ? "'" + text : text;
    }

    private static String quoted(String text) {
        boolean isPlain =
                !text.isEmpty()
                        && text.chars()
                                .noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
