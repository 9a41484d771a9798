// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fakta.log.AppendChecks;
import dev.fakta.log.EventLog;
import dev.fakta.log.LogException;
import dev.fakta.log.Positions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The part of [EventLogConformance] that is about notes.
abstract class NoteConformance extends ReadingConformance {

    @Nested
    class Notes {
        @Test
        void a_note_is_what_was_written_last_under_its_name() {
            assertThat(log.note("first.shapes")).isEmpty();
            log.putNote("first.shapes", "one\ntwo\n");
            log.putNote("second.shapes", "");
            log.putNote("plain", "crc 0\n\u00e4\ud83d\ude00");
            log.putNote("first.shapes", "three");
            assertThat(log.note("first.shapes")).contains("three");
            assertThat(log.note("second.shapes")).contains("");
            assertThat(log.note("plain")).contains("crc 0\n\u00e4\ud83d\ude00");
            assertThat(log.note("second.other")).isEmpty();
        }

        @Test
        void of_notes_that_are_written_once_the_first_one_counts() throws Exception {
            assertThat(log.noteOnce("first.begins", "one")).isEqualTo("one");
            assertThat(log.noteOnce("first.begins", "two")).isEqualTo("one");
            assertThat(log.noteOnce("second.begins", "")).isEmpty();
            assertThat(log.note("first.begins")).contains("one");
            log.putNote("third", "put");
            assertThat(log.noteOnce("third", "late")).isEqualTo("put");
            log.close();
            EventLog again = reopen(log);
            if (again != null) { // else the log ends with its process
                log = again;
                assertThat(log.noteOnce("first.begins", "three")).isEqualTo("one");
                assertThat(log.noteOnce("second.begins", "three")).isEmpty();
            }
        }

        @Test
        void of_many_that_write_a_note_once_at_the_same_time_all_are_told_the_same() {
            List<CompletableFuture<String>> told =
                    IntStream.range(0, 8)
                            .mapToObj(
                                    i ->
                                            CompletableFuture.supplyAsync(
                                                    () -> log.noteOnce("raced", "text " + i)))
                            .toList();
            String kept = log.note("raced").orElse(told.getFirst().join());
            assertThat(told).extracting(CompletableFuture::join).containsOnly(kept);
        }

        @Test
        void a_note_is_no_record() {
            log.putNote("plain", "text");
            assertThat(log.heads()).isEqualTo(Positions.start(PARTITIONS));
        }

        @Test
        void notes_are_there_again_after_a_restart() throws Exception {
            log.putNote("first.shapes", "before");
            log.putNote("second.shapes", "kept");
            log.putNote("first.shapes", "after");
            log.close();
            EventLog again = reopen(log);
            if (again != null) { // else the log ends with its process
                log = again;
                assertThat(log.note("first.shapes")).contains("after");
                assertThat(log.note("second.shapes")).contains("kept");
            }
        }

        @Test
        void the_largest_note_fits_and_what_cannot_come_back_is_refused() {
            String largest = "x".repeat(AppendChecks.LARGEST_NOTE);
            log.putNote("plain", largest);
            assertThat(log.note("plain")).contains(largest);
            for (String text : new String[] {largest + "x", "\0", "\ud83d"}) {
                assertThatIllegalArgumentException().isThrownBy(() -> log.putNote("plain", text));
            }
            for (String name : new String[] {"", "A", "../a", "a/b", "a..b", "a".repeat(201)}) {
                assertThatIllegalArgumentException().isThrownBy(() -> log.putNote(name, ""));
                assertThatIllegalArgumentException().isThrownBy(() -> log.note(name));
            }
            assertThat(log.note("plain")).contains(largest);
        }

        @Test
        void a_closed_log_has_no_notes() {
            log.close();
            assertThatExceptionOfType(LogException.class)
                    .isThrownBy(() -> log.putNote("plain", "text"))
                    .extracting(LogException::category)
                    .isEqualTo(LogException.Category.CLOSED);
            assertThatExceptionOfType(LogException.class)
                    .isThrownBy(() -> log.note("plain"))
                    .extracting(LogException::category)
                    .isEqualTo(LogException.Category.CLOSED);
        }
    }
}
