// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/// The place where the log grows: the newest segment, and how far it is durable. The log thread's.
///
/// After a write or a force has failed, what the page cache holds beyond the durable end is not
/// what the disk holds, and a second force may report success all the same (the "fsyncgate" of
/// PostgreSQL, 2018). So the file is cut at the durable end and forced, and the log goes on in a
/// fresh segment; until that succeeds, nothing is written.
final class Tail {

    private static final System.Logger LOG = System.getLogger(Tail.class.getName());
    private static final int CHUNK = 1 << 20;

    /// The next segment is made when a quarter of this one is used: a quiet log takes no room.
    private static final int PREPARE_AT = 4;

    private final SegmentFiles files;
    private final Disk disk;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
    private Segment segment;
    private FileChannel channel;
    private long capacity;
    private int end;
    private boolean broken;

    /// Goes on in the newest segment.
    Tail(SegmentFiles files, Disk disk, int end) throws IOException {
        this.files = files;
        this.disk = disk;
        this.segment = files.newest();
        this.channel = FileChannel.open(segment.path(), StandardOpenOption.WRITE);
        this.capacity = channel.size();
        this.end = end;
    }

    Segment segment() {
        return segment;
    }

    /// The byte where the next frame goes.
    int end() {
        return end;
    }

    /// Makes room for a frame, in a new segment if need be.
    ///
    /// @throws LogException `FULL` or `UNAVAILABLE`; nothing has changed then
    void reserve(int length, LogState state) {
        try {
            if (broken) {
                closeQuietly(channel); // an interrupt may have done so already
                channel = FileChannel.open(segment.path(), StandardOpenOption.WRITE);
                disk.truncate(channel, end);
                capacity = end;
                broken = false;
            }
        } catch (IOException e) {
            throw Disk.failure("cannot cut " + segment.path() + " at its durable end", e);
        }
        if (end + (long) length > capacity) {
            goOn(state);
        }
    }

    private void goOn(LogState state) {
        FileChannel opened = files.begin(segment.number() + 1, state);
        closeQuietly(channel);
        segment.sealAt(end);
        segment = files.newest();
        channel = opened;
        capacity = segment.bytes().byteSize();
        end = segment.headerLength();
    }

    /// Writes the frame at the end and forces it.
    ///
    /// @throws LogException `FULL` or `UNAVAILABLE`; the end stays where it was
    void append(byte[] frame, int length) {
        try {
            for (int from = 0; from < length; from += CHUNK) {
                buffer.clear().put(frame, from, Math.min(CHUNK, length - from)).flip();
                disk.write(channel, buffer, end + (long) from);
            }
            disk.force(channel);
            end += length;
            if (end > capacity / PREPARE_AT) {
                files.prepare(segment.number() + 1);
            }
        } catch (IOException e) {
            broken = true;
            segment.sealAt(end);
            LogException failure =
                    Disk.failure("cannot write to %s at byte %d".formatted(segment.path(), end), e);
            LOG.log(Level.WARNING, failure.getMessage());
            throw failure;
        }
    }

    void close() {
        closeQuietly(channel);
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "cannot close a segment; all of it is durable", e);
        }
    }
}
