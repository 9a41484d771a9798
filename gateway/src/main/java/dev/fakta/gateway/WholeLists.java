// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers lists from their first row to their last, as lines of JSON or as a table.
///
/// A list is read page by page, each when its client has taken the one before: of a list there is
/// never more than a page in memory, however long it is. The reading ends with its client. One that
/// does not take what it is sent for 15 s is cut off.
///
/// What is wrong with the request, and a view that cannot be read at all, is answered as ever,
/// since the first page is read before anything is sent. When a later page fails, it is too late
/// for another status: the connection is closed without the end that the body would have had, so
/// that no client takes the part that it has got for the whole.
final class WholeLists {

    private static final Logger LOG = LoggerFactory.getLogger(WholeLists.class);

    /// At a time: each has a page in memory, and asks its view again and again.
    private static final int MOST = 32;

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int PIECE = 32 << 10;
    private static final byte[] NOTHING = {};

    private final SlowConnections connections;
    private final Semaphore free = new Semaphore(MOST);
    private final LongAdder cut = new LongAdder();

    WholeLists(SlowConnections connections) {
        this.connections = connections;
    }

    /// How many are being answered.
    int open() {
        return MOST - free.availablePermits();
    }

    /// How many were cut off because their client was too slow.
    long cut() {
        return cut.sum();
    }

    /// Answers a list. Where the request has a `limit` that is all there is of it.
    ///
    /// @param pages gives the page behind a cursor; behind `null` the first one
    void send(
            ListForm form,
            CsvTable table,
            Function<@Nullable String, Page<?>> pages,
            Request request,
            ServerResponse response) {
        boolean isWhole = !request.parameters().containsKey(Query.LIMIT);
        if (!free.tryAcquire()) {
            throw new ProblemException(
                    Problem.unavailable(
                            ProblemType.BUSY, "As many lists are under way as there may be."));
        }
        try {
            Page<?> first = pages.apply(null);
            boolean isPacked = Negotiation.acceptsGzip(request.http().headers());
            response.header(HeaderNames.CONTENT_TYPE, form.contentType());
            response.headers().add(Answers.BY_ENCODING);
            if (isPacked) {
                response.header(Answers.GZIP);
            }
            if (request.isHead()) {
                response.header(HeaderValues.TRANSFER_ENCODING_CHUNKED).send(NOTHING);
                return;
            }
            try {
                OutputStream out = response.outputStream();
                Writer writer =
                        new Writer(
                                form,
                                table,
                                isPacked ? new GZIPOutputStream(out, PIECE, true) : out);
                writer.writeAll(isWhole ? first : new Page<>(first.items(), null), pages);
            } catch (IOException e) {
                LOG.debug("a list ends with its client", e);
                throw new CloseConnectionException("the client is gone", e);
            } catch (RuntimeException e) {
                LOG.warn("{} fails before its end", request.http().path().path(), e);
                throw new CloseConnectionException("the rest of a list is missing", e);
            }
        } finally {
            free.release();
        }
    }

    /// Writes one list. Serves its thread.
    private final class Writer {
        private final ListForm form;
        private final CsvTable table;
        private final OutputStream out;
        private final ByteArrayOutputStream piece = new ByteArrayOutputStream(PIECE);

        Writer(ListForm form, CsvTable table, OutputStream out) {
            this.form = form;
            this.table = table;
            this.out = out;
        }

        void writeAll(Page<?> first, Function<@Nullable String, Page<?>> pages) throws IOException {
            if (form == ListForm.TABLE) {
                piece.writeBytes(table.header().getBytes(UTF_8));
            }
            Page<?> page = first;
            write(page);
            for (String next = page.next(); next != null; next = page.next()) {
                page = pages.apply(next);
                if (next.equals(page.next())) {
                    throw new IllegalStateException("the page behind " + next + " is the same one");
                }
                write(page);
            }
            inTime(out::close);
        }

        private void write(Page<?> page) throws IOException {
            for (Object item : page.items()) {
                if (form == ListForm.TABLE) {
                    String line = table.line(Json.mapper().valueToTree(item));
                    piece.writeBytes(line.getBytes(UTF_8));
                } else {
                    piece.writeBytes(Json.write(item));
                    piece.write('\n');
                }
                if (piece.size() >= PIECE) {
                    flush();
                }
            }
            flush();
        }

        private void flush() throws IOException {
            inTime(
                    () -> {
                        piece.writeTo(out);
                        out.flush();
                    });
            piece.reset();
        }

        private void inTime(Writing writing) throws IOException {
            SlowConnections.Wait wait = connections.begin(PATIENCE);
            try (wait) {
                writing.write();
            } catch (UncheckedIOException | ServerConnectionException e) {
                throw new IOException("the client is gone", e);
            } finally {
                if (wait.isCut()) {
                    cut.increment();
                }
            }
        }
    }

    @FunctionalInterface
    private interface Writing {
        void write() throws IOException;
    }
}
