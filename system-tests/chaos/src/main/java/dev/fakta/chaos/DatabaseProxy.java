// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// The way from one node to the database, which can be made slow, silent, or closed.
final class DatabaseProxy implements AutoCloseable {

    private static final int BUFFER = 1 << 16;
    private static final int MOST_WAITING = 256;
    private static final long STALL_STEP = 1_000_000;

    private final ServerSocket door;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile long delayNanos;
    private volatile boolean isSilent;
    private volatile boolean isShut;

    private DatabaseProxy(ServerSocket door, int target) {
        this.door = door;
        this.target = target;
    }

    /// @param host the address to listen at
    /// @param target the database's port on loopback
    static DatabaseProxy open(String host, int target) throws IOException {
        ServerSocket door = new ServerSocket(0, MOST_WAITING, InetAddress.getByName(host));
        DatabaseProxy proxy = new DatabaseProxy(door, target);
        Thread.ofVirtual().name("database-proxy").start(proxy::accept);
        return proxy;
    }

    /// The database's URL by way of this proxy.
    String url(String direct) {
        return direct.replaceFirst(
                "//[^/]+/",
                "//%s:%d/".formatted(door.getInetAddress().getHostAddress(), door.getLocalPort()));
    }

    /// Whatever is sent, in either direction, takes so much longer.
    void slow(Duration delay) {
        delayNanos = delay.toNanos();
    }

    /// Nothing gets through any more, and nobody is told.
    void silence() {
        isSilent = true;
    }

    /// All connections end, and new ones end at once.
    void shut() {
        isShut = true;
        open.forEach(DatabaseProxy::end);
    }

    void heal() {
        delayNanos = 0;
        isSilent = false;
        isShut = false;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                if (!door.isClosed()) {
                    throw new IllegalStateException("the proxy's port is lost", e);
                }
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            open.add(server);
            if (!isShut) {
                Thread back = Thread.ofVirtual().start(() -> pump(server, client));
                pump(client, server);
                back.join();
            }
            open.remove(server);
        } catch (IOException _) {
            // the database is away: the client's connection ends too
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                LockSupport.parkNanos(delayNanos);
                while (isSilent && !door.isClosed()) {
                    LockSupport.parkNanos(STALL_STEP);
                }
                out.write(buffer, 0, n);
            }
        } catch (IOException _) {
            // ended by one side: below the other one is too
        }
        end(from);
        end(to);
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // it is of no more use either way
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        open.forEach(DatabaseProxy::end);
    }
}
