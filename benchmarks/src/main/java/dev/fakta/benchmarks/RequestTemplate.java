// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Requests from a template, rendered beforehand but for the number: every `{n}` in path, headers
/// and body becomes the request's number.
public final class RequestTemplate implements RequestFactory {

    private final Pieces head;
    private final Pieces body;
    private final boolean hasBody;

    private RequestTemplate(String head, String body, boolean hasBody) {
        this.head = Pieces.of(head);
        this.body = Pieces.of(body);
        this.hasBody = hasBody;
    }

    /// `GET path` without a body.
    public static RequestTemplate get(String host, String path) {
        return new RequestTemplate(head("GET", host, path, Map.of()) + "\r\n", "", false);
    }

    /// `POST path` with a JSON body and the given further headers.
    public static RequestTemplate post(
            String host, String path, Map<String, String> headers, String body) {
        String head =
                head("POST", host, path, headers)
                        + "Content-Type: application/json\r\nContent-Length: ";
        return new RequestTemplate(head, body, true);
    }

    @Override
    public void write(long number, ByteBuffer out) {
        head.write(number, out);
        if (hasBody) {
            Pieces.digits(body.length(number), out);
            out.putInt('\r' << 24 | '\n' << 16 | '\r' << 8 | '\n');
            body.write(number, out);
        }
    }

    private static String head(
            String method, String host, String path, Map<String, String> headers) {
        StringBuilder head = new StringBuilder();
        head.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(host).append("\r\n");
        headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        return head.toString();
    }

    /// A text cut at every `{n}`.
    private record Pieces(List<byte[]> parts, int fixedLength) {

        private static final Pattern NUMBER = Pattern.compile("{n}", Pattern.LITERAL);

        static Pieces of(String text) {
            List<byte[]> parts =
                    NUMBER.splitAsStream(text + "{n}|") // keeps an empty part at the end
                            .map(part -> part.getBytes(StandardCharsets.UTF_8))
                            .toList();
            List<byte[]> own = parts.subList(0, parts.size() - 1);
            return new Pieces(own, own.stream().mapToInt(part -> part.length).sum());
        }

        void write(long number, ByteBuffer out) {
            out.put(parts.getFirst());
            for (int i = 1; i < parts.size(); i++) {
                digits(number, out);
                out.put(parts.get(i));
            }
        }

        int length(long number) {
            return fixedLength + (parts.size() - 1) * digitCount(number);
        }

        static void digits(long number, ByteBuffer out) {
            int end = out.position() + digitCount(number);
            long rest = number;
            int at = end;
            do {
                out.put(--at, (byte) ('0' + rest % 10));
                rest /= 10;
            } while (rest > 0);
            out.position(end);
        }

        private static int digitCount(long number) {
            int count = 1;
            for (long rest = number / 10; rest > 0; rest /= 10) {
                count++;
            }
            return count;
        }
    }
}
