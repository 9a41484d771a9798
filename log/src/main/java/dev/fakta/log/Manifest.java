// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// A [Checkpoint] and the runs of the stream index that belong to it, in one small file that is
/// replaced as a whole. Little-endian.
///
///      0  int   magic
///      4  int   CRC32C of all that follows
///      8  int   format version
///     12  int   number of partitions
///     16  long  sequence number of the last frame that is covered
///     24  long  location behind it
///     32  long  location of the last mark
///     40  32 B  hash of that frame
///     72  int   number of runs, int zero
///     80  long per partition: head; then epochs; then times
///         long per run, the newest first: its number
///         long per run: its CRC32C, so that no other file passes for it; manifests that were
///         written before there was this end here
@SuppressWarnings("UnusedVariable") // Error Prone does not see that records use their components
record Manifest(Checkpoint checkpoint, List<Run> runs) {

    /// A run by its number.
    ///
    /// @param crc its checksum, or [#ANY_CRC]
    record Run(long number, long crc) {

        static final long ANY_CRC = -1;

        static Run of(StreamRun run) {
            return new Run(run.number(), run.crc());
        }

        boolean isOf(StreamRun run) {
            return number == run.number() && (crc == ANY_CRC || crc == run.crc());
        }
    }

    static final String NAME = "index.manifest";

    private static final int MAGIC = 0x4D4B4B46;
    private static final int VERSION = 1;
    private static final int FIXED = 80;

    static void write(Disk disk, Path directory, Manifest manifest) throws IOException {
        Path file = directory.resolve(NAME);
        Path fresh = directory.resolve(NAME + ".tmp");
        try (FileChannel channel =
                FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            disk.write(channel, manifest.bytes(), 0);
            disk.force(channel);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        disk.forceDirectory(directory);
    }

    private ByteBuffer bytes() {
        PartitionStates states = checkpoint.partitions();
        int partitions = states.heads().length;
        ByteBuffer bytes =
                ByteBuffer.allocate(FIXED + 24 * partitions + 16 * runs.size())
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(MAGIC).putInt(0).putInt(VERSION).putInt(partitions);
        bytes.putLong(checkpoint.sequence()).putLong(checkpoint.end()).putLong(checkpoint.mark());
        bytes.put(checkpoint.hash()).putInt(runs.size()).putInt(0);
        for (long[] values : List.of(states.heads(), states.epochs(), states.times())) {
            for (long value : values) {
                bytes.putLong(value);
            }
        }
        runs.forEach(run -> bytes.putLong(run.number));
        runs.forEach(run -> bytes.putLong(run.crc));
        return bytes.flip().putInt(4, crc(bytes));
    }

    /// Empty when there is none that is whole.
    static Optional<Manifest> read(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        boolean whole =
                bytes.limit() >= FIXED
                        && bytes.getInt(0) == MAGIC
                        && bytes.getInt(4) == crc(bytes)
                        && bytes.getInt(8) == VERSION;
        return whole ? Optional.of(read(bytes)) : Optional.empty();
    }

    private static Manifest read(ByteBuffer bytes) {
        int partitions = bytes.position(12).getInt();
        long sequence = bytes.getLong();
        long end = bytes.getLong();
        long mark = bytes.getLong();
        byte[] hash = new byte[Frame.HASH_BYTES];
        bytes.get(hash);
        int runCount = bytes.getInt();
        bytes.position(FIXED);
        PartitionStates states =
                new PartitionStates(
                        longs(bytes, partitions),
                        longs(bytes, partitions),
                        longs(bytes, partitions));
        long[] numbers = longs(bytes, runCount);
        boolean hasCrcs = bytes.remaining() >= 8 * runCount;
        long[] crcs = hasCrcs ? longs(bytes, runCount) : new long[runCount];
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < runCount; i++) {
            runs.add(new Run(numbers[i], hasCrcs ? crcs[i] : Run.ANY_CRC));
        }
        return new Manifest(new Checkpoint(sequence, end, hash, mark, states), runs);
    }

    private static long[] longs(ByteBuffer bytes, int count) {
        long[] values = new long[count];
        bytes.asLongBuffer().get(values);
        bytes.position(bytes.position() + 8 * count);
        return values;
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(8));
        return (int) crc.getValue();
    }
}
