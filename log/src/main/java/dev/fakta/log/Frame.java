// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A frame: what one write and one force made durable. Little-endian; starts at a multiple of 8.
///
///      0  int   magic
///      4  int   CRC32C of all that follows
///      8  u16   format version, u16 zero
///     12  int   length of the frame, a multiple of 8
///     16  long  sequence number: 1, 2, 3 … through all segments
///     24  32 B  SHA-256 of (the hash of the frame before, bytes 8 to 24, bytes 56 to the end)
///     56  int   number of entries, int zero
///     64  entries, see [Entry]
///
/// The CRC finds accidents and is checked wherever a frame is read. The hash chain proves that
/// nothing was altered or removed, and is checked at recovery and by [LogVerifier].
///
/// The magic and the version stand there in every format, the rest as the version says.
final class Frame {

    static final int HEADER = 64;
    static final int HASH_BYTES = 32;

    private static final int MAGIC = 0x31464B46; // FKF1
    private static final int VERSION = 1;
    private static final int LARGEST_VERSION = 255; // more is garbage
    private static final int CRC = 4;
    private static final int VERSION_AT = 8;
    private static final int LENGTH = 12;
    private static final int SEQUENCE = 16;
    private static final int HASH = 24;
    private static final int COUNT = 56;

    private Frame() {}

    static byte[] noHash() {
        return new byte[HASH_BYTES];
    }

    static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /// Fills in the header of a frame whose entries are in place.
    ///
    /// @return the frame's hash
    static byte[] seal(
            byte[] frame,
            int length,
            int entries,
            long sequence,
            byte[] before,
            MessageDigest sha) {
        Layouts.putInt(frame, 0, MAGIC);
        Layouts.putInt(frame, VERSION_AT, VERSION);
        Layouts.putInt(frame, LENGTH, length);
        Layouts.putLong(frame, SEQUENCE, sequence);
        Layouts.putInt(frame, COUNT, entries);
        Layouts.putInt(frame, COUNT + 4, 0);
        sha.update(before);
        sha.update(frame, VERSION_AT, HASH - VERSION_AT);
        sha.update(frame, COUNT, length - COUNT);
        byte[] hash = sha.digest();
        System.arraycopy(hash, 0, frame, HASH, HASH_BYTES);
        CRC32C crc = new CRC32C();
        crc.update(frame, VERSION_AT, length - VERSION_AT);
        Layouts.putInt(frame, CRC, (int) crc.getValue());
        return hash;
    }

    /// Whether a frame's header could stand here, by its first bytes.
    static boolean startsAt(MemorySegment file, long at) {
        return at + HEADER <= file.byteSize() && Layouts.getInt(file, at) == MAGIC;
    }

    /// Fails when a later program has written this frame.
    ///
    /// @throws LogException `UNAVAILABLE`
    static void failWhenNewer(Segment segment, long at) {
        int version = newerVersion(segment.bytes(), at);
        if (version > 0) {
            throw segment.newer(at, "a frame", version, VERSION);
        }
    }

    static int length(MemorySegment file, long at) {
        return Layouts.getInt(file, at + LENGTH);
    }

    static long sequence(MemorySegment file, long at) {
        return Layouts.getLong(file, at + SEQUENCE);
    }

    static int entries(MemorySegment file, long at) {
        return Layouts.getInt(file, at + COUNT);
    }

    static byte[] hash(MemorySegment file, long at) {
        return Layouts.getBytes(file, at + HASH, HASH_BYTES);
    }

    /// What is wrong with the frame here, by itself; null for nothing.
    static @Nullable String fault(MemorySegment file, long at) {
        if (!startsAt(file, at)) {
            return "there is no frame";
        }
        int length = length(file, at);
        if (length < HEADER || (length & 7) != 0 || at + length > file.byteSize()) {
            return "a frame's length is " + length;
        }
        if (!isIntactAs(VERSION, file, at, length)) {
            return "the CRC of a frame of %,d bytes is wrong".formatted(length);
        }
        int version = Layouts.getInt(file, at + VERSION_AT);
        return version == VERSION ? null : "the version of a frame is damaged: " + version;
    }

    private static boolean isIntactAs(int version, MemorySegment file, long at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(version);
        crc.update(version >>> 8);
        long from = at + VERSION_AT + 2;
        crc.update(file.asSlice(from, length - VERSION_AT - 2).asByteBuffer());
        return (int) crc.getValue() == Layouts.getInt(file, at + CRC);
    }

    /// Whether a later program has written this frame.
    static boolean isNewer(MemorySegment file, long at) {
        return newerVersion(file, at) > 0;
    }

    /// The version of a frame that a later program has written; 0 when this is none. A damaged
    /// version of this format is none.
    private static int newerVersion(MemorySegment file, long at) {
        if (!startsAt(file, at)) {
            return 0;
        }
        int version = Layouts.getInt(file, at + VERSION_AT);
        if (version <= VERSION || version > LARGEST_VERSION) {
            return 0;
        }
        int length = length(file, at);
        boolean fits = length >= HEADER && at + length <= file.byteSize();
        return fits && isIntactAs(VERSION, file, at, length) ? 0 : version;
    }

    /// The hash that an intact frame must have after the one `before`.
    static byte[] expectedHash(MemorySegment file, long at, byte[] before, MessageDigest sha) {
        sha.update(before);
        sha.update(file.asSlice(at + VERSION_AT, HASH - VERSION_AT).asByteBuffer());
        sha.update(file.asSlice(at + COUNT, length(file, at) - COUNT).asByteBuffer());
        return sha.digest();
    }
}
