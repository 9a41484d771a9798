// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Base64;

/// [Positions] in few characters, for headers: those of 320 partitions that differ by less than a
/// million take about 1,100.
///
///     text   = "~" base64url(bytes)            without padding
///     bytes  = count run* least width packed
///     run    = gap length                      until there are count partitions: so many numbers
///                                              are left out, and so many follow each other
///     packed = (offset - least) in width bits, one behind the other, the last byte filled up
///
/// `count`, `gap`, `length` and `least` are unsigned LEB128, `width` is a byte.
final class CompactPositions {

    static final String MARK = "~";

    /// More than a log can have.
    private static final int MOST = 1 << 16;

    private static final int LONGEST = 63;

    private CompactPositions() {}

    static String write(int[] partitions, long[] offsets) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        number(partitions.length, bytes);
        for (int i = 0, next = 0; i < partitions.length; ) {
            int length = 1;
            while (i + length < partitions.length
                    && partitions[i + length] == partitions[i] + length) {
                length++;
            }
            number(partitions[i] - next, bytes);
            number(length, bytes);
            next = partitions[i] + length;
            i += length;
        }
        long least = Long.MAX_VALUE;
        long most = 0;
        for (long offset : offsets) {
            least = Math.min(least, offset);
            most = Math.max(most, offset);
        }
        int width = Long.SIZE - Long.numberOfLeadingZeros(most - least);
        number(least, bytes);
        bytes.write(width);
        pack(offsets, least, width, bytes);
        return MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    private static void number(long value, ByteArrayOutputStream to) {
        long rest = value;
        while (rest >= 0x80) {
            to.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        to.write((int) rest);
    }

    private static void pack(long[] offsets, long least, int width, ByteArrayOutputStream to) {
        int filling = 0;
        int filled = 0;
        for (long offset : offsets) {
            for (int bit = width - 1; bit >= 0; bit--) {
                filling = filling << 1 | (int) (offset - least >>> bit & 1);
                filled++;
                if (filled == Byte.SIZE) {
                    to.write(filling);
                    filling = 0;
                    filled = 0;
                }
            }
        }
        if (filled > 0) {
            to.write(filling << Byte.SIZE - filled);
        }
    }

    /// @throws IllegalArgumentException when it is nothing that [#write] has written
    static Positions read(String text) {
        try {
            ByteBuffer bytes =
                    ByteBuffer.wrap(Base64.getUrlDecoder().decode(text.substring(MARK.length())));
            int[] partitions = partitions(bytes);
            long[] offsets = offsets(partitions.length, bytes);
            if (bytes.hasRemaining()) {
                throw fault();
            }
            return Positions.ofOwned(partitions, offsets);
        } catch (BufferUnderflowException _) {
            throw fault();
        }
    }

    private static int[] partitions(ByteBuffer bytes) {
        int[] partitions = new int[limited(number(bytes), 1)];
        for (int i = 0, next = 0; i < partitions.length; ) {
            int first = next + limited(number(bytes), 0);
            int length = limited(number(bytes), 1);
            if (length > partitions.length - i || first + length > MOST) {
                throw fault();
            }
            for (int k = 0; k < length; k++) {
                partitions[i++] = first + k;
            }
            next = first + length;
        }
        return partitions;
    }

    private static long[] offsets(int count, ByteBuffer bytes) {
        long least = number(bytes);
        int width = bytes.get();
        if (width < 0 || width > LONGEST || bytes.remaining() < ((long) count * width + 7) / 8) {
            throw fault();
        }
        long[] offsets = new long[count];
        int held = 0;
        int left = 0;
        for (int i = 0; i < count; i++) {
            long value = 0;
            for (int bit = 0; bit < width; bit++) {
                if (left == 0) {
                    held = bytes.get();
                    left = Byte.SIZE;
                }
                left--;
                value = value << 1 | held >>> left & 1;
            }
            offsets[i] = least + value;
            if (offsets[i] < 0) {
                throw fault();
            }
        }
        return offsets;
    }

    private static int limited(long value, int least) {
        if (value < least || value > MOST) {
            throw fault();
        }
        return (int) value;
    }

    private static long number(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; shift < LONGEST; shift += 7) {
            byte next = bytes.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw fault();
    }

    private static IllegalArgumentException fault() {
        return new IllegalArgumentException("these are no positions");
    }
}
