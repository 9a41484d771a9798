// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/// The segments that hold frames, and the next file, which is prepared ahead of time in the
/// background so that going on to it costs nothing.
///
/// The first segments are an eighth, a quarter and a half of the full size: a small log stays
/// small, and opening it reads little.
final class SegmentFiles {

    private static final System.Logger LOG = System.getLogger(SegmentFiles.class.getName());

    private static final int SMALLER = 3;

    private final Path directory;
    private final Disk disk;
    private final int segmentBytes;
    private final ExecutorService background;
    private final Arena arena;
    private volatile Segment[] all;
    private @Nullable CompletableFuture<Segment> prepared; // the log thread's
    private boolean canPrepare = true; // the log thread's

    SegmentFiles(
            Path directory,
            Disk disk,
            int segmentBytes,
            ExecutorService background,
            Arena arena,
            List<Segment> all) {
        this.directory = directory;
        this.disk = disk;
        this.segmentBytes = segmentBytes;
        this.background = background;
        this.arena = arena;
        this.all = all.toArray(Segment[]::new);
    }

    static Path file(Path directory, int number) {
        return directory.resolve("%010d.segment".formatted(number));
    }

    /// The size of the segment with this number.
    static int bytes(int segmentBytes, int number) {
        return segmentBytes >> Math.max(0, SMALLER + 1 - number);
    }

    /// The segment with this number; it must hold frames or be the newest.
    Segment get(int number) {
        Segment[] seen = all;
        return seen[number - seen[0].number()];
    }

    List<Segment> all() {
        return List.of(all);
    }

    Segment first() {
        return all[0];
    }

    Segment newest() {
        Segment[] seen = all;
        return seen[seen.length - 1];
    }

    /// Takes over a file that an earlier run of the log prepared.
    void usePrepared(Segment segment) {
        prepared = CompletableFuture.completedFuture(segment);
    }

    /// Begins to prepare a file with this number, unless that is done. Where no thread can be had,
    /// the log goes on, and [#begin] makes the file.
    void prepare(int number) {
        if (prepared == null && canPrepare) {
            try {
                prepared = CompletableFuture.supplyAsync(() -> create(number), background);
            } catch (RuntimeException | Error e) {
                canPrepare = false; // until the next segment
                LOG.log(Level.WARNING, "cannot prepare segment " + number, e);
            }
        }
    }

    /// Begins the segment with this number, durably: it is the newest from now on.
    ///
    /// @throws LogException `FULL` or `UNAVAILABLE`; the next call tries again
    FileChannel begin(int number, LogState state) {
        Segment next = takePrepared(number);
        try {
            FileChannel channel = FileChannel.open(next.path(), StandardOpenOption.WRITE);
            try {
                disk.write(channel, ByteBuffer.wrap(Segment.header(number, state.checkpoint())), 0);
                disk.force(channel);
            } catch (IOException e) {
                channel.close();
                Files.deleteIfExists(next.path()); // its pages are not to be trusted
                throw e;
            }
            Segment[] more = Arrays.copyOf(all, all.length + 1);
            more[all.length] = next;
            all = more;
            return channel;
        } catch (IOException e) {
            throw Disk.failure("cannot begin " + next.path(), e);
        }
    }

    private Segment takePrepared(int number) {
        CompletableFuture<Segment> ready = prepared;
        prepared = null;
        canPrepare = true;
        if (ready != null) {
            try {
                Segment segment = ready.join();
                if (segment.number() == number) {
                    return segment;
                }
            } catch (CompletionException _) {
                // there may be room by now
            }
        }
        return create(number);
    }

    private Segment create(int number) {
        Path file = file(directory, number);
        try {
            Files.deleteIfExists(file);
            disk.preallocate(file, bytes(segmentBytes, number));
        } catch (IOException e) {
            throw Disk.failure("cannot prepare " + file, e);
        }
        return new Segment(number, file, arena);
    }
}
