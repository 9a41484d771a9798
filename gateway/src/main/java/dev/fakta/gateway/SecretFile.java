// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

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
import java.util.function.Supplier;

/// A file that holds a secret, which its owner alone can use. On systems without POSIX permissions
/// the folder has to see to that.
///
/// @param path of the file
/// @param what it holds, in a phrase for messages
public record SecretFile(Path path, String what) {

    private static final Set<PosixFilePermission> OWNERS =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    /// What a mounted secret may have beside them: its group reads it.
    private static final Set<PosixFilePermission> MOUNTED =
            EnumSet.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.GROUP_READ);

    /// The secret.
    ///
    /// @throws IllegalArgumentException when there is no file, or others can use it
    public byte[] read() {
        return read(OWNERS);
    }

    /// The secret, which its owner's group may read too, as orchestrators mount them.
    ///
    /// @throws IllegalArgumentException as [#read]
    byte[] readMounted() {
        return read(MOUNTED);
    }

    private byte[] read(Set<PosixFilePermission> most) {
        try {
            refuseIfOpenTo(most);
            return Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(path + ": there is no such file", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read: " + e, e);
        }
    }

    /// The secret; a new one, when there is no file. Of several processes that start at once one
    /// makes it, and it is on the disk before it is used.
    ///
    /// @throws IllegalArgumentException as [#read]
    /// @throws UncheckedIOException when it cannot be made
    public byte[] readOrMake(Supplier<byte[]> fresh) {
        try {
            Path folder = Objects.requireNonNull(path.toAbsolutePath().getParent());
            Files.createDirectories(folder);
            makeIfAbsent(folder, fresh);
        } catch (IOException e) {
            throw new UncheckedIOException("the %s cannot be made: %s".formatted(what, e), e);
        }
        return read();
    }

    /// A file without content is one whose maker has died.
    private void makeIfAbsent(Path folder, Supplier<byte[]> fresh) throws IOException {
        if (Files.exists(path) && Files.size(path) > 0) {
            return;
        }
        try (FileChannel channel =
                        FileChannel.open(
                                path,
                                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                                forOwner());
                var _ = channel.lock()) {
            if (channel.size() == 0) {
                channel.write(ByteBuffer.wrap(fresh.get()));
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

    private void refuseIfOpenTo(Set<PosixFilePermission> most) throws IOException {
        if (!isPosix()) {
            return;
        }
        Set<PosixFilePermission> found = EnumSet.copyOf(Files.getPosixFilePermissions(path));
        String text = PosixFilePermissions.toString(found);
        found.remove(PosixFilePermission.OWNER_EXECUTE);
        if (!most.containsAll(found)) {
            throw new IllegalArgumentException(
                    "%s: others than its owner can use this %s (%s): chmod 600 it, and think of a new one"
                            .formatted(path, what, text));
        }
    }
}
