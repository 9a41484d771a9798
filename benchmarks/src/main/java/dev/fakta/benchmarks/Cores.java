// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// What CPU time processes use, and which they may use, on Linux.
final class Cores {

    private static final long TICK_MICROS = 10_000; // of /proc, on every Linux that runs a JVM
    private static final long WAIT_SECONDS = 10;
    private static final int PERIOD_MICROS = 20_000; // short, so that a pause for the quota is
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private Cores() {}

    /// CPU time that the process and its children have used, in microseconds.
    static long usedMicros(long pid) throws IOException {
        long used = ticks(pid, true);
        List<Long> children =
                ProcessHandle.of(pid).stream()
                        .flatMap(ProcessHandle::descendants)
                        .map(ProcessHandle::pid)
                        .toList();
        for (long child : children) {
            used += ticks(child, false);
        }
        return used * TICK_MICROS;
    }

    private static long ticks(long pid, boolean withReaped) throws IOException {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        if (!Files.exists(stat)) {
            return 0; // it has ended, and its parent has its time
        }
        String line = Files.readString(stat);
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        long own = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        return withReaped ? own + Long.parseLong(fields[13]) + Long.parseLong(fields[14]) : own;
    }

    /// Lets a process, its threads and what they start run on these CPUs only.
    ///
    /// @param cpus such as `0` or `1-3`
    static void pin(long pid, String cpus) throws IOException, InterruptedException {
        List<Long> all =
                Stream.concat(
                                Stream.of(pid),
                                ProcessHandle.of(pid).stream()
                                        .flatMap(ProcessHandle::descendants)
                                        .map(ProcessHandle::pid))
                        .toList();
        for (long one : all) {
            Process taskset =
                    new ProcessBuilder("taskset", "-a", "-p", "-c", cpus, Long.toString(one))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            boolean isDone = taskset.waitFor(WAIT_SECONDS, TimeUnit.SECONDS);
            if (one == pid && !(isDone && taskset.exitValue() == 0)) {
                throw new IOException("taskset cannot pin process " + pid + " to CPU " + cpus);
            }
        }
    }

    /// A limit on the CPU time of one process, by a control group of version 1 or 2.
    static final class Quota implements AutoCloseable {

        private final Path group;
        private final Path parent;

        private Quota(Path parent, Path group) {
            this.parent = parent;
            this.group = group;
        }

        /// @param cores such as 0.25
        static Quota of(long pid, double cores) throws IOException {
            long micros = Math.round(cores * PERIOD_MICROS);
            boolean isOld = Files.isDirectory(ROOT.resolve("cpu"));
            Path parent = isOld ? ROOT.resolve("cpu") : ROOT;
            Path group = Files.createDirectories(parent.resolve("fakta-bench-" + pid));
            if (isOld) {
                write(group, "cpu.cfs_period_us", Integer.toString(PERIOD_MICROS));
                write(group, "cpu.cfs_quota_us", Long.toString(micros));
            } else {
                write(group, "cpu.max", micros + " " + PERIOD_MICROS);
            }
            write(group, "cgroup.procs", Long.toString(pid));
            return new Quota(parent, group);
        }

        private static void write(Path group, String file, String value) throws IOException {
            Files.writeString(group.resolve(file), value);
        }

        /// Lets what is left in it go on without a limit.
        @Override
        public void close() throws IOException {
            for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
                write(parent, "cgroup.procs", pid);
            }
            Files.delete(group);
        }
    }
}
