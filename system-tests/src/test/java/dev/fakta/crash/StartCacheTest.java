// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.Main;
import dev.fakta.servers.QuickStart;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The start-up cache that a training makes (JEP 483, 514, 515), with the real JVM: what the
/// training does, and that a start uses what fits and does without what does not.
@Order(1)
final class StartCacheTest {

    private static final int PATIENCE_SECONDS = 300;

    /// The training goes on until an order's whole life was seen.
    private static final String SECONDS = "3";

    private static final List<String> EACH_STEP =
            List.of(
                    " placed",
                    " priced",
                    " packed",
                    " shipped",
                    " delivered",
                    " cancelled",
                    " held",
                    " list");

    @TempDir Path folder;

    @Test
    void a_training_trades_and_its_cache_is_used_while_it_is_whole_and_fits() throws Exception {
        Path cache = folder.resolve("aot");
        assertThat(train(cache)).contains(EACH_STEP).doesNotContain("refused: placed");
        assertThat(cache).isNotEmptyFile();

        // with this mode a JVM that cannot use the cache does not start
        assertThat(ready("-XX:AOTCache=" + cache, "-XX:AOTMode=on")).isTrue();
        assertThat(ready("-XX:AOTCache=" + cache, "-XX:AOTMode=on", "-XX:-UseCompressedOops"))
                .as("a start with options that the cache does not fit")
                .isFalse();

        byte[] bytes = Files.readAllBytes(cache);
        for (int at = bytes.length / 10; at < bytes.length; at += bytes.length / 200) {
            bytes[at] ^= 0x55;
        }
        Files.write(cache, bytes);
        assertThat(ready("-XX:AOTCache=" + cache, "-XX:+VerifySharedSpaces"))
                .as("a start with a damaged cache")
                .isTrue();
    }

    private String train(Path cache) throws IOException, InterruptedException {
        List<String> command = java(List.of("-XX:AOTCacheOutput=" + cache));
        command.addAll(List.of(Main.class.getName(), "run", "--port", "0", "--train", SECONDS));
        command.addAll(List.of("--data", folder.resolve("training").toString()));
        Path said = folder.resolve("said");
        Process training =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        try {
            assertThat(training.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            String text = Files.readString(said);
            assertThat(training.exitValue()).as(text).isZero();
            return text.substring(text.indexOf("trained by"));
        } finally {
            training.destroyForcibly();
        }
    }

    /// Whether a server becomes ready; it is stopped again.
    private boolean ready(String... options) throws IOException, InterruptedException {
        List<String> command = java(List.of(options));
        command.addAll(List.of(Main.class.getName(), "run", "--trusted", "--port", "0"));
        command.addAll(List.of("--data", Files.createTempDirectory(folder, "data").toString()));
        Process server =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader lines = server.inputReader()) {
            boolean isReady = lines.lines().anyMatch(line -> line.startsWith("ready "));
            server.destroy();
            assertThat(server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            return isReady;
        } finally {
            server.destroyForcibly();
        }
    }

    /// On the jars that servers of tests run from: a cache takes classes from jars only.
    private static List<String> java(List<String> options) {
        List<String> quick = QuickStart.options();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Xlog:disable"));
        command.addAll(options);
        command.addAll(List.of("-cp", jars(quick.getLast())));
        return command;
    }

    private static String jars(String classPath) {
        List<String> jars = new ArrayList<>();
        for (String entry : classPath.split(java.io.File.pathSeparator)) {
            if (entry.endsWith(".jar")) {
                jars.add(entry);
            }
        }
        return String.join(java.io.File.pathSeparator, jars);
    }
}
