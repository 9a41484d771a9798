// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Processor;
import dev.fakta.domain.Saga;
import dev.fakta.gateway.QueryParameters.Parameter;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
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
/// known by its own id.
///
/// All clients share one reader of the log, see [EventFeed]. One that begins further back reads by
/// itself first; a few do at a time, and the others wait for their turn. A stream ends with the
/// server, and when the client is gone, which is noticed after 15 s at the latest. It is cut off
/// when the client does not take what it is sent for 15 s, when what it has not read yet is not
/// kept any more, and when it reads by itself for a minute while others wait for their turn: then
/// the client goes on with the last `id`.
final class EventStream {

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    static final String PATH = "/events";
    private static final String LAST = "Last-Event-ID";
    private static final String TYPE = "text/event-stream";
    private static final String LATEST = "latest";
    private static final String SOURCE = "/fakta";
    private static final String HELD_BACK =
            ": events are held back until all of the log answers, since they may follow from others\n\n";
    private static final int MOST = 64;
    private static final Route.About ABOUT =
            new Route.About(
                    List.of(
                            Parameter.text("after"),
                            Parameter.text("types"),
                            Parameter.text("stream")),
                    null,
                    List.of());
    private static final Set<String> PARAMETERS =
            ABOUT.parameters().stream().map(Parameter::name).collect(Collectors.toSet());
    private static final int MOST_READING = 4;
    private static final long KEPT_BYTES = 32L << 20;
    private static final Duration WAIT = Duration.ofMillis(500);
    private static final Duration SILENCE = Duration.ofSeconds(15);
    private static final Duration TURN = Duration.ofMinutes(1);

    private final Node node;
    private final EventFeed feed;
    private final SlowConnections connections;
    private final Semaphore reading = new Semaphore(MOST_READING, true);
    private final LongAdder cut = new LongAdder();
    private final Set<String> sagas;
    private final Semaphore free = new Semaphore(MOST);
    private final AtomicReference<Positions> heads = new AtomicReference<>(Positions.NONE);
    private volatile boolean isClosed;

    EventStream(Node node, SlowConnections connections) {
        this.node = node;
        this.feed = new EventFeed(() -> node.follow(lastKnown()), KEPT_BYTES);
        this.connections = connections;
        this.sagas =
                node.microsystems().sagas().stream().map(Saga::name).collect(Collectors.toSet());
    }

    /// The end of the log, and what was known of it last of a part that does not answer now: so the
    /// feed does not begin with all of its history.
    private Positions lastKnown() {
        return heads.accumulateAndGet(node.heads(), Positions::merge);
    }

    Routes.Line line() {
        return new Routes.Line(
                new Route.Operation(Method.GET, PATH, TYPE, this::serve, ABOUT),
                RouteAccess.OPERATORS);
    }

    /// Ends all streams.
    void close() {
        isClosed = true;
    }

    /// What a client asks for.
    ///
    /// @param types the events' names; all when there is none
    /// @param stream an aggregate, or one of its streams: `order`, `order/ID`
    private record Selection(Positions after, Set<String> types, @Nullable String stream) {

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
        Selection selection = selection(request);
        if (request.isHead()) {
            response.header(HeaderNames.CONTENT_TYPE, TYPE).send();
            return;
        }
        if (!free.tryAcquire()) {
            throw new ProblemException(
                    Problem.unavailable(
                            ProblemType.BUSY, "As many streams are open as there may be."));
        }
        try (EventFeed.Client client = feed.join()) {
            response.header(HeaderNames.CONTENT_TYPE, TYPE);
            try (OutputStream out = response.outputStream()) {
                new Stream(selection, client, out).run();
            }
        } catch (IOException | ServerConnectionException e) {
            LOG.debug("a stream of events ends", e); // the client is gone
        } finally {
            free.release();
        }
    }

    /// One client's stream. Serves its thread.
    private final class Stream {
        private final Selection selection;
        private final EventFeed.Client client;
        private final OutputStream out;
        private Positions given;
        private long written = System.nanoTime();
        private boolean isHeldBack;

        Stream(Selection selection, EventFeed.Client client, OutputStream out) {
            this.selection = selection;
            this.client = client;
            this.out = out;
            this.given = selection.after;
        }

        void run() throws IOException {
            try {
                write(": begins\n\n");
                if (catchUp()) {
                    follow();
                }
            } catch (LogException e) {
                LOG.debug("a stream of events ends with its log", e);
            }
        }

        /// Reads what the feed does not keep.
        ///
        /// @return whether the feed goes on from there
        private boolean catchUp() throws IOException {
            if (client.begin(given)) {
                return true;
            }
            if (!awaitTurn()) {
                return false;
            }
            long until = System.nanoTime() + TURN.toNanos();
            try (CausalReader reader = node.follow(given)) {
                while (!isClosed && !client.begin(given)) {
                    List<LogRecord> records = reader.next(WAIT);
                    EventFeed.Batch batch = EventFeed.Batch.of(0, records, reader.positions());
                    give(batch, reader.isHeldBack());
                    if (reading.hasQueuedThreads() && System.nanoTime() - until > 0) {
                        cut.increment();
                        return false;
                    }
                }
                return !isClosed;
            } finally {
                reading.release();
            }
        }

        private boolean awaitTurn() throws IOException {
            try {
                while (!reading.tryAcquire(WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                    if (isClosed) {
                        return false;
                    }
                    sayNothingElse();
                }
                return true;
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        private void follow() throws IOException {
            while (!isClosed) {
                EventFeed.Next next = client.next(WAIT);
                if (next.isOvertaken()) {
                    cut.increment();
                    return;
                }
                for (EventFeed.Batch batch : next.batches()) {
                    give(batch, next.isHeldBack());
                }
                if (next.batches().isEmpty()) {
                    say(next.isHeldBack());
                    sayNothingElse();
                }
            }
        }

        private void give(EventFeed.Batch batch, boolean nowHeldBack) throws IOException {
            StringBuilder text = new StringBuilder();
            int lastBegins = 0;
            for (EventFeed.Entry entry : batch.events()) {
                EventRecord record = entry.record();
                boolean isNew = record.offset() > given.offset(record.partition());
                if (isNew && selection.wants(record.event(), sagas)) {
                    lastBegins = text.length();
                    text.append("data: ").append(entry.text(SOURCE)).append("\n\n");
                }
            }
            given = given.merge(batch.after());
            if (!text.isEmpty()) {
                text.insert(lastBegins, "id: " + known(given) + "\n");
                write(text.toString());
            }
            say(nowHeldBack);
            sayNothingElse();
        }

        /// Says when events are held back, and when they come again.
        private void say(boolean nowHeldBack) throws IOException {
            if (nowHeldBack != isHeldBack) {
                isHeldBack = nowHeldBack;
                write(nowHeldBack ? HELD_BACK : ": all of the log answers again\n\n");
            }
        }

        /// So that a client which is gone is noticed, and one that is there knows that it gets all.
        private void sayNothingElse() throws IOException {
            if (System.nanoTime() - written > SILENCE.toNanos()) {
                write("id: %s\n: nothing else\n\n".formatted(known(given)));
            }
        }

        private void write(String text) throws IOException {
            SlowConnections.Wait wait = connections.begin(SILENCE);
            try (wait) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
                out.flush();
            } finally {
                if (wait.isCut()) {
                    cut.increment();
                }
            }
            written = System.nanoTime();
        }
    }

    /// How many streams are open.
    int open() {
        return MOST - free.availablePermits();
    }

    /// How many streams were cut off because their client was too slow.
    long cut() {
        return cut.sum();
    }

    /// How many bytes of events are kept for all of them.
    long bytes() {
        return feed.bytes();
    }

    /// Without the partitions that have nothing: these are read from their beginning anyway.
    private static String known(Positions positions) {
        return positions.aheadOf(Positions.NONE).token();
    }

    private Selection selection(Request request) {
        Map<String, String> parameters = request.parameters();
        Set<String> unknown = new HashSet<>(parameters.keySet());
        unknown.removeAll(PARAMETERS);
        if (!unknown.isEmpty()) {
            throw invalid(unknown.iterator().next(), "there is no such parameter");
        }
        String types = parameters.getOrDefault("types", "");
        return new Selection(
                after(request, parameters.getOrDefault("after", "")),
                types.isEmpty() ? Set.of() : Set.copyOf(Arrays.asList(types.split(","))),
                parameters.get("stream"));
    }

    private Positions after(Request request, String parameter) {
        String text = request.header(LAST);
        String after = text == null || text.isEmpty() ? parameter : text;
        Positions end = node.heads();
        if (after.equals(LATEST)) {
            return whole(end);
        }
        try {
            Positions positions = Token.parse(after).positions();
            if (positions.isBeyond(end)) {
                throw new IllegalArgumentException("beyond the log");
            }
            return positions;
        } catch (IllegalArgumentException _) {
            throw invalid("after", "a token, the id of an event, or latest");
        }
    }

    /// A position that lacks a part of the log would lead to all of its history.
    private Positions whole(Positions end) {
        if (end.partitions().length < node.partitions()) {
            throw new ProblemException(
                    Problem.unavailable(
                            ProblemType.UNAVAILABLE,
                            "A part of the log does not answer, and so nobody knows where it ends."));
        }
        return end;
    }

    private static ProblemException invalid(String field, String reason) {
        return new ProblemException(Problem.invalid(List.of(new Processor.Problem(field, reason))));
    }
}
