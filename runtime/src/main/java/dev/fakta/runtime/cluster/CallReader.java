// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what another node sends over its [CallLine]: first who it is, then frames, as many at once
/// as have come. One thread.
final class CallReader {

    private static final int CHUNK = 64 << 10;

    private final InputStream in;
    private ByteBuffer buffer = ByteBuffer.allocate(CHUNK).flip();

    CallReader(InputStream in) {
        this.in = in;
    }

    /// Who has opened the line.
    ///
    /// @throws IOException also when the other side is no node of this kind
    Peer opening() throws IOException {
        need(CallLine.OPENING_HEAD);
        if (buffer.getInt() != CallLine.MAGIC) {
            throw new IOException("who has connected is no node");
        }
        long uid = buffer.getLong();
        byte[] address = new byte[Short.toUnsignedInt(buffer.getShort())];
        need(address.length);
        buffer.get(address);
        return new Peer(new String(address, StandardCharsets.UTF_8), uid);
    }

    private void need(int bytes) throws IOException {
        while (buffer.remaining() < bytes) {
            if (!fill(bytes)) {
                throw new EOFException("the line ends in its opening");
            }
        }
    }

    /// The next frames, at least one; none at the end of the line.
    ///
    /// @throws IOException also when what comes is no frame, or too large
    List<CallFrame> next() throws IOException {
        List<CallFrame> frames = new ArrayList<>();
        boolean isOpen = true;
        while (isOpen && frames.isEmpty()) {
            for (CallFrame frame = poll(); frame != null; frame = poll()) {
                frames.add(frame);
            }
            isOpen = !frames.isEmpty() || fill(missing());
        }
        return frames;
    }

    private @Nullable CallFrame poll() throws IOException {
        if (buffer.remaining() < CallFrame.HEAD) {
            return null;
        }
        int length = buffer.getInt(buffer.position()) - (CallFrame.HEAD - 4);
        byte kind = buffer.get(buffer.position() + 4);
        if (length < 0 || length > CallFrame.LARGEST_BODY) {
            throw new IOException("a frame says that its body has %d bytes".formatted(length));
        }
        if (kind != CallFrame.ASK && kind != CallFrame.ANSWER) {
            throw new IOException("a frame is of kind %d".formatted(kind));
        }
        if (buffer.remaining() < CallFrame.HEAD + length) {
            return null;
        }
        long number = buffer.getLong(buffer.position() + 5);
        byte[] body = new byte[length];
        buffer.position(buffer.position() + CallFrame.HEAD).get(body);
        return new CallFrame(kind, number, body);
    }

    /// Of the frame that has begun, or of the head of the next.
    private int missing() {
        return buffer.remaining() < CallFrame.HEAD
                ? CallFrame.HEAD
                : 4 + buffer.getInt(buffer.position());
    }

    /// Reads on towards so many bytes from here; `false` at the end. The room grows with what has
    /// come, not with what is claimed: a stranger's few bytes must not ask for megabytes.
    private boolean fill(int bytes) throws IOException {
        int there = buffer.remaining();
        int room = Math.max(CHUNK, Math.min(bytes, 2 * Integer.highestOneBit(there)));
        if (buffer.capacity() == room) {
            buffer.compact();
        } else { // a large frame has begun, or has been read
            buffer = ByteBuffer.allocate(Math.max(room, there)).put(buffer);
        }
        int read = in.read(buffer.array(), there, buffer.capacity() - there);
        buffer.position(there + Math.max(0, read)).flip();
        return read >= 0;
    }
}
