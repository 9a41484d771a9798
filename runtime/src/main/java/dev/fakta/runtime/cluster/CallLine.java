// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This node's questions and answers on their way to one other node, over a connection in that
/// direction only.
///
/// What is sent while the connection is free leaves at once; what comes while a write is under way
/// gathers, and leaves with the next write. So nothing waits for company, and under load one write
/// carries many frames. Who sends does not wait: the thread that writes is another one.
///
/// A line begins with `u32 magic, i64 uid, u16 length of the address, address` of who opened it.
/// Any thread.
final class CallLine implements AutoCloseable {

    static final int MAGIC = 0x46616b63; // "Fakc"
    static final int OPENING_HEAD = 4 + 8 + 2;

    /// Bytes, of frames with what each takes in memory; more is refused.
    static final int MOST_WAITING = 32 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(CallLine.class);
    private static final int PER_FRAME = 64;
    private static final int CHUNK = 64 << 10;

    private final Peer peer;
    private final Executor threads;
    private final ConcurrentLinkedQueue<CallFrame> outbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean isWriting = new AtomicBoolean();
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    private volatile @Nullable CallSocket socket;
    private volatile boolean isClosed;
    private volatile long heardAt = System.nanoTime();

    /// What has become of a frame.
    enum Sent {
        /// It is on its way, or will be with the next write.
        YES,
        /// So much waits already that this must not.
        FULL,
        /// There is no connection.
        NO_LINE
    }

    CallLine(Peer peer, Executor threads) {
        this.peer = peer;
        this.threads = threads;
    }

    Peer peer() {
        return peer;
    }

    /// Takes a connection into use, and says over it who this node is.
    void open(CallSocket connected, Peer self) throws IOException {
        byte[] address = self.address().getBytes(StandardCharsets.UTF_8);
        connected
                .out()
                .write(
                        ByteBuffer.allocate(OPENING_HEAD + address.length)
                                .putInt(MAGIC)
                                .putLong(self.uid())
                                .putShort((short) address.length)
                                .put(address)
                                .array());
        heardAt = System.nanoTime();
        socket = connected;
        if (isClosed) {
            connected.close();
        }
    }

    Sent send(CallFrame frame) {
        if (isClosed || socket == null || frame.body().length > CallFrame.LARGEST_BODY) {
            return Sent.NO_LINE;
        }
        int size = PER_FRAME + frame.size();
        if (waiting.addAndGet(size) > MOST_WAITING) {
            waiting.addAndGet(-size);
            return Sent.FULL;
        }
        outbox.add(frame);
        if (isWriting.compareAndSet(false, true)) {
            threads.execute(this::write);
        }
        return isClosed ? Sent.NO_LINE : Sent.YES;
    }

    private void write() {
        do {
            try {
                writeAll();
            } catch (IOException e) {
                LOG.debug("the line to {} breaks", peer.address(), e);
                close();
            } finally {
                isWriting.set(false);
            }
        } while (!isClosed && !outbox.isEmpty() && isWriting.compareAndSet(false, true));
    }

    private void writeAll() throws IOException {
        CallSocket to = socket;
        if (to == null) {
            throw new IOException("the line is not open");
        }
        chunk.clear();
        for (CallFrame frame = outbox.poll(); frame != null; frame = outbox.poll()) {
            if (chunk.remaining() < frame.size()) {
                flush(to.out());
            }
            frame.putHead(chunk);
            if (chunk.remaining() >= frame.body().length) {
                chunk.put(frame.body());
            } else {
                flush(to.out());
                to.out().write(frame.body());
            }
            waiting.addAndGet(-PER_FRAME - frame.size());
        }
        flush(to.out());
    }

    private void flush(OutputStream out) throws IOException {
        out.write(chunk.array(), 0, chunk.position());
        chunk.clear();
    }

    /// The node has sent something over its own line.
    void heard() {
        heardAt = System.nanoTime();
    }

    boolean isSilentFor(long nanos) {
        return System.nanoTime() - heardAt > nanos;
    }

    /// Ends it, and drops what waits.
    @Override
    public void close() {
        isClosed = true;
        CallSocket open = socket;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("a line cannot be closed", e);
            }
        }
        outbox.clear();
    }
}
