// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.LogException.Category;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/// An immutable part of the stream index on disk: sorted by key, mapped into memory, with a
/// [Bloom] filter on the heap. Little-endian.
///
///      0  int   magic
///      4  int   CRC32C of all that follows, checked when opened
///      8  int   format version
///     12  int   words of the Bloom filter
///     16  long  number of entries
///     24  40 B  zero
///     64  entries, ascending as unsigned keys: long key, long event, long snapshot
///         (locations; 0 for one that this run does not know)
///         the Bloom filter's words
///
/// Keys are hashes, so that interpolation finds one in a few steps.
final class StreamRun {

    static final int HEADER = 64;
    static final int ENTRY = 24;

    static final int MAGIC = 0x52534B46; // FKSR
    static final int VERSION = 1;
    private static final int MOST_GUESSES = 8;

    private final long number;
    private final Path path;
    private final Arena arena;
    private final MemorySegment bytes;
    private final long count;
    private final Bloom bloom;

    private StreamRun(long number, Path path, Arena arena, MemorySegment bytes) {
        this.number = number;
        this.path = path;
        this.arena = arena;
        this.bytes = bytes;
        this.count = Layouts.getLong(bytes, 16);
        this.bloom = new Bloom(new long[Layouts.getInt(bytes, 12)]);
        long at = HEADER + count * ENTRY;
        for (int i = 0; i < bloom.words().length; i++) {
            bloom.words()[i] = Layouts.getLong(bytes, at + 8L * i);
        }
    }

    static StreamRun open(long number, Path path) throws IOException {
        Arena arena = Mappings.newArena();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            check(path, bytes);
            return new StreamRun(number, path, arena, bytes);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static void check(Path path, MemorySegment bytes) {
        if (bytes.byteSize() < HEADER
                || Layouts.getInt(bytes, 0) != MAGIC
                || Layouts.getInt(bytes, 8) != VERSION
                || (int) crc(bytes) != Layouts.getInt(bytes, 4)) {
            throw new LogException(Category.CORRUPT, "the stream index is damaged: " + path);
        }
    }

    private static long crc(MemorySegment bytes) {
        CRC32C crc = new CRC32C();
        long step = 1 << 30;
        for (long at = 8; at < bytes.byteSize(); at += step) {
            crc.update(bytes.asSlice(at, Math.min(step, bytes.byteSize() - at)).asByteBuffer());
        }
        return crc.getValue();
    }

    long number() {
        return number;
    }

    Path path() {
        return path;
    }

    /// The checksum of what it holds.
    long crc() {
        return Integer.toUnsignedLong(Layouts.getInt(bytes, 4));
    }

    long count() {
        return count;
    }

    boolean mayContain(long key) {
        return bloom.mayContain(key);
    }

    long key(long index) {
        return Layouts.getLong(bytes, HEADER + index * ENTRY);
    }

    long event(long index) {
        return Layouts.getLong(bytes, HEADER + index * ENTRY + 8);
    }

    long snapshot(long index) {
        return Layouts.getLong(bytes, HEADER + index * ENTRY + 16);
    }

    /// The index of a key's entry; -1 when there is none.
    long find(long key) {
        long low = 0;
        long high = count - 1;
        if (count == 0 || !bloom.mayContain(key)) {
            return -1;
        }
        long guess = Math.unsignedMultiplyHigh(key, count);
        for (int i = 0; low <= high; i++) {
            long there = key(guess);
            if (there == key) {
                return guess;
            }
            if (Long.compareUnsigned(there, key) < 0) {
                low = guess + 1;
            } else {
                high = guess - 1;
            }
            guess = i < MOST_GUESSES ? near(guess, there, key, low, high) : (low + high) >>> 1;
        }
        return -1;
    }

    /// Keys are spread evenly: their distance says how many entries lie between.
    private long near(long from, long there, long key, long low, long high) {
        boolean up = Long.compareUnsigned(key, there) > 0;
        long distance = Math.unsignedMultiplyHigh(up ? key - there : there - key, count);
        long guess = up ? from + Math.max(1, distance) : from - Math.max(1, distance);
        return Math.clamp(guess, Math.min(low, high), high < low ? low : high);
    }

    /// Nobody may be reading, see [Mappings].
    void close() {
        arena.close();
    }
}
