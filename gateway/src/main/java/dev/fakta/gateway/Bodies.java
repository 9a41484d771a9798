// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import io.helidon.http.HttpException;
import io.helidon.http.media.ReadableEntity;
import io.helidon.webserver.CloseConnectionException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// Reads the bodies of requests, so that no client takes more than its share of memory and time.
///
/// The first [#FREE] bytes of a body cost nothing: the number of connections bounds them. What a
/// body has beyond these is taken from a budget that all requests of this node share, as it
/// arrives, whatever length the client has announced; it is given back when the request has been
/// answered. When the budget is spent, the request is answered 503 at once, and small requests go
/// on. A body that is not there in time is given up: its connection is cut. So is what is left of
/// one that nobody wants, see [#drop].
///
/// Any thread that reads must be a virtual one, see [SlowConnections].
final class Bodies {

    /// As much as all but a few requests have.
    static final int FREE = 16 << 10;

    /// How much of a body that nobody wants is read and dropped, so that the client, which may be
    /// sending it still, gets to read why.
    private static final long MOST_DROPPED = 16 << 20;

    private final long budget;
    private final Duration within;
    private final SlowConnections connections;
    private final AtomicLong taken = new AtomicLong();
    private final LongAdder busy = new LongAdder();
    private final LongAdder slow = new LongAdder();

    /// @param budget bytes beyond the free ones
    /// @param within how long a body may take to arrive
    Bodies(long budget, Duration within, SlowConnections connections) {
        this.budget = budget;
        this.within = within;
        this.connections = connections;
    }

    @FunctionalInterface
    interface Reading<T extends @Nullable Object> {
        T read() throws IOException;
    }

    /// What a request has of the budget. One thread.
    final class Share implements AutoCloseable {
        private long bytes;

        /// Reads a body to its end.
        ///
        /// @param length what the client has announced; -1 when it has not
        /// @param longest the largest that is taken
        /// @throws ProblemException when it is too large, the budget is spent, it does not come in
        ///   time, or the client is gone
        byte[] read(InputStream content, long length, int longest) {
            requireFitting(length, longest);
            return inTime(
                    () -> readAll(content, length < 0 ? longest + 1L : length, longest),
                    "the body does not end where it says");
        }

        /// The same of a body that is packed with gzip. Neither what comes nor what it unpacks to
        /// may be larger.
        ///
        /// @param length as it comes
        byte[] unpack(InputStream content, long length, int longest) {
            requireFitting(length, longest);
            return inTime(
                    () -> {
                        try (InputStream unpacked = new GZIPInputStream(content)) {
                            return readAll(unpacked, longest + 1L, longest);
                        }
                    },
                    "the body is not gzip, or not all of it");
        }

        private static void requireFitting(long length, int longest) {
            if (length > longest) {
                throw new ProblemException(Problem.tooLarge(longest));
            }
        }

        /// Reads something of a body.
        ///
        /// @param fault what is wrong with a body that breaks off
        /// @throws ProblemException when it does, or does not come in time
        <T extends @Nullable Object> T inTime(Reading<T> reading, String fault) {
            SlowConnections.Wait wait = connections.begin(within);
            try (wait) {
                return reading.read();
            } catch (ProblemException | HttpException e) {
                throw e;
            } catch (IOException | RuntimeException _) {
                // Helidon has no one exception for chunks that are none, or lines that do not end
                if (wait.isCut()) {
                    slow.increment();
                    throw new ProblemException(Problem.tooSlow());
                }
                throw new ProblemException(Problem.unreadable("", fault));
            }
        }

        /// In pieces, joined at the end: what a slow client has sent so far takes no more memory
        /// than that, and no large arrays, for which the collector keeps whole regions. A body of
        /// known length is read up to its end: that tells Helidon that nothing is left to skip, for
        /// which it would take a buffer.
        private byte[] readAll(InputStream content, long most, int longest) throws IOException {
            List<byte[]> full = new ArrayList<>();
            byte[] piece = new byte[(int) Math.min(most, FREE)];
            int before = 0;
            int length = content.readNBytes(piece, 0, piece.length);
            while (length == piece.length && before + length < most) {
                full.add(piece);
                before += length;
                int next = (int) Math.min(most - before, FREE);
                take(next);
                piece = new byte[next];
                length = content.readNBytes(piece, 0, next);
            }
            if (before + length > longest) {
                throw new ProblemException(Problem.tooLarge(longest));
            }
            boolean _ = content.read() < 0;
            return joined(full, before, piece, length);
        }

        private static byte[] joined(List<byte[]> full, int before, byte[] last, int length) {
            if (before == 0 && length == last.length) {
                return last;
            }
            byte[] body = new byte[before + length];
            for (int i = 0; i < full.size(); i++) {
                System.arraycopy(full.get(i), 0, body, i * FREE, FREE);
            }
            System.arraycopy(last, 0, body, before, length);
            return body;
        }

        /// @throws ProblemException when the budget is spent
        void take(int more) {
            if (taken.addAndGet(more) > budget) {
                taken.addAndGet(-more);
                busy.increment();
                throw new ProblemException(
                        Problem.unavailable(
                                ProblemType.BUSY, "Too many large requests are under way."));
            }
            bytes += more;
        }

        @Override
        public void close() {
            taken.addAndGet(-bytes);
            bytes = 0;
        }
    }

    /// Reads to its end, and drops, what was not read of a body: the client may send it still, and
    /// reads the answer afterwards. What does not come in time is given up: the connection is cut.
    /// So is what is announced to be longer than [#MOST_DROPPED].
    ///
    /// @param length what the client has announced; -1 when it has not
    void drop(ReadableEntity content, long length) {
        if (!content.hasEntity() || content.consumed()) {
            return;
        }
        if (length > MOST_DROPPED) {
            throw new CloseConnectionException("the rest of a body is too long");
        }
        SlowConnections.Wait wait = connections.begin(within);
        try (wait) {
            content.consume();
        } catch (RuntimeException e) {
            if (wait.isCut()) {
                slow.increment();
            }
            throw new CloseConnectionException("the rest of a body does not come", e);
        }
    }

    /// The bytes beyond the free ones that requests have at this moment.
    long taken() {
        return taken.get();
    }

    /// How many requests found the budget spent.
    long busy() {
        return busy.sum();
    }

    /// How many bodies did not come in time.
    long slow() {
        return slow.sum();
    }
}
