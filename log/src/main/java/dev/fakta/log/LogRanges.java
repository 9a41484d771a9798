// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.LogException.Category;
import dev.fakta.log.engine.PartitionCount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which partitions each microsystem's log has among all: they follow each other, and one that was
/// given is never another's, because tokens and checkpoints name them. Kept in a small text file
/// that is replaced as a whole, a [SealedText]:
///
///     fakta-ranges 1
///     0 64 orders
///     64 64 catalog
///     crc 9ae0daaf
///
/// First partition, number of partitions, microsystem.
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
        Optional<String> body = SealedText.read(file, HEADER);
        try {
            return body.isEmpty() ? NONE : parse(body.get());
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new LogException(
                    Category.CORRUPT, "%s is not what was written".formatted(file), e);
        }
    }

    private static LogRanges parse(String body) {
        LogRanges read = NONE;
        for (String line : body.lines().toList()) {
            String[] words = line.split(" ", -1);
            read = read.with(words[2], Integer.parseInt(words[1]));
        }
        return read;
    }

    /// Replaces the file in a directory by one with these ranges, durably.
    void write(Path directory) throws IOException {
        StringBuilder body = new StringBuilder();
        for (Range range : all) {
            body.append(
                    "%d %d %s\n".formatted(range.first(), range.partitions(), range.microsystem()));
        }
        SealedText.write(directory.resolve(NAME), HEADER, body.toString(), Disk.REAL);
    }
}
