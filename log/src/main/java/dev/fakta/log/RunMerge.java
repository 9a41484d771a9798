// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;

/// Writes a [StreamRun] from sorted sources; of equal keys the first source that knows a location
/// decides it. One thread's.
final class RunMerge {

    /// Entries in ascending order of their unsigned keys.
    interface Source {
        long count();

        long key(long index);

        long event(long index);

        long snapshot(long index);
    }

    private static final int BUFFER = 1 << 18;

    private final Disk disk;
    private final List<Source> sources; // newest first
    private final long[] next;
    private final Bloom bloom;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private long at = StreamRun.HEADER;
    private long count;

    private RunMerge(Disk disk, List<Source> sources) {
        this.disk = disk;
        this.sources = sources;
        this.next = new long[sources.size()];
        this.bloom = Bloom.forKeys(sources.stream().mapToLong(Source::count).sum());
    }

    static Source of(StreamTable table) {
        long[] keys = table.sortedKeys();
        return new Source() {
            @Override
            public long count() {
                return keys.length;
            }

            @Override
            public long key(long index) {
                return keys[(int) index];
            }

            @Override
            public long event(long index) {
                return table.event(keys[(int) index]);
            }

            @Override
            public long snapshot(long index) {
                return table.snapshot(keys[(int) index]);
            }
        };
    }

    static Source of(StreamRun run) {
        return new Source() {
            @Override
            public long count() {
                return run.count();
            }

            @Override
            public long key(long index) {
                return run.key(index);
            }

            @Override
            public long event(long index) {
                return run.event(index);
            }

            @Override
            public long snapshot(long index) {
                return run.snapshot(index);
            }
        };
    }

    /// Makes a run file, durably. After a failure there is none.
    ///
    /// @return whether it was finished before `abandon` said to stop
    static boolean write(Disk disk, Path file, List<Source> sources, BooleanSupplier abandon)
            throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            return new RunMerge(disk, sources).run(channel, abandon);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private boolean run(FileChannel channel, BooleanSupplier abandon) throws IOException {
        long entries = countDistinct(abandon);
        if (entries < 0) {
            return false;
        }
        ByteBuffer header =
                ByteBuffer.allocateDirect(StreamRun.HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0, StreamRun.MAGIC).putInt(8, StreamRun.VERSION);
        header.putInt(12, bloom.words().length).putLong(16, entries);
        crc.update(header.position(8));
        writeEntries(channel);
        for (long word : bloom.words()) {
            room(channel, 8).putLong(word);
        }
        flush(channel);
        header.putInt(4, (int) crc.getValue());
        disk.write(channel, header.clear(), 0);
        disk.force(channel);
        return true;
    }

    /// A pass of its own, because the CRC starts with the header.
    private long countDistinct(BooleanSupplier abandon) {
        for (int least = least(); least >= 0; least = least()) {
            long key = key(least);
            bloom.add(key);
            skip(key);
            count++;
            if ((count & 0xFFFF) == 0 && abandon.getAsBoolean()) {
                return -1;
            }
        }
        Arrays.fill(next, 0);
        return count;
    }

    private void writeEntries(FileChannel channel) throws IOException {
        for (int least = least(); least >= 0; least = least()) {
            long key = key(least);
            long event = Location.NONE;
            long snapshot = Location.NONE;
            for (int i = 0; i < next.length; i++) {
                if (isAt(i, key)) {
                    Source source = sources.get(i);
                    event = event == Location.NONE ? source.event(next[i]) : event;
                    snapshot = snapshot == Location.NONE ? source.snapshot(next[i]) : snapshot;
                }
            }
            room(channel, StreamRun.ENTRY).putLong(key).putLong(event).putLong(snapshot);
            skip(key);
        }
    }

    /// The source with the least key, the newest of several; -1 when all are read.
    private int least() {
        int least = -1;
        for (int i = 0; i < next.length; i++) {
            if (next[i] < sources.get(i).count()
                    && (least < 0 || Long.compareUnsigned(key(i), key(least)) < 0)) {
                least = i;
            }
        }
        return least;
    }

    private long key(int source) {
        return sources.get(source).key(next[source]);
    }

    private boolean isAt(int source, long key) {
        return next[source] < sources.get(source).count() && key(source) == key;
    }

    private void skip(long key) {
        for (int i = 0; i < next.length; i++) {
            if (isAt(i, key)) {
                next[i]++;
            }
        }
    }

    private ByteBuffer room(FileChannel channel, int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush(channel);
        }
        return buffer;
    }

    private void flush(FileChannel channel) throws IOException {
        buffer.flip();
        crc.update(buffer.duplicate());
        int length = buffer.remaining();
        disk.write(channel, buffer, at);
        at += length;
        buffer.clear();
    }
}
