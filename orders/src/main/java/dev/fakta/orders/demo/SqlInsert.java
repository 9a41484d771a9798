// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One line `INSERT INTO table VALUES(…)` of an SQL script: the table and its values in column
/// order. Literals are kept as text, without quotes; `NULL` is null. The accessors read a column as
/// a type and, when it is not one, fail with the line and the column.
public record SqlInsert(int line, String table, List<@Nullable String> values) {

    private static final String INTO = "INSERT INTO ";
    private static final String VALUES = " VALUES(";

    public SqlInsert {
        values = Collections.unmodifiableList(new ArrayList<>(values)); // List.copyOf refuses null
    }

    /// The line's insert; empty when the line is another statement.
    public static Optional<SqlInsert> parse(int line, String text) {
        if (!text.startsWith(INTO)) {
            return Optional.empty();
        }
        int values = text.indexOf(VALUES, INTO.length());
        if (values < 0) {
            throw new UnreadableScript(line, "expected" + VALUES + " after the table's name");
        }
        String table = text.substring(INTO.length(), values).replace("\"", "");
        int open = values + VALUES.length() - 1;
        return Optional.of(new SqlInsert(line, table, new Literals(line, text, open).read()));
    }

    public String text(int column) {
        String value = values.size() > column ? values.get(column) : null;
        if (value == null) {
            throw wrong(column, "has no value");
        }
        return value;
    }

    public Optional<String> optionalText(int column) {
        return column < values.size() ? Optional.ofNullable(values.get(column)) : Optional.empty();
    }

    public int integer(int column) {
        try {
            return Integer.parseInt(text(column));
        } catch (NumberFormatException _) {
            throw wrong(column, "is no integer: " + text(column));
        }
    }

    /// A decimal amount of a currency with two digits, exactly: `49.5` is 4950. More digits than
    /// two are a fault unless they are zeros.
    public long cents(int column) {
        try {
            return new BigDecimal(text(column)).movePointRight(2).longValueExact();
        } catch (ArithmeticException | NumberFormatException _) {
            throw wrong(column, "is no amount in cents: " + text(column));
        }
    }

    /// The day of a date or timestamp literal.
    public LocalDate date(int column) {
        String value = text(column);
        try {
            return LocalDate.parse(value.substring(0, Math.min(10, value.length())));
        } catch (DateTimeException _) {
            throw wrong(column, "is no date: " + value);
        }
    }

    private UnreadableScript wrong(int column, String what) {
        return new UnreadableScript(line, table + ", column " + (column + 1) + " " + what);
    }

    /// Reads `(literal, literal, …)` from left to right.
    private static final class Literals {

        private final int line;
        private final String text;
        private int at;

        Literals(int line, String text, int at) {
            this.line = line;
            this.text = text;
            this.at = at;
        }

        List<@Nullable String> read() {
            List<@Nullable String> values = new ArrayList<>();
            do {
                at++; // the parenthesis or comma before the literal
                skipSpaces();
                values.add(peek() == '\'' ? quoted() : bare());
                skipSpaces();
            } while (peek() == ',');
            expectEnd();
            return values;
        }

        private String quoted() {
            StringBuilder value = new StringBuilder();
            while (true) {
                int quote = text.indexOf('\'', at + 1);
                if (quote < 0) {
                    throw fault("a text literal that does not end");
                }
                value.append(text, at + 1, quote);
                at = quote + 1;
                if (peek() != '\'') {
                    return value.toString();
                }
                value.append('\'');
            }
        }

        private @Nullable String bare() {
            int start = at;
            while (peek() != ',' && peek() != ')' && peek() != ' ' && at < text.length()) {
                at++;
            }
            String value = text.substring(start, at);
            if (value.isEmpty() || value.indexOf('\'') >= 0) {
                throw fault("expected a literal");
            }
            return value.equalsIgnoreCase("NULL") ? null : value;
        }

        private void expectEnd() {
            if (peek() != ')') {
                throw fault("expected , or )");
            }
            String rest = text.substring(at + 1).strip();
            if (!rest.isEmpty() && !rest.equals(";")) {
                throw fault("unexpected text after )");
            }
        }

        private void skipSpaces() {
            while (peek() == ' ') {
                at++;
            }
        }

        /// The character at hand; NUL, which no script has, at the end of the line.
        private char peek() {
            return at < text.length() ? text.charAt(at) : '\0';
        }

        private UnreadableScript fault(String what) {
            return new UnreadableScript(line, what + " at character " + (at + 1));
        }
    }
}
