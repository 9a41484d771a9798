// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// A frame's entries. Each starts with this header; the length includes it and is a multiple of 8.
///
///      0  int   length
///      4  int   kind
///      8  int   partition
///     12  int   count
///     16  long  number
///     24  long  epoch
///
/// | kind | count | number | then |
/// |---|---|---|---|
/// | 1 events: one append | of events | offset of the first | records, see [EventBytes] |
/// | 2 claim | bytes of the node's name | offset | long time, the name |
/// | 3 snapshot | bytes of the payload | location of the snapshot before, of the same stream hash | long hash, long revision, int name's bytes, int CRC32C of what follows and of the 20 bytes before, name, payload |
/// | 4 mark | of partitions | location of the mark before, in this segment | long head per partition, before this frame |
///
/// A mark comes first in a frame, about once per MiB of log: a reader finds its start by them.
final class Entry {

    static final int HEADER = 32;

    static final int EVENTS = 1;
    static final int CLAIM = 2;
    static final int SNAPSHOT = 3;
    static final int MARK = 4;

    private static final int KIND = 4;
    private static final int PARTITION = 8;
    private static final int COUNT = 12;
    private static final int NUMBER = 16;
    private static final int EPOCH = 24;

    private static final int HASH = 32;
    private static final int REVISION = 40;
    private static final int NAME_LENGTH = 48;
    private static final int SNAPSHOT_CRC = 52;
    private static final int NAME = 56;

    private Entry() {}

    static void putHeader(byte[] bytes, int at, int length, int kind, int partition, int count) {
        Layouts.putInt(bytes, at, length);
        Layouts.putInt(bytes, at + KIND, kind);
        Layouts.putInt(bytes, at + PARTITION, partition);
        Layouts.putInt(bytes, at + COUNT, count);
    }

    static void putNumber(byte[] bytes, int at, long number) {
        Layouts.putLong(bytes, at + NUMBER, number);
    }

    static void putEpoch(byte[] bytes, int at, long epoch) {
        Layouts.putLong(bytes, at + EPOCH, epoch);
    }

    static int kind(byte[] bytes) {
        return Layouts.getInt(bytes, KIND);
    }

    static int length(MemorySegment file, long at) {
        return Layouts.getInt(file, at);
    }

    static int kind(MemorySegment file, long at) {
        return Layouts.getInt(file, at + KIND);
    }

    static int partition(MemorySegment file, long at) {
        return Layouts.getInt(file, at + PARTITION);
    }

    static int count(MemorySegment file, long at) {
        return Layouts.getInt(file, at + COUNT);
    }

    static long number(MemorySegment file, long at) {
        return Layouts.getLong(file, at + NUMBER);
    }

    static long epoch(MemorySegment file, long at) {
        return Layouts.getLong(file, at + EPOCH);
    }

    static byte[] claim(int partition, long offset, long epoch, String node, long time) {
        byte[] name = node.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[Layouts.padded(HEADER + 8 + name.length)];
        putHeader(bytes, 0, bytes.length, CLAIM, partition, name.length);
        putNumber(bytes, 0, offset);
        putEpoch(bytes, 0, epoch);
        Layouts.putLong(bytes, HEADER, time);
        System.arraycopy(name, 0, bytes, HEADER + 8, name.length);
        return bytes;
    }

    static long claimTime(MemorySegment file, long at) {
        return Layouts.getLong(file, at + HEADER);
    }

    static ClaimRecord claim(MemorySegment file, long at) {
        String node = text(file, at + HEADER + 8, count(file, at));
        return new ClaimRecord(
                partition(file, at), number(file, at), epoch(file, at), node, claimTime(file, at));
    }

    static byte[] snapshot(int partition, byte[] name, long hash, Snapshot snapshot) {
        byte[] payload = snapshot.payload();
        byte[] bytes = new byte[Layouts.padded(NAME + name.length + payload.length)];
        putHeader(bytes, 0, bytes.length, SNAPSHOT, partition, payload.length);
        Layouts.putLong(bytes, HASH, hash);
        Layouts.putLong(bytes, REVISION, snapshot.revision());
        Layouts.putInt(bytes, NAME_LENGTH, name.length);
        System.arraycopy(name, 0, bytes, NAME, name.length);
        System.arraycopy(payload, 0, bytes, NAME + name.length, payload.length);
        int crc = snapshotCrc(MemorySegment.ofArray(bytes), 0);
        Layouts.putInt(bytes, SNAPSHOT_CRC, crc);
        return bytes;
    }

    static MemorySegment snapshotName(byte[] entry) {
        return MemorySegment.ofArray(entry).asSlice(NAME, Layouts.getInt(entry, NAME_LENGTH));
    }

    private static int snapshotCrc(MemorySegment file, long at) {
        CRC32C crc = new CRC32C();
        crc.update(file.asSlice(at + HASH, SNAPSHOT_CRC - HASH).asByteBuffer());
        crc.update(file.asSlice(at + NAME, length(file, at) - NAME).asByteBuffer());
        return (int) crc.getValue();
    }

    /// Whether a snapshot stands here, within `room` bytes, and is what was written.
    static boolean isIntactSnapshot(MemorySegment file, long at, long room) {
        return room >= NAME
                && kind(file, at) == SNAPSHOT
                && length(file, at) >= NAME
                && length(file, at) <= room
                && isSnapshotFull(file, at)
                && Layouts.getInt(file, at + SNAPSHOT_CRC) == snapshotCrc(file, at);
    }

    /// Whether name and payload fill it, but for the padding. The CRC does not cover the payload's
    /// length.
    private static boolean isSnapshotFull(MemorySegment file, long at) {
        long name = Layouts.getInt(file, at + NAME_LENGTH);
        long payload = count(file, at);
        long end = NAME + name + payload;
        long length = length(file, at);
        if (name < 0 || payload < 0 || end > length || length - end >= 8) {
            return false;
        }
        return LogWalk.lastNonZero(file.asSlice(at, length), end) < 0;
    }

    static long snapshotHash(MemorySegment file, long at) {
        return Layouts.getLong(file, at + HASH);
    }

    static MemorySegment snapshotName(MemorySegment file, long at) {
        return file.asSlice(at + NAME, Layouts.getInt(file, at + NAME_LENGTH));
    }

    static Snapshot snapshot(MemorySegment file, long at) {
        int nameLength = Layouts.getInt(file, at + NAME_LENGTH);
        return new Snapshot(
                text(file, at + NAME, nameLength),
                Layouts.getLong(file, at + REVISION),
                Layouts.getBytes(file, at + NAME + nameLength, count(file, at)));
    }

    static byte[] mark(long before, long[] heads) {
        byte[] bytes = new byte[HEADER + 8 * heads.length];
        putHeader(bytes, 0, bytes.length, MARK, 0, heads.length);
        putNumber(bytes, 0, before);
        for (int i = 0; i < heads.length; i++) {
            Layouts.putLong(bytes, HEADER + 8 * i, heads[i]);
        }
        return bytes;
    }

    static long markedHead(MemorySegment file, long at, int partition) {
        return Layouts.getLong(file, at + HEADER + 8L * partition);
    }

    private static String text(MemorySegment file, long at, int length) {
        return new String(Layouts.getBytes(file, at, length), StandardCharsets.UTF_8);
    }
}
