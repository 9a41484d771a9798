// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/// Values in PostgreSQL's binary format, one behind the other. Rows of a binary `COPY` and elements
/// of an array are written alike: the length, 4 bytes, or -1 for null; then the value. All integers
/// are big-endian. Used by one thread, again and again.
final class Fields {

    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int SMALLEST = 1 << 10;
    private static final int KEPT = 4 << 20;

    private byte[] bytes = new byte[SMALLEST];
    private int end;

    /// Empties it; what one large value has needed is not kept.
    void clear() {
        if (bytes.length > KEPT) {
            bytes = new byte[SMALLEST];
        }
        end = 0;
    }

    int length() {
        return end;
    }

    byte[] bytes() {
        return bytes;
    }

    void copyTo(byte[] target, int at) {
        System.arraycopy(bytes, 0, target, at, end);
    }

    /// A number that is no field: a count, a header.
    void putShort(int value) {
        int at = room(2); // may move the bytes
        SHORTS.set(bytes, at, (short) value);
    }

    void putInt(int value) {
        int at = room(4);
        INTS.set(bytes, at, value);
    }

    void put(byte[] raw) {
        int at = room(raw.length);
        System.arraycopy(raw, 0, bytes, at, raw.length);
    }

    void addInt(int value) {
        putInt(4);
        putInt(value);
    }

    void addLong(long value) {
        putInt(8);
        int at = room(8);
        LONGS.set(bytes, at, value);
    }

    void addUuid(UUID value) {
        putInt(16);
        int at = room(16);
        LONGS.set(bytes, at, value.getMostSignificantBits());
        LONGS.set(bytes, at + 8, value.getLeastSignificantBits());
    }

    void addText(String value) {
        addBytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /// Bytes, or the UTF-8 of a text.
    void addBytes(byte[] value) {
        putInt(value.length);
        put(value);
    }

    void addNull() {
        putInt(-1);
    }

    private int room(int length) {
        int at = end;
        end = Math.addExact(at, length);
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.max(end, Math.min(2L * end, 1 << 30)));
        }
        return at;
    }
}
