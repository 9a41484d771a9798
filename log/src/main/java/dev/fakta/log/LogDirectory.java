// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;

/// The embedded logs of several microsystems in one directory: a [SegmentLog] each, in a directory
/// of its name, and which partitions each has ([LogRanges]).
///
///     DIRECTORY/microsystems.ranges
///     DIRECTORY/orders/0000000001.segment …
///     DIRECTORY/inventory/0000000001.segment …
///
/// A range is written down when its log is there, and never changes: a new microsystem comes behind
/// the others, whatever its place in the program. So a log without a range is a new one, or the
/// remains of a start that was cut off, and then it is empty; and a range without a log is a loss.
public final class LogDirectory {

    private LogDirectory() {}

    /// Opens the logs of these microsystems, all at once, and makes those that there are not.
    ///
    /// @param aggregates the kinds of streams of each microsystem, by its name, in the order in
    ///   which new ones get their partitions
    /// @throws LogException as [SegmentLog#open]
    /// @throws IllegalArgumentException when the directory has a log of a microsystem that is not
    ///   among these, lacks one that it had, or holds a log as earlier versions kept it
    public static JoinedLog open(
            Path directory, Map<String, Set<String>> aggregates, SegmentLogSettings settings) {
        try {
            Files.createDirectories(directory);
            refuseEarlierLayout(directory);
            LogRanges ranges = LogRanges.read(directory);
            refuseStrangers(directory, ranges, aggregates.keySet());
            refuseLosses(directory, ranges);
            Set<String> names = new LinkedHashSet<>(ranges.names());
            names.addAll(aggregates.keySet());
            Map<String, SegmentLog> logs =
                    openAll(names, name -> SegmentLog.open(directory.resolve(name), settings));
            return join(directory, logs, aggregates);
        } catch (IOException e) {
            throw Disk.failure("cannot open the logs in " + directory, e);
        }
    }

    /// Opens the logs that are there, and makes none.
    ///
    /// @param aggregates as for [#open]; a microsystem that is missing here has no streams, but its
    ///   records are read
    /// @throws LogException as [SegmentLog#openExisting]; `UNAVAILABLE` when there is none
    public static JoinedLog openExisting(
            Path directory, Map<String, Set<String>> aggregates, SegmentLogSettings settings) {
        List<String> names = microsystems(directory);
        Map<String, SegmentLog> logs =
                openAll(
                        new LinkedHashSet<>(names),
                        name -> SegmentLog.openExisting(directory.resolve(name), settings));
        try {
            return join(directory, logs, aggregates);
        } catch (IOException e) {
            throw Disk.failure("cannot open the logs in " + directory, e);
        }
    }

    /// The microsystems that have a log in the directory, in the order of their partitions. The log
    /// of one is in the directory of its name.
    ///
    /// @throws LogException `UNAVAILABLE` when there is none
    /// @throws IllegalArgumentException when the directory holds a log as earlier versions kept it
    public static List<String> microsystems(Path directory) {
        try {
            refuseEarlierLayout(directory);
            LogRanges ranges = LogRanges.read(directory);
            if (ranges.names().isEmpty()) {
                throw new LogException(
                        LogException.Category.UNAVAILABLE, "there is no log in " + directory);
            }
            return ranges.names();
        } catch (IOException e) {
            throw Disk.failure("cannot open the logs in " + directory, e);
        }
    }

    private static void refuseEarlierLayout(Path directory) throws IOException {
        if (hasSegments(directory)) {
            throw new IllegalArgumentException(
                    "%s holds one log for all microsystems, as an earlier version kept it; this one keeps a log for each, and needs another data directory"
                            .formatted(directory));
        }
    }

    private static boolean hasSegments(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.toString().endsWith(".segment"));
        }
    }

    private static void refuseStrangers(Path directory, LogRanges ranges, Set<String> known) {
        for (String name : ranges.names()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "%s holds the log of a microsystem %s, which this program does not have"
                                .formatted(directory, name));
            }
        }
    }

    private static void refuseLosses(Path directory, LogRanges ranges) throws IOException {
        for (String name : ranges.names()) {
            if (!hasSegments(directory.resolve(name))) {
                throw new IllegalArgumentException(
                        "the log of %s is not in %s any more".formatted(name, directory));
            }
        }
    }

    private static Map<String, SegmentLog> openAll(
            Set<String> names, Function<String, SegmentLog> opening) {
        Map<String, SegmentLog> opened = new LinkedHashMap<>();
        RuntimeException failure = null;
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread::new)) {
            Map<String, Future<SegmentLog>> futures = new LinkedHashMap<>();
            for (String name : names) {
                futures.put(name, threads.submit(() -> opening.apply(name)));
            }
            for (Map.Entry<String, Future<SegmentLog>> one : futures.entrySet()) {
                try {
                    opened.put(one.getKey(), one.getValue().get());
                } catch (ExecutionException e) {
                    failure =
                            e.getCause() instanceof RuntimeException known
                                    ? known
                                    : new IllegalStateException(e.getCause());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = new LogException(LogException.Category.UNAVAILABLE, "interrupted", e);
        }
        if (failure != null) {
            opened.values().forEach(SegmentLog::close);
            throw failure;
        }
        return opened;
    }

    /// Reads the ranges again, as these logs are locked now.
    private static JoinedLog join(
            Path directory, Map<String, SegmentLog> logs, Map<String, Set<String>> aggregates)
            throws IOException {
        try {
            LogRanges ranges = LogRanges.read(directory);
            LogRanges all = ranges;
            for (Map.Entry<String, SegmentLog> one : logs.entrySet()) {
                if (!ranges.names().contains(one.getKey())) {
                    refuseRecords(directory, one.getKey(), one.getValue());
                }
                all = all.with(one.getKey(), one.getValue().partitions());
            }
            if (!all.equals(ranges)) {
                all.write(directory);
            }
            return JoinedLog.of(parts(all, logs, aggregates));
        } catch (IOException | RuntimeException e) {
            logs.values().forEach(SegmentLog::close);
            throw e;
        }
    }

    /// A log that was filled had a range: without it, nobody knows what its partitions were called.
    private static void refuseRecords(Path directory, String name, SegmentLog log) {
        if (!log.heads().equals(Positions.start(log.partitions()))) {
            throw new IllegalArgumentException(
                    "the log of %s in %s has records, but %s does not name it"
                            .formatted(name, directory, LogRanges.NAME));
        }
    }

    private static List<JoinedLog.Part> parts(
            LogRanges ranges, Map<String, SegmentLog> logs, Map<String, Set<String>> aggregates) {
        List<JoinedLog.Part> parts = new ArrayList<>();
        for (LogRanges.Range range : ranges.all()) {
            SegmentLog log = logs.get(range.microsystem());
            if (log != null) {
                Set<String> kinds = aggregates.getOrDefault(range.microsystem(), Set.of());
                parts.add(new JoinedLog.Part(range.microsystem(), range.first(), log, kinds));
            }
        }
        return parts;
    }
}
