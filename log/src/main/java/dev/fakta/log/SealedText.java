// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.LogException.Category;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32C;

/// A small text file that is replaced as a whole, and says whether it is what was written:
///
///     a header line, with the format's name and number
///     the body, whole lines
///     crc 9ae0daaf
///
/// The last line is the CRC32C of the lines above it, in UTF-8.
final class SealedText {

    private static final String SEAL = "crc ";

    private SealedText() {}

    /// The body of a file; empty when there is no file.
    ///
    /// @throws LogException `CORRUPT` when the file does not hold what was written; `UNAVAILABLE`
    ///   when its header is another one: a newer program has written it
    static Optional<String> read(Path file, String header) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        int seal = text.lastIndexOf('\n' + SEAL) + 1;
        int body = text.indexOf('\n') + 1;
        if (seal < body || !text.substring(seal).equals(seal(text.substring(0, seal)))) {
            throw new LogException(
                    Category.CORRUPT,
                    "%s is not what was written: put it back from a backup".formatted(file));
        }
        if (!text.startsWith(header + '\n')) {
            throw new LogException(
                    Category.UNAVAILABLE,
                    "%s is '%s'; this program knows '%s': start a newer one"
                            .formatted(file, text.substring(0, body - 1), header));
        }
        return Optional.of(text.substring(body, seal));
    }

    /// Replaces a file, durably: after a crash it holds this body or the one before.
    static void write(Path file, String header, String body, Disk disk) throws IOException {
        String text = header + '\n' + body;
        byte[] bytes = (text + seal(text)).getBytes(StandardCharsets.UTF_8);
        Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel =
                FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            disk.write(channel, ByteBuffer.wrap(bytes), 0);
            disk.force(channel);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        disk.forceDirectory(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    }

    private static String seal(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return SEAL + Long.toHexString(crc.getValue()) + '\n';
    }
}
