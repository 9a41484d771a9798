// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.LogException.Category;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Stream hash to the locations of the stream's newest event and newest snapshot.
///
/// Layers, the newest first: a [StreamTable] that the log thread fills; at times one that is being
/// written to disk; then [StreamRun]s, each about twice as large as the one before it, because two
/// neighbours of similar size are merged. So memory holds the streams changed since the last
/// checkpoint and 10 bits for each other one, and a look-up reads one run in most cases.
///
/// A checkpoint writes the table as a run, then a [Manifest] with the state of the log at that
/// moment. What is behind the manifest, recovery reads from the log again; so nothing here is ever
/// the only copy, and a damaged index is rebuilt by removing it.
///
/// Refused: a B-tree or an LSM library (random writes or an 80 MB dependency, for two numbers per
/// stream); the whole map in memory (10 M streams would need 500 MB).
final class StreamIndex implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(StreamIndex.class.getName());

    private record Layers(StreamTable active, @Nullable StreamTable frozen, List<StreamRun> runs) {}

    private final Path directory;
    private final Disk disk;
    private final ExecutorService background;
    private final Mappings mappings = new Mappings();
    private volatile Layers layers;
    private Checkpoint written; // the manifest's
    private long nextRun;
    private volatile boolean isWriting;
    private boolean isMerging;
    private volatile boolean closing;
    private @Nullable Checkpoint frozenAt; // while a frozen table waits to be written

    private StreamIndex(
            Path directory,
            Disk disk,
            ExecutorService background,
            List<StreamRun> runs,
            Checkpoint written) {
        this.directory = directory;
        this.disk = disk;
        this.background = background;
        this.layers = new Layers(new StreamTable(), null, runs);
        this.written = written;
        this.nextRun = runs.stream().mapToLong(StreamRun::number).max().orElse(0) + 1;
    }

    /// Opens what the last manifest names, or an empty index.
    static StreamIndex open(Path directory, Disk disk, ExecutorService background, Checkpoint none)
            throws IOException {
        List<StreamRun> runs = new ArrayList<>();
        Checkpoint covered = none;
        try {
            Optional<Manifest> manifest = Manifest.read(directory);
            if (manifest.isPresent()) {
                for (Manifest.Run named : manifest.get().runs()) {
                    runs.add(open(directory, named));
                }
                covered = manifest.get().checkpoint();
            } else if (Files.exists(directory.resolve(Manifest.NAME))) {
                LOG.log(Level.WARNING, "the index manifest is damaged; rebuilding the index");
            }
        } catch (IOException | LogException e) {
            LOG.log(Level.WARNING, "rebuilding the stream index", e);
            runs.forEach(StreamRun::close);
            runs.clear();
        }
        deleteOthers(directory, runs);
        return new StreamIndex(directory, disk, background, List.copyOf(runs), covered);
    }

    private static StreamRun open(Path directory, Manifest.Run named) throws IOException {
        StreamRun run = StreamRun.open(named.number(), runFile(directory, named.number()));
        if (!named.isOf(run)) {
            run.close();
            throw new LogException(
                    Category.CORRUPT, run.path() + " is another file than the manifest names");
        }
        return run;
    }

    private static void deleteOthers(Path directory, List<StreamRun> runs) throws IOException {
        List<Path> kept = runs.stream().map(StreamRun::path).toList();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if ((name.endsWith(".run") || name.endsWith(".tmp")) && !kept.contains(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    private static Path runFile(Path directory, long number) {
        return directory.resolve("streams-%010d.run".formatted(number));
    }

    /// What the newest manifest covers.
    synchronized Checkpoint covered() {
        return written;
    }

    /// How many streams have changed in memory only.
    int changed() {
        return layers.active.count();
    }

    void putEvent(long hash, long location) {
        layers.active.putEvent(StreamTable.key(hash), location);
    }

    void putSnapshot(long hash, long location) {
        layers.active.putSnapshot(StreamTable.key(hash), location);
    }

    /// The location of the newest event of a stream hash, or 0.
    long newestEvent(long hash) {
        long key = StreamTable.key(hash);
        Layers seen = layers;
        long location = seen.active.event(key);
        if (location == Location.NONE && seen.frozen != null) {
            location = seen.frozen.event(key);
        }
        return location == Location.NONE && !seen.runs.isEmpty()
                ? mappings.read(() -> newestInRuns(key, StreamRun::event))
                : location;
    }

    /// The location of the newest snapshot of a stream hash, or 0.
    long newestSnapshot(long hash) {
        long key = StreamTable.key(hash);
        Layers seen = layers;
        long location = seen.active.snapshot(key);
        if (location == Location.NONE && seen.frozen != null) {
            location = seen.frozen.snapshot(key);
        }
        return location == Location.NONE && !seen.runs.isEmpty()
                ? mappings.read(() -> newestInRuns(key, StreamRun::snapshot))
                : location;
    }

    private interface Field {
        long of(StreamRun run, long index);
    }

    /// In the runs of now, which no merge releases before this ends.
    private long newestInRuns(long key, Field field) {
        for (StreamRun run : layers.runs) {
            long at = run.find(key);
            long location = at < 0 ? Location.NONE : field.of(run, at);
            if (location != Location.NONE) {
                return location;
            }
        }
        return Location.NONE;
    }

    /// Without reading a file: whether no stream has this hash.
    boolean surelyAbsent(long hash) {
        long key = StreamTable.key(hash);
        Layers seen = layers;
        if (seen.active.contains(key) || (seen.frozen != null && seen.frozen.contains(key))) {
            return false;
        }
        for (StreamRun run : seen.runs) {
            if (run.mayContain(key)) {
                return false;
            }
        }
        return true;
    }

    /// Begins a checkpoint of the log's state in the background, unless one is under way. Only the
    /// log thread calls this.
    void checkpoint(LogState state) {
        if (!isWriting && !closing) { // only this thread sets it
            begin(state);
        }
    }

    private synchronized void begin(LogState state) {
        freeze(state);
        isWriting = true;
        try {
            background.execute(this::writeInBackground);
        } catch (RejectedExecutionException _) {
            isWriting = false; // the log is closing, and will write
        } catch (RuntimeException | Error e) { // no thread: the next checkpoint tries again
            isWriting = false;
            throw e;
        }
    }

    /// Writes all that is in memory.
    synchronized void checkpointNow(LogState state) throws IOException {
        if (layers.frozen != null) {
            writeFrozen(); // an earlier attempt failed
        }
        if (state.sequence() > written.sequence()) {
            freeze(state);
            writeFrozen();
        }
    }

    private void freeze(LogState state) {
        if (layers.frozen == null) {
            layers = new Layers(new StreamTable(), layers.active, layers.runs);
            frozenAt = state.checkpoint();
        }
    }

    private void writeInBackground() {
        try {
            writeFrozen();
        } catch (IOException | UncheckedIOException e) {
            LOG.log(Level.WARNING, "cannot write a checkpoint of " + directory + ", will retry", e);
        } finally {
            isWriting = false;
        }
        mergeNeighbours();
    }

    private void writeFrozen() throws IOException {
        StreamTable table = layers.frozen;
        Checkpoint reached;
        long number;
        synchronized (this) {
            reached = frozenAt;
            number = nextRun++;
        }
        if (table == null || reached == null) {
            return;
        }
        List<StreamRun> fresh = new ArrayList<>();
        if (table.count() > 0) {
            Path file = runFile(directory, number);
            var _ = RunMerge.write(disk, file, List.of(RunMerge.of(table)), () -> false);
            fresh.add(StreamRun.open(number, file));
        }
        synchronized (this) {
            fresh.addAll(layers.runs);
            writeManifest(reached, fresh);
            layers = new Layers(layers.active, null, List.copyOf(fresh));
            written = reached;
            frozenAt = null;
        }
    }

    private void writeManifest(Checkpoint reached, List<StreamRun> runs) throws IOException {
        List<Manifest.Run> named = runs.stream().map(Manifest.Run::of).toList();
        Manifest.write(disk, directory, new Manifest(reached, named));
    }

    /// Merges runs of similar size, if there are any, in the background.
    synchronized void mergeNeighbours() {
        if (isMerging || closing || due().isEmpty()) {
            return;
        }
        isMerging = true;
        try {
            background.execute(this::mergeInBackground);
        } catch (RejectedExecutionException _) {
            isMerging = false; // the log is closing; the next opening merges
        } catch (RuntimeException | Error e) { // no thread: the next checkpoint tries again
            isMerging = false;
            throw e;
        }
    }

    private void mergeInBackground() {
        try {
            for (List<StreamRun> due = due(); !due.isEmpty() && !closing; due = due()) {
                merge(due);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.log(Level.WARNING, "cannot merge the stream index of " + directory, e);
        } finally {
            synchronized (this) {
                isMerging = false;
            }
        }
    }

    /// The oldest neighbours that are of similar size, with all newer ones that are small to them.
    private List<StreamRun> due() {
        List<StreamRun> runs = layers.runs;
        int until = 0;
        long newer = 0;
        for (int i = 0; i < runs.size(); i++) {
            if (i > 0 && runs.get(i).count() < 2 * newer) {
                until = i + 1;
            }
            newer += runs.get(i).count();
        }
        return List.copyOf(runs.subList(0, until));
    }

    private void merge(List<StreamRun> due) throws IOException {
        long number;
        synchronized (this) {
            number = nextRun++;
        }
        Path file = runFile(directory, number);
        List<RunMerge.Source> sources = due.stream().map(RunMerge::of).toList();
        if (!RunMerge.write(disk, file, sources, () -> closing)) {
            Files.deleteIfExists(file);
            return;
        }
        StreamRun merged = StreamRun.open(number, file);
        synchronized (this) {
            List<StreamRun> runs = new ArrayList<>(layers.runs);
            int at = runs.indexOf(due.getFirst());
            runs.removeAll(due);
            runs.add(at, merged);
            writeManifest(written, runs);
            layers = new Layers(layers.active, layers.frozen, List.copyOf(runs));
        }
        mappings.awaitReads(); // of those who know the old runs
        for (StreamRun old : due) {
            old.close();
            Files.deleteIfExists(old.path());
        }
    }

    /// Makes merges stop soon. Before [#close], after which nothing may be read.
    void stop() {
        closing = true;
    }

    @Override
    public void close() {
        closing = true;
        mappings.close();
        layers.runs.forEach(StreamRun::close);
    }
}
