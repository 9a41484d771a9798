// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import static dev.fakta.log.Samples.done;
import static dev.fakta.log.Samples.event;
import static dev.fakta.log.Samples.failure;
import static dev.fakta.log.Samples.readAll;
import static dev.fakta.log.Samples.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fakta.log.LogException.Category;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log as a killed process leaves it: without a checkpoint, with the place up to which it has
/// answered.
class AcknowledgedEndTest {

    private static final SegmentLogSettings SETTINGS =
            SegmentLogSettings.defaults().withPartitions(4).withSegmentBytes(1 << 20);
    private static final int EVENTS = 20;

    @TempDir Path directory;
    private final FaultyDisk disk = new FaultyDisk();
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private Path segment;
    private Path mark;
    private int lastFrame;
    private int end;

    @BeforeEach
    void write() throws IOException {
        segment = SegmentFiles.file(directory, 1);
        mark = directory.resolve(AcknowledgedEnd.NAME);
        try (SegmentLog log = SegmentLog.open(directory, SETTINGS, disk)) {
            Writer writer = log.claim(0, "n");
            for (int i = 1; i <= EVENTS; i++) {
                lastFrame = Location.at(AcknowledgedEnd.read(directory));
                done(writer.append(List.of(event(stream(log, 0, 0), i, 100))));
            }
            end = Location.at(AcknowledgedEnd.read(directory));
            keepFiles();
        }
        leave();
    }

    private void keepFiles() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            for (Path file : all.toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
    }

    /// The files as they were before the log was closed; the mark in the same file as ever.
    private void leave() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            for (Path file : all.toList()) {
                if (!files.containsKey(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(directory.resolve(file.getKey()), file.getValue());
        }
    }

    private void damage(int at) throws IOException {
        byte[] bytes = files.get("0000000001.segment").clone();
        bytes[at] ^= 4;
        Files.write(segment, bytes);
    }

    private int reopened() {
        try (SegmentLog log = SegmentLog.open(directory, SETTINGS)) {
            return readAll(log).size();
        }
    }

    private void assertRefused(Path file, int at) {
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(this::reopened)
                .withMessageContaining(file + " at byte " + at)
                .withMessageContaining("was durable and acknowledged")
                .satisfies(e -> assertThat(e.category()).isEqualTo(Category.CORRUPT));
    }

    @Test
    void a_last_frame_that_was_acknowledged_and_has_rotted_is_refused_with_file_and_byte()
            throws IOException {
        for (int at : List.of(lastFrame, lastFrame + 9, lastFrame + 13, end - 30)) {
            damage(at);
            byte[] before = Files.readAllBytes(segment);
            assertRefused(segment, lastFrame);
            assertThat(LogVerifier.verify(directory).fault().orElseThrow().at())
                    .isEqualTo(lastFrame);
            assertThat(Files.readAllBytes(segment)).isEqualTo(before);
        }
    }

    @Test
    void a_frame_behind_the_acknowledged_ones_is_torn_and_cut() throws IOException {
        byte[] bytes = files.get("0000000001.segment").clone();
        System.arraycopy(bytes, lastFrame, bytes, end, 100);
        Files.write(segment, bytes);
        assertThat(LogVerifier.verify(directory).unfinishedBytes()).isBetween(64L, 100L);
        assertThat(reopened()).isEqualTo(EVENTS + 1);
        assertThat(LogVerifier.verify(directory).unfinishedBytes()).isZero();
    }

    @Test
    void a_lost_only_segment_is_named() throws IOException {
        Files.delete(segment);
        assertRefused(segment, 0);
        Files.write(segment, new byte[1 << 17]);
        assertRefused(segment, 0);
        assertThat(segment).hasSize(1 << 17);
    }

    @Test
    void in_a_copy_a_bad_last_frame_counts_as_torn() throws IOException {
        Files.move(mark, directory.resolve("moved")); // and keeps its inode number
        Files.write(mark, files.get(AcknowledgedEnd.NAME));
        damage(end - 30);
        assertThat(reopened()).isEqualTo(EVENTS);
    }

    @Test
    void a_copy_that_got_the_inode_number_of_the_original_is_known_by_its_birth()
            throws IOException {
        byte[] copy = files.get(AcknowledgedEnd.NAME).clone();
        Layouts.putLong(copy, 24, 12345);
        CRC32C crc = new CRC32C();
        crc.update(copy, 8, 56);
        Layouts.putInt(copy, 4, (int) crc.getValue());
        Files.write(mark, copy);
        assertThat(AcknowledgedEnd.read(directory)).isEqualTo(Location.NONE);
    }

    @Test
    void without_the_file_a_bad_last_frame_counts_as_torn() throws IOException {
        damage(end - 30);
        Files.delete(mark);
        assertThat(reopened()).isEqualTo(EVENTS);
    }

    @Test
    void an_older_file_protects_what_it_knows_of() throws IOException {
        byte[] older = files.get(AcknowledgedEnd.NAME).clone();
        for (int place : List.of(64, 80)) {
            if (Layouts.getLong(older, place) == Location.of(1, end)) {
                Layouts.putLong(older, place, 0);
            }
        }
        Files.write(mark, older);
        assertThat(AcknowledgedEnd.read(directory)).isEqualTo(Location.of(1, lastFrame));
        damage(end - 30);
        assertThat(reopened()).isEqualTo(EVENTS);
    }

    @Test
    void a_damaged_file_never_keeps_a_good_log_from_opening() throws IOException {
        for (int at = 0; at < 512; at++) {
            byte[] bytes = files.get(AcknowledgedEnd.NAME).clone();
            bytes[at] ^= 1;
            Files.write(mark, bytes);
            assertThat(AcknowledgedEnd.read(directory))
                    .as("byte " + at)
                    .isIn(Location.NONE, Location.of(1, lastFrame), Location.of(1, end));
        }
        Files.write(mark, new byte[3]);
        assertThat(reopened()).isEqualTo(EVENTS + 1);
    }

    @Test
    void it_is_never_ahead_of_a_failed_force() throws IOException {
        try (SegmentLog log = SegmentLog.open(directory, SETTINGS, disk)) {
            Writer writer = log.claim(0, "n");
            long durable = AcknowledgedEnd.read(directory);
            disk.failForces(1);
            assertThat(
                            failure(writer.append(List.of(event(stream(log, 0, 0), EVENTS + 1, 9))))
                                    .category())
                    .isEqualTo(Category.UNAVAILABLE);
            assertThat(AcknowledgedEnd.read(directory)).isEqualTo(durable);
        }
    }

    @Test
    void it_costs_no_force() throws IOException {
        try (SegmentLog log = SegmentLog.open(directory, SETTINGS, disk)) {
            Writer writer = log.claim(0, "n");
            int before = disk.forces();
            done(writer.append(List.of(event(stream(log, 0, 0), EVENTS + 1, 9))));
            assertThat(disk.forces() - before).isEqualTo(1);
        }
    }

    @Test
    void what_recovery_gives_back_is_forced_first() {
        disk.failForces(1);
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> SegmentLog.open(directory, SETTINGS, disk));
        assertThat(reopened()).isEqualTo(EVENTS + 1);
    }

    @Test
    void a_log_works_where_it_cannot_be_written() throws IOException {
        disk.fill();
        try (SegmentLog log = SegmentLog.open(directory, SETTINGS, disk)) {
            done(log.claim(0, "n").append(List.of(event(stream(log, 0, 0), EVENTS + 1, 9))));
        }
        assertThat(mark).doesNotExist();
    }

    @Test
    void it_survives_a_new_mapping_and_a_move_of_both_places() throws IOException {
        try (Arena arena = Arena.ofShared()) {
            AcknowledgedEnd made = AcknowledgedEnd.create(directory, disk, arena, 8);
            assertThat(made).isNotNull();
            for (long location = 16; location < 100; location += 8) {
                made.moveTo(location);
                assertThat(AcknowledgedEnd.read(directory)).isEqualTo(location);
            }
        }
    }
}
