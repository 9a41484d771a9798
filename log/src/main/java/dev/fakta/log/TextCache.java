// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Strings read from the log, without making those again that come often: event names, actors, and
/// the stream of the record before. Serves one thread at a time.
final class TextCache {

    private static final int SLOTS = 256;

    private final MemorySegment[] bytes = new MemorySegment[SLOTS];
    private final @Nullable String[] strings = new @Nullable String[SLOTS];
    private MemorySegment streamBytes = MemorySegment.ofArray(new byte[0]);
    private String stream = "";

    String stream(MemorySegment file, long at, int length) {
        if (!isSame(streamBytes, file, at, length)) {
            byte[] read = Layouts.getBytes(file, at, length);
            streamBytes = MemorySegment.ofArray(read);
            stream = new String(read, StandardCharsets.UTF_8);
        }
        return stream;
    }

    String repeated(MemorySegment file, long at, int length) {
        if (length == 0) {
            return "";
        }
        int slot = slot(file, at, length);
        String cached = strings[slot];
        if (cached != null && isSame(bytes[slot], file, at, length)) {
            return cached;
        }
        byte[] read = Layouts.getBytes(file, at, length);
        String made = new String(read, StandardCharsets.UTF_8);
        bytes[slot] = MemorySegment.ofArray(read);
        strings[slot] = made;
        return made;
    }

    String once(MemorySegment file, long at, int length) {
        return length == 0
                ? ""
                : new String(Layouts.getBytes(file, at, length), StandardCharsets.UTF_8);
    }

    private static int slot(MemorySegment file, long at, int length) {
        int mixed = length * 31 + Layouts.unsignedByte(file, at);
        mixed = mixed * 31 + Layouts.unsignedByte(file, at + length / 2);
        mixed = mixed * 31 + Layouts.unsignedByte(file, at + length - 1);
        return (mixed ^ mixed >>> 8) & (SLOTS - 1);
    }

    private static boolean isSame(MemorySegment cached, MemorySegment file, long at, int length) {
        return cached.byteSize() == length
                && MemorySegment.mismatch(file, at, at + length, cached, 0, length) < 0;
    }
}
