// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LateHttpClientTest {

    private HttpServer server;
    private HttpRequest request;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        server.start();
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        request = HttpRequest.newBuilder(uri).build();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void it_asks_again_and_again() throws IOException, InterruptedException {
        try (LateHttpClient client = new LateHttpClient(Duration.ofSeconds(20))) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.send(request, BodyHandlers.discarding()).statusCode())
                        .isEqualTo(204);
            }
        }
    }

    @Test
    void one_that_is_closed_asks_nothing_whether_or_not_it_has_asked() {
        LateHttpClient never = new LateHttpClient(Duration.ofSeconds(20));
        never.close();
        assertThatThrownBy(() -> never.send(request, BodyHandlers.discarding()))
                .isInstanceOf(IOException.class);
        LateHttpClient once = new LateHttpClient(Duration.ofSeconds(20));
        once.make();
        once.close();
        assertThatThrownBy(() -> once.send(request, BodyHandlers.discarding()))
                .isInstanceOf(IOException.class);
    }
}
