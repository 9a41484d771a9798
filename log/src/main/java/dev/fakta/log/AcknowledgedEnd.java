// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// How far the log was durable and acknowledged, in a small file of its own: so that opening tells
/// an acknowledged frame that has rotted (corruption) from a frame that a crash tore (cut).
/// Little-endian.
///
///      0  int   magic
///      4  int   CRC32C of bytes 8 to 64
///      8  u16   format version, 6 B zero
///     16  long  inode number of this file, 0 where files have none
///     24  long  time of birth of this file in nanoseconds, 0 where files have none
///     32  32 B  zero
///     64  long  location behind the last acknowledged frame, long its complement
///     80  long  likewise: the two places are written in turns
///     96  zeros to 512
///
/// It is written through a mapping after the force of each frame and before its answers, and never
/// forced. So it is never ahead of what the disk holds, and costs no system call. A crash between
/// two numbers leaves the other place, which is a frame behind; no answer for the newer frame was
/// given then. After a power loss it may be as old as the kernel's last write of that page, some
/// 30 s; it lies in one sector, which is written as a whole or not.
///
/// A copy of the directory made while the log runs may have this file from later than the segments.
/// Copies have another inode number, or have got the number of a removed file and have another time
/// of birth: they are ignored, and the first opening makes a new one. Without a valid file, or beyond what an old one says, a bad last frame counts as torn.
///
/// Refused: the position inside the next frame (says nothing about the last one); a force of its
/// own (doubles the cost of a commit); the position in the segment's header (a torn write of that
/// page would lose the header).
final class AcknowledgedEnd {

    static final String NAME = "acknowledged.end";

    private static final System.Logger LOG = System.getLogger(AcknowledgedEnd.class.getName());

    private static final int MAGIC = 0x45414B46; // FKAE
    private static final int VERSION = 1;
    private static final int SIZE = 512;
    private static final int CRC = 4;
    private static final int VERSION_AT = 8;
    private static final int INODE = 16;
    private static final int BIRTH = 24;
    private static final int PLACES = 64;
    private static final int PLACE = 16;

    private final Path path;
    private final MemorySegment bytes;
    private boolean isSecond;
    private boolean isLost;

    private AcknowledgedEnd(Path path, MemorySegment bytes) {
        this.path = path;
        this.bytes = bytes;
    }

    /// The location that a directory's file says; 0 when there is none, or it says nothing about
    /// this directory.
    static long read(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return Location.NONE;
        }
        MemorySegment bytes = MemorySegment.ofArray(Files.readAllBytes(file));
        if (!isValid(bytes)) {
            LOG.log(Level.WARNING, "{0} is damaged, and is not used", file);
            return Location.NONE;
        }
        if (Layouts.getLong(bytes, INODE) != inode(file) || !isBornThen(file, bytes)) {
            LOG.log(Level.INFO, "{0} is a copy, and is not used", file);
            return Location.NONE;
        }
        return Math.max(place(bytes, PLACES), place(bytes, PLACES + PLACE));
    }

    private static boolean isValid(MemorySegment bytes) {
        return bytes.byteSize() == SIZE
                && Layouts.getInt(bytes, 0) == MAGIC
                && Layouts.getInt(bytes, CRC) == crc(bytes)
                && Layouts.unsignedShort(bytes, VERSION_AT) == VERSION;
    }

    private static int crc(MemorySegment bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.asSlice(VERSION_AT, PLACES - VERSION_AT).asByteBuffer());
        return (int) crc.getValue();
    }

    private static long place(MemorySegment bytes, long at) {
        long location = Layouts.getLong(bytes, at);
        return location > 0 && Layouts.getLong(bytes, at + 8) == ~location
                ? location
                : Location.NONE;
    }

    private static long inode(Path file) throws IOException {
        try {
            return (Long) Files.getAttribute(file, "unix:ino");
        } catch (UnsupportedOperationException | IllegalArgumentException _) {
            return 0;
        }
    }

    private static boolean isBornThen(Path file, MemorySegment bytes) throws IOException {
        long stored = Layouts.getLong(bytes, BIRTH);
        return stored == 0 || stored == attributes(file).creationTime().to(TimeUnit.NANOSECONDS);
    }

    /// 0 when the file system does not tell: Java answers the time of the last change then, which
    /// this sets.
    private static long birth(Path file) throws IOException {
        FileTime changed = FileTime.fromMillis(0);
        Files.setLastModifiedTime(file, changed);
        FileTime born = attributes(file).creationTime();
        return born.equals(changed) ? 0 : born.to(TimeUnit.NANOSECONDS);
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class);
    }

    /// Makes a new file, which says this location, in place of the one there is. What cannot be
    /// written is logged: a log without this file works.
    ///
    /// @param arena for the mapping
    /// @return null when it cannot be written
    static @Nullable AcknowledgedEnd create(Path directory, Disk disk, Arena arena, long location) {
        Path file = directory.resolve(NAME);
        try {
            Files.deleteIfExists(file);
            disk.preallocate(file, SIZE);
            try (FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                MemorySegment bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE, arena);
                AcknowledgedEnd made = new AcknowledgedEnd(file, bytes);
                made.moveTo(location);
                disk.write(channel, header(inode(file), birth(file)), 0);
                return made;
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "cannot write " + file + "; the log goes on without it", e);
            return null;
        }
    }

    private static ByteBuffer header(long inode, long birth) {
        byte[] header = new byte[PLACES];
        Layouts.putInt(header, 0, MAGIC);
        Layouts.putShort(header, VERSION_AT, VERSION);
        Layouts.putLong(header, INODE, inode);
        Layouts.putLong(header, BIRTH, birth);
        Layouts.putInt(header, CRC, crc(MemorySegment.ofArray(header)));
        return ByteBuffer.wrap(header);
    }

    /// All up to this location is durable, and about to be acknowledged. The log thread's.
    void moveTo(long location) {
        if (isLost) {
            return;
        }
        try {
            long at = isSecond ? PLACES + PLACE : PLACES;
            Layouts.putLong(bytes, at, location);
            Layouts.putLong(bytes, at + 8, ~location);
            VarHandle.releaseFence();
            isSecond = !isSecond;
        } catch (InternalError e) { // so the JVM reports a page that the disk cannot read
            isLost = true;
            LOG.log(Level.WARNING, "cannot write " + path + "; the log goes on without it", e);
        }
    }
}
