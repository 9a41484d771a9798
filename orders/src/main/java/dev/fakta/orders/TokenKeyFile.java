// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.gateway.SecretFile;
import dev.fakta.orders.payments.SealedTokens;
import java.nio.file.Path;

/// A file that is a key of tokens: 32 bytes, which its owner alone can read.
final class TokenKeyFile {

    private static final String WHAT = "key of tokens";

    private TokenKeyFile() {}

    /// The key that the file is.
    ///
    /// @throws IllegalArgumentException when there is none, others can read it, or it has another
    ///   size
    static byte[] read(Path file) {
        return requireLength(file + ": ", new SecretFile(file, WHAT).read());
    }

    /// The key that the file is; a new one, when there is no file. Of several processes that start
    /// at once one makes it, and it is on the disk before it is used.
    ///
    /// @throws IllegalArgumentException as [#read]
    static byte[] readOrMake(Path file) {
        byte[] key = new SecretFile(file, WHAT).readOrMake(SealedTokens::freshKey);
        return requireLength(file + ": ", key);
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
