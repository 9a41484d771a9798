// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Processor;
import dev.fakta.domain.Saga;
import dev.fakta.gateway.Routes.Method;
import dev.fakta.log.CausalReader;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogException;
import dev.fakta.log.LogRecord;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Node;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `GET /events`: all events as they are recorded, in causal order, as Server-Sent Events, each
/// with a CloudEvent as its data. Sagas' own events are left out unless they are asked for by
/// `stream`.
///
/// An `id` comes with the last event of each batch. A client that goes on with it, by the header
/// `Last-Event-ID` or by `after`, gets what came behind that batch: an event may come twice, and is
/// known by its own id. A stream ends with the server, and when the client is gone, which is
/// noticed after 15 s at the latest.
final class EventStream {

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    static final String PATH = "/events";
    private static final String LAST = "Last-Event-ID";
    private static final String TYPE = "text/event-stream";
    private static final String LATEST = "latest";
    private static final String SOURCE = "/fakta";
    private static final int MOST = 64;
    private static final Set<String> PARAMETERS = Set.of("after", "types", "stream");
    private static final Duration WAIT = Duration.ofMillis(500);
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private final Node node;
    private final Set<String> sagas;
    private final Semaphore free = new Semaphore(MOST);
    private volatile boolean isClosed;

    EventStream(Node node) {
        this.node = node;
        this.sagas =
                node.microsystems().sagas().stream().map(Saga::name).collect(Collectors.toSet());
    }

    Route route() {
        return new Route.Operation(Method.GET, PATH, this::serve);
    }

    /// Ends all streams.
    void close() {
        isClosed = true;
    }

    /// What a client asks for.
    ///
    /// @param types the events' names; all when there is none
    /// @param stream an aggregate, or one of its streams: `order`, `order/ID`
    private record Wish(Positions after, Set<String> types, @Nullable String stream) {

        boolean wants(NewEvent event, Set<String> sagas) {
            String name = event.stream();
            String aggregate = name.substring(0, Math.max(0, name.indexOf('/')));
            boolean isOfStream =
                    stream == null
                            ? !sagas.contains(aggregate)
                            : stream.equals(name) || stream.equals(aggregate);
            return isOfStream && (types.isEmpty() || types.contains(event.name()));
        }
    }

    private void serve(Request request, ServerResponse response) {
        Wish wish = wish(request);
        if (!free.tryAcquire()) {
            throw new ProblemException(
                    Problem.unavailable("busy", "As many streams are open as there may be."));
        }
        try (CausalReader reader = node.follow(wish.after)) {
            response.header(HeaderNames.CONTENT_TYPE, TYPE)
                    .header(HeaderNames.CACHE_CONTROL, "no-cache");
            try (OutputStream out = response.outputStream()) {
                send(reader, wish, out);
            }
        } catch (IOException | LogException | ServerConnectionException e) {
            LOG.debug("a stream of events ends", e); // the client is gone, or the log
        } finally {
            free.release();
        }
    }

    private void send(CausalReader reader, Wish wish, OutputStream out) throws IOException {
        write(": begins\n\n", out);
        long last = System.nanoTime();
        while (!isClosed) {
            List<LogRecord> records = reader.next(WAIT);
            String batch = batch(records, wish, reader.positions());
            if (!batch.isEmpty()) {
                write(batch, out);
                last = System.nanoTime();
            } else if (System.nanoTime() - last > SILENCE.toNanos()) {
                write("id: %s\n: nothing else\n\n".formatted(known(reader.positions())), out);
                last = System.nanoTime();
            }
        }
    }

    private static void write(String text, OutputStream out) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private String batch(List<LogRecord> records, Wish wish, Positions positions) {
        StringBuilder text = new StringBuilder();
        int lastBegins = 0;
        for (LogRecord record : records) {
            if (record instanceof EventRecord event && wish.wants(event.event(), sagas)) {
                lastBegins = text.length();
                text.append("data: ").append(CloudEvents.of(event, SOURCE)).append("\n\n");
            }
        }
        if (!text.isEmpty()) {
            text.insert(lastBegins, "id: " + known(positions) + "\n");
        }
        return text.toString();
    }

    /// Without the partitions that have nothing: these are read from their beginning anyway.
    private static String known(Positions positions) {
        Positions known = Positions.NONE;
        for (int partition : positions.partitions()) {
            if (positions.offset(partition) > 0) {
                known = known.with(partition, positions.offset(partition));
            }
        }
        return known.token();
    }

    private Wish wish(Request request) {
        Map<String, String> parameters = request.parameters();
        Set<String> unknown = new HashSet<>(parameters.keySet());
        unknown.removeAll(PARAMETERS);
        if (!unknown.isEmpty()) {
            throw invalid(unknown.iterator().next(), "there is no such parameter");
        }
        String types = parameters.getOrDefault("types", "");
        return new Wish(
                after(request, parameters.getOrDefault("after", "")),
                types.isEmpty() ? Set.of() : Set.copyOf(Arrays.asList(types.split(","))),
                parameters.get("stream"));
    }

    private Positions after(Request request, String parameter) {
        String text = request.header(LAST);
        String after = text == null || text.isEmpty() ? parameter : text;
        if (after.equals(LATEST)) {
            return node.heads();
        }
        try {
            Positions positions = Token.parse(after, node.clock().instant()).positions();
            Positions heads = node.heads();
            if (positions.isBeyond(heads)) {
                throw new IllegalArgumentException("beyond the log");
            }
            return positions;
        } catch (IllegalArgumentException _) {
            throw invalid("after", "a token, the id of an event, or latest");
        }
    }

    private static ProblemException invalid(String field, String reason) {
        return new ProblemException(Problem.invalid(List.of(new Processor.Problem(field, reason))));
    }
}
