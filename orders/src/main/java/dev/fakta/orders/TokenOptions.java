// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.gateway.ServeOptions;
import dev.fakta.orders.payments.SealedTokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command line's options for the key that seals the tokens of cards. It is no argument, which
/// anybody on the machine could read.
///
/// The keys are those of `--token-key`; else those of the environment; else, in a cluster, the one
/// that its nodes share in their database; else the file `token-key` beside the log. The last two
/// are made when there is none.
final class TokenOptions {

    /// The environment's name of the keys.
    static final String KEY = "FAKTA_TOKEN_KEY";

    /// The name of the file, and of the secret in a cluster's database.
    static final String NAME = "token-key";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--token-key",
            paramLabel = "FILE",
            description =
                    "the key that card tokens are sealed with, 32 bytes; given again, an older one that still opens (default: the environment's "
                            + KEY
                            + ", in base64; else a cluster's own, or DIR/token-key)")
    private List<Path> files = List.of();

    @Option(
            names = "--token-key-lost",
            paramLabel = "NAME",
            description =
                    "the name of a key that is gone for good: the cards that it has sealed count as declined")
    private Set<String> lost = Set.of();

    /// What seals and opens the tokens of this node.
    ///
    /// @param environment what it has under [#KEY]
    SealedTokens open(ServeOptions options, @Nullable String environment) {
        return SealedTokens.of(keys(options, environment)).withLost(lost);
    }

    private List<byte[]> keys(ServeOptions options, @Nullable String environment) {
        try {
            if (!files.isEmpty()) {
                return files.stream().map(TokenKeyFile::read).toList();
            }
            if (environment != null) {
                return fromEnvironment(environment);
            }
        } catch (IllegalArgumentException e) {
            String from = files.isEmpty() ? KEY : "--token-key";
            throw new ParameterException(
                    spec.commandLine(), "%s: %s".formatted(from, e.getMessage()), e);
        }
        return List.of(
                options.sharedSecret(NAME, OrderManagement.MICROSYSTEMS, SealedTokens::freshKey)
                        .orElseGet(() -> TokenKeyFile.readOrMake(options.data().resolve(NAME))));
    }

    /// Keys in base64, with commas between them. What is wrong with one is not said by its text.
    static List<byte[]> fromEnvironment(String text) {
        List<byte[]> keys = new ArrayList<>();
        for (String one : text.split(",", -1)) {
            keys.add(TokenKeyFile.requireLength("", decoded(one.strip())));
        }
        return keys;
    }

    private static byte[] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException _) { // its message quotes the text
            throw new IllegalArgumentException("is no base64");
        }
    }
}
