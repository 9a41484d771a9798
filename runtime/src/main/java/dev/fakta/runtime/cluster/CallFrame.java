// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import java.nio.ByteBuffer;

/// A question or an answer as it goes over a [CallLine]:
///
///      u32  length of what follows
///      u8   1 for a question, 2 for an answer
///      i64  number, by which the answer finds its question
///      the rest: the body, see [CallCodec]
///
/// @param kind `ASK` or `ANSWER`
@SuppressWarnings("ArrayRecordComponent") // bytes on their way; nobody compares by them
record CallFrame(byte kind, long number, byte[] body) {

    static final byte ASK = 1;
    static final byte ANSWER = 2;

    /// Bytes in front of the body.
    static final int HEAD = 4 + 1 + 8;

    /// A longer body is not sent, and not read.
    static final int LARGEST_BODY = 5 << 20;

    int size() {
        return HEAD + body.length;
    }

    void putHead(ByteBuffer out) {
        out.putInt(HEAD - 4 + body.length).put(kind).putLong(number);
    }
}
