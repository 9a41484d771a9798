// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class HttpsOptionsTest {

    @Command(name = "node")
    private static final class Program {
        @Mixin private ServeOptions options;
    }

    private static GatewaySettings settings(String... arguments) {
        Program program = new Program();
        new CommandLine(program).parseArgs(arguments);
        return program.options.gateway();
    }

    private static void refuses(String message, String... arguments) {
        assertThatExceptionOfType(ParameterException.class)
                .isThrownBy(() -> settings(arguments))
                .withMessageContaining(message);
    }

    @Test
    void it_encrypts_with_both_files() {
        assertThat(settings("--tls-certificate", "a.crt", "--tls-key", "a.key").https())
                .isEqualTo(HttpsFiles.of(Path.of("a.crt"), Path.of("a.key")));
        assertThat(settings().https()).isNull();
        refuses("--tls-certificate and --tls-key come together", "--tls-certificate", "a.crt");
        refuses("--tls-certificate and --tls-key come together", "--tls-key", "a.key");
    }

    @Test
    void other_machines_reach_it_when_it_encrypts() {
        refuses("give --tls-certificate and --tls-key", "--host", "0.0.0.0");
        assertThat(
                        settings(
                                        "--host",
                                        "0.0.0.0",
                                        "--tls-certificate",
                                        "a.crt",
                                        "--tls-key",
                                        "a.key")
                                .host())
                .isEqualTo("0.0.0.0");
        refuses(
                "--trusted: only on a loopback address",
                "--trusted",
                "--host",
                "0.0.0.0",
                "--tls-certificate",
                "a.crt",
                "--tls-key",
                "a.key");
    }

    @Test
    void origins_are_listed_one_by_one() {
        assertThat(
                        settings(
                                        "--cors-origin",
                                        "https://shop.example",
                                        "--cors-origin",
                                        "http://localhost:3000")
                                .origins())
                .containsExactly("https://shop.example", "http://localhost:3000");
        assertThat(settings().origins()).isEmpty();
        refuses("--cors-origin: such as https://shop.example, not *", "--cors-origin", "*");
    }
}
