// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import dev.fakta.orders.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// `./fakta run` in a process of its own, on a free port. What it has to say goes to a file.
final class ServerJvm implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofMinutes(1);
    private static final List<String> OPTIONS =
            List.of(
                    "-Xmx1g",
                    "-XX:+ExitOnOutOfMemoryError",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow");

    private final Process process;
    private final URI uri;

    private ServerJvm(Process process, URI uri) {
        this.process = process;
        this.uri = uri;
    }

    /// Starts it, and waits until it is ready.
    ///
    /// @param jvm the class path and more options for the JVM
    /// @param arguments of `fakta run`, the port left out
    /// @param environment more of it
    static ServerJvm start(
            List<String> jvm,
            List<String> arguments,
            Map<String, String> environment,
            Path messages)
            throws IOException, InterruptedException {
        List<String> command =
                Stream.of(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString()),
                                OPTIONS,
                                jvm,
                                List.of(Main.class.getName(), "run", "--trusted", "--port", "0"),
                                arguments)
                        .flatMap(List::stream)
                        .toList();
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectError(Redirect.appendTo(messages.toFile()));
        Process process = builder.start();
        CompletableFuture<URI> ready = new CompletableFuture<>();
        Thread.startVirtualThread(() -> read(process, ready));
        try {
            return new ServerJvm(process, ready.get(START.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IOException("the server does not start; see " + messages, e);
        }
    }

    private static void read(Process process, CompletableFuture<URI> ready) {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("ready ")) {
                    ready.complete(URI.create(line.replaceFirst("ready (\\S+) .*", "$1")));
                }
            }
            ready.completeExceptionally(new IOException("it ended before it was ready"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    URI uri() {
        return uri;
    }

    /// `kill -9`.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// SIGTERM, and the end.
    void stop() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException("the server does not stop");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
