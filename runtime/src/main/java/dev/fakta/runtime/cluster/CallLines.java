// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.runtime.ClusterSettings;
import dev.fakta.runtime.ClusterTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connections for questions and answers between nodes: each node holds a [CallLine] to every
/// other one, and reads from those that others hold to it.
///
/// Pekko's transport takes a message through an actor, two queues and a dozen stream stages on
/// three thread pools, which costs more than to carry a command out. It still knows who is a
/// member, and carries what has no line: at first, and where a port cannot be reached.
///
/// A line that breaks ends the calls to its node with [Calls.LostException]: a question or an
/// answer may have been lost with it. To ask again does no harm. The next Hello opens another line.
final class CallLines implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CallLines.class);
    private static final int MOST_WAITING = 64;
    private static final int MOST_TAKEN = 4_096;
    private static final int OPENING_MILLIS = 5_000;
    private static final Duration SILENT = Duration.ofSeconds(2);

    private final ServerSocket server;
    private final Peer self;
    private final @Nullable ClusterTls tls;
    private final Calls calls;
    private final Consumer<Wire.Ask> onAsk;
    private final Executor threads;
    private final Map<String, CallLine> lines = new ConcurrentHashMap<>();
    private final Set<Socket> taken = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosed;

    private CallLines(
            ServerSocket server,
            Peer self,
            @Nullable ClusterTls tls,
            Calls calls,
            Consumer<Wire.Ask> onAsk,
            Executor threads) {
        this.server = server;
        this.self = self;
        this.tls = tls;
        this.calls = calls;
        this.onAsk = onAsk;
        this.threads = threads;
    }

    /// @param calls what answers end
    /// @param onAsk must not block
    /// @param threads a thread of its own for each task
    static CallLines open(
            ClusterSettings settings,
            Peer self,
            Calls calls,
            Consumer<Wire.Ask> onAsk,
            Executor threads)
            throws IOException {
        ServerSocket server =
                new ServerSocket(0, MOST_WAITING, InetAddress.getByName(settings.host()));
        CallLines lines = new CallLines(server, self, settings.tls(), calls, onAsk, threads);
        threads.execute(lines::accept);
        return lines;
    }

    /// Where others can open a line to this node.
    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!isClosed) {
            try {
                Socket socket = server.accept();
                if (taken.size() >= MOST_TAKEN) {
                    socket.close();
                } else {
                    taken.add(socket);
                    var _ =
                            Thread.ofPlatform() // what comes wakes it without a poller in between
                                    .name("fakta-calls")
                                    .daemon()
                                    .start(() -> take(socket));
                }
            } catch (IOException e) {
                if (!isClosed) {
                    LOG.warn("a line cannot be accepted: {}", e.getMessage());
                }
            }
        }
    }

    private void take(Socket raw) {
        Peer peer = null;
        try (CallSocket socket = CallSocket.accepted(raw, tls)) {
            CallReader reader = new CallReader(socket.in());
            raw.setSoTimeout(OPENING_MILLIS);
            peer = reader.opening();
            raw.setSoTimeout(0);
            for (List<CallFrame> frames = reader.next();
                    !frames.isEmpty();
                    frames = reader.next()) {
                receive(peer, frames);
            }
        } catch (IOException | RejectedExecutionException e) { // the latter when this node ends
            LOG.debug("a line to this node ends", e);
        } finally {
            taken.remove(raw);
            if (peer != null && !isClosed) {
                calls.lost(peer);
            }
        }
    }

    private void receive(Peer peer, List<CallFrame> frames) {
        CallLine back = lines.get(peer.address());
        if (back != null) {
            back.heard();
        }
        List<CallFrame> answers = new ArrayList<>();
        for (CallFrame frame : frames) {
            if (frame.kind() == CallFrame.ANSWER) {
                answers.add(frame);
            } else {
                onAsk.accept(new Wire.Ask(peer.address(), frame.number(), frame.body()));
            }
        }
        if (!answers.isEmpty()) {
            threads.execute(() -> answers.forEach(a -> calls.answered(a.number(), a.body())));
        }
    }

    /// Keeps a line to a node from now on; does nothing when there is one, or none can be had. A
    /// line to an earlier life of that node gives way.
    synchronized void hold(Wire.Hello hello) {
        CallLine present = lines.get(hello.from());
        if (isClosed || hello.callPort() == 0 || isOf(hello.uid(), present)) {
            return;
        }
        CallLine line = new CallLine(new Peer(hello.from(), hello.uid()), threads);
        lines.put(hello.from(), line); // also when the present one ends meanwhile
        if (present != null) {
            present.close();
        }
        threads.execute(() -> keep(line, hello.host(), hello.callPort()));
    }

    private static boolean isOf(long uid, @Nullable CallLine line) {
        return line != null && line.peer().uid() == uid;
    }

    private void keep(CallLine line, String host, int port) {
        try (CallSocket socket = CallSocket.connect(host, port, tls)) {
            line.open(socket, self);
            while (!isClosed && socket.in().read() >= 0) {
                LOG.debug("{} speaks where it should not", line.peer().address());
            }
        } catch (IOException e) {
            LOG.debug("the line to {} ends", line.peer().address(), e);
        } finally {
            line.close();
            lines.remove(line.peer().address(), line);
            if (!isClosed) {
                calls.lost(line.peer());
            }
        }
    }

    /// Sends a question or an answer.
    CallLine.Sent send(String address, CallFrame frame) {
        CallLine line = lines.get(address);
        return line == null ? CallLine.Sent.NO_LINE : line.send(frame);
    }

    /// An answer has not come in time. When nothing else has come from that node either, its line
    /// may be dead without anybody having said so.
    void suspect(Peer peer) {
        CallLine line = lines.get(peer.address());
        if (line != null && line.isSilentFor(SILENT.toNanos())) {
            LOG.info("the line to {} is silent, and is opened again", peer.address());
            line.close();
        }
    }

    /// Lets go of a node that has left.
    void forget(Peer peer) {
        CallLine line = lines.get(peer.address());
        if (line != null && isOf(peer.uid(), line)) {
            line.close();
        }
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        lines.values().forEach(CallLine::close);
        taken.forEach(CallLines::close);
        close(server);
    }

    private static void close(AutoCloseable end) {
        try {
            end.close();
        } catch (Exception e) {
            LOG.debug("a line cannot be closed", e);
        }
    }
}
