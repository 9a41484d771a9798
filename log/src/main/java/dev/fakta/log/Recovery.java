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
import java.util.Arrays;
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
    private final Path directory;
    private final List<Segment> segments;
    private final @Nullable Segment prepared;
    private final long acknowledged;

    private Recovery(
            Disk disk,
            Path directory,
            List<Segment> segments,
            @Nullable Segment prepared,
            long acknowledged) {
        this.disk = disk;
        this.directory = directory;
        this.segments = segments;
        this.prepared = prepared;
        this.acknowledged = acknowledged;
    }

    /// Lists the segments of a directory, and takes aside a last one without a valid header, of
    /// which only [#replay] can tell whether it was begun.
    ///
    /// @throws LogException `CORRUPT` when another one has none; `UNAVAILABLE` when a segment is of
    ///   a newer format
    static Recovery of(Path directory, Disk disk, Arena arena) throws IOException {
        List<Segment> segments = list(directory, arena);
        Segment prepared = takeUnbegun(segments);
        return new Recovery(disk, directory, segments, prepared, AcknowledgedEnd.read(directory));
    }

    /// Removes the last segment and answers it, if it has no valid header; all others must have
    /// one.
    static @Nullable Segment takeUnbegun(List<Segment> segments) {
        Segment last = null;
        if (!segments.isEmpty()) {
            segments.getLast().failWhenNewer();
            last = segments.getLast().isBegun() ? null : segments.removeLast();
        }
        segments.forEach(Segment::begun);
        return last;
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

    /// The number of partitions of a log that must be there.
    ///
    /// @throws LogException `CORRUPT` when its only segment cannot be read; `UNAVAILABLE` when
    ///   there is none
    int existingPartitions() {
        if (segments.isEmpty() && prepared != null && !prepared.isZero()) {
            throw prepared.fault();
        }
        return partitions()
                .orElseThrow(
                        () ->
                                new LogException(
                                        Category.UNAVAILABLE, "there is no log in " + directory));
    }

    /// A file that was prepared for the next segment and has the right size. After [#replay], which
    /// fails for a file that anything was written to.
    Optional<Segment> prepared(int bytes) throws IOException {
        if (prepared == null) {
            return Optional.empty();
        }
        if (prepared.isZero() && prepared.bytes().byteSize() == bytes) {
            return Optional.of(prepared);
        }
        Files.delete(prepared.path());
        return Optional.empty();
    }

    /// Folds all frames behind the checkpoint into the state. What it answers is durable: a frame
    /// that was written and not forced before a crash is forced now.
    ///
    /// @param each called after each of them
    /// @return the byte behind the last frame of the newest segment; 0 for a new log
    /// @throws LogException `CORRUPT`; `UNAVAILABLE` when a frame is of a newer format
    int replay(LogState state, Runnable each) throws IOException {
        Checkpoint covered = state.checkpoint();
        int first = covered.sequence() == 0 ? 1 : Location.segment(covered.end());
        if (first > segments.size() && (covered.sequence() > 0 || acknowledged > 0)) {
            throw missing(first, covered.sequence());
        }
        if (segments.isEmpty()) {
            failUnlessUnbegun(state);
            return 0;
        }
        return replay(state, covered, first, each);
    }

    private void failUnlessUnbegun(LogState state) {
        if (prepared != null && !prepared.isUnbegun(state.checkpoint())) {
            throw prepared.fault();
        }
    }

    private int replay(LogState state, Checkpoint covered, int first, Runnable each)
            throws IOException {
        force(segments.getLast());
        List<Segment> walked = segments.subList(first - 1, segments.size());
        LogWalk walk = new LogWalk(walked, covered.sequence() + 1, acknowledged);
        failIfBehind(walk, covered);
        while (walk.next()) {
            failIfOther(walk, covered);
            if (walk.sequence() > covered.sequence()) {
                state.apply(walk.segment(), walk.at());
                each.run();
            }
        }
        if (walk.sequence() < covered.sequence()) {
            String what = whatEndsEarly(walk.sequence(), covered.sequence());
            throw walk.segment().corrupt(walk.end(), what);
        }
        failUnlessUnbegun(state);
        if (walk.torn().isPresent()) {
            cut(walk.torn().get());
        }
        return walk.end();
    }

    /// Fails when the segment that the checkpoint ends in begins behind it.
    private static void failIfBehind(LogWalk walk, Checkpoint covered) {
        if (covered.sequence() > 0 && walk.sequence() >= covered.sequence()) {
            throw other(walk, covered);
        }
    }

    /// Fails when the frame that the checkpoint ends with is another one in the segments.
    static void failIfOther(LogWalk walk, Checkpoint covered) {
        if (walk.sequence() == covered.sequence()
                && (!Arrays.equals(walk.hash(), covered.hash())
                        || Location.of(walk.segment().number(), walk.end()) != covered.end())) {
            throw other(walk, covered);
        }
    }

    private static LogException other(LogWalk walk, Checkpoint covered) {
        String what =
                "frame %d is not where or what %s says: one of the two is of another log; if it is that file, remove it"
                        .formatted(covered.sequence(), Manifest.NAME);
        return walk.segment().corrupt(walk.at(), what);
    }

    /// The log needs a segment that is not there, or in which nothing stands.
    private LogException missing(int number, long covered) {
        Path file = SegmentFiles.file(directory, number);
        String what =
                covered > 0
                        ? whatEndsEarly(0, covered) + "; its segment is missing or empty"
                        : "the segment is missing or empty; "
                                + LogWalk.wasAcknowledged(acknowledged);
        Damage damage = new Damage(file, 0, what);
        return new LogException(Category.CORRUPT, damage.fault().toString(), damage);
    }

    static String whatEndsEarly(long last, long covered) {
        return "the log ends with frame %d, but frame %d was durable".formatted(last, covered);
    }

    private void force(Segment segment) throws IOException {
        try (FileChannel channel = FileChannel.open(segment.path(), StandardOpenOption.WRITE)) {
            disk.force(channel);
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
