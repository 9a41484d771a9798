// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.LogException.Category;
import dev.fakta.log.engine.PartitionCount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// Which partitions each microsystem's log has among all: they follow each other, and one that was
/// given is never another's, because tokens and checkpoints name them. Kept in a small text file
/// that is replaced as a whole:
///
///     fakta-ranges 1
///     0 64 orders
///     64 64 catalog
///     crc 9ae0daaf
///
/// First partition, number of partitions, microsystem; then the CRC32C of the lines above.
@SuppressWarnings("UnusedVariable") // Error Prone does not see that records use their components
record LogRanges(List<Range> all) {

    static final String NAME = "microsystems.ranges";

    private static final String HEADER = "fakta-ranges 1";
    private static final LogRanges NONE = new LogRanges(List.of());

    record Range(String microsystem, int first, int partitions) {}

    LogRanges {
        all = List.copyOf(all);
    }

    List<String> names() {
        return all.stream().map(Range::microsystem).toList();
    }

    /// These ranges and one for a microsystem, behind the others; these ranges alone when the
    /// microsystem has one already.
    ///
    /// @throws IllegalArgumentException when it has one with another number of partitions
    LogRanges with(String microsystem, int partitions) {
        for (Range range : all) {
            if (range.microsystem().equals(microsystem)) {
                PartitionCount.require("the log of " + microsystem, range.partitions(), partitions);
                return this;
            }
        }
        List<Range> more = new ArrayList<>(all);
        int next = all.isEmpty() ? 0 : all.getLast().first() + all.getLast().partitions();
        more.add(new Range(microsystem, next, partitions));
        return new LogRanges(more);
    }

    /// Reads the ranges from their file in a directory; no ranges when there is no file.
    ///
    /// @throws LogException `CORRUPT` when the file does not hold what was written
    static LogRanges read(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return NONE;
        }
        try {
            return parse(Files.readString(file));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new LogException(
                    Category.CORRUPT, "%s is not what was written".formatted(file), e);
        }
    }

    private static LogRanges parse(String text) {
        List<String> lines = text.lines().toList();
        String body = String.join("\n", lines.subList(0, lines.size() - 1)) + "\n";
        if (!lines.getFirst().equals(HEADER) || !lines.getLast().equals(crc(body))) {
            throw new IllegalArgumentException("header or CRC");
        }
        LogRanges read = NONE;
        for (String line : lines.subList(1, lines.size() - 1)) {
            String[] words = line.split(" ", -1);
            read = read.with(words[2], Integer.parseInt(words[1]));
        }
        return read;
    }

    /// Replaces the file in a directory by one with these ranges, durably.
    void write(Path directory) throws IOException {
        StringBuilder body = new StringBuilder(HEADER).append('\n');
        for (Range range : all) {
            body.append(
                    "%d %d %s\n".formatted(range.first(), range.partitions(), range.microsystem()));
        }
        byte[] bytes = (body + crc(body.toString()) + "\n").getBytes(StandardCharsets.UTF_8);
        Path fresh = directory.resolve(NAME + ".tmp");
        try (FileChannel channel =
                FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            Disk.REAL.write(channel, ByteBuffer.wrap(bytes), 0);
            Disk.REAL.force(channel);
        }
        Files.move(fresh, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        Disk.REAL.forceDirectory(directory);
    }

    private static String crc(String body) {
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return "crc " + Long.toHexString(crc.getValue());
    }
}
