// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server in a JVM of its own, with this JVM's Java. It is ready when it has printed `ready
/// http://HOST:PORT …`; all else that it prints goes to this JVM's error output. Closing ends it:
/// by SIGTERM, and by force when that takes longer than ten seconds.
public final class ChildJvm implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("ready (http://\\S+).*");
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(10);

    private final Process process;
    private final URI address;

    private ChildJvm(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /// Starts the class's `main` on this JVM's class path and waits, at most a minute, until it is
    /// ready.
    public static ChildJvm start(Class<?> main, List<String> jvmOptions, List<String> args)
            throws IOException, InterruptedException {
        return start(System.getProperty("java.class.path"), main.getName(), jvmOptions, args);
    }

    /// The same on a class path of its own.
    static ChildJvm start(String classPath, String main, List<String> jvmOptions, List<String> args)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(args);
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            return new ChildJvm(process, awaitReady(process));
        } catch (ExecutionException | TimeoutException e) {
            stop(process);
            throw new IOException(simpleName(main) + " did not become ready", e);
        } catch (InterruptedException e) {
            stop(process);
            throw e;
        }
    }

    /// Where it serves.
    public URI address() {
        return address;
    }

    /// Where it serves, for a load.
    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(address.getHost(), address.getPort());
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        try {
            stop(process);
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static String simpleName(String main) {
        return main.substring(main.lastIndexOf('.') + 1);
    }

    private static URI awaitReady(Process process)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<URI> ready = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> readLines(process, ready));
        return ready.get(START.toSeconds(), TimeUnit.SECONDS);
    }

    private static void readLines(Process process, CompletableFuture<URI> ready) {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher matcher = READY.matcher(line);
                if (!ready.isDone() && matcher.matches()) {
                    ready.complete(URI.create(matcher.group(1)));
                } else {
                    System.err.println(line);
                }
            }
            ready.completeExceptionally(new IOException("it ended before it was ready"));
        } catch (IOException e) {
            ready.completeExceptionally(new UncheckedIOException(e));
        }
    }

    private static void stop(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
