// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.runtime.ClusterTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// One end of a connection between nodes: plain, or with TLS when the cluster has it.
///
/// @param raw what to close: the end of a TLS connection would wait for the other side
record CallSocket(Socket raw, InputStream in, OutputStream out) implements AutoCloseable {

    private static final int CONNECT_MILLIS = 1_000;
    private static final int HANDSHAKE_MILLIS = 5_000;

    static CallSocket connect(String host, int port, @Nullable ClusterTls tls) throws IOException {
        Socket raw = new Socket();
        try {
            raw.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            return tls == null ? plain(raw) : secured(raw, tls, CallTls.of(tls).client(raw));
        } catch (IOException | GeneralSecurityException e) {
            raw.close();
            throw new IOException("no line to %s:%d".formatted(host, port), e);
        }
    }

    static CallSocket accepted(Socket raw, @Nullable ClusterTls tls) throws IOException {
        try {
            return tls == null ? plain(raw) : secured(raw, tls, CallTls.of(tls).server(raw));
        } catch (IOException | GeneralSecurityException e) {
            raw.close();
            throw new IOException("no line from " + raw.getRemoteSocketAddress(), e);
        }
    }

    private static CallSocket plain(Socket raw) throws IOException {
        raw.setTcpNoDelay(true);
        raw.setKeepAlive(true);
        return new CallSocket(raw, raw.getInputStream(), raw.getOutputStream());
    }

    private static CallSocket secured(Socket raw, ClusterTls tls, SSLSocket socket)
            throws IOException, GeneralSecurityException {
        plain(raw);
        raw.setSoTimeout(HANDSHAKE_MILLIS);
        socket.startHandshake();
        CallTls.requireSharedName(tls, socket.getSession());
        raw.setSoTimeout(0);
        return new CallSocket(raw, socket.getInputStream(), socket.getOutputStream());
    }

    @Override
    public void close() throws IOException {
        raw.close();
    }
}
