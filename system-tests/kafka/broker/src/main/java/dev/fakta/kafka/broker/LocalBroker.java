// SPDX-License-Identifier: Apache-2.0
package dev.fakta.kafka.broker;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// One broker, its own controller, on this machine, a process that tests may kill and start again
/// on the same port and data. Serves one thread.
public final class LocalBroker implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 180;
    private static final List<String> JVM =
            List.of("-Xmx384m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final Path directory;
    private final int port;
    private Process process;

    private LocalBroker(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /// Makes a broker and starts it; waits until it takes connections.
    ///
    /// @param directory for its data and what it writes; empty
    public static LocalBroker start(Path directory) throws IOException, InterruptedException {
        int port = freePort();
        Path properties = directory.resolve("server.properties");
        Files.writeString(
                properties,
                """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                controller.listener.names=CONTROLLER
                log.dirs=%3$s
                offsets.topic.num.partitions=1
                offsets.topic.replication.factor=1
                transaction.state.log.num.partitions=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                group.initial.rebalance.delay.ms=0
                broker.session.timeout.ms=1000
                broker.heartbeat.interval.ms=200
                auto.create.topics.enable=false
                """
                        .formatted(port, freePort(), directory.resolve("data")));
        Process format =
                run(
                        directory,
                        "kafka.tools.StorageTool",
                        "format",
                        "--cluster-id",
                        "4L6g3nShT-eMCtK--X86sw",
                        "--config",
                        properties.toString());
        if (!format.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || format.exitValue() != 0) {
            throw new IOException("the broker's storage cannot be made: " + said(directory));
        }
        LocalBroker broker = new LocalBroker(directory, port, server(directory));
        broker.awaitConnection();
        return broker;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Process server(Path directory) throws IOException {
        return run(directory, "kafka.Kafka", directory.resolve("server.properties").toString());
    }

    private static Process run(Path directory, String main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(List.of("-cp", classPath(), main));
        command.addAll(List.of(arguments));
        File log = directory.resolve("broker.log").toFile();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    private static String classPath() {
        try (InputStream in =
                Objects.requireNonNull(
                        LocalBroker.class.getResourceAsStream("/broker-class-path"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String said(Path directory) throws IOException {
        return Files.readString(directory.resolve("broker.log"));
    }

    private void awaitConnection() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!takesConnections()) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                throw new IOException("the broker does not start: " + said(directory));
            }
            process.waitFor(100, TimeUnit.MILLISECONDS);
        }
    }

    private boolean takesConnections() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// Where clients connect: `127.0.0.1:PORT`.
    public String address() {
        return "127.0.0.1:" + port;
    }

    /// Ends the process at once, as a crash does.
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// Starts it again after [#kill]; waits until it takes connections.
    public void startAgain() throws IOException, InterruptedException {
        process = server(directory);
        awaitConnection();
    }

    /// Ends the process at once.
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
