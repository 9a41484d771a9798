// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// What other systems do beside a shop's people: one reads the stream of events until it is closed,
/// another the metrics, when it is told to.
final class EventWatcher implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicLong count = new AtomicLong();
    private final URI base;

    private EventWatcher(URI base) {
        this.base = base;
    }

    static EventWatcher start(URI base) {
        EventWatcher watcher = new EventWatcher(base);
        HttpRequest stream =
                HttpRequest.newBuilder(base.resolve("/events"))
                        .header("Accept", "text/event-stream")
                        .build();
        var _ =
                watcher.http
                        .sendAsync(stream, BodyHandlers.ofLines())
                        .thenAcceptAsync(
                                answer -> watcher.read(answer.body()),
                                work -> Thread.ofVirtual().start(work));
        return watcher;
    }

    /// Events that have come.
    long count() {
        return count.get();
    }

    /// Reads the metrics; that they do not come is no fault of a shop.
    void scrape() throws InterruptedException {
        try {
            http.send(
                    HttpRequest.newBuilder(base.resolve("/metrics")).timeout(PATIENCE).build(),
                    BodyHandlers.discarding());
        } catch (IOException _) {
            // the stream of events tells as much
        }
    }

    private void read(Stream<String> lines) {
        lines.filter(line -> line.startsWith("data:")).forEach(_ -> count.incrementAndGet());
    }

    @Override
    public void close() {
        http.shutdownNow(); // its end is no event
        http.close();
    }
}
