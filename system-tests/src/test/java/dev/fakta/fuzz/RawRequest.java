// SPDX-License-Identifier: Apache-2.0
package dev.fakta.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/// A request as it goes over the wire. Nothing of it is checked: it may be anything.
///
/// @param headers besides those that say how long the body is
/// @param body as it is sent, packed if it is
record RawRequest(
        String method, String target, List<Header> headers, byte[] body, Framing framing) {

    private static final int LONGEST_LINE = 4_000;
    private static final int LONGEST_HEADERS = 8_000;

    RawRequest {
        headers = List.copyOf(headers);
    }

    record Header(String name, String value) {}

    /// How the request says where it ends.
    enum Framing {
        LENGTH,
        CHUNKED,
        /// With a length, chunks of other lengths, or a first line that no server takes.
        BROKEN,
        /// The sender breaks off: it has announced more.
        CUT
    }

    RawRequest to(String otherTarget) {
        return new RawRequest(method, otherTarget, headers, body, framing);
    }

    RawRequest by(String otherMethod) {
        return new RawRequest(otherMethod, target, headers, body, framing);
    }

    RawRequest having(byte[] otherBody) {
        return new RawRequest(method, target, headers, otherBody, framing);
    }

    RawRequest having(List<Header> others) {
        return new RawRequest(method, target, others, body, framing);
    }

    RawRequest framed(Framing other) {
        return new RawRequest(method, target, headers, body, other);
    }

    /// With one more header.
    RawRequest with(String name, String value) {
        List<Header> all = new ArrayList<>(headers);
        all.add(new Header(name, value));
        return having(all);
    }

    /// With this header alone of its name.
    RawRequest replacing(String name, String value) {
        return without(name).with(name, value);
    }

    RawRequest without(String name) {
        return having(headers.stream().filter(one -> !one.name().equalsIgnoreCase(name)).toList());
    }

    /// The values of a header.
    List<String> all(String name) {
        return headers.stream()
                .filter(one -> one.name().equalsIgnoreCase(name))
                .map(Header::value)
                .toList();
    }

    /// Whether a server may close the connection without an answer: what came is not a request, or
    /// it is larger than the server reads before it knows what to do with it.
    boolean mayBeCutOff() {
        int length =
                headers.stream()
                        .mapToInt(one -> one.name().length() + one.value().length() + 4)
                        .sum();
        return framing == Framing.BROKEN
                || framing == Framing.CUT
                || (method + target).indexOf(' ') >= 0
                || target.length() + method.length() > LONGEST_LINE
                || length > LONGEST_HEADERS;
    }

    /// Whether what answers sends no body. A server reads the method up to the first blank, so
    /// `HEAD` with a blank too many behind it is one.
    boolean isHead() {
        return method.split(" ", 2)[0].equals("HEAD");
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        headers.forEach(one -> head.append(one.name() + ": " + one.value() + "\r\n"));
        switch (framing) {
            case LENGTH -> {
                if (body.length > 0 || !method.equals("GET")) {
                    head.append("Content-Length: " + body.length + "\r\n");
                }
            }
            case CHUNKED -> head.append("Transfer-Encoding: chunked\r\n");
            case CUT -> head.append("Content-Length: " + (body.length + 10) + "\r\n");
            case BROKEN -> {}
        }
        out.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
        if (framing == Framing.CHUNKED) {
            int half = body.length / 2;
            chunk(out, body, 0, half);
            chunk(out, body, half, body.length - half);
            out.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
        } else {
            out.writeBytes(body);
        }
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, byte[] body, int from, int length) {
        if (length > 0) {
            out.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(ISO_8859_1));
            out.write(body, from, length);
            out.writeBytes("\r\n".getBytes(ISO_8859_1));
        }
    }

    /// A line for a shell that sends it to a port of this machine.
    String shell(int port) {
        String all = new String(bytes(), ISO_8859_1);
        StringBuilder text = new StringBuilder();
        for (char c : all.toCharArray()) {
            switch (c) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '\\' -> text.append("\\\\");
                case '\'' -> text.append("\\047");
                case '%' -> text.append("%%");
                default -> {
                    if (c < ' ' || c > '~') {
                        text.append("\\%03o".formatted((int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        String line =
                text.length() > 6_000
                        ? text.substring(0, 6_000) + " ... (" + all.length() + " bytes)"
                        : text.toString();
        return "printf '" + line + "' | nc -q 5 127.0.0.1 " + port;
    }

    @Override
    public String toString() {
        String text = method + " " + target + " " + headers + " " + new String(body, UTF_8);
        return text.length() > 400 ? text.substring(0, 400) + " ..." : text;
    }
}
