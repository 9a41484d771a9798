// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway.webhooks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.Socket;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// A connection to a receiver. One thread at a time; any thread may [#cut] it.
///
/// The receiver may be hostile: what is read of an answer is bounded, and the body is passed over.
final class ReceiverConnection {

    private static final int LONGEST_LINE = 8_192;
    private static final int MOST_LINES = 200;
    private static final long LONGEST_BODY = 64 << 10;
    private static final Duration LONGEST_PAUSE = Duration.ofHours(24);

    /// After so long the host is looked up again.
    private static final long LONGEST_LIFE_NANOS = TimeUnit.MINUTES.toNanos(5);

    private volatile Socket socket = unconnected();
    private @Nullable Socket secured;
    private @Nullable InputStream in;
    private volatile boolean isCut;
    private long openedAt;
    private long usedAt;

    /// What counts of an answer.
    ///
    /// @param staysOpen whether another request may follow
    record Head(int status, @Nullable Duration retryAfter, boolean staysOpen) {}

    boolean isOpen() {
        return in != null;
    }

    boolean isCut() {
        return isCut;
    }

    long usedAt() {
        return usedAt;
    }

    boolean isOld() {
        return System.nanoTime() - openedAt > LONGEST_LIFE_NANOS;
    }

    /// Asks no proxy, which would look the host up by itself.
    private static Socket unconnected() {
        return new Socket(Proxy.NO_PROXY);
    }

    /// @param name that the receiver proves over TLS; `null`: without TLS
    void open(InetAddress address, int port, @Nullable String name, Duration within)
            throws IOException {
        Socket used = unconnected();
        socket = used;
        if (isCut) {
            throw new IOException("its time is up");
        }
        used.setTcpNoDelay(true);
        used.connect(new InetSocketAddress(address, port), Math.toIntExact(within.toMillis()));
        openedAt = System.nanoTime();
        if (name != null) {
            SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
            SSLSocket over = (SSLSocket) factory.createSocket(used, name, port, true);
            secured = over;
            SSLParameters parameters = over.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            over.setSSLParameters(parameters);
            over.startHandshake();
            used = over;
        }
        in = new BufferedInputStream(used.getInputStream(), LONGEST_LINE);
    }

    Head exchange(byte[] request) throws IOException {
        Socket used = secured == null ? socket : secured;
        used.getOutputStream().write(request);
        used.getOutputStream().flush();
        Head head = head();
        while (head.status < 200) {
            head = head();
        }
        usedAt = System.nanoTime();
        return head;
    }

    private Head head() throws IOException {
        String first = line();
        if (!first.matches("HTTP/1\\.[01] [1-9][0-9]{2}( .*)?")) {
            throw new ProtocolException("no answer of HTTP/1.1");
        }
        int status = Integer.parseInt(first.substring(9, 12));
        boolean staysOpen = first.startsWith("HTTP/1.1");
        boolean isChunked = false;
        long length = -1;
        Duration retryAfter = null;
        String line = line();
        for (int lines = 0; !line.isEmpty(); lines++) {
            if (lines == MOST_LINES) {
                throw new ProtocolException("too many headers");
            }
            int colon = line.indexOf(':');
            String name = line.substring(0, Math.max(0, colon)).strip().toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            switch (name) {
                case "connection" -> staysOpen &= !value.equalsIgnoreCase("close");
                case "content-length" -> length = number(value);
                case "transfer-encoding" -> isChunked = value.equalsIgnoreCase("chunked");
                case "retry-after" -> retryAfter = pause(value);
                default -> {} // says nothing that counts
            }
            line = line();
        }
        boolean isSkipped =
                status < 200
                        || status == 204
                        || status == 304
                        || (staysOpen && (isChunked ? skipChunks() : skip(length)));
        return new Head(status, retryAfter, staysOpen && isSkipped);
    }

    /// Seconds; a date is not honoured, as it is measured by another clock.
    private static @Nullable Duration pause(String value) {
        long seconds = number(value);
        return seconds < 0
                ? null
                : Duration.ofSeconds(Math.min(seconds, LONGEST_PAUSE.toSeconds()));
    }

    private static long number(String value) {
        return value.matches("[0-9]{1,9}") ? Long.parseLong(value) : -1;
    }

    /// Passes over a body.
    ///
    /// @param length -1 when it ends with the connection
    /// @return whether the connection is of use behind it
    private boolean skip(long length) throws IOException {
        if (length < 0 || length > LONGEST_BODY) {
            return false;
        }
        reader().skipNBytes(length);
        return true;
    }

    private boolean skipChunks() throws IOException {
        long all = 0;
        while (true) {
            String size = line().split(";", 2)[0].strip();
            if (!size.matches("[0-9a-fA-F]{1,7}")) {
                throw new ProtocolException("no chunk of HTTP/1.1");
            }
            long length = Long.parseLong(size, 16);
            all += length;
            if (all > LONGEST_BODY) {
                return false;
            }
            if (length == 0) {
                return isEndOfTrailers();
            }
            reader().skipNBytes(length);
            if (!line().isEmpty()) {
                throw new ProtocolException("no chunk of HTTP/1.1");
            }
        }
    }

    private boolean isEndOfTrailers() throws IOException {
        for (int lines = 0; lines < MOST_LINES; lines++) {
            if (line().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private String line() throws IOException {
        InputStream from = reader();
        StringBuilder line = new StringBuilder();
        int next = from.read();
        while (next != '\n') {
            if (next < 0) {
                throw new EOFException("the receiver has closed the connection");
            }
            if (line.length() == LONGEST_LINE) {
                throw new ProtocolException("too long a line");
            }
            line.append((char) next); // ISO 8859-1, as HTTP has it
            next = from.read();
        }
        return line.toString().endsWith("\r")
                ? line.substring(0, line.length() - 1)
                : line.toString();
    }

    private InputStream reader() throws IOException {
        InputStream from = in;
        if (from == null) {
            throw new IOException("not open");
        }
        return from;
    }

    /// Ends it because its time is up.
    void cut() {
        isCut = true;
        close();
    }

    /// Closes what is below TLS, so that it waits for nobody.
    void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // it is gone
        }
    }
}
