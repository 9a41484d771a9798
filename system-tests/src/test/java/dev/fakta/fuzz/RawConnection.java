// SPDX-License-Identifier: Apache-2.0
package dev.fakta.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fakta.http.Answer;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// Sends bytes and reads answers, over one connection as long as both sides keep to HTTP. Serves
/// one thread.
final class RawConnection implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;
    private static final int LONGEST = 32 << 20;

    private final int port;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    RawConnection(int port) {
        this.port = port;
    }

    /// Sends it, and waits for the answer.
    ///
    /// @return `null` when the server has closed the connection without one
    /// @throws java.net.SocketTimeoutException when it does neither in time
    @Nullable Answer send(RawRequest request) throws IOException {
        boolean isFresh = request.mayBeCutOff() || request.headers().size() > 30;
        if (isFresh) {
            close();
        }
        boolean wasOpen = socket != null;
        try {
            return exchange(request, isFresh);
        } catch (EOFException | java.net.SocketException e) {
            close();
            if (!wasOpen) {
                return null;
            }
        }
        try { // the server had closed it before it came
            return exchange(request, isFresh);
        } catch (EOFException | java.net.SocketException e) {
            close();
            return null;
        }
    }

    private @Nullable Answer exchange(RawRequest request, boolean isLast) throws IOException {
        Socket open = open();
        InputStream reading = java.util.Objects.requireNonNull(in);
        try {
            open.getOutputStream().write(request.bytes());
            open.getOutputStream().flush();
            if (isLast) {
                open.shutdownOutput();
            }
        } catch (java.net.SocketException e) {
            // it may have answered before all was read
            if (reading.available() == 0) {
                throw e;
            }
        }
        Answer answer = read(request, reading);
        if (isLast
                || answer.header("Connection").equalsIgnoreCase("close")
                || answer.header("Content-Type").startsWith("text/event-stream")) {
            close();
        }
        return answer;
    }

    private Socket open() throws IOException {
        Socket known = socket;
        if (known != null) {
            return known;
        }
        Socket fresh = new Socket(InetAddress.getLoopbackAddress(), port);
        fresh.setTcpNoDelay(true);
        fresh.setSoTimeout(PATIENCE_MILLIS);
        socket = fresh;
        in = new BufferedInputStream(fresh.getInputStream(), 1 << 16);
        return fresh;
    }

    private static Answer read(RawRequest request, InputStream in) throws IOException {
        String first = line(in);
        if (first.isEmpty()) {
            first = line(in);
        }
        String[] words = first.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
            throw new IOException("no answer of HTTP/1: " + first);
        }
        int status = Integer.parseInt(words[1]);
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon), _ -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        if (status == 100) {
            return read(request, in);
        }
        HttpHeaders all = HttpHeaders.of(headers, (_, _) -> true);
        byte[] body = body(request, status, all, in);
        if (all.firstValue("Content-Encoding").orElse("").equals("gzip") && body.length > 0) {
            body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
        }
        return new Answer(
                request.method() + " " + request.target(), status, all, new String(body, UTF_8));
    }

    private static byte[] body(RawRequest request, int status, HttpHeaders headers, InputStream in)
            throws IOException {
        if (request.isHead() || status < 200 || status == 204 || status == 304) {
            return new byte[0];
        }
        if (headers.firstValue("Content-Type").orElse("").startsWith("text/event-stream")) {
            return new byte[0];
        }
        if (headers.firstValue("Transfer-Encoding").orElse("").equals("chunked")) {
            return chunks(in);
        }
        int length = (int) headers.firstValueAsLong("Content-Length").orElse(-1);
        if (length < 0) {
            return in.readNBytes(LONGEST);
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("an answer ends in the middle");
        }
        return body;
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            int length = Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
            all.writeBytes(in.readNBytes(length));
            if (length == 0) {
                while (!line(in).isEmpty()) {
                    // a trailer
                }
                return all.toByteArray();
            }
            line(in);
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("closed");
            }
            line.write(c);
        }
        String text = line.toString(ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    @Override
    public void close() {
        Socket open = socket;
        socket = null;
        in = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
