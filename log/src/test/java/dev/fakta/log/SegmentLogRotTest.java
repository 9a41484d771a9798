// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import static dev.fakta.log.Samples.event;
import static dev.fakta.log.Samples.stream;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever happens to the files of a log: it is found, or everything is given back. More rounds
/// for each kind of log: `./fakta test --long`, or `-Dfakta.rot=N`; `-Dfakta.seed=N` repeats a run.
class SegmentLogRotTest {

    private static final SegmentLogSettings SETTINGS =
            SegmentLogSettings.defaults().withPartitions(3).withSegmentBytes(1 << 17);
    private static final int ROUNDS =
            Integer.getInteger("fakta.rot", Boolean.getBoolean("fakta.long") ? 400 : 40);
    private static final long SEED = Long.getLong("fakta.seed", 20261129);
    private static final int STREAMS = 8;

    /// Forces take the time here, and say nothing.
    private static final Disk UNFORCED =
            new Disk() {
                @Override
                public void preallocate(Path file, int bytes) throws IOException {
                    Files.write(file, new byte[bytes], StandardOpenOption.CREATE_NEW);
                }

                @Override
                public void force(FileChannel channel) {}

                @Override
                public void forceDirectory(Path directory) {}
            };

    @TempDir Path temp;
    private Path directory;

    /// The files of a log, and all that it holds.
    private record Written(Map<String, byte[]> files, long acknowledged, List<String> content) {

        Written {
            files = Map.copyOf(files);
            content = List.copyOf(content);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, false, false",
        "2, false, false",
        "5, false, false",
        "1, true, false",
        "2, true, false",
        "5, true, false",
        "1, true, true",
        "2, true, true",
        "5, true, true"
    })
    void every_change_is_found_or_harmless(int segments, boolean hasCheckpoint, boolean isClosed)
            throws IOException {
        Written log = write("log", segments, hasCheckpoint, isClosed, SEED);
        Written other = write("other", segments, hasCheckpoint, isClosed, SEED + 1);
        directory = Files.createDirectory(temp.resolve("damaged"));
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(SEED + round);
            restore(log);
            List<String> changes = new ArrayList<>();
            for (int i = random.nextInt(4) == 0 ? 3 : 1; i > 0; i--) {
                changes.add(change(random, other, !changes.isEmpty() || i > 1));
            }
            String where = "seed %d round %d: %s".formatted(SEED, round, changes);
            assertFoundOrHarmless(log, where);
        }
    }

    /// Writes until there are so many segments: with a checkpoint in the middle, or several and one
    /// at the end, or as a kill leaves it.
    private Written write(
            String name, int segments, boolean hasCheckpoint, boolean isClosed, long seed)
            throws IOException {
        Path live = temp.resolve(name);
        Random random = new Random(seed);
        int bytes = segments == 5 ? 300_000 : segments == 2 ? 30_000 : 8_000;
        long[] revisions = new long[STREAMS];
        if (hasCheckpoint) {
            for (int session = 0; session < 3; session++) {
                try (SegmentLog log = SegmentLog.open(live, SETTINGS, UNFORCED)) {
                    fill(log, revisions, bytes / 4, random);
                }
            }
        }
        Map<String, byte[]> files;
        long acknowledged;
        List<String> content;
        try (SegmentLog log = SegmentLog.open(live, SETTINGS, UNFORCED)) {
            fill(log, revisions, hasCheckpoint ? bytes / 4 : bytes, random);
            content = content(log);
            acknowledged = AcknowledgedEnd.read(live);
            files = stillFiles(live);
        }
        assertThat(Location.segment(acknowledged)).isEqualTo(segments);
        return new Written(isClosed ? files(live) : files, acknowledged, content);
    }

    private static void fill(SegmentLog log, long[] revisions, int bytes, Random random) {
        Writer writer = log.claim(1, "node");
        for (int left = bytes; left > 0; ) {
            int number = random.nextInt(STREAMS);
            String stream = stream(log, 1, number);
            int payload = random.nextInt(1500);
            Samples.done(writer.append(List.of(event(stream, ++revisions[number], payload))));
            if (random.nextInt(8) == 0) {
                byte[] state = new byte[payload + 8];
                Arrays.fill(state, (byte) revisions[number]);
                writer.putSnapshot(new Snapshot(stream, revisions[number], state));
            }
            left -= payload + 500;
        }
        log.claim(0, "node");
    }

    /// Of an open log, which may merge its index meanwhile.
    private static Map<String, byte[]> stillFiles(Path directory) throws IOException {
        while (true) {
            try {
                return files(directory);
            } catch (NoSuchFileException _) {
                // a run that was merged: look again
            }
        }
    }

    private static Map<String, byte[]> files(Path directory) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(directory)) {
            for (Path file : all.filter(f -> !f.endsWith("lock")).toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    private void restore(Written log) throws IOException {
        for (String name : files(directory).keySet()) {
            Files.delete(directory.resolve(name));
        }
        for (Map.Entry<String, byte[]> file : log.files.entrySet()) {
            Files.write(directory.resolve(file.getKey()), file.getValue());
        }
        try (Arena arena = Arena.ofShared()) {
            assertThat(AcknowledgedEnd.create(directory, UNFORCED, arena, log.acknowledged))
                    .isNotNull();
        }
    }

    /// Changes a file.
    ///
    /// @param isOneOfMany leaves the acknowledged end alone: without it a bad last frame is torn
    /// @return what was done
    private String change(Random random, Written other, boolean isOneOfMany) throws IOException {
        Map<String, byte[]> files = files(directory);
        List<String> names = new ArrayList<>(new TreeMap<>(files).keySet());
        names.removeIf(name -> isOneOfMany && name.equals(AcknowledgedEnd.NAME));
        if (names.isEmpty()) {
            return "nothing is left";
        }
        String name = names.get(random.nextInt(names.size()));
        Path file = directory.resolve(name);
        byte[] bytes = files.get(name);
        int at = random.nextInt(usedBytes(bytes) + 1);
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                if (at < bytes.length) {
                    bytes[at] ^= (byte) (1 << random.nextInt(8));
                }
                Files.write(file, bytes);
                return "a bit of %s at %d".formatted(name, at);
            }
            case 2 -> {
                Files.write(file, Arrays.copyOf(bytes, at));
                return "%s ends at %d".formatted(name, at);
            }
            case 3 -> {
                Files.delete(file);
                return name + " is away";
            }
            case 4 -> {
                int until = Math.min(bytes.length, at + 1 + random.nextInt(6000));
                byte[] noise = new byte[Math.max(0, until - at)];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, bytes, at, noise.length);
                Files.write(file, bytes);
                return "noise in %s, %d to %d".formatted(name, at, until);
            }
            case 5 -> {
                int until = random.nextBoolean() ? bytes.length : Math.min(bytes.length, at + 512);
                Arrays.fill(bytes, Math.min(at, until), until, (byte) 0);
                Files.write(file, bytes);
                return "zeros in %s, %d to %d".formatted(name, at, until);
            }
            case 6 -> {
                byte[] foreign = other.files.get(name);
                if (foreign != null) {
                    Files.write(file, foreign);
                }
                return name + " is another log's";
            }
            default -> {
                String with = names.get(random.nextInt(names.size()));
                Files.write(file, files.get(with));
                Files.write(directory.resolve(with), bytes);
                return "%s and %s are swapped".formatted(name, with);
            }
        }
    }

    /// Damage in the zeros behind the end is dull, so that most of it is before.
    private static int usedBytes(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return Math.min(bytes.length, end + 100);
    }

    private void assertFoundOrHarmless(Written log, String where) throws IOException {
        Map<String, byte[]> before = segments();
        boolean isFoundFirst = isFoundByVerifier();
        boolean isHarmless;
        boolean isFoundReading = false;
        try (SegmentLog opened = SegmentLog.open(directory, SETTINGS, UNFORCED)) {
            List<String> content = new ArrayList<>();
            try {
                content = content(opened);
            } catch (LogException e) {
                assertNamesTheFile(e, where);
                isFoundReading = true;
            }
            isHarmless = content.equals(log.content);
        } catch (LogException e) {
            assertNamesTheFile(e, where);
            Map<String, byte[]> after = segments();
            assertThat(after.keySet()).as(where).isEqualTo(before.keySet());
            after.forEach((name, bytes) -> assertThat(bytes).as(where).isEqualTo(before.get(name)));
            return;
        } catch (RuntimeException e) {
            throw new AssertionError(where, e);
        }
        boolean isFoundAfter = isFoundByVerifier();
        assertThat(isHarmless || isFoundReading || isFoundAfter).as(where).isTrue();
        assertThat(isHarmless || isFoundFirst).as("verifier first, " + where).isTrue();
    }

    private static void assertNamesTheFile(LogException e, String where) {
        assertThat(e.category())
                .as(where)
                .isIn(LogException.Category.CORRUPT, LogException.Category.UNAVAILABLE);
        assertThat(e).as(where).hasMessageContaining(".segment at byte");
    }

    private boolean isFoundByVerifier() {
        try {
            return LogVerifier.verify(directory).fault().isPresent();
        } catch (LogException e) {
            return true;
        }
    }

    private Map<String, byte[]> segments() throws IOException {
        Map<String, byte[]> segments = files(directory);
        segments.keySet().removeIf(name -> !name.endsWith(".segment"));
        return segments;
    }

    /// All records, then all streams, in words.
    private static List<String> content(SegmentLog log) {
        List<String> content = new ArrayList<>();
        content.add(log.heads().toString());
        try (LogReader reader = log.reader(Positions.start(log.partitions()))) {
            for (List<LogRecord> next = reader.next(100, Duration.ZERO);
                    !next.isEmpty();
                    next = reader.next(100, Duration.ZERO)) {
                next.forEach(record -> content.add(words(record)));
            }
            content.add(reader.positions().toString());
        }
        for (int i = 0; i < STREAMS; i++) {
            for (EventRecord record : log.readStream(stream(log, 1, i), 1, 10_000)) {
                content.add(words(record));
            }
            log.latestSnapshot(stream(log, 1, i)).ifPresent(SegmentLogRotTest::assertWritten);
        }
        return content;
    }

    /// An older one, or none, is as good as the newest; what was never written is not.
    private static void assertWritten(Snapshot snapshot) {
        for (byte one : snapshot.payload()) {
            assertThat(one).isEqualTo((byte) snapshot.revision());
        }
        assertThat(snapshot.payload()).hasSizeGreaterThan(7);
    }

    private static String words(LogRecord record) {
        return switch (record) {
            case ClaimRecord claim -> claim.toString();
            case EventRecord(int partition, long offset, NewEvent event) ->
                    "%d.%d %s %d %d %s"
                            .formatted(
                                    partition,
                                    offset,
                                    event.stream(),
                                    event.revision(),
                                    Arrays.hashCode(event.payload()),
                                    event.metadata());
        };
    }
}
