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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log whose only segment was never begun, cannot be read, or is of a newer format: as a crash
/// leaves it, without a checkpoint, and as a copy, without an [AcknowledgedEnd].
class SegmentHeaderTest {

    private static final SegmentLogSettings SETTINGS =
            SegmentLogSettings.defaults().withPartitions(4).withSegmentBytes(1 << 20);
    private static final int EVENTS = 50;
    private static final int HEADER = 4096;

    @TempDir Path directory;
    private Path file;
    private byte[] written;
    private int end;

    @BeforeEach
    void write() throws IOException {
        file = SegmentFiles.file(directory, 1);
        try (SegmentLog log = SegmentLog.open(directory, SETTINGS)) {
            String stream = stream(log, 0, 0);
            Writer writer = log.claim(0, "n");
            for (int i = 1; i <= EVENTS; i++) {
                done(writer.append(List.of(event(stream, i, 100))));
            }
            written = Files.readAllBytes(file);
        }
        end = written.length;
        while (written[end - 1] == 0) {
            end--;
        }
        leave(written);
    }

    private void leave(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        Files.deleteIfExists(directory.resolve(Manifest.NAME));
        Files.deleteIfExists(directory.resolve(AcknowledgedEnd.NAME));
    }

    private void assertRefused(Category category, byte[] bytes, String... what) throws IOException {
        leave(bytes);
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> SegmentLog.open(directory, SETTINGS))
                .withMessageContaining("0000000001.segment at byte")
                .withMessageContainingAll(what)
                .satisfies(e -> assertThat(e.category()).isEqualTo(category));
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> SegmentLog.openExisting(directory, SETTINGS))
                .withMessageContainingAll(what);
        assertThat(Files.readAllBytes(file)).as("the file").isEqualTo(bytes);
    }

    @Test
    void a_flipped_bit_anywhere_in_the_only_header_is_refused_and_the_file_kept()
            throws IOException {
        Random random = new Random(7);
        for (int at = 0; at < HEADER; at += at < 112 ? 1 : 400) {
            byte[] bytes = written.clone();
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            assertRefused(Category.CORRUPT, bytes, "at byte 0");
            assertThat(LogVerifier.verify(directory).fault()).as("byte " + at).isPresent();
        }
    }

    @Test
    void a_foreign_file_is_refused_and_kept() throws IOException {
        byte[] bytes = new byte[10_000];
        new Random(7).nextBytes(bytes);
        assertRefused(Category.CORRUPT, bytes, "this is no segment of a log");
        assertRefused(Category.CORRUPT, new byte[] {1, 2, 3}, "too short for a segment");
    }

    @Test
    void a_segment_under_another_number_is_refused() throws IOException {
        try (SegmentLog log = SegmentLog.open(directory, SETTINGS)) {
            log.claim(1, "n");
        }
        byte[] bytes = Files.readAllBytes(file);
        Files.copy(file, SegmentFiles.file(directory, 2));
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> SegmentLog.open(directory, SETTINGS))
                .withMessageContaining("the file holds segment 1")
                .withMessageContaining("0000000002.segment at byte 0");
        assertThat(Files.readAllBytes(SegmentFiles.file(directory, 2))).isEqualTo(bytes);
    }

    @Test
    void a_newer_format_is_said_whatever_its_checksum() throws IOException {
        byte[] bytes = written.clone();
        Layouts.putShort(bytes, 8, 2);
        String[] what = {"the segment has format 2", "this program knows 1", "start one that"};
        Layouts.putInt(bytes, 4, crc(bytes, 8, HEADER));
        assertRefused(Category.UNAVAILABLE, bytes, what);
        Layouts.putInt(bytes, 4, 12345); // another rule
        Layouts.putInt(bytes, 12, 64); // another header
        assertRefused(Category.UNAVAILABLE, bytes, what);
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> LogVerifier.verify(directory))
                .withMessageContainingAll(what);
    }

    @Test
    void a_damaged_version_is_damage_and_no_newer_format() throws IOException {
        byte[] bytes = written.clone();
        Layouts.putShort(bytes, 8, 3);
        assertRefused(Category.CORRUPT, bytes, "the header of the segment is damaged");
    }

    @Test
    void a_last_frame_of_a_newer_format_is_not_cut() throws IOException {
        int last = lastFrame();
        byte[] bytes = written.clone();
        Layouts.putShort(bytes, last + 8, 2);
        String[] what = {"a frame has format 2", "at byte " + last};
        Layouts.putInt(bytes, last + 4, crc(bytes, last + 8, last + length(last)));
        assertRefusedFrame(bytes, what);
        Layouts.putInt(bytes, last + 4, 12345);
        assertRefusedFrame(bytes, what);
        Arrays.fill(bytes, HEADER, last, (byte) 1);
        assertThatExceptionOfType(LogException.class)
                .as("behind damage")
                .isThrownBy(() -> reopened(bytes));
    }

    private void assertRefusedFrame(byte[] bytes, String... what) throws IOException {
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> reopened(bytes))
                .withMessageContainingAll(what)
                .satisfies(e -> assertThat(e.category()).isEqualTo(Category.UNAVAILABLE));
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }

    private int reopened(byte[] bytes) throws IOException {
        leave(bytes);
        try (SegmentLog log = SegmentLog.open(directory, SETTINGS)) {
            return readAll(log).size();
        }
    }

    private int length(int frame) {
        return Layouts.getInt(written, frame + 12);
    }

    private int lastFrame() {
        int at = HEADER;
        while (at + length(at) < end) {
            at += length(at);
        }
        return at;
    }

    private static int crc(byte[] bytes, int from, int until) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, until - from);
        return (int) crc.getValue();
    }

    @Test
    void a_header_that_a_crash_cut_off_is_written_again() throws IOException {
        for (int kept : List.of(0, 4, 30, 84, 512, 4095)) {
            byte[] bytes = new byte[written.length];
            System.arraycopy(written, 0, bytes, 0, kept);
            assertThat(reopened(bytes)).as("%d bytes", kept).isZero();
        }
        byte[] unordered = new byte[written.length];
        System.arraycopy(written, 32, unordered, 32, 60);
        assertThat(reopened(unordered)).isZero();
    }

    @Test
    void a_cut_off_header_with_anything_behind_it_is_refused() throws IOException {
        byte[] bytes = new byte[written.length];
        System.arraycopy(written, 0, bytes, 0, 30);
        bytes[100_000] = 1;
        assertRefused(Category.CORRUPT, bytes, "at byte 0");
    }

    @Test
    void a_second_header_that_a_crash_cut_off_is_written_again_and_another_is_refused()
            throws IOException {
        try (SegmentLog log = SegmentLog.open(directory, SETTINGS)) {
            assertThat(readAll(log)).hasSize(EVENTS + 1);
        }
        Checkpoint reached = Manifest.read(directory).orElseThrow().checkpoint();
        byte[] header = Arrays.copyOf(Segment.header(2, reached), 1 << 18);
        Path second = SegmentFiles.file(directory, 2);
        Files.write(second, Arrays.copyOf(Arrays.copyOf(header, 50), header.length));
        assertThat(LogVerifier.verify(directory).fault()).isEmpty();
        SegmentLog.open(directory, SETTINGS).close();
        assertThat(second).doesNotExist();
        header[40] ^= 1;
        Files.write(second, header);
        assertThat(LogVerifier.verify(directory).fault()).isPresent();
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> SegmentLog.open(directory, SETTINGS))
                .withMessageContaining("damaged, in " + second + " at byte 0");
        assertThat(second).hasBinaryContent(header);
    }
}
