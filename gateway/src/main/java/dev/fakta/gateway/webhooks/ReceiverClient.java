// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway.webhooks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Posts messages to one receiver over HTTP/1.1, on connections that stay open. Any number of
/// threads, each of which waits for its answer.
///
/// Why not the HTTP client of the JDK: it looks the host up by itself, after whoever has checked
/// its addresses. Here a connection goes to an address that was checked, TLS proves the host's name
/// on it, no redirect is followed, no proxy asked, and an attempt ends in time however slowly the
/// receiver answers. Of an answer's body nothing is kept: it could be what only this network may
/// see.
public final class ReceiverClient implements AutoCloseable {

    private static final String TOO_LATE = "no answer in time";
    private static final int MOST_IDLE = 64;
    private static final ScheduledThreadPoolExecutor ENDS = ends();
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final URI url;
    private final String head;
    private final ReceiverAddresses addresses;
    private final Duration within;
    private final ConcurrentLinkedDeque<ReceiverConnection> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger idling = new AtomicInteger();
    private volatile boolean isClosed;

    /// What came of a message.
    public sealed interface Answer {
        /// The receiver answered.
        ///
        /// @param retryAfter as it asks for; `null` when it does not
        record Status(int code, @Nullable Duration retryAfter) implements Answer {
            /// Whether it has taken the message.
            public boolean isTaken() {
                return code >= 200 && code < 300;
            }
        }

        /// No answer came, and perhaps the message did not get there.
        ///
        /// @param reason in a phrase
        record Lost(String reason) implements Answer {}
    }

    /// @param url one that [ReceiverAddresses#fault] finds nothing wrong with
    /// @param within how long an attempt may take, from looking the host up to the end of the
    ///   answer
    public ReceiverClient(URI url, ReceiverAddresses addresses, Duration within) {
        this.url = URI.create(url.toASCIIString());
        this.addresses = addresses;
        this.within = within;
        String path = this.url.getRawPath().isEmpty() ? "/" : this.url.getRawPath();
        String query = this.url.getRawQuery() == null ? "" : "?" + this.url.getRawQuery();
        String port = this.url.getPort() < 0 ? "" : ":" + this.url.getPort();
        this.head =
                "POST %s%s HTTP/1.1\r\nHost: %s%s\r\nUser-Agent: fakta-webhooks\r\n"
                        .formatted(path, query, this.url.getHost(), port);
    }

    /// Cuts off what takes too long, for all clients.
    private static ScheduledThreadPoolExecutor ends() {
        ScheduledThreadPoolExecutor ends =
                new ScheduledThreadPoolExecutor(
                        1,
                        task -> Thread.ofPlatform().name("webhook-time").daemon().unstarted(task));
        ends.setRemoveOnCancelPolicy(true);
        return ends;
    }

    /// Sends a message, and waits for what comes of it.
    ///
    /// @param headers beside `Host`, `User-Agent` and `Content-Length`
    public Answer post(Map<String, String> headers, byte[] body) {
        byte[] request = request(headers, body);
        ReceiverConnection kept = takeIdle();
        if (kept != null) {
            try {
                return on(kept, request);
            } catch (IOException | ReceiverAddresses.Refused _) {
                if (kept.isCut()) {
                    return new Answer.Lost(TOO_LATE);
                }
                // the receiver may have closed it meanwhile: another one tells
            }
        }
        ReceiverConnection fresh = new ReceiverConnection();
        try {
            return on(fresh, request);
        } catch (ReceiverAddresses.Refused e) {
            return new Answer.Lost(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Answer.Lost(fresh.isCut() ? TOO_LATE : reason(e));
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case java.net.UnknownHostException _ -> "the host is not known";
            case java.net.ConnectException _ -> "no connection";
            case javax.net.ssl.SSLException _ -> "no connection over TLS";
            default -> "the connection ended without an answer";
        };
    }

    private byte[] request(Map<String, String> headers, byte[] body) {
        StringBuilder text = new StringBuilder(head);
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        text.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        byte[] first = text.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[first.length + body.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(body, 0, all, first.length, body.length);
        return all;
    }

    private Answer on(ReceiverConnection connection, byte[] request)
            throws IOException, ReceiverAddresses.Refused {
        ScheduledFuture<?> end =
                ENDS.schedule(connection::cut, within.toMillis(), TimeUnit.MILLISECONDS);
        boolean isKept = false;
        try {
            if (isClosed) {
                throw new IOException("closed");
            }
            if (!connection.isOpen()) {
                open(connection);
            }
            ReceiverConnection.Head answer = connection.exchange(request);
            isKept = answer.staysOpen();
            return new Answer.Status(answer.status(), answer.retryAfter());
        } finally {
            end.cancel(false);
            if (isKept) {
                keep(connection);
            } else {
                connection.close();
            }
        }
    }

    private void open(ReceiverConnection connection) throws IOException, ReceiverAddresses.Refused {
        boolean isSafe = url.getScheme().toLowerCase(Locale.ROOT).equals("https");
        int port = url.getPort() < 0 ? isSafe ? 443 : 80 : url.getPort();
        IOException last = new IOException("no address");
        for (InetAddress address : addresses.of(url.getHost())) {
            try {
                connection.open(address, port, isSafe ? url.getHost() : null, within);
                return;
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private @Nullable ReceiverConnection takeIdle() {
        ReceiverConnection found = idle.pollFirst();
        while (found != null) {
            idling.decrementAndGet();
            if (System.nanoTime() - found.usedAt() < IDLE_NANOS) {
                return found;
            }
            found.close();
            found = idle.pollFirst();
        }
        return null;
    }

    private void keep(ReceiverConnection connection) {
        if (isClosed || connection.isOld()) {
            connection.close();
        } else if (idling.incrementAndGet() > MOST_IDLE) {
            idling.decrementAndGet();
            connection.close();
        } else {
            idle.addFirst(connection);
        }
        if (isClosed) {
            closeIdle();
        }
    }

    private void closeIdle() {
        for (var one = idle.pollFirst(); one != null; one = idle.pollFirst()) {
            one.close();
        }
    }

    /// Ends: attempts under way may end by themselves, and none begins.
    @Override
    public void close() {
        isClosed = true;
        closeIdle();
    }
}
