// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// Real files on a disk that fails when told to. What a failed force leaves is what a real one may
/// leave: in the page cache everything, durable nothing of it.
final class FaultyDisk implements Disk {

    private volatile int failingForces;
    private volatile int shortWrites;
    private volatile int failingTruncates;
    private volatile boolean full;
    private volatile boolean interrupting;
    private volatile int forces;
    private volatile CountDownLatch held = new CountDownLatch(0);

    void failForces(int number) {
        failingForces = number;
    }

    void cutWritesShort(int number) {
        shortWrites = number;
    }

    void failTruncates(int number) {
        failingTruncates = number;
    }

    /// The log thread's, that is: another thread may be making the next segment.
    void interruptNextWrite() {
        interrupting = true;
    }

    void fill() {
        full = true;
    }

    void makeRoom() {
        full = false;
    }

    /// Lets no force begin until the latch opens.
    void hold(CountDownLatch latch) {
        held = latch;
    }

    int forces() {
        return forces;
    }

    @Override
    public void preallocate(Path file, int bytes) throws IOException {
        if (full) {
            throw new IOException("No space left on device");
        }
        Disk.super.preallocate(file, bytes);
    }

    @Override
    public synchronized void write(FileChannel channel, ByteBuffer bytes, long at)
            throws IOException {
        if (interrupting && Thread.currentThread().getName().equals("fakta-log")) {
            interrupting = false;
            Thread.currentThread().interrupt();
        }
        if (shortWrites > 0) {
            shortWrites--;
            int half = bytes.remaining() / 2;
            Disk.super.write(channel, bytes.limit(bytes.position() + half), at);
            throw new IOException("Input/output error (injected)");
        }
        Disk.super.write(channel, bytes, at);
    }

    @Override
    public void force(FileChannel channel) throws IOException {
        try {
            held.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        forceNow(channel);
    }

    private synchronized void forceNow(FileChannel channel) throws IOException {
        if (failingForces > 0) {
            failingForces--;
            throw new IOException("Input/output error (injected)");
        }
        forces++;
        Disk.super.force(channel);
    }

    @Override
    public synchronized void truncate(FileChannel channel, long length) throws IOException {
        if (failingTruncates > 0) {
            failingTruncates--;
            throw new IOException("Input/output error (injected)");
        }
        Disk.super.truncate(channel, length);
    }
}
