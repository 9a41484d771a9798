// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import io.helidon.common.tls.Tls;
import io.helidon.common.tls.TlsConfig;
import io.helidon.common.tls.TlsManager;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Encrypts what a gateway and its callers say, by TLS 1.3 or 1.2, and takes renewed certificates
/// into use.
///
/// The files are looked at again and again, which also sees what is put in their place by a link to
/// another folder, as Kubernetes does. What has changed is judged when it is the same at two looks:
/// whoever renews a certificate writes two files one after the other. Each connection begins with
/// the newest pair; one that cannot be used is logged, once, and the one before stays.
final class Https implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Https.class);
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private final HttpsFiles files;
    private final Runnable onConnection;
    private final CountDownLatch closing = new CountDownLatch(1);
    private HttpsFiles.Content inUse; // from here on of the watching thread
    private HttpsFiles.@Nullable Content seen;
    private String fault = "";
    private volatile HttpsFiles.Pair pair;

    /// @param onConnection is called by the thread of a connection before it agrees with its client
    /// @throws IllegalStateException with the reason when the files cannot be used
    Https(HttpsFiles files, Runnable onConnection) {
        this.files = files;
        this.onConnection = onConnection;
        this.inUse = files.read();
        this.pair = files.pair(inUse);
        Thread.ofPlatform().name("https-files").daemon().start(this::watch);
    }

    /// Finds out whether the files can be used, before anything else is started.
    ///
    /// @throws IllegalStateException with the reason when they cannot
    static void requireUsable(GatewaySettings settings) {
        HttpsFiles files = settings.https();
        if (files != null) {
            files.pair(files.read());
        }
    }

    /// When the certificate in use ends, in seconds since 1970.
    double expires() {
        return pair.expires().getEpochSecond();
    }

    /// As Helidon takes it, which has to be told not to use NIO: with it, it asks the name service
    /// for the name of every client's address, on the thread that the connections share.
    Tls tls() {
        SSLContext context = new Current(new CurrentPair(), pair.context());
        return Tls.builder().enabledProtocols(PROTOCOLS).manager(new OfContext(context)).build();
    }

    private void watch() {
        try {
            while (!closing.await(files.lookEvery().toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // nobody does but to end it
        }
    }

    private void look() {
        try {
            HttpsFiles.Content now = files.read();
            boolean hasSettled = seen != null && seen.isSame(now);
            seen = now;
            if (now.isSame(inUse)) {
                fault = "";
            } else if (hasSettled) {
                pair = files.pair(now);
                inUse = now;
                fault = "";
                LOG.info("a certificate was renewed: it is valid until {}", pair.expires());
            }
        } catch (IllegalStateException e) {
            report(String.valueOf(e.getMessage()));
        }
    }

    private void report(String found) {
        if (!found.equals(fault)) {
            fault = found;
            LOG.error("{} (the certificate before stays in use, until {})", found, pair.expires());
        }
    }

    @Override
    public void close() {
        closing.countDown();
    }

    /// Gives each connection what belongs to the newest pair.
    private final class CurrentPair extends SSLContextSpi {

        private SSLContext now() {
            return pair.context();
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return new HttpsSockets(() -> now().getSocketFactory(), PROTOCOLS, onConnection);
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return now().getServerSocketFactory();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            SSLEngine engine = now().createSSLEngine();
            engine.setEnabledProtocols(PROTOCOLS.toArray(String[]::new));
            return engine;
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return engineCreateSSLEngine();
        }

        @Override
        protected void engineInit(
                KeyManager @Nullable [] keys,
                TrustManager @Nullable [] trust,
                @Nullable SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("it has its keys");
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return now().getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return now().getClientSessionContext();
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            return now().getDefaultSSLParameters();
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return now().getSupportedSSLParameters();
        }
    }

    private static final class Current extends SSLContext {
        Current(SSLContextSpi spi, SSLContext like) {
            super(spi, like.getProvider(), like.getProtocol());
        }
    }

    /// Hands the context to Helidon, which would build one that it keeps.
    private record OfContext(SSLContext sslContext) implements TlsManager {

        @Override
        public void init(TlsConfig config) {}

        @Override
        public void reload(Tls tls) {}

        @Override
        public Optional<X509KeyManager> keyManager() {
            return Optional.empty();
        }

        @Override
        public Optional<X509TrustManager> trustManager() {
            return Optional.empty();
        }

        @Override
        public String name() {
            return "fakta";
        }

        @Override
        public String type() {
            return "fakta";
        }
    }
}
