// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.LogException.Category;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the files of a log hold when it is opened: lists the segments, walks the frames from the
/// segment of the last checkpoint on, folds those behind the checkpoint into a [LogState], and cuts
/// what a crash left unfinished.
///
/// Frames in earlier segments are not read: a reader checks each when it gets there, and
/// [LogVerifier] checks them all.
final class Recovery {

    private static final System.Logger LOG = System.getLogger(Recovery.class.getName());

    private final Disk disk;
    private final List<Segment> segments;
    private final @Nullable Segment prepared;

    private Recovery(Disk disk, List<Segment> segments, @Nullable Segment prepared) {
        this.disk = disk;
        this.segments = segments;
        this.prepared = prepared;
    }

    /// Lists the segments of a directory, and takes aside a last one without a header.
    static Recovery of(Path directory, Disk disk, Arena arena) throws IOException {
        List<Segment> segments = list(directory, arena);
        Segment prepared = null;
        if (!segments.isEmpty() && !segments.getLast().isBegun()) {
            prepared = segments.removeLast();
        }
        return new Recovery(disk, segments, prepared);
    }

    static List<Segment> list(Path directory, Arena arena) throws IOException {
        List<Segment> segments = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> sorted =
                    files.filter(f -> f.getFileName().toString().matches("\\d{10}\\.segment"))
                            .sorted()
                            .toList();
            for (Path file : sorted) {
                int number = Integer.parseInt(file.getFileName().toString().substring(0, 10));
                int expected = segments.size() + 1;
                if (number != expected) {
                    Path missing = SegmentFiles.file(directory, expected);
                    throw new Segment(expected, missing, arena).corrupt(0, "it is missing");
                }
                segments.add(new Segment(number, file, arena));
            }
        }
        return segments;
    }

    List<Segment> segments() {
        return segments;
    }

    /// The number of partitions that the log was created with; empty for a new log.
    Optional<Integer> partitions() {
        return segments.isEmpty() ? Optional.empty() : Optional.of(segments.getLast().partitions());
    }

    /// A file that was prepared for the next segment and has the right size.
    Optional<Segment> prepared(int bytes) throws IOException {
        if (prepared == null) {
            return Optional.empty();
        }
        long last = LogWalk.lastNonZero(prepared.bytes(), 0);
        if (last < 0 && prepared.bytes().byteSize() == bytes) {
            return Optional.of(prepared);
        }
        Files.delete(prepared.path());
        return Optional.empty();
    }

    /// Folds all frames behind the checkpoint into the state.
    ///
    /// @param each called after each of them
    /// @return the byte behind the last frame of the newest segment
    /// @throws LogException `CORRUPT`
    int replay(LogState state, Runnable each) throws IOException {
        long covered = state.sequence();
        int first = covered == 0 ? 1 : Location.segment(state.end());
        if (first > segments.size()) {
            throw endsEarly(covered, 0);
        }
        LogWalk walk = new LogWalk(segments.subList(first - 1, segments.size()), covered + 1);
        while (walk.next()) {
            if (walk.sequence() > covered) {
                state.apply(walk.segment(), walk.at());
                each.run();
            }
        }
        if (walk.sequence() < covered) {
            throw endsEarly(covered, walk.sequence());
        }
        failIfPreparedHoldsFrames(walk.sequence());
        if (walk.torn().isPresent()) {
            cut(walk.torn().get());
        }
        return walk.end();
    }

    private LogException endsEarly(long covered, long last) {
        String what = whatEndsEarly(last, covered);
        return segments.isEmpty()
                ? new LogException(Category.CORRUPT, what + "; there are no segments")
                : segments.getLast().corrupt(segments.getLast().bytes().byteSize(), what);
    }

    static String whatEndsEarly(long last, long covered) {
        return "the log ends with frame %d, but frame %d was durable".formatted(last, covered);
    }

    private void failIfPreparedHoldsFrames(long last) {
        if (prepared != null && LogWalk.hasFrameAfter(prepared.bytes(), 0, last)) {
            throw prepared.corrupt(0, "the header of a segment with frames is damaged");
        }
    }

    private void cut(Torn torn) throws IOException {
        LOG.log(
                Level.WARNING,
                "cut an unfinished write: {0} at byte {1}, {2} bytes",
                torn.segment().path(),
                Integer.toString(torn.at()),
                Long.toString(torn.bytes()));
        try (FileChannel channel =
                FileChannel.open(torn.segment().path(), StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
            long end = torn.at() + torn.bytes();
            for (long at = torn.at(); at < end; at += zeros.capacity()) {
                int length = (int) Math.min(zeros.capacity(), end - at);
                disk.write(channel, zeros.clear().limit(length), at);
            }
            disk.force(channel);
        }
    }
}
