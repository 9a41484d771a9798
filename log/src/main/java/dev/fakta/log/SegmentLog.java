// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.engine.Claimed;
import dev.fakta.log.engine.CommitQueue;
import dev.fakta.log.engine.PartitionCount;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The log in segment files of one directory, for one process.
public final class SegmentLog implements EventLog {

    /*
     * All partitions share one append-only sequence of frames (Frame), so that one write and one
     * force commit everything that is waiting:
     *
     *   caller's thread        log thread                         files
     *   SegmentWriter  -->  CommitQueue --> FrameBuilder -->  0000000001.segment   (Segment)
     *   encodes             bounded in      checks, seals     0000000002.segment
     *                       bytes           epochs,           0000000003.segment   (prepared)
     *                                       revisions         acknowledged.end (AcknowledgedEnd)
     *                                         | LogState,       index.manifest       (Manifest)
     *                                         v StreamIndex     streams-….run        (StreamRun)
     *                                                           NAME.note          (NoteFiles)
     *   SegmentReader  <--  CommittedEnd  (the location behind the last durable frame)
     *
     * The log thread (Committer) owns the end of the log (Tail) and the state that all frames add up
     * to (LogState). Readers share nothing with it but the committed end and the index: they read
     * mapped files, which never change below that end. Recovery folds the same frames with the same
     * code. Everything but the segments can be rebuilt from them.
     *
     * A full queue refuses an append at once instead of making the caller wait: whoever appends has
     * more to do than to wait for a disk, and says "busy" to its own callers.
     *
     * Alternatives refused: a file per partition (64 forces in place of one); a library (measured
     * with 256 events per commit: SQLite 30 k/s, PostgreSQL 120 k/s, RocksDB 180 k/s); writing
     * through the mapping (a force of it cannot report which page failed); direct I/O (the JDK's
     * needs aligned buffers, and reads would miss the page cache that writes have filled).
     */

    private static final System.Logger LOG = System.getLogger(SegmentLog.class.getName());

    /// How long a snapshot waits for an append that pays for its force.
    private static final Duration SNAPSHOT_WAIT = Duration.ofMillis(20);

    private static final long RECENT_BYTES = 4L << 20;

    private final SegmentLogSettings settings;
    private final DirectoryLock lock;
    private final Arena arena;
    private final Mappings mappings = new Mappings();
    private final ExecutorService background;
    private final SegmentFiles files;
    private final StreamIndex index;
    private final LogState state;
    private final Tail tail;
    private final StreamReads streams;
    private final NoteFiles notes;
    private final RecentFrames recent = new RecentFrames(RECENT_BYTES);
    private final CommittedEnd committed;
    private final AtomicReferenceArray<@Nullable SegmentWriter> owners; // that claimed last
    private final CommitQueue<SegmentRequest> queue;
    private final Committer committer;
    private final Thread logThread;
    private volatile boolean closed;

    /// Opens the log in a directory, or creates it.
    ///
    /// @throws LogException `UNAVAILABLE` when another log has the directory, something in it is of
    ///   a newer format, or the disk fails; `FULL`; `CORRUPT`, with file and byte, when a segment's
    ///   header cannot be read, or when a bad frame was acknowledged or stands before valid ones in
    ///   what opening reads: from the segment of the last checkpoint to the end. Nothing is changed
    ///   then. Damage further back fails the reads that meet it, and [LogVerifier] finds it
    /// @throws IllegalArgumentException when the log has another number of partitions
    public static SegmentLog open(Path directory, SegmentLogSettings settings) {
        return open(directory, settings, Disk.REAL);
    }

    /// Opens a log that is there, with the number of partitions that it has.
    ///
    /// @throws LogException as for [#open]; `UNAVAILABLE` when there is none
    public static SegmentLog openExisting(Path directory, SegmentLogSettings settings) {
        int partitions;
        try (Arena arena = Arena.ofShared()) {
            partitions = Recovery.of(directory, Disk.REAL, arena).existingPartitions();
        } catch (IOException e) {
            throw Disk.failure("cannot open the log in " + directory, e);
        }
        return open(directory, settings.withPartitions(partitions));
    }

    static SegmentLog open(Path directory, SegmentLogSettings settings, Disk disk) {
        return open(directory, settings, disk, newBackground());
    }

    /// @param background makes segments, checkpoints and merges; the log shuts it down
    static SegmentLog open(
            Path directory, SegmentLogSettings settings, Disk disk, ExecutorService background) {
        DirectoryLock lock = null;
        Arena arena = Mappings.newArena();
        try {
            Files.createDirectories(directory);
            lock = DirectoryLock.take(directory);
            return new SegmentLog(directory, settings, disk, lock, arena, background);
        } catch (IOException | RuntimeException e) {
            background.shutdownNow();
            arena.close();
            release(lock);
            throw e instanceof IOException io
                    ? Disk.failure("cannot open the log in " + directory, io)
                    : (RuntimeException) e;
        }
    }

    private static ExecutorService newBackground() {
        return Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name("fakta-log-background-", 0).factory());
    }

    private static void release(@Nullable DirectoryLock lock) {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "cannot release the lock file", e);
        }
    }

    private SegmentLog(
            Path directory,
            SegmentLogSettings settings,
            Disk disk,
            DirectoryLock lock,
            Arena arena,
            ExecutorService background)
            throws IOException {
        this.settings = settings;
        this.lock = lock;
        this.arena = arena;
        this.background = background;
        this.owners = new AtomicReferenceArray<>(settings.partitions());
        Recovery recovery = Recovery.of(directory, disk, arena);
        failIfOtherPartitions(directory, recovery);
        Checkpoint none = Checkpoint.none(settings.partitions());
        this.index = StreamIndex.open(directory, disk, background, none);
        this.state = new LogState(index.covered(), index);
        this.files =
                new SegmentFiles(
                        directory,
                        disk,
                        settings.segmentBytes(),
                        background,
                        arena,
                        recovery.segments());
        this.tail = new Tail(files, disk, begin(recovery));
        this.streams = new StreamReads(files, index, settings.partitions());
        this.notes = new NoteFiles(directory, disk);
        long end = Location.of(files.newest().number(), tail.end());
        AcknowledgedEnd acknowledged = AcknowledgedEnd.create(directory, disk, arena, end);
        this.committed = new CommittedEnd(end, acknowledged);
        this.queue = new CommitQueue<>(settings.queueBytes(), SNAPSHOT_WAIT, (_, _) -> true);
        this.committer =
                new Committer(
                        settings,
                        queue,
                        state,
                        tail,
                        streams,
                        recent,
                        committed,
                        InstantSource.system());
        this.logThread = Thread.ofPlatform().name("fakta-log").daemon().unstarted(this::run);
        index.mergeNeighbours();
        logThread.start();
    }

    private void failIfOtherPartitions(Path directory, Recovery recovery) {
        int stored = recovery.partitions().orElse(settings.partitions());
        PartitionCount.require("the log in " + directory, stored, settings.partitions());
    }

    /// Recovers, or begins the first segment of a new log.
    ///
    /// @return the byte where the log ends in its newest segment
    private int begin(Recovery recovery) throws IOException {
        boolean isNew = recovery.segments().isEmpty() && state.sequence() == 0;
        int end = recovery.replay(state, this::keepMemoryBounded);
        int next = recovery.segments().size() + 1;
        Optional<Segment> prepared =
                recovery.prepared(SegmentFiles.bytes(settings.segmentBytes(), next));
        prepared.ifPresent(files::usePrepared);
        if (isNew) {
            files.begin(1, state).close();
            end = files.newest().headerLength();
        }
        return end;
    }

    private void keepMemoryBounded() {
        if (index.changed() >= settings.checkpointStreams()) {
            try {
                index.checkpointNow(state);
            } catch (IOException e) {
                throw Disk.failure("cannot write a checkpoint", e);
            }
        }
    }

    private void run() {
        committer.run();
        committed.close();
        index.stop();
        background.shutdown();
        try {
            while (!background.awaitTermination(1, TimeUnit.SECONDS)) {
                LOG.log(Level.DEBUG, "waiting for the background work of a closing log");
            }
            index.checkpointNow(state);
        } catch (IOException | RuntimeException | InterruptedException e) {
            LOG.log(Level.WARNING, "no last checkpoint; the next opening re-reads the log", e);
        }
    }

    @Override
    public int partitions() {
        return settings.partitions();
    }

    @Override
    public Writer claim(int partition, String node) {
        Objects.checkIndex(partition, settings.partitions());
        AppendChecks.node(node);
        failOnLogThread();
        CompletableFuture<Claimed> done = new CompletableFuture<>();
        boolean _ = queue.offer(new SegmentRequest.Claim(partition, node, done));
        SegmentWriter writer =
                new SegmentWriter(this, queue, largestAppend(), CommitQueue.await(done));
        owners.accumulateAndGet(partition, writer, SegmentLog::newest);
        return writer;
    }

    /// The newer of two writers of a partition, which fences the other.
    private static SegmentWriter newest(@Nullable SegmentWriter known, SegmentWriter other) {
        if (known == null) {
            return other;
        }
        SegmentWriter older = known.epoch() < other.epoch() ? known : other;
        SegmentWriter newer = older == known ? other : known;
        older.failWith(AppendChecks.fenced(older.partition(), older.epoch(), newer.epoch()));
        return newer;
    }

    private int largestAppend() {
        int partitions = settings.partitions();
        return SegmentFiles.bytes(settings.segmentBytes(), 1)
                - Segment.headerBytes(partitions)
                - Frame.HEADER
                - (Entry.HEADER + 8 * partitions);
    }

    private void failOnLogThread() {
        if (Thread.currentThread() == logThread) {
            throw new IllegalStateException(
                    "a stage of the log must not wait for the log: it would wait for itself");
        }
    }

    @Override
    public Positions heads() {
        failWhenClosed();
        return committer.heads();
    }

    @Override
    public LogReader reader(Positions after) {
        for (int partition : after.partitions()) {
            Objects.checkIndex(partition, settings.partitions());
        }
        return reading(
                () ->
                        new SegmentReader(
                                files,
                                mappings,
                                recent,
                                committed,
                                settings.partitions(),
                                after,
                                new ReaderStart(files, state).find(after)));
    }

    @Override
    public List<EventRecord> readStream(String stream, long fromRevision, int limit) {
        return reading(() -> streams.read(stream, fromRevision, Math.max(0, limit)));
    }

    /// How many records [#readStream] has looked at.
    long recordsVisited() {
        return streams.visited();
    }

    @Override
    public boolean surelyAbsent(String stream) {
        failWhenClosed();
        return index.surelyAbsent(StreamHash.of(stream));
    }

    @Override
    public Optional<Snapshot> latestSnapshot(String stream) {
        return reading(() -> streams.latestSnapshot(stream));
    }

    @Override
    public Optional<String> note(String name) {
        failWhenClosed();
        return notes.read(name);
    }

    @Override
    public void putNote(String name, String text) {
        failWhenClosed();
        notes.write(name, text);
    }

    @Override
    public String noteOnce(String name, String text) {
        failWhenClosed();
        return notes.once(name, text);
    }

    @Override
    public void follow(Runnable follower) {
        committed.follow(follower);
    }

    @Override
    public void unfollow(Runnable follower) {
        committed.unfollow(follower);
    }

    private <T> T reading(Supplier<T> read) {
        failWhenClosed();
        return mappings.read(read);
    }

    private void failWhenClosed() {
        if (closed) {
            throw CommitQueue.closed();
        }
    }

    @Override
    public synchronized void close() {
        failOnLogThread();
        if (closed) {
            return;
        }
        closed = true;
        queue.close();
        joinLogThread();
        mappings.close();
        tail.close();
        index.close();
        arena.close();
        release(lock);
    }

    private void joinLogThread() {
        boolean interrupted = false;
        while (logThread.isAlive()) {
            try {
                logThread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
