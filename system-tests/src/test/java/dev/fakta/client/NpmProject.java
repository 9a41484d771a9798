// SPDX-License-Identifier: Apache-2.0
package dev.fakta.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.opentest4j.TestAbortedException;

/// A folder with `package.json`, its lock file, and the packages that these name, as npm installs
/// them. No script of a package runs while it is installed.
record NpmProject(Path folder) {

    private static final String MISSING =
            "this test needs Node 20.19 or later and npm on the PATH (nodejs.org; some Linux packages"
                    + " are older) and, the first time, a way to npm's registry";
    private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.(\\d+)\\..*\\s*");
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String[] INSTALL = {
        "npm",
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--fetch-retries=1",
        "--fetch-timeout=20000"
    };

    /// The lock file does not fit: to `package.json`, or to what is in a package.
    private static final Pattern OWN_FAULT = Pattern.compile("EUSAGE|EINTEGRITY");

    private static final String LOCK = "package-lock.json";

    /// How a program ended, and what it printed.
    record Run(int status, String printed) {}

    /// Copies a project below `target` and installs its packages, once for each lock file. Aborts
    /// the test, and says why, when they are not to be had: a machine without npm builds the rest.
    ///
    /// @param source the project's files, all in one folder
    /// @param below where the copy is made
    static NpmProject install(Path source, Path below) throws IOException, InterruptedException {
        Path folder = below.resolve("npm-" + sum(source.resolve(LOCK)));
        try {
            if (!isRecent(run(below, "node", "--version").printed)) {
                throw new IOException("Node is too old");
            }
            if (!Files.exists(folder)) {
                installFresh(source, below, folder);
            }
        } catch (IOException e) {
            throw new TestAbortedException(MISSING, e);
        }
        copy(source, folder);
        return new NpmProject(folder);
    }

    private static boolean isRecent(String version) {
        Matcher parts = VERSION.matcher(version);
        return parts.matches()
                && Integer.parseInt(parts.group(1)) * 1_000 + Integer.parseInt(parts.group(2))
                        >= 20_019;
    }

    /// Elsewhere first, so that what is half installed is never used.
    private static void installFresh(Path source, Path below, Path folder)
            throws IOException, InterruptedException {
        Path fresh = Files.createTempDirectory(below, "npm-");
        try {
            copy(source, fresh);
            Run ci = run(fresh, INSTALL);
            if (OWN_FAULT.matcher(ci.printed).find()) {
                throw new IllegalStateException(ci.printed);
            }
            if (ci.status != 0) {
                throw new IOException(ci.printed);
            }
            Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(fresh);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static String sum(Path file) throws IOException {
        CRC32C sum = new CRC32C();
        sum.update(Files.readAllBytes(file));
        return Long.toHexString(sum.getValue());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(file.getFileName());
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /// Runs a JavaScript file of the project to its end.
    Run node(String script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        return run(folder, command.toArray(String[]::new));
    }

    private static Run run(Path folder, String... command)
            throws IOException, InterruptedException {
        Path said = Files.createTempFile("said", ".txt");
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(said.toFile())
                            .start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(
                        String.join(" ", command) + " does not end: " + Files.readString(said));
            }
            return new Run(process.exitValue(), Files.readString(said));
        } finally {
            Files.delete(said);
        }
    }
}
