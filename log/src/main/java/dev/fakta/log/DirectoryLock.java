// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.LogException.Category;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps a directory for one log at a time: a file lock against other processes, a set against this
/// one (the same lock through another class loader or a link is caught by the file lock too).
final class DirectoryLock implements AutoCloseable {

    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /// Takes a directory that is there.
    ///
    /// @throws LogException `UNAVAILABLE` when another log has it
    static DirectoryLock take(Path directory) throws IOException {
        Path real = directory.toRealPath();
        if (!HELD.add(real)) {
            throw taken(directory, "this process");
        }
        try {
            return new DirectoryLock(real, lockedFile(directory));
        } catch (IOException | RuntimeException e) {
            HELD.remove(real);
            throw e;
        }
    }

    private static FileChannel lockedFile(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        directory.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException _) {
            // held by this process, which the set does not know of
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw taken(directory, "another process");
    }

    private static LogException taken(Path directory, String by) {
        return new LogException(
                Category.UNAVAILABLE, "the log in %s is open in %s".formatted(directory, by));
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD.remove(directory);
        }
    }
}
