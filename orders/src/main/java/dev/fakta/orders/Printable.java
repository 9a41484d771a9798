// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import java.util.function.IntPredicate;

/// Text that a terminal shows and does not obey: what could move the cursor, change colours or the
/// direction of writing, or hide, stands there as `\u001b`.
///
/// JSON stays the same JSON: outside its strings there is only ASCII, and inside them such an
/// escape means the character itself.
final class Printable {

    private Printable() {}

    /// For people: letters of all languages stay as they are.
    static String of(String text) {
        return escaped(text, Printable::isHarmless);
    }

    /// For programs: ASCII, whatever encoding the output has.
    static String ascii(String text) {
        return escaped(text, character -> character >= ' ' && character < 0x7F);
    }

    private static boolean isHarmless(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }

    private static String escaped(String text, IntPredicate isKept) {
        if (text.codePoints().allMatch(isKept)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints()
                .forEach(
                        character -> {
                            if (isKept.test(character)) {
                                escaped.appendCodePoint(character);
                            } else {
                                for (char unit : Character.toChars(character)) {
                                    escaped.append("\\u%04x".formatted((int) unit));
                                }
                            }
                        });
        return escaped.toString();
    }
}
