// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Clients that each send a body of 1 MiB so slowly that it takes 26 s, and begin anew when it is
/// sent or the server has cut them off. They are rude: they go on sending what the server has
/// refused already. One thread drives them all.
final class SlowSenders implements AutoCloseable {

    private static final int BODY = 1 << 20;
    private static final int CHUNK = 16 << 10;
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(400);
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final InetSocketAddress target;
    private final byte[] head;
    private final byte[] spaces = new byte[CHUNK];
    private final ByteBuffer answer = ByteBuffer.allocate(CHUNK);
    private final Thread thread;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean isClosed;
    private volatile @Nullable String failure;

    /// One of them.
    private static final class Sender {
        private long due;
        private int left;
        private @Nullable SocketChannel channel;

        Sender(long due) {
            this.due = due;
        }
    }

    private SlowSenders(InetSocketAddress target, String path, int count) {
        this.target = target;
        this.head =
                """
                POST %s HTTP/1.1\r
                Host: %s:%d\r
                Content-Type: application/json\r
                Content-Length: %d\r
                \r
                """
                        .formatted(path, target.getHostString(), target.getPort(), BODY)
                        .getBytes(StandardCharsets.US_ASCII);
        Arrays.fill(spaces, (byte) ' ');
        this.thread = Thread.ofPlatform().name("slow-senders").unstarted(() -> drive(count));
    }

    /// Starts so many.
    static SlowSenders start(InetSocketAddress target, String path, int count) {
        SlowSenders senders = new SlowSenders(target, path, count);
        senders.thread.start();
        return senders;
    }

    /// How many have a connection.
    int open() {
        return open.get();
    }

    /// How much the server has taken off the network, of all of them.
    long bytes() {
        return bytes.get();
    }

    /// Why one of them could not connect; `null` when all could.
    @Nullable String failure() {
        return failure;
    }

    private void drive(int count) {
        long begun = System.nanoTime();
        List<Sender> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new Sender(begun + i * EVERY_NANOS / count));
        }
        while (!isClosed) {
            long now = System.nanoTime();
            for (Sender sender : all) {
                if (now - sender.due >= 0) {
                    sender.due = now + EVERY_NANOS;
                    step(sender);
                }
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
        all.forEach(this::end);
    }

    private void step(Sender sender) {
        SocketChannel channel = sender.channel;
        if (channel == null) {
            begin(sender);
            return;
        }
        try {
            answer.clear();
            boolean isCut = channel.read(answer) < 0;
            if (isCut || sender.left == 0) {
                end(sender);
            } else {
                int sent = channel.write(ByteBuffer.wrap(spaces, 0, Math.min(CHUNK, sender.left)));
                sender.left -= sent;
                bytes.addAndGet(sent);
            }
        } catch (IOException _) {
            end(sender); // cut off by the server: it begins anew
        }
    }

    private void begin(Sender sender) {
        try {
            SocketChannel channel = SocketChannel.open(target);
            sender.channel = channel;
            open.incrementAndGet();
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.write(ByteBuffer.wrap(head));
            sender.left = BODY;
        } catch (IOException e) {
            failure = e.toString();
            end(sender);
        }
    }

    private void end(Sender sender) {
        SocketChannel channel = sender.channel;
        sender.channel = null;
        if (channel != null) {
            open.decrementAndGet();
            try {
                channel.close();
            } catch (IOException e) {
                failure = e.toString();
            }
        }
    }

    @Override
    public void close() {
        isClosed = true;
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // it ends by itself within a tick
        }
    }
}
