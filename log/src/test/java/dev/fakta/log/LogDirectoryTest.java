// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The logs of several microsystems in one directory, and the numbers of their partitions.
class LogDirectoryTest {

    private static final SegmentLogSettings SETTINGS =
            SegmentLogSettings.defaults().withPartitions(4);

    @TempDir Path directory;

    /// Each microsystem has one kind of aggregate, called `NAME-thing`.
    private JoinedLog open(String... microsystems) {
        Map<String, Set<String>> aggregates = new LinkedHashMap<>();
        for (String name : microsystems) {
            aggregates.put(name, Set.of(name + "-thing"));
        }
        return LogDirectory.open(directory, aggregates, SETTINGS);
    }

    private static int firstPartition(JoinedLog log, String microsystem) {
        return log.parts().stream()
                .filter(part -> part.microsystem().equals(microsystem))
                .findFirst()
                .orElseThrow()
                .first();
    }

    private static void append(JoinedLog log, String stream) {
        Writer writer = log.claim(log.partitionOf(stream), "n");
        long _ = Samples.done(writer.append(List.of(Samples.event(stream, 1, 10))));
    }

    @Test
    void each_microsystem_has_a_directory_and_partitions_of_its_own() {
        try (JoinedLog log = open("orders", "stock")) {
            assertThat(log.partitions()).isEqualTo(8);
            assertThat(log.partitionOf("orders-thing/1")).isBetween(0, 3);
            assertThat(log.partitionOf("stock-thing/1")).isBetween(4, 7);
            append(log, "stock-thing/1");
        }
        assertThat(LogDirectory.microsystems(directory)).containsExactly("orders", "stock");
        assertThat(LogVerifier.verify(directory.resolve("orders")).events()).isZero();
        assertThat(LogVerifier.verify(directory.resolve("stock")).events()).isEqualTo(1);
    }

    @Test
    void a_stream_that_begins_like_an_aggregate_is_not_of_it() {
        try (JoinedLog log = open("orders")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> log.partitionOf("orders-thin/1"))
                    .withMessageContaining("orders-thin/1");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> log.partitionOf("orders-things/1"));
            assertThat(log.readStream("orders-things/1", 1, 10)).isEmpty();
        }
    }

    @Test
    void an_event_for_another_microsystem_is_refused_though_its_partition_fits() {
        try (JoinedLog log = open("orders", "stock")) {
            String stream = "stock-thing/1";
            Writer wrong = log.claim(log.partitionOf(stream) - 4, "n");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> wrong.append(List.of(Samples.event(stream, 1, 10))))
                    .withMessageContaining("belongs to partition " + log.partitionOf(stream));
            assertThat(log.readStream(stream, 1, 10)).isEmpty();
        }
    }

    @Test
    void partitions_keep_their_numbers_when_the_program_lists_microsystems_otherwise() {
        open("orders", "stock").close();
        try (JoinedLog log = open("billing", "stock", "orders")) {
            assertThat(firstPartition(log, "orders")).isZero();
            assertThat(firstPartition(log, "stock")).isEqualTo(4);
            assertThat(firstPartition(log, "billing")).isEqualTo(8);
        }
    }

    @Test
    void a_microsystem_that_the_program_does_not_have_is_refused() {
        open("orders", "stock").close();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("orders"))
                .withMessageContaining("microsystem stock, which this program does not have");
    }

    @Test
    void the_loss_of_a_log_is_noticed() throws IOException {
        open("orders", "stock").close();
        Files.move(directory.resolve("stock"), directory.resolve("elsewhere"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("orders", "stock"))
                .withMessageContaining("the log of stock is not in");
    }

    @Test
    void a_start_that_was_cut_off_before_the_ranges_were_written_is_made_good() throws IOException {
        open("orders").close();
        Files.delete(directory.resolve(LogRanges.NAME));
        try (JoinedLog log = open("orders", "stock")) {
            assertThat(log.partitions()).isEqualTo(8);
        }
    }

    @Test
    void a_log_with_records_whose_range_is_lost_is_refused() throws IOException {
        try (JoinedLog log = open("orders")) {
            append(log, "orders-thing/1");
        }
        Files.delete(directory.resolve(LogRanges.NAME));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("orders"))
                .withMessageContaining("the log of orders");
        SegmentLog.open(directory.resolve("orders"), SETTINGS).close(); // it was released
    }

    @Test
    void changed_ranges_are_noticed() throws IOException {
        open("orders", "stock").close();
        Path file = directory.resolve(LogRanges.NAME);
        Files.writeString(file, Files.readString(file).replace("stock", "stack"));
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> open("orders", "stock"))
                .satisfies(e -> assertThat(e.category()).isEqualTo(LogException.Category.CORRUPT))
                .withMessageContaining(LogRanges.NAME);
    }

    @Test
    void one_log_for_all_as_earlier_versions_kept_it_is_refused() {
        SegmentLog.open(directory, SETTINGS).close();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open("orders"))
                .withMessageContaining("as an earlier version kept it");
        assertThatIllegalArgumentException().isThrownBy(() -> LogDirectory.microsystems(directory));
    }

    @Test
    void a_reader_over_all_waits_for_whichever_grows() {
        try (JoinedLog log = open("orders", "stock");
                LogReader reader = log.reader(Positions.start(log.partitions()))) {
            Thread writing = Thread.startVirtualThread(() -> append(log, "stock-thing/1"));
            int partition = log.partitionOf("stock-thing/1");
            while (reader.positions().offset(partition) < 2) {
                assertThat(reader.next(1, Duration.ofSeconds(20)))
                        .singleElement()
                        .satisfies(found -> assertThat(found.partition()).isEqualTo(partition));
            }
            assertThat(writing.isVirtual()).isTrue();
        }
    }

    @Test
    void a_directory_that_cannot_be_made_is_told_with_the_reason() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "no directory");
        for (Path wrong : List.of(file, file.resolve("log"))) {
            assertThatExceptionOfType(LogException.class)
                    .isThrownBy(() -> LogDirectory.open(wrong, Map.of("a", Set.of("a")), SETTINGS))
                    .withMessageContaining("cannot open the logs in " + wrong + ": ")
                    .withMessageMatching("(?i)(?s).*: (is there already|not a directory)");
        }
    }

    @Test
    void a_failure_of_the_disk_is_told_with_its_reason_and_not_by_its_path_alone() {
        assertThat(Disk.failure("cannot open it", new AccessDeniedException("/x/lock")))
                .hasMessage("UNAVAILABLE: cannot open it: /x/lock: permission denied");
        assertThat(Disk.failure("cannot open it", new NoSuchFileException("/x")))
                .hasMessage("UNAVAILABLE: cannot open it: /x: no such file or directory");
        assertThat(Disk.failure("cannot open it", new FileSystemException("/x", null, "Read-only")))
                .hasMessage("UNAVAILABLE: cannot open it: /x: Read-only");
        assertThat(Disk.failure("cannot open it", new FileSystemLoopException("/x")))
                .hasMessage(
                        "UNAVAILABLE: cannot open it: java.nio.file.FileSystemLoopException: /x");
        assertThat(Disk.failure("cannot write", new IOException("No space left on device")))
                .hasMessage("FULL: cannot write: No space left on device");
    }
}
