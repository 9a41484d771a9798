// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/// An event as bytes, little-endian, starting at a multiple of 8.
///
///      0  int   length, a multiple of 8
///      4  int   CRC32C of bytes 24 to the end, to check this record alone
///      8  long  offset
///     16  long  location of the newest record before this one whose stream has the same hash, or 0
///     24  long  hash of the stream's name, see [StreamHash]
///     32  long  revision
///     40  long  time
///     48  16 B  event id
///     64  16 B  command id
///     80  long  command hash
///     88  16 B  correlation id
///    104  16 B  causation id
///    120  int   length of the payload
///    124  u16   schema version
///    126  u8    lengths of stream, event name, actor, trace parent
///    130  6 B   zero
///    136  stream, event name, actor, trace parent, payload, zeros
///
/// Two streams may share a hash. Then their records share one chain of back pointers, and whoever
/// follows it compares names.
final class EventBytes {

    static final int FIXED = 136;

    private static final int CRC = 4;
    private static final int OFFSET = 8;
    private static final int PREVIOUS = 16;
    private static final int HASH = 24;
    private static final int REVISION = 32;
    private static final int TIME = 40;
    private static final int EVENT_ID = 48;
    private static final int COMMAND_ID = 64;
    private static final int COMMAND_HASH = 80;
    private static final int CORRELATION_ID = 88;
    private static final int CAUSATION_ID = 104;
    private static final int PAYLOAD_LENGTH = 120;
    private static final int SCHEMA = 124;
    private static final int LENGTHS = 126;

    private EventBytes() {}

    /// An entry of kind 1 with all that is known before its place is.
    static byte[] entry(EventLog log, int partition, List<NewEvent> events) {
        byte[][][] texts = new byte[events.size()][][];
        int length = Entry.HEADER;
        for (int i = 0; i < texts.length; i++) {
            texts[i] = texts(events.get(i));
            length = Math.addExact(length, length(texts[i], events.get(i).payload()));
        }
        byte[] bytes = new byte[length];
        Entry.putHeader(bytes, 0, length, Entry.EVENTS, partition, events.size());
        int at = Entry.HEADER;
        CRC32C crc = new CRC32C();
        for (int i = 0; i < texts.length; i++) {
            put(bytes, at, events.get(i), texts[i]);
            crc.reset();
            crc.update(bytes, at + HASH, Layouts.getInt(bytes, at) - HASH);
            Layouts.putInt(bytes, at + CRC, (int) crc.getValue());
            int right = (int) Long.remainderUnsigned(hash(bytes, at), log.partitions());
            if (right != partition) {
                throw AppendChecks.wrongPartition(events.get(i).stream(), right, partition);
            }
            at += Layouts.getInt(bytes, at);
        }
        return bytes;
    }

    private static byte[][] texts(NewEvent event) {
        return new byte[][] {
            event.stream().getBytes(StandardCharsets.UTF_8),
            event.name().getBytes(StandardCharsets.UTF_8),
            event.metadata().actor().getBytes(StandardCharsets.UTF_8),
            event.metadata().traceParent().getBytes(StandardCharsets.UTF_8)
        };
    }

    private static int length(byte[][] texts, byte[] payload) {
        int length = FIXED + payload.length;
        for (byte[] text : texts) {
            length += text.length;
        }
        return Layouts.padded(length);
    }

    private static void put(byte[] bytes, int at, NewEvent event, byte[][] texts) {
        Metadata why = event.metadata();
        Layouts.putInt(bytes, at, length(texts, event.payload()));
        Layouts.putInt(bytes, at + PAYLOAD_LENGTH, event.payload().length);
        Layouts.putLong(bytes, at + HASH, StreamHash.of(texts[0]));
        Layouts.putLong(bytes, at + REVISION, event.revision());
        Layouts.putLong(bytes, at + TIME, why.time());
        putId(bytes, at + EVENT_ID, why.eventId());
        putId(bytes, at + COMMAND_ID, why.commandId());
        Layouts.putLong(bytes, at + COMMAND_HASH, why.commandHash());
        putId(bytes, at + CORRELATION_ID, why.correlationId());
        putId(bytes, at + CAUSATION_ID, why.causationId());
        Layouts.putShort(bytes, at + SCHEMA, event.schemaVersion());
        int to = at + FIXED;
        for (int i = 0; i < texts.length; i++) {
            bytes[at + LENGTHS + i] = (byte) texts[i].length;
            System.arraycopy(texts[i], 0, bytes, to, texts[i].length);
            to += texts[i].length;
        }
        System.arraycopy(event.payload(), 0, bytes, to, event.payload().length);
    }

    private static void putId(byte[] bytes, int at, UUID id) {
        Layouts.putLong(bytes, at, id.getMostSignificantBits());
        Layouts.putLong(bytes, at + 8, id.getLeastSignificantBits());
    }

    static long hash(byte[] bytes, int at) {
        return Layouts.getLong(bytes, at + HASH);
    }

    static long time(byte[] bytes, int at) {
        return Layouts.getLong(bytes, at + TIME);
    }

    static MemorySegment streamName(byte[] bytes, int at) {
        return MemorySegment.ofArray(bytes).asSlice(at + FIXED, bytes[at + LENGTHS] & 0xFF);
    }

    static void putOffset(byte[] bytes, int at, long offset) {
        Layouts.putLong(bytes, at + OFFSET, offset);
    }

    static void putPrevious(byte[] bytes, int at, long location) {
        Layouts.putLong(bytes, at + PREVIOUS, location);
    }

    static int length(MemorySegment file, long at) {
        return Layouts.getInt(file, at);
    }

    static long offset(MemorySegment file, long at) {
        return Layouts.getLong(file, at + OFFSET);
    }

    static long previous(MemorySegment file, long at) {
        return Layouts.getLong(file, at + PREVIOUS);
    }

    static long hash(MemorySegment file, long at) {
        return Layouts.getLong(file, at + HASH);
    }

    static long revision(MemorySegment file, long at) {
        return Layouts.getLong(file, at + REVISION);
    }

    static long time(MemorySegment file, long at) {
        return Layouts.getLong(file, at + TIME);
    }

    /// Whether the lengths inside the record fit together, within `room` bytes.
    static boolean isWhole(MemorySegment file, long at, long room) {
        if (room < FIXED) {
            return false;
        }
        int length = length(file, at);
        long sum = FIXED + (long) Layouts.getInt(file, at + PAYLOAD_LENGTH);
        for (int i = 0; i < 4; i++) {
            sum += Layouts.unsignedByte(file, at + LENGTHS + i);
        }
        return length <= room
                && Layouts.getInt(file, at + PAYLOAD_LENGTH) >= 0
                && length == ((sum + 7) & -8);
    }

    /// Whether the record, a whole one, is what was written, but for its links.
    static boolean isIntact(MemorySegment file, long at) {
        CRC32C crc = new CRC32C();
        crc.update(file.asSlice(at + HASH, length(file, at) - HASH).asByteBuffer());
        return (int) crc.getValue() == Layouts.getInt(file, at + CRC);
    }

    static MemorySegment streamName(MemorySegment file, long at) {
        return file.asSlice(at + FIXED, Layouts.unsignedByte(file, at + LENGTHS));
    }

    /// Whether the record's stream has this name.
    static boolean isOf(MemorySegment file, long at, MemorySegment name) {
        long length = Layouts.unsignedByte(file, at + LENGTHS);
        return length == name.byteSize()
                && MemorySegment.mismatch(file, at + FIXED, at + FIXED + length, name, 0, length)
                        < 0;
    }

    /// Reads a record. `texts` spares making the same strings again and again.
    static EventRecord read(MemorySegment file, long at, int partition, TextCache texts) {
        int stream = Layouts.unsignedByte(file, at + LENGTHS);
        int name = Layouts.unsignedByte(file, at + LENGTHS + 1);
        int actor = Layouts.unsignedByte(file, at + LENGTHS + 2);
        int trace = Layouts.unsignedByte(file, at + LENGTHS + 3);
        long text = at + FIXED;
        long payload = text + stream + name + actor + trace;
        Metadata why =
                metadata(
                        file,
                        at,
                        texts.repeated(file, text + stream + name, actor),
                        texts.once(file, payload - trace, trace));
        NewEvent event =
                new NewEvent(
                        texts.stream(file, text, stream),
                        revision(file, at),
                        texts.repeated(file, text + stream, name),
                        Layouts.unsignedShort(file, at + SCHEMA),
                        Layouts.getBytes(file, payload, Layouts.getInt(file, at + PAYLOAD_LENGTH)),
                        why);
        return new EventRecord(partition, offset(file, at), event);
    }

    private static Metadata metadata(MemorySegment file, long at, String actor, String trace) {
        UUID command = id(file, at + COMMAND_ID);
        UUID correlation = same(command, file, at + CORRELATION_ID);
        UUID causation = same(command, file, at + CAUSATION_ID);
        return new Metadata(
                id(file, at + EVENT_ID),
                command,
                Layouts.getLong(file, at + COMMAND_HASH),
                correlation,
                causation,
                actor,
                trace,
                time(file, at));
    }

    private static UUID same(UUID likely, MemorySegment file, long at) {
        long high = Layouts.getLong(file, at);
        long low = Layouts.getLong(file, at + 8);
        return likely.getMostSignificantBits() == high && likely.getLeastSignificantBits() == low
                ? likely
                : new UUID(high, low);
    }

    private static UUID id(MemorySegment file, long at) {
        return new UUID(Layouts.getLong(file, at), Layouts.getLong(file, at + 8));
    }
}
