// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.orders.payments.SealedTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/// A file that is a key of tokens: 32 bytes, which its owner alone can read.
final class TokenKeyFile {

    private static final Set<PosixFilePermission> OWNERS =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private TokenKeyFile() {}

    /// The key that the file is.
    ///
    /// @throws IllegalArgumentException when there is none, others can read it, or it has another
    ///   size
    static byte[] read(Path file) {
        try {
            refuseIfOpenToOthers(file);
            byte[] key = Files.readAllBytes(file);
            return requireLength(file + ": ", key);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read: " + e, e);
        }
    }

    /// The key that the file is; a new one, when there is no file. Of several processes that start
    /// at once one makes it, and it is on the disk before it is used.
    ///
    /// @throws IllegalArgumentException as [#read]
    static byte[] readOrMake(Path file) {
        try {
            Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
            Files.createDirectories(folder);
            makeIfAbsent(file, folder);
        } catch (IOException e) {
            throw new UncheckedIOException("the key of tokens cannot be made: " + e, e);
        }
        return read(file);
    }

    /// A file without content is one whose maker has died.
    private static void makeIfAbsent(Path file, Path folder) throws IOException {
        if (Files.exists(file) && Files.size(file) > 0) {
            return;
        }
        try (FileChannel channel =
                        FileChannel.open(
                                file,
                                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                                forOwner());
                var _ = channel.lock()) {
            if (channel.size() == 0) {
                channel.write(ByteBuffer.wrap(SealedTokens.freshKey()));
                channel.force(true);
            }
        }
        if (isPosix()) {
            try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true);
            }
        }
    }

    private static FileAttribute<?>[] forOwner() {
        return isPosix()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNERS)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    private static void refuseIfOpenToOthers(Path file) throws IOException {
        if (!isPosix()) {
            return;
        }
        Set<PosixFilePermission> found = Files.getPosixFilePermissions(file);
        if (!found.stream().allMatch(one -> one.name().startsWith("OWNER"))) {
            throw new IllegalArgumentException(
                    "%s: others than its owner can use this key of tokens (%s): chmod 600 it, and think of a new one"
                            .formatted(file, PosixFilePermissions.toString(found)));
        }
    }

    /// @throws IllegalArgumentException when a key has another length
    static byte[] requireLength(String where, byte[] key) {
        if (key.length != SealedTokens.KEY_BYTES) {
            throw new IllegalArgumentException(
                    "%sa key of tokens has %d bytes, and this has %d"
                            .formatted(where, SealedTokens.KEY_BYTES, key.length));
        }
        return key;
    }
}
