// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/// Writes what nodes tell each other: the sender, two numbers, and a body that is encoded already.
///
///      u16  length of the sender's address, then the address in UTF-8
///      i64  number or uid
///      i32  lifeline port, or 0
///      the rest: the body; of a hello, one byte: 1 when the sender has settled, or 0, and an i32:
///      the port for calls
///
/// Pekko makes one, by its name in `node.conf`.
final class WireSerializer extends SerializerWithStringManifest {

    private static final int IDENTIFIER = 0x46616b74; // "Fakt"

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        return switch ((Wire) message) {
            case Wire.Ask _ -> "ask";
            case Wire.Answer _ -> "answer";
            case Wire.Hello _ -> "hello";
            case Wire.Settled _ -> "settled";
            case Wire.Gone _ -> "gone";
            case Wire.Leaving _ -> "leaving";
        };
    }

    @Override
    public byte[] toBinary(Object message) {
        return switch ((Wire) message) {
            case Wire.Ask(var from, var number, var body) -> bytes(from, number, 0, body);
            case Wire.Answer(var from, var number, var body) -> bytes(from, number, 0, body);
            case Wire.Hello(var from, var uid, var port, var calls, var isSettled) ->
                    bytes(from, uid, port, hello(calls, isSettled));
            case Wire.Settled(var from, var uid) -> bytes(from, uid, 0, new byte[0]);
            case Wire.Gone(var from, var uid) -> bytes(from, uid, 0, new byte[0]);
            case Wire.Leaving(var from, var uid) -> bytes(from, uid, 0, new byte[0]);
        };
    }

    private static byte[] bytes(String from, long number, int port, byte[] body) {
        byte[] sender = from.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + sender.length + 8 + 4 + body.length)
                .putShort((short) sender.length)
                .put(sender)
                .putLong(number)
                .putInt(port)
                .put(body)
                .array();
    }

    private static byte[] hello(int callPort, boolean isSettled) {
        return ByteBuffer.allocate(1 + 4).put((byte) (isSettled ? 1 : 0)).putInt(callPort).array();
    }

    private static Wire.Hello hello(String from, long uid, int lifelinePort, ByteBuffer rest) {
        boolean isSettled = rest.get() == 1;
        return new Wire.Hello(from, uid, lifelinePort, rest.getInt(), isSettled);
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte[] sender = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(sender);
        String from = new String(sender, StandardCharsets.UTF_8);
        long number = in.getLong();
        int port = in.getInt();
        byte[] body = new byte[in.remaining()];
        in.get(body);
        return switch (manifest) {
            case "ask" -> new Wire.Ask(from, number, body);
            case "answer" -> new Wire.Answer(from, number, body);
            case "hello" -> hello(from, number, port, ByteBuffer.wrap(body));
            case "settled" -> new Wire.Settled(from, number);
            case "gone" -> new Wire.Gone(from, number);
            case "leaving" -> new Wire.Leaving(from, number);
            default -> throw new IllegalArgumentException("no message is called " + manifest);
        };
    }
}
