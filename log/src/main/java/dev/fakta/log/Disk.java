// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/// The file operations that make data durable: what a disk can refuse, and a test can make it
/// refuse.
interface Disk {

    /// The disk as it is.
    Disk REAL = new Disk() {};

    int CHUNK = 1 << 20;

    /// Makes a new file of zeros, durably. Zeros are really written, so that later writes need no
    /// more room and [#force] no metadata. After a failure there is no file.
    default void preallocate(Path file, int bytes) throws IOException {
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
        if (Files.getFileStore(directory).getUsableSpace() < bytes) {
            throw new IOException("No space left on device for " + file);
        }
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(bytes, CHUNK));
            for (int at = 0; at < bytes; at += zeros.capacity()) {
                write(channel, zeros.clear().limit(Math.min(zeros.capacity(), bytes - at)), at);
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        forceDirectory(directory);
    }

    default void write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        long to = at;
        while (bytes.hasRemaining()) {
            to += channel.write(bytes, to);
        }
    }

    default void force(FileChannel channel) throws IOException {
        channel.force(false);
    }

    default void truncate(FileChannel channel, long length) throws IOException {
        channel.truncate(length);
        channel.force(true);
    }

    /// Makes created and renamed files durable in their directory.
    default void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// The failure of the log that a failure of the disk is.
    static LogException failure(String doing, IOException e) {
        String message = reason(e);
        boolean full =
                message.contains("No space left")
                        || message.contains("not enough space")
                        || message.contains("quota exceeded");
        return new LogException(
                full ? LogException.Category.FULL : LogException.Category.UNAVAILABLE,
                doing + ": " + message,
                e);
    }

    /// The message of many exceptions of the file system is a path and no more.
    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> denied.getMessage() + ": permission denied";
            case NoSuchFileException missing ->
                    missing.getMessage() + ": no such file or directory";
            case FileAlreadyExistsException other -> other.getMessage() + ": is there already";
            case NotDirectoryException file -> file.getMessage() + ": is no directory";
            case FileSystemException other when other.getReason() == null -> other.toString();
            default -> String.valueOf(e.getMessage());
        };
    }
}
