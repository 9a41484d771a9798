// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The disk beneath a server, made slow for this server alone: a Linux control group that lets its
/// processes write so many blocks in a second, so that each commit waits for its flush. Needs root,
/// and a disk that the kernel can limit.
///
/// @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#io">io.max</a>
/// @see <a
///   href="https://docs.kernel.org/admin-guide/cgroup-v1/blkio-controller.html">blkio.throttle</a>
final class SlowDisk {

    private static final Path GROUPS = Path.of("/sys/fs/cgroup");
    private static final Path FIRST_VERSION = GROUPS.resolve("blkio");
    private static final Path DEVICES = Path.of("/sys/dev/block");
    private static final Duration EMPTY_WITHIN = Duration.ofSeconds(10);

    private final Path root;
    private final String device;
    private final Path group;

    /// @param root of the hierarchy of control groups
    private SlowDisk(Path root, String device) {
        this.root = root;
        this.device = device;
        this.group = root.resolve("fakta-chaos-" + ProcessHandle.current().pid());
    }

    /// The disk beneath a file or folder.
    ///
    /// @return empty where it cannot be limited
    static Optional<SlowDisk> beneath(Path path) {
        boolean isFirst = Files.isDirectory(FIRST_VERSION);
        try {
            SlowDisk disk = new SlowDisk(isFirst ? FIRST_VERSION : GROUPS, device(path));
            if (!isFirst) {
                Files.writeString(GROUPS.resolve("cgroup.subtree_control"), "+io");
            }
            Files.createDirectory(disk.group);
            try {
                disk.limit(1);
            } finally {
                Files.delete(disk.group);
            }
            return Optional.of(disk);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            return Optional.empty(); // not Linux, not root, no such file system
        }
    }

    /// Lets a process and its children, those to come too, write no faster, until healed.
    void slow(ProcessHandle server, int writesPerSecond) {
        try {
            Files.createDirectory(group);
            limit(writesPerSecond);
            move(server, group);
        } catch (IOException e) {
            throw new UncheckedIOException("the disk cannot be made slow", e);
        }
    }

    void heal(ProcessHandle server) {
        try {
            limit(0);
            move(server, root);
            if (!Pause.until(this::isRemoved, EMPTY_WITHIN)) {
                throw new IOException("somebody is still in " + group);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the disk stays slow", e);
        }
    }

    private void limit(int writesPerSecond) throws IOException {
        if (root.equals(FIRST_VERSION)) {
            Files.writeString(
                    group.resolve("blkio.throttle.write_iops_device"),
                    device + " " + writesPerSecond);
        } else {
            String most = writesPerSecond == 0 ? "max" : Integer.toString(writesPerSecond);
            Files.writeString(group.resolve("io.max"), device + " wiops=" + most);
        }
    }

    /// Twice, for children that were born meanwhile. One that has ended needs no group.
    private static void move(ProcessHandle server, Path to) throws IOException {
        for (int i = 0; i < 2; i++) {
            for (ProcessHandle process :
                    Stream.concat(Stream.of(server), server.descendants()).toList()) {
                try {
                    Files.writeString(to.resolve("cgroup.procs"), Long.toString(process.pid()));
                } catch (IOException e) {
                    if (process.isAlive()) {
                        throw e;
                    }
                }
            }
        }
    }

    private boolean isRemoved() {
        try {
            return Files.deleteIfExists(group);
        } catch (IOException _) {
            return false; // a process is still leaving
        }
    }

    /// The number of the whole disk: partitions have no limits of their own.
    private static String device(Path path) throws IOException {
        long number = ((Number) Files.getAttribute(path, "unix:dev")).longValue();
        long major = (number >>> 8) & 0xfff;
        long minor = (number & 0xff) | ((number >>> 12) & 0xfff00);
        Path device = DEVICES.resolve(major + ":" + minor).toRealPath();
        Path disk = Files.exists(device.resolve("partition")) ? device.resolve("..") : device;
        List<String> lines = Files.readAllLines(disk.resolve("dev"));
        return lines.getFirst();
    }
}
