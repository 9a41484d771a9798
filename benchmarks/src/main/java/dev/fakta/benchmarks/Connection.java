// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.benchmarks.LoadMeter.Failure;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// One keep-alive connection of a load: sends a request, reads its response, sends the next. A
/// connection that breaks, or that the server closes, is replaced by a new one; after a failed
/// attempt to connect it waits a little. For the generator's thread only.
final class Connection {

    private static final int BUFFER = 64 * 1024;
    private static final long RECONNECT_NANOS = 50_000_000;

    private enum State {
        CONNECTING,
        AWAITING_RESPONSE,
        FREE,
        DOWN
    }

    private final Load load;
    private final Selector selector;
    private final RequestSource requests;
    private final LoadMeter meter;
    private final ResponseReader reader = new ResponseReader();
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
    private State state = State.DOWN;
    private @Nullable SocketChannel channel;
    private long since; // System.nanoTime() of the last change of state

    /// Says when the next request is sent, and fills a buffer with it.
    interface RequestSource {
        /// Whether a connection that has become free sends at once. Otherwise it waits for
        /// [Connection#send].
        boolean isNextDue(Connection free);

        void writeNext(ByteBuffer out);
    }

    Connection(Load load, Selector selector, RequestSource requests, LoadMeter meter) {
        this.load = load;
        this.selector = selector;
        this.requests = requests;
        this.meter = meter;
    }

    void connect() {
        enter(State.CONNECTING);
        try {
            SocketChannel opened = SocketChannel.open();
            channel = opened;
            opened.configureBlocking(false);
            opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
            boolean isConnected = opened.connect(load.target());
            int interest = isConnected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT;
            SelectionKey key = opened.register(selector, interest, this);
            if (isConnected) {
                onFree(opened, key);
            }
        } catch (IOException _) {
            fail(Failure.CONNECT);
        }
    }

    private void onFree(SocketChannel ready, SelectionKey key) throws IOException {
        if (requests.isNextDue(this)) {
            sendNext(ready, key);
        } else {
            key.interestOps(SelectionKey.OP_READ);
            enter(State.FREE);
        }
    }

    /// Sends the next request.
    ///
    /// @return `false` when the connection is not free any more
    boolean send() {
        SocketChannel ready = channel;
        SelectionKey key = ready == null ? null : ready.keyFor(selector);
        if (state != State.FREE || ready == null || key == null || !key.isValid()) {
            return false;
        }
        try {
            sendNext(ready, key);
        } catch (IOException _) {
            fail(Failure.CLOSED);
        }
        return true;
    }

    void onReady(SelectionKey key) {
        SocketChannel ready = channel;
        if (ready == null || !key.channel().equals(ready) || !key.isValid()) {
            return; // of a channel that was replaced in the meantime
        }
        try {
            if (state == State.CONNECTING) {
                ready.finishConnect();
                onFree(ready, key);
            } else if (state == State.FREE) {
                close(); // by the server, which owes nothing
                connect();
            } else {
                if (key.isWritable()) {
                    flush(ready, key);
                }
                if (key.isReadable()) {
                    receive(ready, key);
                }
            }
        } catch (ProtocolException _) {
            fail(Failure.MALFORMED);
        } catch (IOException _) {
            fail(state == State.CONNECTING ? Failure.CONNECT : Failure.CLOSED);
        }
    }

    /// Gives up what takes too long and tries again what is down. Called every few milliseconds.
    void check(long now) {
        long elapsed = now - since;
        switch (state) {
            case CONNECTING -> {
                if (elapsed > load.connectLimit().toNanos()) {
                    fail(Failure.CONNECT);
                }
            }
            case AWAITING_RESPONSE -> {
                if (elapsed > load.responseLimit().toNanos()) {
                    fail(Failure.TIMEOUT);
                }
            }
            case FREE -> {} // nothing is waited for
            case DOWN -> {
                if (elapsed > RECONNECT_NANOS) {
                    connect();
                }
            }
        }
    }

    void close() {
        SocketChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException _) {
                // The connection is given up; nothing depends on how it ends.
            }
        }
    }

    private void sendNext(SocketChannel ready, SelectionKey key) throws IOException {
        reader.reset();
        in.clear();
        out.clear();
        requests.writeNext(out);
        out.flip();
        enter(State.AWAITING_RESPONSE);
        flush(ready, key);
    }

    private void flush(SocketChannel ready, SelectionKey key) throws IOException {
        ready.write(out);
        int interest =
                out.hasRemaining()
                        ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
                        : SelectionKey.OP_READ;
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    private void receive(SocketChannel ready, SelectionKey key) throws IOException {
        int count = ready.read(in);
        if (count < 0) {
            onEnd();
            return;
        }
        in.flip();
        if (!reader.read(in)) {
            in.compact();
            if (!in.hasRemaining()) {
                throw new ProtocolException("a line longer than the buffer");
            }
            return;
        }
        boolean isReusable = reader.isKeptAlive() && !out.hasRemaining();
        if (in.hasRemaining() && isReusable) {
            throw new ProtocolException("bytes after the response");
        }
        meter.answered(reader.status(), System.nanoTime() - since);
        if (isReusable) {
            onFree(ready, key);
        } else {
            close();
            connect();
        }
    }

    private void onEnd() {
        if (reader.endsWithConnection()) {
            meter.answered(reader.status(), System.nanoTime() - since);
            close();
            connect();
        } else {
            fail(Failure.CLOSED);
        }
    }

    /// A lost connection is replaced at once, one that could not be made after a pause.
    private void fail(Failure failure) {
        meter.failed(failure);
        close();
        if (failure == Failure.CLOSED || failure == Failure.TIMEOUT) {
            connect();
        } else {
            enter(State.DOWN);
        }
    }

    private void enter(State next) {
        state = next;
        since = System.nanoTime();
    }
}
