// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// A network between a log and its database that fails when it is told to.
final class Proxy implements AutoCloseable {

    /// What is sent in a payload to set off the fault: only the connection that carries it is cut.
    static final String MARK = "cut-here";

    /// What happens to the next bytes from the log that carry the mark.
    enum Fault {
        NONE,
        /// They are lost, and the connection with them.
        LOSE_REQUEST,
        /// The database gets them, and the connection ends at once.
        CUT_AT_ONCE,
        /// The database gets them and answers; the answer is lost, and the connection with it.
        LOSE_ANSWER
    }

    private final ServerSocket door;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cuts = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Fault fault = Fault.NONE;
    private volatile long delayNanos;
    private volatile boolean isStalled;
    private volatile boolean isRefusing;

    Proxy(int target) throws IOException {
        this.target = target;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("proxy").start(this::accept);
    }

    /// The URL through this proxy.
    String url(String direct) {
        return direct.replace(":" + target + "/", ":" + door.getLocalPort() + "/");
    }

    /// The next request with the mark meets this fault; the ones after it do not.
    void failNext(Fault next) {
        fault = next;
    }

    int cuts() {
        return cuts.get();
    }

    int connections() {
        return connections.get();
    }

    /// Each read from either side takes so much longer.
    void delay(long nanos) {
        delayNanos = nanos;
    }

    /// Nothing gets through, and nobody is told.
    void stall(boolean now) {
        isStalled = now;
    }

    /// Cuts all, and takes no new connection.
    void refuse(boolean now) {
        isRefusing = now;
        if (now) {
            open.forEach(Proxy::cut);
        }
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                if (isRefusing) {
                    client.close();
                } else {
                    connections.incrementAndGet();
                    new Line(client, new Socket(InetAddress.getLoopbackAddress(), target)).start();
                }
            } catch (IOException e) {
                if (!door.isClosed() && !isRefusing && isAlive()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /// A database that is away is no fault of the proxy.
    private boolean isAlive() {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), target)) {
            return probe.isConnected();
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        isStalled = false;
        open.forEach(Proxy::cut);
    }

    private static void cut(Socket socket) {
        synchronized (socket) {
            try {
                if (!socket.isClosed()) {
                    socket.setSoLinger(true, 0);
                    socket.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final class Line {
        private final Socket client;
        private final Socket server;
        private volatile boolean losesAnswer;

        Line(Socket client, Socket server) {
            this.client = client;
            this.server = server;
            open.add(client);
            open.add(server);
        }

        void start() {
            Thread.ofPlatform().daemon().name("proxy-in").start(() -> pump(client, server, true));
            Thread.ofPlatform().daemon().name("proxy-out").start(() -> pump(server, client, false));
        }

        private void pump(Socket from, Socket to, boolean isRequest) {
            byte[] buffer = new byte[1 << 16];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    LockSupport.parkNanos(delayNanos);
                    while (isStalled) {
                        LockSupport.parkNanos(1_000_000);
                    }
                    if (!isForwarded(isRequest, buffer, n, out)) {
                        break;
                    }
                }
            } catch (IOException _) {
                // cut by the other side: this one is cut below
            }
            open.remove(client);
            open.remove(server);
            cut(client);
            cut(server);
        }

        private boolean isForwarded(boolean isRequest, byte[] bytes, int n, OutputStream out)
                throws IOException {
            if (!isRequest) {
                if (losesAnswer) {
                    cuts.incrementAndGet();
                    return false;
                }
                out.write(bytes, 0, n);
                return true;
            }
            Fault now = fault;
            if (now == Fault.NONE || !carriesMark(bytes, n)) {
                out.write(bytes, 0, n);
                return true;
            }
            fault = Fault.NONE;
            return switch (now) {
                case NONE -> true;
                case LOSE_REQUEST -> {
                    cuts.incrementAndGet();
                    yield false;
                }
                case CUT_AT_ONCE -> {
                    cuts.incrementAndGet(); // first: what was asked for may be answered at once
                    out.write(bytes, 0, n);
                    yield false;
                }
                case LOSE_ANSWER -> {
                    losesAnswer = true;
                    out.write(bytes, 0, n);
                    yield true;
                }
            };
        }
    }

    private static boolean carriesMark(byte[] bytes, int n) {
        return new String(bytes, 0, n, StandardCharsets.ISO_8859_1).contains(MARK);
    }
}
