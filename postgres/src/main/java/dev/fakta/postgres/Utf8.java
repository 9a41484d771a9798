// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// What PostgreSQL takes as `text` and gives back byte by byte: well-formed UTF-8 without U+0000.
final class Utf8 {

    private Utf8() {}

    static boolean isText(byte[] bytes) {
        boolean isAscii = true;
        for (byte one : bytes) {
            if (one == 0) {
                return false;
            }
            isAscii &= one > 0;
        }
        return isAscii || isWellFormed(bytes);
    }

    private static boolean isWellFormed(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .hasRemaining();
        } catch (CharacterCodingException _) {
            return false;
        }
    }

    /// @throws IllegalArgumentException when the text has a U+0000
    static void checkName(String what, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "PostgreSQL takes no U+0000 in text: %s '%s'".formatted(what, text));
        }
    }
}
