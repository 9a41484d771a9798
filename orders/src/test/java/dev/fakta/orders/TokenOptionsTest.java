// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fakta.gateway.ServeOptions;
import dev.fakta.postgres.server.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/// Where a node has its key of tokens from. Two nodes have the same one when they seal alike.
class TokenOptionsTest {

    @TempDir Path data;

    @Command(name = "node")
    private static final class Node {
        @Mixin private ServeOptions options;
        @Mixin private TokenOptions tokens;
    }

    /// What a node seals.
    private String seal(String name, @Nullable String environment, String... options) {
        Node node = new Node();
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--data", data.resolve(name).toString()));
        new CommandLine(node).parseArgs(all.toArray(String[]::new));
        return node.tokens.open(node.options, environment).seal("o1", "tok_1");
    }

    private static byte[] key(int filling) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) filling);
        return key;
    }

    private String file(int filling, String permissions) throws IOException {
        Path file = Files.write(data.resolve("key-" + filling), key(filling));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return file.toString();
    }

    private void refuses(String message, @Nullable String environment, String... options) {
        assertThatExceptionOfType(ParameterException.class)
                .isThrownBy(() -> seal("a", environment, options))
                .withMessageStartingWith(message);
    }

    @Test
    void a_node_alone_keeps_its_key_beside_its_log() {
        String first = seal("a", null);
        assertThat(seal("a", null)).isEqualTo(first);
        assertThat(seal("b", null)).isNotEqualTo(first);
        assertThat(data.resolve("a").resolve("token-key")).hasSize(32);
    }

    @Test
    void the_nodes_of_a_cluster_have_one_key() {
        String[] cluster = {"--postgres", ThrowawayPostgres.database()};
        assertThat(seal("a", null, cluster)).isEqualTo(seal("b", null, cluster));
        assertThat(seal("a", null, "--postgres", ThrowawayPostgres.database()))
                .isNotEqualTo(seal("a", null, cluster));
        assertThat(data.resolve("a").resolve("token-key")).doesNotExist();
    }

    @Test
    void an_option_comes_before_the_environment_and_that_before_a_file_of_ones_own()
            throws IOException {
        String environment = Base64.getEncoder().encodeToString(key(1));
        String given = file(2, "rw-------");
        assertThat(seal("a", environment)).isEqualTo(seal("b", environment));
        assertThat(seal("a", environment, "--token-key", given))
                .isEqualTo(seal("b", null, "--token-key", given))
                .isNotEqualTo(seal("a", environment));
        assertThat(data.resolve("a").resolve("token-key")).doesNotExist();
    }

    @Test
    void the_first_key_seals() throws IOException {
        String first = file(1, "rw-------");
        String second = file(2, "r--------");
        assertThat(seal("a", null, "--token-key", first, "--token-key", second))
                .isEqualTo(seal("a", null, "--token-key", first));
    }

    @Test
    void what_is_no_key_of_ones_own_is_wrong_usage() throws IOException {
        refuses(
                "--token-key: " + data.resolve("none") + ": there is",
                null,
                "--token-key",
                data.resolve("none").toString());
        refuses(
                "--token-key: " + data.resolve("key-3") + ": others than its owner",
                null,
                "--token-key",
                file(3, "rw-r--r--"));
        refuses("FAKTA_TOKEN_KEY: is no base64", "?");
    }
}
