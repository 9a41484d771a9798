// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// An HTTP client that is made when it is needed first. The JDK's reads the certificates that the
/// JVM trusts when it is made, even where no request will be encrypted; a start need not wait for
/// that.
public final class LateHttpClient implements AutoCloseable {

    private final Duration connectWithin;
    private @Nullable HttpClient made;
    private boolean isClosed;

    /// A client that gives up to connect after this time.
    public LateHttpClient(Duration connectWithin) {
        this.connectWithin = connectWithin;
    }

    /// Makes the client now, so that what is wrong with the trusted certificates stops a start.
    ///
    /// @throws UncheckedIOException when the certificates cannot be read
    public void make() {
        try {
            var _ = client();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Sends a request and waits for its answer, as the JDK's client does.
    ///
    /// @throws IOException when there is no answer, and when this is closed
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        return client().send(request, handler);
    }

    private synchronized HttpClient client() throws IOException {
        if (isClosed) {
            throw new IOException("closed");
        }
        HttpClient client = made;
        if (client == null) {
            try {
                client =
                        HttpClient.newBuilder()
                                .version(HttpClient.Version.HTTP_1_1)
                                .followRedirects(HttpClient.Redirect.NEVER)
                                .connectTimeout(connectWithin)
                                .executor(Executors.newVirtualThreadPerTaskExecutor())
                                .build();
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            made = client;
        }
        return client;
    }

    /// Ends requests under way.
    @Override
    public synchronized void close() {
        isClosed = true;
        if (made != null) {
            made.shutdownNow();
        }
    }
}
