// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells at once when another node's process ends. Each node holds an idle TCP connection to every
/// other one. When a process ends, however it does, its kernel closes its connections and refuses
/// new ones: a closed lifeline and a refused second try mean that the process is gone. A machine
/// without power, or a network that is cut, says nothing of the kind; for these there are
/// heartbeats.
///
/// They need no TLS: nothing is sent over them. Where to hold one, and what another node has seen,
/// comes over the cluster's own connections. Who can close a lifeline from outside could as well
/// drop what those carry.
///
/// To be wrong is no danger to what is recorded, only a needless change of owner: the log's claim
/// fences.
final class Lifelines implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Lifelines.class);
    private static final int CONNECT_MILLIS = 1_000;
    private static final long REFUSED_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long ASK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int MOST_WAITING = 64;
    private static final int MOST_TAKEN = 4_096;

    private final ServerSocket server;
    private final Executor threads;
    private final LongConsumer onGone;
    private final Map<Long, Socket> held = new ConcurrentHashMap<>();
    private final Set<Socket> taken = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosed;

    /// @param onGone is told the uid of a node whose process has ended; on a thread of its own
    private Lifelines(ServerSocket server, Executor threads, LongConsumer onGone) {
        this.server = server;
        this.threads = threads;
        this.onGone = onGone;
    }

    static Lifelines open(String host, Executor threads, LongConsumer onGone) throws IOException {
        ServerSocket server = new ServerSocket(0, MOST_WAITING, InetAddress.getByName(host));
        Lifelines lifelines = new Lifelines(server, threads, onGone);
        threads.execute(lifelines::accept);
        return lifelines;
    }

    /// Where others can hold a lifeline of this node.
    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!isClosed) {
            try {
                Socket socket = server.accept();
                if (taken.size() >= MOST_TAKEN) {
                    close(socket);
                } else {
                    taken.add(socket);
                    threads.execute(() -> hold(socket));
                }
            } catch (RejectedExecutionException _) {
                return; // the node ends
            } catch (IOException e) {
                if (!isClosed) {
                    LOG.warn("a lifeline cannot be accepted: {}", e.getMessage());
                }
            }
        }
    }

    /// Until the other side is gone. Nothing is ever sent.
    private void hold(Socket socket) {
        try (socket) {
            int _ = socket.getInputStream().read();
        } catch (IOException _) {
            // as good as an end of stream
        } finally {
            taken.remove(socket);
        }
    }

    /// Holds a lifeline to a node from now on; does nothing when there is one.
    void hold(long uid, String host, int port) {
        Socket socket = new Socket();
        if (!isClosed && held.putIfAbsent(uid, socket) == null) {
            threads.execute(() -> watch(uid, new InetSocketAddress(host, port), socket));
        }
    }

    private void watch(long uid, InetSocketAddress address, Socket socket) {
        boolean wasUp = false;
        try (socket) {
            socket.connect(address, CONNECT_MILLIS);
            wasUp = true;
            int _ = socket.getInputStream().read();
        } catch (IOException _) {
            // as good as an end of stream
        }
        boolean isForgotten = !held.remove(uid, socket);
        if (wasUp && !isForgotten && !isClosed) {
            boolean isGone = isRefused(address);
            LOG.info(
                    "the lifeline to {} has ended, {}", address, isGone ? "its port too" : "alone");
            if (isGone) {
                onGone.accept(uid);
            }
        } // else the next Hello opens another one
    }

    /// A kernel that ends a process may close its connections before it closes its port: so this is
    /// asked for a moment. What had just been taken by a port that closes is reset: no answer yet.
    private boolean isRefused(InetSocketAddress address) {
        long end = System.nanoTime() + REFUSED_WITHIN_NANOS;
        while (System.nanoTime() - end < 0 && !isClosed) {
            try (Socket again = new Socket()) {
                again.connect(address, CONNECT_MILLIS);
            } catch (ConnectException _) {
                return true;
            } catch (SocketTimeoutException | NoRouteToHostException _) {
                return false; // cut off, or too slow to say
            } catch (IOException _) {
                // a reset: the port is closing
            }
            LockSupport.parkNanos(ASK_AGAIN_NANOS);
        }
        return false;
    }

    /// Lets go of a node that has left.
    void forget(long uid) {
        Socket socket = held.remove(uid);
        if (socket != null) {
            close(socket);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("a lifeline cannot be closed", e);
        }
    }

    @Override
    public void close() {
        isClosed = true;
        try {
            server.close();
        } catch (IOException e) {
            LOG.debug("the lifelines' port cannot be closed", e);
        }
        held.values().forEach(Lifelines::close);
        taken.forEach(Lifelines::close);
    }
}
