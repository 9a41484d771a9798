// SPDX-License-Identifier: Apache-2.0
package dev.fakta.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs a program of the system to its end.
final class Shell {

    private Shell() {}

    /// What it printed; fails when it ends with another status than 0, or not in time.
    static String run(Path folder, Duration atMost, List<String> command)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("said", ".txt");
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
        if (!process.waitFor(atMost.toSeconds(), TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError(command + " hangs; it said " + Files.readString(out));
        }
        String said = Files.readString(out);
        Files.delete(out);
        if (process.exitValue() != 0) {
            throw new AssertionError(
                    "%s ends with %d; it said %s".formatted(command, process.exitValue(), said));
        }
        return said;
    }
}
