// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import dev.fakta.orders.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One node in a process of its own, with the options that the script `fakta` gives it. What it has
/// to say goes to a file.
final class NodeJvm {

    private static final Duration SIGNAL_WITHIN = Duration.ofSeconds(10);
    private static final List<String> OPTIONS =
            List.of(
                    "-Xmx512m",
                    "-XX:+ExitOnOutOfMemoryError",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Xlog:disable",
                    "-Xlog:all=warning,aot*=off,cds*=off:stderr");

    private final Process process;
    private final CompletableFuture<String> ready = new CompletableFuture<>();

    private NodeJvm(Process process) {
        this.process = process;
    }

    /// The command line that starts it.
    ///
    /// @param options more of them for the JVM, the class path among them
    /// @param arguments of `fakta run`
    static List<String> command(List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(options);
        command.addAll(List.of(Main.class.getName(), "run"));
        command.addAll(arguments);
        return command;
    }

    /// Starts it; does not wait until it is ready.
    static NodeJvm start(List<String> command, Path messages) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectError(Redirect.appendTo(messages.toFile()));
        NodeJvm started = new NodeJvm(builder.start());
        Thread.ofVirtual().start(started::read);
        return started;
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("ready ")) {
                    ready.complete(line);
                }
            }
            ready.completeExceptionally(new IOException("it ended before it was ready"));
        } catch (IOException e) {
            ready.completeExceptionally(new UncheckedIOException(e));
        }
    }

    boolean awaitReady(Duration atMost) {
        try {
            ready.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// `kill -9`.
    void kill() {
        process.destroyForcibly();
    }

    /// SIGTERM.
    void terminate() {
        process.destroy();
    }

    /// SIGSTOP: it stands still and keeps all that it has.
    void freeze() {
        signal("STOP");
    }

    /// SIGCONT.
    void thaw() {
        signal("CONT");
    }

    /// Waits until it has ended.
    ///
    /// @return `false` when it does not in time
    boolean awaitEnd(Duration atMost) {
        try {
            return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    int exitStatus() {
        return process.exitValue();
    }

    private void signal(String name) {
        if (!process.isAlive()) {
            return;
        }
        try {
            Process kill =
                    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            if (!kill.waitFor(SIGNAL_WITHIN.toSeconds(), TimeUnit.SECONDS)
                    || kill.exitValue() != 0) {
                throw new IllegalStateException("SIG%s was not sent".formatted(name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
