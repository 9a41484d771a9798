// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.LogException.Category;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A segment file: a header, then frames, then zeros. Little-endian.
///
///      0  int   magic
///      4  int   CRC32C of bytes 8 to the end of the header
///      8  u16   format version, u16 zero
///     12  int   length of the header, a multiple of 4096
///     16  long  number of the segment
///     24  int   number of partitions, int zero
///     32  long  sequence number of the next frame
///     40  long  location of the last mark in the segment before, or 0
///     48  32 B  hash of the frame before
///     80  long per partition: its head before this segment
///
/// The header is durable before a first frame is written, so a file of zeros was only prepared. One
/// with a part of the header that it would have got, and zeros behind it, is what a crash left of
/// writing that header. Any other file without a valid header is damaged or foreign, and is refused.
///
/// The magic, the place of the version, and that the two bytes behind it are zero hold for every
/// format; all else, the checksum's rule too, is that of the version. So the version is looked at
/// first.
///
/// Reading goes through a mapping that is made when first needed, and released with the
/// log; nobody reads beyond the committed end, so that the file may be cut there.
final class Segment {

    private static final int MAGIC = 0x53544B46; // FKTS
    private static final int VERSION = 1;
    private static final int PAGE = 4096;
    private static final int CRC = 4;
    private static final int VERSION_AT = 8;
    private static final int LENGTH = 12;
    private static final int NUMBER = 16;
    private static final int PARTITIONS = 24;
    private static final int SEQUENCE = 32;
    private static final int LAST_MARK = 40;
    private static final int HASH = 48;
    private static final int HEADS = 80;

    private final int number;
    private final Path path;
    private final Arena arena;
    private volatile @Nullable MemorySegment bytes;
    private volatile int end = Integer.MAX_VALUE;

    Segment(int number, Path path, Arena arena) {
        this.number = number;
        this.path = path;
        this.arena = arena;
    }

    static int headerBytes(int partitions) {
        return (HEADS + 8 * partitions + PAGE - 1) / PAGE * PAGE;
    }

    /// The header of a segment that begins behind what `before` covers.
    static byte[] header(int number, Checkpoint before) {
        long[] heads = before.partitions().heads();
        byte[] header = new byte[headerBytes(heads.length)];
        Layouts.putInt(header, 0, MAGIC);
        Layouts.putInt(header, VERSION_AT, VERSION);
        Layouts.putInt(header, LENGTH, header.length);
        Layouts.putLong(header, NUMBER, number);
        Layouts.putInt(header, PARTITIONS, heads.length);
        Layouts.putLong(header, SEQUENCE, before.sequence() + 1);
        Layouts.putLong(header, LAST_MARK, before.mark());
        System.arraycopy(before.hash(), 0, header, HASH, Frame.HASH_BYTES);
        for (int i = 0; i < heads.length; i++) {
            Layouts.putLong(header, HEADS + 8 * i, heads[i]);
        }
        CRC32C crc = new CRC32C();
        crc.update(header, VERSION_AT, header.length - VERSION_AT);
        Layouts.putInt(header, CRC, (int) crc.getValue());
        return header;
    }

    int number() {
        return number;
    }

    Path path() {
        return path;
    }

    /// The whole file.
    MemorySegment bytes() {
        MemorySegment mapped = bytes;
        return mapped == null ? map() : mapped;
    }

    private synchronized MemorySegment map() {
        MemorySegment mapped = bytes;
        if (mapped != null) {
            return mapped;
        }
        boolean interrupted = Thread.interrupted(); // it would close the channel
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            bytes = mapped;
            return mapped;
        } catch (IOException e) {
            throw Disk.failure("cannot read " + path, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Where frames end for good, or at the latest.
    long end() {
        return Math.min(end, bytes().byteSize());
    }

    /// No frame will stand at `at` or behind it.
    void sealAt(int at) {
        end = at;
    }

    /// Whether the header is one of this format, undamaged.
    boolean isBegun() {
        return headerFault() == null;
    }

    /// Fails unless [#isBegun].
    ///
    /// @throws LogException `CORRUPT`; `UNAVAILABLE` when the segment is of a newer format
    Segment begun() {
        failWhenNewer();
        if (!isBegun()) {
            throw fault();
        }
        return this;
    }

    /// Why it is not [#isBegun].
    LogException fault() {
        return corrupt(0, String.valueOf(headerFault()));
    }

    /// Fails when the header says so of itself, and is not a damaged one of this format.
    ///
    /// @throws LogException `UNAVAILABLE`
    void failWhenNewer() {
        MemorySegment file = bytes();
        if (file.byteSize() >= HEADS && Layouts.getInt(file, 0) == MAGIC) {
            int version = Layouts.unsignedShort(file, VERSION_AT);
            if (version > VERSION && !isIntactAs(VERSION)) {
                throw newer(VERSION_AT, "the segment", version, VERSION);
            }
        }
    }

    private @Nullable String headerFault() {
        MemorySegment file = bytes();
        if (file.byteSize() < PAGE) {
            return "a file of %d bytes is too short for a segment".formatted(file.byteSize());
        }
        if (Layouts.getInt(file, 0) != MAGIC) {
            return "this is no segment of a log: its first bytes are %08x"
                    .formatted(Integer.reverseBytes(Layouts.getInt(file, 0)));
        }
        if (Layouts.unsignedShort(file, VERSION_AT) != VERSION || !isIntactAs(VERSION)) {
            return "the header of the segment is damaged";
        }
        long stored = Layouts.getLong(file, NUMBER);
        return stored == number ? null : "the file holds segment " + stored;
    }

    /// Whether the header's checksum is right, were its version this one.
    private boolean isIntactAs(int version) {
        MemorySegment file = bytes();
        int length = Layouts.getInt(file, LENGTH);
        if (length < PAGE || length > file.byteSize()) {
            return false;
        }
        CRC32C crc = new CRC32C();
        crc.update(version);
        crc.update(version >>> 8);
        crc.update(file.asSlice(VERSION_AT + 2, length - VERSION_AT - 2).asByteBuffer());
        return (int) crc.getValue() == Layouts.getInt(file, CRC);
    }

    /// Whether no header was ever written here completely: all bytes are zero, or a part of the
    /// header that would have been written after `before`, with zeros behind it.
    boolean isUnbegun(Checkpoint before) {
        MemorySegment file = bytes();
        byte[] header = header(number, before);
        int length = (int) Math.min(header.length, file.byteSize());
        for (int at = 0; at < length; at++) {
            byte there = file.get(ValueLayout.JAVA_BYTE, at);
            if (there != 0 && there != header[at]) {
                return false;
            }
        }
        return LogWalk.lastNonZero(file, length) < 0;
    }

    /// Whether nothing was ever written here.
    boolean isZero() {
        return LogWalk.lastNonZero(bytes(), 0) < 0;
    }

    int headerLength() {
        return Layouts.getInt(bytes(), LENGTH);
    }

    int partitions() {
        return Layouts.getInt(bytes(), PARTITIONS);
    }

    long firstSequence() {
        return Layouts.getLong(bytes(), SEQUENCE);
    }

    long markBefore() {
        return Layouts.getLong(bytes(), LAST_MARK);
    }

    byte[] hashBefore() {
        return Layouts.getBytes(bytes(), HASH, Frame.HASH_BYTES);
    }

    long headBefore(int partition) {
        return Layouts.getLong(bytes(), HEADS + 8L * partition);
    }

    /// A format that a later program has written.
    LogException newer(long at, String what, int version, int known) {
        return new LogException(
                Category.UNAVAILABLE,
                "%s has format %d; this program knows %d: start one that knows it, or put back the copy of before the upgrade; in %s at byte %d"
                        .formatted(what, version, known, path, at));
    }

    LogException corrupt(long at, String what) {
        Damage damage = new Damage(path, at, what);
        return new LogException(Category.CORRUPT, damage.fault().toString(), damage);
    }
}
