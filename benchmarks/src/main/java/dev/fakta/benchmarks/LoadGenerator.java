// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// Puts a load on an HTTP/1.1 server: some keep-alive connections, each with one request in flight
/// at most, all driven by the calling thread with one selector. In a closed loop each sends again
/// when it is answered; at a rate, requests are sent evenly over time by whichever is free.
///
/// It shares the machine with the server that it measures, so it is made to cost little: direct
/// buffers, requests rendered beforehand, responses scanned as bytes, no allocation per request.
/// Measured with the echo on two cores: 6 us of CPU per request, of which 0.6 us are spent here and
/// the rest in the kernel's TCP. [LoadResult#generatorMicros] says what a run cost.
public final class LoadGenerator {

    private static final long TICK_MILLIS = 10;
    private static final long RATE_TICK_MILLIS = 1;
    private static final String USAGE =
            "usage: LoadGenerator host port path-template seconds warm-up-seconds connections"
                    + " [json-body-template]\n"
                    + "{n} in a template becomes the request's number; with a body it is a POST";

    private final Load load;
    private final RequestFactory requests;
    private final LoadMeter meter = new LoadMeter();
    private final Deque<Connection> free = new ArrayDeque<>();
    private final long pauseNanos;
    private long sent;
    private long nextDue;

    /// @param pauseNanos between two requests; 0 in a closed loop
    private LoadGenerator(Load load, RequestFactory requests, long pauseNanos) {
        this.pauseNanos = pauseNanos;
        this.load = load;
        this.requests = requests;
    }

    /// Runs the load and returns when its time is over. Blocks the calling thread, which must be a
    /// platform thread. A server that is not there shows in the result's errors.
    public static LoadResult run(Load load, RequestFactory requests) {
        try {
            return new LoadGenerator(load, requests, 0).run();
        } catch (IOException e) {
            throw new UncheckedIOException("the selector failed", e);
        }
    }

    /// The same at a rate, whether earlier requests are answered or not. What is due while no
    /// connection is free is not sent: the result's `requests` says what was. Latencies begin when
    /// a request is sent.
    ///
    /// @param rate requests a second
    public static LoadResult runAt(double rate, Load load, RequestFactory requests) {
        try {
            return new LoadGenerator(load, requests, Math.max(1, (long) (1e9 / rate))).run();
        } catch (IOException e) {
            throw new UncheckedIOException("the selector failed", e);
        }
    }

    /// Prints the result as one line of JSON. Status 2 for wrong usage.
    public static void main(String[] args) {
        Load load;
        RequestFactory requests;
        try {
            load = load(args);
            requests = requests(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + USAGE);
            System.exit(2);
            return;
        }
        System.out.println(JsonMapper.shared().writeValueAsString(run(load, requests)));
    }

    private static Load load(String[] args) {
        if (args.length < 6 || args.length > 7) {
            throw new IllegalArgumentException("expected 6 or 7 arguments, not " + args.length);
        }
        return Load.of(
                new InetSocketAddress(args[0], Integer.parseInt(args[1])),
                Integer.parseInt(args[5]),
                seconds(args[4]),
                seconds(args[3]));
    }

    private static RequestFactory requests(String[] args) {
        String host = args[0] + ":" + args[1];
        return args.length == 6
                ? RequestTemplate.get(host, args[2])
                : RequestTemplate.post(host, args[2], Map.of(), args[6]);
    }

    private static Duration seconds(String text) {
        return Duration.ofMillis(Math.round(Double.parseDouble(text) * 1000));
    }

    private LoadResult run() throws IOException {
        try (Selector selector = Selector.open()) {
            List<Connection> connections =
                    Stream.generate(() -> new Connection(load, selector, source(), meter))
                            .limit(load.connections())
                            .toList();
            try {
                connections.forEach(Connection::connect);
                return drive(selector, connections);
            } finally {
                connections.forEach(Connection::close);
            }
        }
    }

    private LoadResult drive(Selector selector, List<Connection> connections) throws IOException {
        Consumer<SelectionKey> onReady = key -> ((Connection) key.attachment()).onReady(key);
        long countFrom = System.nanoTime() + load.warmUp().toNanos();
        long end = countFrom + load.time().toNanos();
        long now = System.nanoTime();
        long nextCheck = now;
        nextDue = now;
        while (now - end < 0) {
            if (!meter.isStarted() && now - countFrom >= 0) {
                meter.start(now);
            }
            selector.select(onReady, pauseNanos == 0 ? TICK_MILLIS : RATE_TICK_MILLIS);
            now = System.nanoTime();
            sendWhatIsDue(now);
            if (now - nextCheck >= 0) {
                for (Connection connection : connections) {
                    connection.check(now);
                }
                nextCheck = now + TICK_MILLIS * 1_000_000;
            }
        }
        return meter.result(now);
    }

    /// At most what was due in the last ticks: who could not be served then is gone.
    private void sendWhatIsDue(long now) {
        if (pauseNanos == 0) {
            return;
        }
        nextDue = Math.max(nextDue, now - TICK_MILLIS * 1_000_000);
        while (nextDue - now <= 0 && !free.isEmpty()) {
            if (free.poll().send()) {
                nextDue += pauseNanos;
            }
        }
    }

    private Connection.RequestSource source() {
        return new Connection.RequestSource() {
            @Override
            public boolean isNextDue(Connection connection) {
                if (pauseNanos > 0) {
                    free.add(connection);
                }
                return pauseNanos == 0;
            }

            @Override
            public void writeNext(ByteBuffer out) {
                LoadGenerator.this.writeNext(out);
            }
        };
    }

    private void writeNext(ByteBuffer out) {
        requests.write(sent++, out);
    }
}
