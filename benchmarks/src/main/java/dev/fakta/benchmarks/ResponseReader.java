// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Reads HTTP/1.1 responses (RFC 9112) from bytes as they arrive, one response at a time, and keeps
/// of each only what a load generator needs: its status, where it ends, and whether the connection
/// stays usable. Bodies are skipped. Lines are scanned in place; nothing is allocated.
///
/// The caller hands in all bytes that have arrived and keeps those that were not consumed: an
/// unfinished line is read again when the rest of it is there.
final class ResponseReader {

    private enum State {
        STATUS,
        HEADERS,
        FIXED_BODY,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILERS,
        BODY_UNTIL_CLOSE,
        COMPLETE
    }

    private static final byte[] CONTENT_LENGTH = ascii("content-length:");
    private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding:");
    private static final byte[] CONNECTION = ascii("connection:");
    private static final byte[] CLOSE = ascii("close");
    private static final byte[] KEEP_ALIVE = ascii("keep-alive");
    private static final byte[] CHUNKED = ascii("chunked");
    private static final byte[] HTTP_1 = ascii("http/1.");

    private State state = State.STATUS;
    private int status;
    private boolean isKeptAlive;
    private boolean isChunked;
    private long length; // of the body or chunk; what is still to come while skipping it
    private int lineStart;
    private int lineEnd; // exclusive, without CR LF

    /// Consumes bytes up to the end of the response; true when the end has been reached. After that
    /// the next call begins a new response.
    boolean read(ByteBuffer in) throws ProtocolException {
        if (state == State.COMPLETE) {
            state = State.STATUS;
        }
        while (state != State.COMPLETE && step(in)) {}
        return state == State.COMPLETE;
    }

    /// Whether the end of the connection ends the response rightly.
    boolean endsWithConnection() {
        return state == State.BODY_UNTIL_CLOSE;
    }

    void reset() {
        state = State.STATUS;
    }

    int status() {
        return status;
    }

    /// Whether the connection can carry another request after this response.
    boolean isKeptAlive() {
        return isKeptAlive;
    }

    /// One line or one run of body bytes; false when more bytes are needed.
    private boolean step(ByteBuffer in) throws ProtocolException {
        return switch (state) {
            case FIXED_BODY -> skip(in, State.COMPLETE);
            case CHUNK_DATA -> skip(in, State.CHUNK_END);
            case BODY_UNTIL_CLOSE -> {
                in.position(in.limit());
                yield false;
            }
            case STATUS, HEADERS, CHUNK_SIZE, CHUNK_END, TRAILERS -> line(in);
            case COMPLETE -> false;
        };
    }

    private boolean skip(ByteBuffer in, State next) {
        int skipped = (int) Math.min(length, in.remaining());
        in.position(in.position() + skipped);
        length -= skipped;
        if (length > 0) {
            return false;
        }
        state = next;
        return true;
    }

    private boolean line(ByteBuffer in) throws ProtocolException {
        int end = in.position();
        int limit = in.limit();
        while (end < limit && in.get(end) != '\n') {
            end++;
        }
        if (end == limit) {
            return false;
        }
        lineStart = in.position();
        lineEnd = end > lineStart && in.get(end - 1) == '\r' ? end - 1 : end;
        in.position(end + 1);
        state = afterLine(in);
        return true;
    }

    private State afterLine(ByteBuffer in) throws ProtocolException {
        boolean isEmpty = lineStart == lineEnd;
        return switch (state) {
            case STATUS -> statusLine(in);
            case HEADERS -> isEmpty ? afterHead() : header(in);
            case CHUNK_SIZE -> chunkSize(in);
            case CHUNK_END -> isEmpty ? State.CHUNK_SIZE : fail("bytes after a chunk");
            case TRAILERS -> isEmpty ? State.COMPLETE : State.TRAILERS;
            case FIXED_BODY, CHUNK_DATA, BODY_UNTIL_CLOSE, COMPLETE -> fail("no line here");
        };
    }

    private State statusLine(ByteBuffer in) throws ProtocolException {
        if (lineEnd - lineStart < 12 || !matches(in, lineStart, HTTP_1)) {
            return fail("no HTTP/1 status line");
        }
        status = 0;
        for (int at = lineStart + 9; at < lineStart + 12; at++) {
            status = status * 10 + digit(in.get(at), 10);
        }
        isKeptAlive = in.get(lineStart + 7) != '0';
        isChunked = false;
        length = -1;
        return State.HEADERS;
    }

    private State header(ByteBuffer in) throws ProtocolException {
        switch (in.get(lineStart) | 0x20) {
            case 'c' -> {
                if (matches(in, lineStart, CONTENT_LENGTH)) {
                    length = decimal(in, lineStart + CONTENT_LENGTH.length);
                } else if (matches(in, lineStart, CONNECTION)) {
                    isKeptAlive = keepsAlive(in);
                }
            }
            case 't' -> {
                if (matches(in, lineStart, TRANSFER_ENCODING)) {
                    isChunked = contains(in, lineStart + TRANSFER_ENCODING.length, CHUNKED);
                }
            }
            default -> {} // of no interest
        }
        return State.HEADERS;
    }

    private boolean keepsAlive(ByteBuffer in) {
        int value = lineStart + CONNECTION.length;
        return isKeptAlive
                ? !contains(in, value, CLOSE)
                : contains(in, value, KEEP_ALIVE) && !contains(in, value, CLOSE);
    }

    private State afterHead() {
        if (status < 200) {
            return State.STATUS; // interim; the response itself follows
        }
        if (status == 204 || status == 304) {
            return State.COMPLETE;
        }
        if (isChunked) {
            return State.CHUNK_SIZE;
        }
        if (length < 0) {
            isKeptAlive = false;
            return State.BODY_UNTIL_CLOSE;
        }
        return length == 0 ? State.COMPLETE : State.FIXED_BODY;
    }

    private State chunkSize(ByteBuffer in) throws ProtocolException {
        long size = 0;
        int at = lineStart;
        while (at < lineEnd && in.get(at) != ';' && in.get(at) != ' ') {
            if (at - lineStart == 15) {
                return fail("a chunk's size is too long");
            }
            size = size << 4 | digit(in.get(at++), 16);
        }
        if (at == lineStart) {
            return fail("a chunk without size");
        }
        length = size;
        return size == 0 ? State.TRAILERS : State.CHUNK_DATA;
    }

    private long decimal(ByteBuffer in, int from) throws ProtocolException {
        int at = from;
        while (at < lineEnd && in.get(at) <= ' ') {
            at++;
        }
        int end = lineEnd;
        while (end > at && in.get(end - 1) <= ' ') {
            end--;
        }
        if (at == end || end - at > 18) {
            fail("an unreadable content length");
        }
        long value = 0;
        for (; at < end; at++) {
            value = value * 10 + digit(in.get(at), 10);
        }
        return value;
    }

    private static int digit(byte character, int radix) throws ProtocolException {
        int digit = Character.digit((char) character, radix);
        if (digit < 0) {
            fail("no digit: " + (char) character);
        }
        return digit;
    }

    private boolean contains(ByteBuffer in, int from, byte[] token) {
        for (int at = from; at <= lineEnd - token.length; at++) {
            if (matches(in, at, token)) {
                return true;
            }
        }
        return false;
    }

    /// Whether the line has the text at that place, in whatever case; the text is lower case.
    private boolean matches(ByteBuffer in, int at, byte[] lowerCase) {
        if (lineEnd - at < lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            byte b = in.get(at + i);
            int lower = b >= 'A' && b <= 'Z' ? b | 0x20 : b;
            if (lower != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    private static State fail(String what) throws ProtocolException {
        throw new ProtocolException(what);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
