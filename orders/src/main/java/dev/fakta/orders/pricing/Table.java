// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.pricing;

import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/// A table written as text: a line of headings, then one line per row, cells apart by blanks.
record Table(List<String> columns, List<List<String>> rows) {

    static Table of(String text) {
        List<List<String>> lines = text.lines().map(Table::cells).toList();
        return new Table(lines.getFirst(), lines.subList(1, lines.size()));
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        StringTokenizer tokens = new StringTokenizer(line);
        while (tokens.hasMoreTokens()) {
            cells.add(tokens.nextToken());
        }
        return List.copyOf(cells);
    }
}
