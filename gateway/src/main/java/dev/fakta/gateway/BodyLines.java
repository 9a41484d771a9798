// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads a body line by line. The body may be of any length, and of its lines none is larger than a
/// body of its own might be. Each has to come in the time that a body has. Serves one thread.
final class BodyLines {

    private static final int PIECE = 8 << 10;

    private final InputStream content;
    private final byte[] piece = new byte[PIECE];
    private int at;
    private int end;

    BodyLines(InputStream content) {
        this.content = content;
    }

    /// One line, without its end.
    ///
    /// @param fault why there is no text: the line is too large, or there is no memory for it now
    record Line(byte[] text, @Nullable Problem fault) {

        /// Whether there is nothing in it but spaces.
        boolean isBlank() {
            if (fault != null) {
                return false;
            }
            for (byte one : text) {
                if (one != ' ' && one != '\t' && one != '\r') {
                    return false;
                }
            }
            return true;
        }
    }

    /// The next line; `null` at the end of the body.
    ///
    /// @param memory for its text
    /// @param longest the largest that is taken, in bytes
    /// @throws ProblemException when the body breaks off, or does not go on in time
    @Nullable Line next(Bodies.Share memory, int longest) {
        return memory.inTime(() -> read(memory, longest), "the body does not end where it says");
    }

    private @Nullable Line read(Bodies.Share memory, int longest) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        Problem fault = null;
        boolean isThere = false;
        while (isFilled()) {
            isThere = true;
            int from = at;
            while (at < end && piece[at] != '\n') {
                at++;
            }
            if (fault == null) {
                fault = add(text, from, memory, longest);
            }
            if (at < end) {
                at++;
                break;
            }
        }
        return isThere ? line(text.toByteArray(), fault) : null;
    }

    private boolean isFilled() throws IOException {
        if (at == end) {
            end = Math.max(0, content.read(piece));
            at = 0;
        }
        return at < end;
    }

    /// Adds what lies between this place and the one where the reading is.
    private @Nullable Problem add(
            ByteArrayOutputStream text, int from, Bodies.Share memory, int longest) {
        int size = text.size() + at - from;
        if (size > longest) {
            text.reset();
            return Problem.tooLarge(longest);
        }
        try {
            int before = Math.max(text.size(), Bodies.FREE);
            memory.take(Math.max(0, size - before));
        } catch (ProblemException e) {
            text.reset();
            return e.problem();
        }
        text.write(piece, from, at - from);
        return null;
    }

    /// Some programs end lines with two characters.
    private static Line line(byte[] text, @Nullable Problem fault) {
        boolean hasReturn = text.length > 0 && text[text.length - 1] == '\r';
        return new Line(hasReturn ? Arrays.copyOf(text, text.length - 1) : text, fault);
    }
}
