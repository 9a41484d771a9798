// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Answers questions for A, AAAA and SRV records over UDP, as RFC 1035 says.
public final class NameServer implements AutoCloseable {

    private static final int SRV = 33;
    private static final Map<Integer, String> TYPES = Map.of(1, "A", 28, "AAAA", SRV, "SRV");
    private static final int NO_SUCH_NAME = 3;

    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final Map<String, List<String>> records = new ConcurrentHashMap<>();

    public NameServer() throws IOException {
        Thread.ofVirtual().start(this::serve);
    }

    public String url() {
        return "dns://127.0.0.1:" + socket.getLocalPort();
    }

    /// @param values addresses for types A and AAAA, `port target` for type SRV; the name is `TYPE
    ///   NAME`
    public void put(String typeAndName, List<String> values) {
        records.put(typeAndName, values);
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                socket.receive(packet);
                byte[] answer = answer(packet.getData());
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException _) {
                // closed
            }
        }
    }

    private byte[] answer(byte[] question) throws IOException {
        ByteBuffer query = ByteBuffer.wrap(question);
        short id = query.getShort();
        query.position(12);
        List<String> labels = new ArrayList<>();
        for (int length = query.get(); length > 0; length = query.get()) {
            byte[] label = new byte[length];
            query.get(label);
            labels.add(new String(label, StandardCharsets.US_ASCII));
        }
        int type = query.getShort();
        int end = query.position() + 2;
        String name = String.join(".", labels);
        boolean isKnown = records.keySet().stream().anyMatch(key -> key.endsWith(" " + name));
        List<byte[]> found = new ArrayList<>();
        for (String value : records.getOrDefault(TYPES.get(type) + " " + name, List.of())) {
            if (type != SRV) {
                found.add(InetAddress.getByName(value).getAddress());
            } else {
                found.add(service(value));
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(
                ByteBuffer.allocate(12)
                        .putShort(id)
                        .putShort((short) (0x8180 | (isKnown ? 0 : NO_SUCH_NAME)))
                        .putShort((short) 1)
                        .putShort((short) found.size())
                        .array());
        out.write(question, 12, end - 12);
        for (byte[] data : found) {
            out.writeBytes(
                    ByteBuffer.allocate(12)
                            .putShort((short) 0xc00c)
                            .putShort((short) type)
                            .putShort((short) 1)
                            .putInt(5)
                            .putShort((short) data.length)
                            .array());
            out.writeBytes(data);
        }
        return out.toByteArray();
    }

    private static byte[] service(String portAndTarget) {
        String[] parts = portAndTarget.split(" ", -1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(
                ByteBuffer.allocate(6)
                        .putShort((short) 0)
                        .putShort((short) 1)
                        .putShort(Short.parseShort(parts[0]))
                        .array());
        for (String label : parts[1].split("\\.", -1)) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        return out.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
