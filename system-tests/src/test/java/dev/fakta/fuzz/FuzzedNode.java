// SPDX-License-Identifier: Apache-2.0
package dev.fakta.fuzz;

import dev.fakta.orders.Main;
import dev.fakta.servers.QuickStart;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// `./fakta run` in a process of its own, with credentials asked for, and a look inside.
final class FuzzedNode implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(4);
    private static final Duration STOP = Duration.ofSeconds(90);
    private static final Pattern READY = Pattern.compile("(?m)^ready (\\S+) ");
    private static final Pattern TROUBLE =
            Pattern.compile(
                    "(?m)^.*(ERROR|Exception in thread|OutOfMemory|Internal server error).*$");
    private static final Pattern DIGITS = Pattern.compile("\\d+");
    private static final Pattern NAME = Pattern.compile("(?m)^#\\d+ \"([^\"]*)\"");
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

    private final Path data;
    private final Path messages;
    private final Process process;
    private final URI uri;

    private FuzzedNode(Path data, Path messages, Process process, URI uri) {
        this.data = data;
        this.messages = messages;
        this.process = process;
        this.uri = uri;
    }

    /// @param home an empty directory
    static FuzzedNode start(Path home, Tokens tokens) throws Exception {
        Path messages = home.resolve("messages");
        List<String> command =
                java(
                        "run",
                        "--port",
                        "0",
                        "--data",
                        home.resolve("data").toString(),
                        "--jwt-issuer",
                        tokens.url(),
                        "--jwt-audience",
                        Tokens.AUDIENCE);
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.to(messages.toFile()))
                        .start();
        try {
            Awaitility.await()
                    .atMost(START)
                    .until(
                            () ->
                                    !process.isAlive()
                                            || READY.matcher(Files.readString(messages)).find());
            Matcher ready = READY.matcher(Files.readString(messages));
            if (!ready.find()) {
                throw new IOException("it does not start: " + Files.readString(messages));
            }
            return new FuzzedNode(
                    home.resolve("data"), messages, process, URI.create(ready.group(1)));
        } catch (Exception e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static List<String> java(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx768m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(QuickStart.options());
        command.add(Main.class.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    int port() {
        return uri.getPort();
    }

    Path data() {
        return data;
    }

    /// The key of administrators.
    String adminKey() throws IOException {
        return Files.readString(data.resolve("admin.key")).strip();
    }

    /// How much of the machine it holds.
    ///
    /// @param heapBytes after a collection
    /// @param named the threads, virtual ones too, that have a name without a number that grows
    record Held(long heapBytes, long files, int threads, Set<String> named) {
        Held {
            named = Set.copyOf(named);
        }
    }

    /// What it holds now. Of live objects only: the histogram is made after a collection.
    Held held() throws IOException, InterruptedException {
        Matcher bytes = TOTAL.matcher(asked("GC.class_histogram"));
        if (!bytes.find()) {
            throw new IOException("the histogram has no total");
        }
        List<String> threads =
                NAME.matcher(threads()).results().map(found -> found.group(1)).toList();
        return new Held(
                Long.parseLong(bytes.group(1)),
                files().values().stream().mapToLong(Long::longValue).sum(),
                threads.size(),
                Set.copyOf(threads));
    }

    /// Its threads, virtual ones too, each with its stack.
    synchronized String threads() throws IOException, InterruptedException {
        Path file = messages.resolveSibling("threads").toAbsolutePath();
        asked("Thread.dump_to_file", "-overwrite", file.toString());
        return Files.readString(file);
    }

    /// Its open files and sockets, where the system says so; else none. Of each kind how many:
    /// names without digits.
    Map<String, Long> files() throws IOException {
        Path open = Path.of("/proc", Long.toString(process.pid()), "fd");
        if (!Files.isDirectory(open)) {
            return Map.of();
        }
        try (Stream<Path> all = Files.list(open)) {
            return all.collect(
                    Collectors.groupingBy(FuzzedNode::kind, TreeMap::new, Collectors.counting()));
        }
    }

    private static String kind(Path descriptor) {
        try {
            return DIGITS.matcher(Files.readSymbolicLink(descriptor).toString()).replaceAll("");
        } catch (IOException _) {
            return "closed meanwhile";
        }
    }

    /// What its JVM answers to `jcmd`.
    private String asked(String... words) throws IOException, InterruptedException {
        Path answer = messages.resolveSibling("answer");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        command.add(Long.toString(process.pid()));
        command.addAll(List.of(words));
        Process jcmd =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(answer.toFile())
                        .start();
        int status = jcmd.waitFor();
        String text = Files.readString(answer);
        if (status != 0) {
            throw new IOException(text);
        }
        return text;
    }

    /// Failures that it has written about.
    List<String> troubles() throws IOException {
        return TROUBLE.matcher(Files.readString(messages))
                .results()
                .map(found -> found.group())
                .toList();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// SIGTERM, and the end; answers the exit status.
    int stop() throws Exception {
        process.toHandle().destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("it does not stop");
        }
        return process.exitValue();
    }

    /// Has `./fakta log verify` look at the log of the node that was stopped; answers the status.
    int verify() throws Exception {
        Process verify =
                new ProcessBuilder(java("log", "verify", "--data", data.toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.appendTo(messages.toFile()))
                        .start();
        return verify.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().orTimeout(STOP.toSeconds(), TimeUnit.SECONDS).join();
    }
}
