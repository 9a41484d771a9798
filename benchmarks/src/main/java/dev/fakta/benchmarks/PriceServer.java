// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import io.helidon.webserver.WebServer;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Somebody else's service: `GET /price` is answered after a while, however many ask at a time.
final class PriceServer implements AutoCloseable {

    private static final Logger HELIDON = Logger.getLogger("io.helidon");

    private final WebServer server;

    private PriceServer(WebServer server) {
        this.server = server;
    }

    static PriceServer start(Duration answerAfter) {
        HELIDON.setLevel(Level.WARNING); // its greetings
        return new PriceServer(
                WebServer.builder()
                        .host("127.0.0.1")
                        .port(0)
                        .routing(
                                routing ->
                                        routing.get(
                                                "/price",
                                                (_, response) -> {
                                                    LockSupport.parkNanos(answerAfter.toNanos());
                                                    response.send("450");
                                                }))
                        .build()
                        .start());
    }

    URI price() {
        return URI.create("http://127.0.0.1:%d/price".formatted(server.port()));
    }

    @Override
    public void close() {
        server.stop();
    }
}
