// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import dev.fakta.domain.Aggregate;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Snapshot;
import dev.fakta.runtime.CodecException;
import dev.fakta.runtime.Versioned;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Writes and reads the payload of snapshots: a line of JSON that says what the snapshot is, and the
/// aggregate's state as JSON behind it.
///
///     {"version":1,"shape":"8b0c...","kept":{"few":[...],"firstRevision":0}}\n
///     {...}
///
/// A snapshot is an aid. One that cannot be made or used is skipped: the events say the same. What
/// is skipped because something is wrong with it is counted, and said once for each kind of
/// aggregate; one of another version or another [StateShape] is nothing wrong. Any thread.
public final class SnapshotCodec {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotCodec.class);
    private static final byte LINE_END = '\n';

    private final JsonMapper json;
    private final LongAdder skipped = new LongAdder();
    private final Map<Aggregate<?, ?, Object>, String> shapes = new ConcurrentHashMap<>();
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    SnapshotCodec(JsonMapper json) {
        this.json = json;
    }

    /// What a snapshot is of.
    ///
    /// @param version the aggregate's
    /// @param shape the state's
    /// @param kept of the commands that the stream remembers
    private record Head(int version, String shape, CommandWindow.Kept kept) {}

    /// What a snapshot says.
    public record Read(Object state, CommandWindow.Kept kept) {}

    /// Makes the snapshot of a state.
    ///
    /// @return `null` when it is skipped
    public @Nullable Snapshot write(
            Aggregate<Object, Object, Object> aggregate,
            Versioned<Object> state,
            CommandWindow.Kept kept) {
        try {
            BoundedBytes bytes = new BoundedBytes(NewEvent.LARGEST_PAYLOAD);
            bytes.write(
                    json.writeValueAsBytes(new Head(aggregate.version(), shape(aggregate), kept)));
            bytes.write(LINE_END);
            json.writerFor(StateType.of(state.state())).writeValue(bytes, state.state());
            return new Snapshot(
                    aggregate.stream(state.id()), state.revision(), bytes.toByteArray());
        } catch (Throwable e) {
            Fatal.rethrow(e);
            skipped(aggregate.name(), e);
            return null;
        }
    }

    /// Reads what a snapshot says.
    ///
    /// @return `null` when it is skipped
    public @Nullable Read read(Aggregate<Object, Object, Object> aggregate, Snapshot snapshot) {
        try {
            byte[] payload = snapshot.payload();
            int end = 0;
            while (end < payload.length && payload[end] != LINE_END) {
                end++;
            }
            if (end == payload.length) {
                return null; // as they were written before
            }
            Head head = json.readValue(Arrays.copyOf(payload, end), Head.class);
            if (head.version != aggregate.version() || !shape(aggregate).equals(head.shape)) {
                return null;
            }
            Object state =
                    json.readerFor(StateType.of(aggregate.initial()))
                            .readValue(payload, end + 1, payload.length - end - 1);
            if (state == null) {
                throw new CodecException("there is no state");
            }
            return new Read(state, head.kept);
        } catch (Throwable e) {
            Fatal.rethrow(e);
            skipped(aggregate.name(), e);
            return null;
        }
    }

    private String shape(Aggregate<Object, Object, Object> aggregate) {
        return shapes.computeIfAbsent(aggregate, known -> StateShape.of(known.initial()));
    }

    /// Notes that a snapshot of this kind of aggregate could not be made or used.
    public void skipped(String aggregate, Throwable why) {
        skipped.increment();
        if (said.add(aggregate)) {
            LOG.warn(
                    "a snapshot of '{}' is skipped, and its events are read in its place;"
                            + " fakta_snapshots_skipped_total counts the next ones",
                    aggregate,
                    why);
        }
    }

    /// How many snapshots could not be made or used.
    public long skipped() {
        return skipped.sum();
    }

    /// Bytes that end with an exception where they become too many, and not with all of them made.
    private static final class BoundedBytes extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final int most;

        BoundedBytes(int most) {
            this.most = most;
        }

        @Override
        public void write(int one) throws IOException {
            failUnlessRoom(1);
            bytes.write(one);
        }

        @Override
        public void write(byte[] more, int from, int length) throws IOException {
            failUnlessRoom(length);
            bytes.write(more, from, length);
        }

        private void failUnlessRoom(int more) throws IOException {
            if (bytes.size() + more > most) {
                throw new IOException("the snapshot is larger than %,d bytes".formatted(most));
            }
        }

        byte[] toByteArray() {
            return bytes.toByteArray();
        }
    }
}
