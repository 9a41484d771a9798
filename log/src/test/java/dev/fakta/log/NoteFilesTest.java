// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fakta.log.LogException.Category;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoteFilesTest {

    @TempDir Path directory;
    private Path file = Path.of("plain.note");

    @BeforeEach
    void write() {
        new NoteFiles(directory, Disk.REAL).write("plain", "a\nb");
        file = directory.resolve("plain.note");
    }

    private void refuses(Category category, String what) {
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> new NoteFiles(directory, Disk.REAL).read("plain"))
                .withMessageContaining(file.toString())
                .withMessageContaining(what)
                .extracting(LogException::category)
                .isEqualTo(category);
    }

    @Test
    void every_changed_byte_and_every_lost_end_is_found_and_the_file_stays() throws IOException {
        byte[] right = Files.readAllBytes(file);
        for (int i = 0; i < right.length; i++) {
            byte[] damaged = right.clone();
            damaged[i] ^= 1;
            Files.write(file, damaged);
            refuses(Category.CORRUPT, "is not what was written");
            assertThat(file).hasBinaryContent(damaged);
            Files.write(file, Arrays.copyOf(right, i));
            refuses(Category.CORRUPT, "is not what was written");
        }
    }

    @Test
    void a_file_of_a_newer_format_is_refused_with_both_formats() throws IOException {
        SealedText.write(file, "fakta-note 2", "a\n", Disk.REAL);
        refuses(Category.UNAVAILABLE, "is 'fakta-note 2'; this program knows 'fakta-note 1'");
    }

    @Test
    void a_disk_that_fails_leaves_the_note_of_before() throws IOException {
        String before = Files.readString(file, StandardCharsets.UTF_8);
        Disk full =
                new Disk() {
                    @Override
                    public void force(FileChannel channel) throws IOException {
                        throw new IOException("No space left on device");
                    }
                };
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> new NoteFiles(directory, full).write("plain", "other"))
                .extracting(LogException::category)
                .isEqualTo(Category.FULL);
        assertThat(file).hasContent(before);
    }

    @Test
    void a_log_with_notes_is_verified_and_opened_as_one_without() {
        Path log = directory.resolve("log");
        try (SegmentLog open = SegmentLog.open(log, SegmentLogSettings.defaults())) {
            open.putNote("plain", "text");
            open.claim(0, "n");
        }
        try (SegmentLog open = SegmentLog.openExisting(log, SegmentLogSettings.defaults())) {
            assertThat(open.note("plain")).contains("text");
            assertThat(open.heads().offset(0)).isEqualTo(1);
        }
        assertThat(LogVerifier.verify(log).isSound()).isTrue();
    }
}
