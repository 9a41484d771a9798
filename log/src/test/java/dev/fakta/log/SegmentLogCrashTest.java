// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills a process that appends, at random moments, and looks at what it left. More rounds:
/// `./fakta test --long`.
class SegmentLogCrashTest {

    private static final int ROUNDS = Boolean.getBoolean("fakta.long") ? 50 : 3;
    private static final long SEED = Long.getLong("fakta.seed", System.nanoTime());

    @TempDir Path temp;
    private Path directory;

    @BeforeEach
    void chooseDirectory() {
        directory = temp.resolve("log");
    }

    @Test
    void what_was_acknowledged_survives_every_kill() throws Exception {
        Random random = new Random(SEED);
        long[] acknowledged = new long[CrashingWriter.SETTINGS.partitions()];
        for (int round = 0; round < ROUNDS; round++) {
            crash(random, acknowledged);
            check(acknowledged, "seed %d round %d".formatted(SEED, round));
        }
    }

    private void crash(Random random, long[] acknowledged) throws Exception {
        Path out = temp.resolve("acknowledged");
        Process child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                CrashingWriter.class.getName(),
                                directory.toString(),
                                Long.toString(random.nextLong()))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .redirectOutput(out.toFile())
                        .start();
        while (Files.size(out) == 0) {
            assertThat(child.waitFor(1, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(child.waitFor(random.nextLong(600), TimeUnit.MILLISECONDS)).isFalse();
        child.destroyForcibly();
        assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
        for (String line : Files.readAllLines(out)) {
            int space = line.indexOf(' ');
            if (space > 0 && space < line.length() - 1) { // the last line may be cut off
                int partition = Integer.parseInt(line.substring(0, space));
                acknowledged[partition] =
                        Math.max(
                                acknowledged[partition], Long.parseLong(line.substring(space + 1)));
            }
        }
    }

    private void check(long[] acknowledged, String where) {
        assertThat(LogVerifier.verify(directory).fault()).as(where).isEmpty();
        try (SegmentLog log = SegmentLog.open(directory, CrashingWriter.SETTINGS)) {
            for (int p = 0; p < acknowledged.length; p++) {
                assertThat(log.heads().offset(p)).as(where).isGreaterThanOrEqualTo(acknowledged[p]);
            }
            long records = Positions.start(log.partitions()).behind(log.heads());
            assertThat(Samples.readAll(log)).as(where).hasSize((int) records);
            long events = 0;
            for (int p = 0; p < acknowledged.length; p++) {
                events += checkStreams(log, p, where);
            }
            assertThat(events).as(where).isLessThan(records);
        }
        VerifyReport report = LogVerifier.verify(directory);
        assertThat(report.fault()).as(where).isEmpty();
        assertThat(report.unfinishedBytes()).as(where).isZero();
    }

    private static long checkStreams(SegmentLog log, int partition, String where) {
        long events = 0;
        for (int s = 0; s < CrashingWriter.STREAMS; s++) {
            String stream = Samples.stream(log, partition, s);
            long revision = 0;
            for (EventRecord record : log.readStream(stream, 1, 1 << 20)) {
                assertThat(record.event().revision()).as(where).isEqualTo(++revision);
                int length = record.event().payload().length;
                assertThat(record.event().payload())
                        .as(where)
                        .isEqualTo(Samples.event(stream, revision, length).payload());
            }
            long last = revision;
            log.latestSnapshot(stream)
                    .ifPresent(taken -> assertThat(taken.revision()).isLessThanOrEqualTo(last));
            events += revision;
        }
        return events;
    }
}
