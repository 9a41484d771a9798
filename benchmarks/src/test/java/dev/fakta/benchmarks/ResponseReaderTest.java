// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResponseReaderTest {

    private static final String FIXED = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String CHUNKED =
            """
            HTTP/1.1 201 Created\r
            transfer-encoding: Chunked\r
            \r
            5;x=1\r
            hello\r
            0A\r
            0123\r
            6789\r
            0\r
            Trailer: 1\r
            \r
            """;
    private static final String INTERIM = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";

    private final ResponseReader reader = new ResponseReader();

    @ParameterizedTest
    @ValueSource(
            strings = {
                FIXED,
                CHUNKED,
                INTERIM + FIXED,
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\n\r\n",
                "HTTP/1.1 200 OK\ncontent-length:0\n\n"
            })
    void a_response_ends_where_it_ends_however_its_bytes_arrive(String response)
            throws ProtocolException {
        for (int size = 1; size <= response.length(); size++) {
            ByteBuffer in = ByteBuffer.allocate(response.length());
            boolean isComplete = false;
            for (int at = 0; at < response.length(); at += size) {
                assertThat(isComplete).as("%d bytes at once, at %d", size, at).isFalse();
                in.put(bytes(response.substring(at, Math.min(at + size, response.length()))));
                in.flip();
                isComplete = reader.read(in);
                in.compact();
            }
            assertThat(isComplete).isTrue();
            assertThat(in.position()).isZero();
            assertThat(reader.isKeptAlive()).isTrue();
        }
    }

    @Test
    void the_next_response_begins_where_the_last_one_ended() throws ProtocolException {
        ByteBuffer in =
                ByteBuffer.wrap(bytes(CHUNKED + "HTTP/1.1 503 Busy\r\nContent-Length:0\r\n\r\n"));

        assertThat(reader.read(in)).isTrue();
        assertThat(reader.status()).isEqualTo(201);
        assertThat(reader.read(in)).isTrue();
        assertThat(reader.status()).isEqualTo(503);
    }

    @Test
    void the_connection_header_says_whether_the_connection_stays() throws ProtocolException {
        assertThat(isKeptAlive("HTTP/1.1", "Connection: keep-alive")).isTrue();
        assertThat(isKeptAlive("HTTP/1.1", "CONNECTION:  Close")).isFalse();
        assertThat(isKeptAlive("HTTP/1.0", "Server: x")).isFalse();
        assertThat(isKeptAlive("HTTP/1.0", "Connection: Keep-Alive")).isTrue();
    }

    @Test
    void a_body_without_length_ends_with_the_connection() throws ProtocolException {
        boolean isComplete = read("HTTP/1.1 200 OK\r\n\r\nsome bytes");

        assertThat(isComplete).isFalse();
        assertThat(reader.endsWithConnection()).isTrue();
    }

    @Test
    void a_connection_that_ends_inside_a_response_does_not_end_it() throws ProtocolException {
        boolean isComplete = read(FIXED.substring(0, FIXED.length() - 1));

        assertThat(isComplete).isFalse();
        assertThat(reader.endsWithConnection()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.6\r\n",
                "HTTP/2 200\r\n",
                "HTTP/1.1 2x0 OK\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length:\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 12345678901234567890\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n"
            })
    void what_is_no_response_is_refused(String bytes) {
        assertThatThrownBy(() -> read(bytes)).isInstanceOf(ProtocolException.class);
    }

    private boolean isKeptAlive(String version, String header) throws ProtocolException {
        read(version + " 200 OK\r\n" + header + "\r\nContent-Length: 0\r\n\r\n");
        return reader.isKeptAlive();
    }

    private boolean read(String response) throws ProtocolException {
        return reader.read(ByteBuffer.wrap(bytes(response)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
