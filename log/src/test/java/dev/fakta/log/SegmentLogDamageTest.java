// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import static dev.fakta.log.Samples.done;
import static dev.fakta.log.Samples.event;
import static dev.fakta.log.Samples.readAll;
import static dev.fakta.log.Samples.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fakta.log.LogException.Category;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a [SegmentLog] makes of files that are not what it wrote. `-Dfakta.seed=N` repeats a run.
class SegmentLogDamageTest {

    private static final SegmentLogSettings SETTINGS =
            SegmentLogSettings.defaults().withPartitions(4).withSegmentBytes(1 << 18);
    private static final long SEED = Long.getLong("fakta.seed", 20260601);
    private static final int ROUNDS = Integer.getInteger("fakta.rounds", 60);
    private static final int EVENTS = 400;

    @TempDir Path temp;
    private Path written;
    private int lastSegment;
    private long endOfLog;
    private List<Long> frames;

    /// A log of several segments as a crash leaves it: no checkpoint at the end.
    @BeforeEach
    void write() throws IOException {
        written = temp.resolve("written");
        Path live = temp.resolve("live");
        frames = new ArrayList<>();
        try (SegmentLog log = SegmentLog.open(live, SETTINGS)) {
            Writer writer = log.claim(1, "n");
            Random random = new Random(SEED);
            long[] revisions = new long[20];
            for (int i = 0; i < EVENTS; i++) {
                int number = random.nextInt(revisions.length);
                String stream = stream(log, 1, number);
                done(
                        writer.append(
                                List.of(event(stream, ++revisions[number], random.nextInt(900)))));
            }
            copy(live, written);
        }
        findEnd();
    }

    private void findEnd() throws IOException {
        try (Arena arena = Arena.ofShared()) {
            List<Segment> segments = Recovery.list(written, arena);
            segments.removeIf(segment -> !segment.isBegun());
            LogWalk walk = new LogWalk(segments, 1, Location.NONE);
            while (walk.next()) {
                frames.add(Location.of(walk.segment().number(), walk.at()));
            }
            lastSegment = walk.segment().number();
            endOfLog = walk.end();
        }
        assertThat(lastSegment).isGreaterThan(2);
    }

    @Test
    void a_flipped_byte_is_found_wherever_it_is() throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            Path directory = fresh();
            int number = 1 + random.nextInt(lastSegment);
            Path file = SegmentFiles.file(directory, number);
            long bound = number == lastSegment ? endOfLog : Files.size(file);
            long at = random.nextLong(bound);
            flip(file, at);
            assertFoundOrHarmless(
                    directory,
                    number,
                    at,
                    "seed %d round %d: segment %d byte %d".formatted(SEED, round, number, at));
        }
    }

    private void assertFoundOrHarmless(Path directory, int number, long at, String where) {
        VerifyReport report = LogVerifier.verify(directory);
        boolean isLastFrame = Location.of(number, (int) at) >= frames.getLast();
        try (SegmentLog log = SegmentLog.open(directory, SETTINGS)) {
            int records = readAll(log).size();
            if (isLastFrame) { // as if it had been torn
                assertThat(records).as(where).isEqualTo(EVENTS);
                assertThat(report.unfinishedBytes()).as(where).isPositive();
            } else { // in the zeros behind a full segment's frames, or in a header's padding
                assertThat(records).as(where).isEqualTo(EVENTS + 1);
            }
        } catch (LogException e) {
            assertThat(e.category()).as(where).isEqualTo(Category.CORRUPT);
            assertThat(e).as(where).hasMessageContaining(".segment at byte");
            assertThat(report.fault()).as(where).isPresent();
        }
    }

    @Test
    void a_bad_frame_before_valid_ones_is_named_with_file_and_byte() throws IOException {
        Path directory = fresh();
        long frame = frames.get(frames.size() / 2);
        Path file = SegmentFiles.file(directory, Location.segment(frame));
        flip(file, Location.at(frame) + 100L);
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> SegmentLog.open(directory, SETTINGS))
                .withMessageContaining(file.getFileName() + " at byte " + Location.at(frame))
                .satisfies(e -> assertThat(e.category()).isEqualTo(Category.CORRUPT));
        VerifyReport.Fault fault = LogVerifier.verify(directory).fault().orElseThrow();
        assertThat(fault.file()).isEqualTo(file);
        assertThat(fault.at()).isEqualTo(Location.at(frame));
    }

    @Test
    void a_log_that_refused_to_open_is_not_changed_by_it() throws IOException {
        Path directory = fresh();
        Path file = SegmentFiles.file(directory, 1);
        flip(file, Location.at(frames.get(3)) + 70L);
        byte[] before = Files.readAllBytes(file);
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> SegmentLog.open(directory, SETTINGS));
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void a_torn_end_is_cut_wherever_it_tore_and_the_log_goes_on() throws IOException {
        Random random = new Random(SEED);
        int lastFrame = Location.at(frames.getLast());
        for (int round = 0; round < ROUNDS; round++) {
            Path directory = fresh();
            Path file = SegmentFiles.file(directory, lastSegment);
            long from = lastFrame + random.nextLong(endOfLog - lastFrame);
            fill(file, from, endOfLog, random);
            try (SegmentLog log = SegmentLog.open(directory, SETTINGS)) {
                assertThat(readAll(log)).hasSize(EVENTS);
                assertThat(log.claim(1, "n").head()).isEqualTo(EVENTS + 1);
            }
            assertThat(LogVerifier.verify(directory).fault()).isEmpty();
            try (SegmentLog log = SegmentLog.open(directory, SETTINGS)) {
                assertThat(readAll(log)).hasSize(EVENTS + 1);
            }
        }
    }

    @Test
    void stale_bytes_behind_the_end_never_come_back() throws IOException {
        Path directory = fresh();
        Path file = SegmentFiles.file(directory, lastSegment);
        fill(file, endOfLog + 200, endOfLog + 3000, new Random(SEED));
        SegmentLog.open(directory, SETTINGS).close();
        byte[] bytes = Files.readAllBytes(file);
        for (int i = (int) endOfLog; i < bytes.length; i++) {
            assertThat(bytes[i]).isZero();
        }
    }

    @Test
    void a_shortened_last_segment_loses_its_end_only_and_any_other_is_corruption()
            throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            Path directory = fresh();
            int number = 1 + random.nextInt(lastSegment);
            Path file = SegmentFiles.file(directory, number);
            long size = number == lastSegment ? endOfLog : Files.size(file) - 2000;
            long length = random.nextLong(size);
            truncate(file, length);
            int whole = 0;
            for (long frame : frames) {
                whole += frame < Location.of(number, (int) length) ? 1 : 0;
            }
            String where =
                    "seed %d round %d: segment %d to %d".formatted(SEED, round, number, length);
            try (SegmentLog log = SegmentLog.open(directory, SETTINGS)) {
                assertThat(number).as(where).isEqualTo(lastSegment);
                assertThat(readAll(log)).as(where).hasSizeBetween(whole - 1, whole);
                log.claim(0, "n");
            } catch (LogException e) {
                assertThat(e.category()).as(where).isEqualTo(Category.CORRUPT);
                assertThat(number < lastSegment || length < 4096).as(where).isTrue();
            }
        }
    }

    @Test
    void a_missing_segment_is_named() throws IOException {
        Path directory = fresh();
        Files.delete(SegmentFiles.file(directory, 2));
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> SegmentLog.open(directory, SETTINGS))
                .withMessageContaining("0000000002.segment")
                .satisfies(e -> assertThat(e.category()).isEqualTo(Category.CORRUPT));
    }

    @Test
    void a_log_that_ends_before_its_checkpoint_is_corrupt() throws IOException {
        Path directory = fresh();
        SegmentLog.open(directory, SETTINGS).close();
        fill(
                SegmentFiles.file(directory, lastSegment),
                Location.at(frames.getLast()),
                endOfLog,
                null);
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> SegmentLog.open(directory, SETTINGS))
                .withMessageContaining("was durable");
        assertThat(LogVerifier.verify(directory).isSound()).isFalse();
    }

    @Test
    void a_frame_from_another_log_breaks_the_chain() throws IOException {
        Path directory = fresh();
        Path other = temp.resolve("other");
        try (SegmentLog log = SegmentLog.open(other, SETTINGS)) {
            log.claim(1, "m");
        }
        byte[] foreign = Files.readAllBytes(SegmentFiles.file(other, 1));
        int at = Location.at(frames.getFirst());
        int length = Layouts.getInt(foreign, at + 12);
        try (RandomAccessFile file =
                new RandomAccessFile(SegmentFiles.file(directory, 1).toFile(), "rw")) {
            file.seek(at);
            file.write(foreign, at, length);
        }
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> SegmentLog.open(directory, SETTINGS))
                .withMessageContaining("hash of frame 2");
    }

    @Test
    void damage_behind_the_checkpoint_fails_the_reads_that_meet_it() throws IOException {
        Path directory = fresh();
        SegmentLog.open(directory, SETTINGS).close();
        long frame = frames.get(5);
        flip(SegmentFiles.file(directory, 1), Location.at(frame) + 64L + 32 + 40);
        try (SegmentLog log = SegmentLog.open(directory, SETTINGS)) {
            assertCorrupt(() -> readAll(log));
            int corrupt = 0;
            int events = 0;
            for (int i = 0; i < 20; i++) {
                try {
                    events += log.readStream(stream(log, 1, i), 1, 1000).size();
                } catch (LogException e) {
                    assertThat(e.category()).isEqualTo(Category.CORRUPT);
                    corrupt++;
                }
            }
            assertThat(corrupt).isEqualTo(1);
            assertThat(events).isBetween(EVENTS / 2, EVENTS - 1);
        }
        assertThat(LogVerifier.verify(directory).fault().orElseThrow().at())
                .isEqualTo(Location.at(frame));
    }

    @Test
    void a_damaged_snapshot_is_passed_over_for_the_events_say_the_same() throws IOException {
        Path directory = temp.resolve("snapshots");
        byte[] payload = new byte[501];
        Arrays.fill(payload, (byte) 0x77);
        try (SegmentLog log = SegmentLog.open(directory, SETTINGS)) {
            String stream = stream(log, 1, 0);
            Writer writer = log.claim(1, "n");
            done(writer.append(List.of(event(stream, 1, 10))));
            writer.putSnapshot(new Snapshot(stream, 1, payload));
            done(writer.append(List.of(event(stream, 2, 10))));
            Path file = SegmentFiles.file(directory, 1);
            byte[] bytes = Files.readAllBytes(file);
            int at = 0;
            while (!Arrays.equals(payload, 0, 501, bytes, at, at + 501)) {
                at++;
            }
            int entry = at - stream.length() - 56;
            List<Integer> places = List.of(entry, entry + 4, entry + 12, entry + 40, at + 9);
            for (int damaged : places) {
                flip(file, damaged);
                assertThat(log.latestSnapshot(stream)).as("byte " + damaged).isEmpty();
                assertThat(log.readStream(stream, 1, 10)).hasSize(2);
                flip(file, damaged); // back
            }
            assertThat(log.latestSnapshot(stream).orElseThrow().payload()).isEqualTo(payload);
        }
    }

    private static void assertCorrupt(ThrowingCallable call) {
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.category()).isEqualTo(Category.CORRUPT));
    }

    @Test
    void a_damaged_or_missing_index_is_rebuilt() throws IOException {
        Path directory = fresh();
        SegmentLog.open(directory, SETTINGS).close();
        List<Path> index;
        try (Stream<Path> files = Files.list(directory)) {
            index = files.filter(f -> f.toString().matches(".*(run|manifest)")).toList();
        }
        assertThat(index).hasSizeGreaterThanOrEqualTo(2);
        for (Path file : index) {
            flip(file, Files.size(file) / 2);
            assertAllReadable(directory);
            Files.deleteIfExists(file);
            assertAllReadable(directory);
        }
    }

    private void assertAllReadable(Path directory) {
        try (SegmentLog log = SegmentLog.open(directory, SETTINGS)) {
            int events = 0;
            for (int i = 0; i < 20; i++) {
                events += log.readStream(stream(log, 1, i), 1, 1000).size();
            }
            assertThat(events).isEqualTo(EVENTS);
        }
    }

    private Path fresh() throws IOException {
        Path directory = Files.createTempDirectory(temp, "copy");
        copy(written, directory);
        return directory;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(f -> !f.endsWith("lock")).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void flip(Path path, long at) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(at);
            int old = file.read();
            file.seek(at);
            file.write(old ^ 0x10);
        }
    }

    /// With random bytes, or zeros.
    private static void fill(Path path, long from, long until, @Nullable Random random)
            throws IOException {
        byte[] bytes = new byte[(int) (until - from)];
        if (random != null) {
            random.nextBytes(bytes);
        }
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(from);
            file.write(bytes);
        }
    }

    private static void truncate(Path path, long length) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(length);
        }
    }
}
