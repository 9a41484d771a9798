// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

/// Text as PostgreSQL can store it: it refuses the character U+0000, which JSON and SQLite have. So
/// U+0000 is written as U+0001 U+0001, and U+0001 as U+0001 U+0002: that can be read back, and
/// keeps order, equality and beginnings as they were.
final class PostgresText {

    private static final char ESCAPE = '\u0001';

    private PostgresText() {}

    static String write(String text) {
        if (text.indexOf('\u0000') < 0 && text.indexOf(ESCAPE) < 0) {
            return text;
        }
        StringBuilder written = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char one = text.charAt(i);
            if (one > ESCAPE) {
                written.append(one);
            } else {
                written.append(ESCAPE).append((char) (one + 1));
            }
        }
        return written.toString();
    }

    static String read(String written) {
        int at = written.indexOf(ESCAPE);
        if (at < 0) {
            return written;
        }
        StringBuilder text = new StringBuilder(written.length());
        int from = 0;
        while (at >= 0 && at + 1 < written.length()) {
            text.append(written, from, at).append((char) (written.charAt(at + 1) - 1));
            from = at + 2;
            at = written.indexOf(ESCAPE, from);
        }
        return text.append(written, from, written.length()).toString();
    }
}
