// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out requests whose body has many requests, one a line, and answers each with a line, in
/// the order in which they came, while it still reads.
///
/// At most [#MOST_UNDER_WAY] lines of a request are under way at once: what is read further waits
/// for the oldest, and so does the client that sends it. So a client reads while it sends. One that
/// takes nothing for 15 s is cut off, and one whose next line does not come in the time that a body
/// has.
///
/// An answer that ends as HTTP bodies end has a line for each line of the request. When the body
/// breaks off, or somebody is cut off, the answer ends without that.
final class BulkRequests {

    private static final Logger LOG = LoggerFactory.getLogger(BulkRequests.class);

    static final String TYPE = "application/x-ndjson";

    /// The header that says which number the body's first line has.
    static final String FIRST_LINE = "Fakta-First-Line";

    private static final int MOST = 16;
    private static final int MOST_UNDER_WAY = 16;
    private static final int PIECE = 16 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /// One line, of which something becomes.
    ///
    /// @param isEnd whether it stands behind the last one, and is none itself
    private record Started(Future<byte[]> answer, boolean isEnd) {
        static final Started END =
                new Started(CompletableFuture.completedFuture(new byte[0]), true);
    }

    private final SlowConnections connections;
    private final Bodies bodies;
    private final int longest;
    private final Semaphore free = new Semaphore(MOST);
    private final LongAdder lines = new LongAdder();

    /// @param longest the largest line that is taken, in bytes
    BulkRequests(SlowConnections connections, Bodies bodies, int longest) {
        this.connections = connections;
        this.bodies = bodies;
        this.longest = longest;
    }

    /// Carries out one line, and says what has become of it.
    @FunctionalInterface
    interface Work {
        /// @param number of the line
        /// @throws ProblemException when it is refused
        Map<String, Object> carryOut(long number, byte[] text);
    }

    /// How many requests of many lines are under way.
    int open() {
        return MOST - free.availablePermits();
    }

    /// How many lines were carried out or refused.
    long lines() {
        return lines.sum();
    }

    void serve(Request request, ServerResponse response, Work work) {
        long first = request.firstLine();
        if (!free.tryAcquire()) {
            throw new ProblemException(
                    Problem.unavailable(
                            ProblemType.BUSY,
                            "As many requests of many lines are under way as there may be."));
        }
        try {
            BodyLines body = new BodyLines(request.content());
            response.header(HeaderNames.CONTENT_TYPE, TYPE);
            new Bulk(body, first, response, work).run();
        } finally {
            free.release();
        }
    }

    /// One request of many lines.
    private final class Bulk {
        private final BodyLines body;
        private final long first;
        private final ServerResponse response;
        private final Work work;
        private final BlockingQueue<Started> underWay =
                new ArrayBlockingQueue<>(MOST_UNDER_WAY - 1); // the writer waits for one more
        private @Nullable OutputStream stream;
        private volatile boolean isRead;
        private volatile boolean isClientGone;

        Bulk(BodyLines body, long first, ServerResponse response, Work work) {
            this.body = body;
            this.first = first;
            this.response = response;
            this.work = work;
        }

        void run() {
            Thread writer = Thread.ofVirtual().name("bulk-answer").start(this::write);
            try {
                try {
                    read();
                } finally {
                    underWay.put(Started.END);
                    writer.join();
                }
            } catch (InterruptedException e) {
                isClientGone = true;
                writer.interrupt();
                Thread.currentThread().interrupt();
                throw new CloseConnectionException("the server ends", e);
            }
            if (!isRead || isClientGone) {
                throw new CloseConnectionException("not all lines are answered");
            }
        }

        /// Reads and starts all lines.
        private void read() throws InterruptedException {
            long number = first;
            while (!isClientGone) {
                Bodies.Share memory = bodies.new Share();
                BodyLines.Line line;
                try {
                    line = body.next(memory, longest);
                } catch (RuntimeException e) {
                    memory.close();
                    LOG.debug("a body of many lines breaks off at line {}", number, e);
                    return;
                }
                if (line == null) {
                    memory.close();
                    isRead = true;
                    return;
                }
                if (line.isBlank()) {
                    memory.close();
                } else {
                    underWay.put(start(number, line, memory));
                }
                number++;
            }
        }

        private Started start(long number, BodyLines.Line line, Bodies.Share memory) {
            FutureTask<byte[]> task =
                    new FutureTask<>(
                            () -> {
                                try (memory) {
                                    return line(answer(number, line));
                                } finally {
                                    lines.increment();
                                }
                            });
            Thread.ofVirtual().name("bulk-line-" + number).start(task);
            return new Started(task, false);
        }

        private static byte[] line(Map<String, Object> answer) {
            byte[] json = Json.write(answer);
            byte[] line = Arrays.copyOf(json, json.length + 1);
            line[json.length] = '\n';
            return line;
        }

        private Map<String, Object> answer(long number, BodyLines.Line line) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("line", number);
            try {
                refuse(line.fault());
                answer.putAll(work.carryOut(number, line.text()));
            } catch (RuntimeException e) {
                Problem problem = Handlers.problem(e);
                if (problem.status() == 500 && !(e instanceof ProblemException)) {
                    LOG.error("line {} of a request fails", number, e);
                }
                answer.put("status", problem.status());
                if (problem.retryAfterSeconds() > 0) {
                    answer.put("retryAfter", problem.retryAfterSeconds());
                }
                answer.put("problem", Answers.fields(problem));
            }
            return answer;
        }

        private static void refuse(@Nullable Problem fault) {
            if (fault != null) {
                throw new ProblemException(fault);
            }
        }

        /// Writes what becomes of the lines, one after the other. Once the client is gone it lets
        /// those that are under way end: it goes on until there is none, since the reader waits for
        /// that.
        private void write() {
            ByteArrayOutputStream piece = new ByteArrayOutputStream(PIECE);
            try {
                boolean isLast = false;
                while (!isLast) {
                    Started next = underWay.take();
                    isLast = next.isEnd;
                    add(next.answer, isLast, piece);
                }
            } catch (InterruptedException _) {
                isClientGone = true; // the server ends
            }
        }

        private void add(Future<byte[]> next, boolean isLast, ByteArrayOutputStream piece)
                throws InterruptedException {
            try {
                piece.writeBytes(next.get());
                if (isClientGone) {
                    piece.reset();
                    return;
                }
                Started after = isLast ? null : underWay.peek();
                if (piece.size() >= PIECE || after == null || !after.answer.isDone()) {
                    flush(piece, isLast && isRead);
                }
            } catch (IOException e) {
                LOG.debug("the client is gone", e);
                isClientGone = true;
            } catch (ExecutionException | RuntimeException e) {
                LOG.error("the answer of a request of many lines fails", e);
                isClientGone = true;
            }
        }

        private void flush(ByteArrayOutputStream piece, boolean isEnd) throws IOException {
            inTime(
                    () -> {
                        OutputStream out = out();
                        piece.writeTo(out);
                        if (isEnd) {
                            out.close();
                        } else {
                            out.flush();
                        }
                    });
            piece.reset();
        }

        /// A response gives its stream once. Only the writer asks for it.
        private OutputStream out() {
            if (stream == null) {
                stream = response.outputStream();
            }
            return stream;
        }

        private void inTime(Writing writing) throws IOException {
            SlowConnections.Wait wait = connections.begin(PATIENCE);
            try (wait) {
                writing.write();
            } catch (UncheckedIOException | ServerConnectionException e) {
                throw new IOException("the client is gone", e);
            }
        }
    }

    @FunctionalInterface
    private interface Writing {
        void write() throws IOException;
    }
}
