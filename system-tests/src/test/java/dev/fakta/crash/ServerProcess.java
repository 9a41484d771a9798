// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import dev.fakta.orders.Main;
import dev.fakta.servers.QuickStart;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// `./fakta run` in a process of its own, on a free port.
final class ServerProcess implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(4);
    private static final Duration STOP = Duration.ofSeconds(90);
    private static final int SHOWN_ERRORS = 60;
    private static final List<String> JVM =
            List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow");

    private final Process process;
    private final URI uri;
    private final Duration started;
    private final List<String> printed;
    private final CompletableFuture<List<String>> output;
    private final CompletableFuture<List<String>> errors;

    private ServerProcess(
            Process process,
            URI uri,
            Duration started,
            List<String> printed,
            CompletableFuture<List<String>> output,
            CompletableFuture<List<String>> errors) {
        this.process = process;
        this.uri = uri;
        this.started = started;
        this.printed = printed;
        this.output = output;
        this.errors = errors;
    }

    /// The order management microsystem.
    static ServerProcess start(Path data, String... options) throws Exception {
        return start(List.of(Main.class.getName(), "run", "--trusted"), data, options);
    }

    /// @param program the main class, and its first arguments
    static ServerProcess start(List<String> program, Path data, String... options)
            throws Exception {
        List<String> command = new ArrayList<>(JVM);
        command.addAll(QuickStart.options());
        command.addAll(program);
        command.addAll(List.of("--data", data.toString()));
        command.addAll(List.of(options));
        if (!command.contains("--port")) {
            command.addAll(List.of("--port", "0"));
        }
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command).start();
        CompletableFuture<URI> ready = new CompletableFuture<>();
        List<String> lines = new CopyOnWriteArrayList<>();
        CompletableFuture<List<String>> errors =
                CompletableFuture.supplyAsync(
                        () -> readErrors(process), Thread::startVirtualThread);
        CompletableFuture<List<String>> output =
                CompletableFuture.supplyAsync(
                        () -> read(process, ready, lines, errors), Thread::startVirtualThread);
        try {
            URI uri = ready.get(START.toSeconds(), TimeUnit.SECONDS);
            return new ServerProcess(
                    process,
                    uri,
                    Duration.ofNanos(System.nanoTime() - start),
                    lines,
                    output,
                    errors);
        } catch (Exception e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static List<String> read(
            Process process,
            CompletableFuture<URI> ready,
            List<String> lines,
            CompletableFuture<List<String>> errors) {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith("ready ")) {
                    ready.complete(URI.create(line.replaceFirst("ready (\\S+) .*", "$1")));
                }
                lines.add(line);
            }
            if (!ready.isDone()) {
                ready.completeExceptionally(
                        new IOException(
                                "ended with status %d before it was ready: %s %s"
                                        .formatted(
                                                process.onExit().join().exitValue(),
                                                lines,
                                                errors.join())));
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Passes them on to this JVM's; answers the last ones.
    private static List<String> readErrors(Process process) {
        List<String> last = new ArrayList<>();
        try (BufferedReader reader = process.errorReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                System.err.println(line);
                last.add(line);
                if (last.size() > SHOWN_ERRORS) {
                    last.removeFirst();
                }
            }
            return last;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI uri() {
        return uri;
    }

    /// How long it took to be ready.
    Duration started() {
        return started;
    }

    /// `kill -9`.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// SIGTERM; answers the exit status.
    int stop() throws InterruptedException {
        process.toHandle().destroy(); // leaves its streams open, to be read to their ends
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("it does not stop");
        }
        return process.exitValue();
    }

    /// What it has printed so far.
    List<String> printed() {
        return printed;
    }

    /// What it printed, once it has ended.
    List<String> output() throws Exception {
        return output.get(STOP.toSeconds(), TimeUnit.SECONDS);
    }

    /// The last lines of its messages, once it has ended.
    List<String> messages() throws Exception {
        return errors.get(STOP.toSeconds(), TimeUnit.SECONDS);
    }

    /// Kills it, and waits until it has let go of its files.
    @Override
    public void close() {
        process.destroyForcibly().onExit().orTimeout(STOP.toSeconds(), TimeUnit.SECONDS).join();
    }
}
