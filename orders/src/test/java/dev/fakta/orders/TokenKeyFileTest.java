// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fakta.orders.payments.SealedTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenKeyFileTest {

    @TempDir Path data;
    private Path file;

    @BeforeEach
    void name() {
        file = data.resolve("new").resolve("token-key");
    }

    private Path holding(int bytes, String permissions) throws IOException {
        Path other = data.resolve("given");
        Files.write(other, new byte[bytes]);
        return Files.setPosixFilePermissions(other, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void a_key_is_made_once_for_its_owner_alone() throws IOException {
        byte[] made = TokenKeyFile.readOrMake(file);
        assertThat(made).hasSize(32).isNotEqualTo(SealedTokens.freshKey());
        assertThat(TokenKeyFile.readOrMake(file)).isEqualTo(made);
        assertThat(TokenKeyFile.read(file)).isEqualTo(made).isEqualTo(Files.readAllBytes(file));
        assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void a_key_whose_maker_died_is_made_again() throws IOException {
        assertThat(TokenKeyFile.readOrMake(holding(0, "rw-------"))).hasSize(32);
    }

    @Test
    void a_key_that_others_can_use_is_refused() throws IOException {
        for (String permissions : new String[] {"rw-r-----", "rw----r--", "rw--w----"}) {
            Path open = holding(32, permissions);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TokenKeyFile.readOrMake(open))
                    .withMessage(
                            "%s: others than its owner can use this key of tokens (%s): chmod 600 it, and think of a new one",
                            open, permissions);
        }
        assertThat(TokenKeyFile.read(holding(32, "r--------"))).hasSize(32);
    }

    @Test
    void a_file_of_another_size_is_refused() throws IOException {
        Path torn = holding(31, "rw-------");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKeyFile.readOrMake(torn))
                .withMessage("%s: a key of tokens has 32 bytes, and this has 31", torn);
    }

    @Test
    void a_file_that_is_named_is_not_made() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenKeyFile.read(file))
                .withMessage("%s: there is no such file", file);
        assertThat(file).doesNotExist();
    }

    @Test
    void a_folder_that_is_a_file_is_refused() throws IOException {
        Path taken = holding(3, "rw-------");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> TokenKeyFile.readOrMake(taken.resolve("token-key")))
                .withMessageStartingWith("the key of tokens cannot be made: ");
    }

    @Nested
    final class Environment {

        private static final String ONE = Base64.getEncoder().encodeToString(new byte[32]);

        @Test
        void several_keys_have_commas_between_them() {
            assertThat(TokenOptions.fromEnvironment(ONE + ", " + ONE)).hasSize(2);
        }

        @Test
        void what_is_no_key_is_refused_and_not_repeated() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TokenOptions.fromEnvironment("s3cret!"))
                    .withMessage("is no base64");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TokenOptions.fromEnvironment("c2VjcmV0"))
                    .withMessage("a key of tokens has 32 bytes, and this has 6");
        }
    }
}
