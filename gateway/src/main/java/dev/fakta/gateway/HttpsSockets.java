// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// Wraps a connection that a server has accepted, each by the factory of that moment. It makes no
/// other sockets.
final class HttpsSockets extends SSLSocketFactory {

    private final Supplier<SSLSocketFactory> now;
    private final List<String> protocols;
    private final Runnable onConnection;

    /// @param onConnection is called by the thread of a connection before it agrees with its client
    HttpsSockets(Supplier<SSLSocketFactory> now, List<String> protocols, Runnable onConnection) {
        this.now = now;
        this.protocols = protocols;
        this.onConnection = onConnection;
    }

    @Override
    public Socket createSocket(Socket accepted, @Nullable InputStream consumed, boolean autoClose)
            throws IOException {
        onConnection.run();
        SSLSocket socket = (SSLSocket) now.get().createSocket(accepted, consumed, autoClose);
        socket.setEnabledProtocols(protocols.toArray(String[]::new));
        return socket;
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return now.get().getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return now.get().getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(Socket connected, String host, int port, boolean autoClose) {
        throw forServersOnly();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw forServersOnly();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
        throw forServersOnly();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw forServersOnly();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
        throw forServersOnly();
    }

    private static UnsupportedOperationException forServersOnly() {
        return new UnsupportedOperationException("wraps what a server has accepted");
    }
}
