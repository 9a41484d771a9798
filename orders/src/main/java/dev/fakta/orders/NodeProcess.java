// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A node in a process of its own, with this process's JVM, options and class path. What it prints
/// is passed on, its messages with its name in front.
final class NodeProcess {

    private static final long STOP_SECONDS = 30;

    private final String name;
    private final Process process;

    private NodeProcess(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    /// @param environment what it finds in its environment beside ours
    /// @param out gets what it prints, `err` its messages
    static NodeProcess start(
            String name,
            List<String> arguments,
            Map<String, String> environment,
            PrintStream out,
            PrintStream err)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Main.class.getName());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        NodeProcess node = new NodeProcess(name, builder.start());
        node.pass(node.process.getInputStream(), out, "");
        node.pass(node.process.getErrorStream(), err, name + ": ");
        var _ = node.process.onExit().thenAccept(ended -> node.sayEnd(ended, err));
        return node;
    }

    private void pass(InputStream from, PrintStream to, String prefix) {
        Thread.ofVirtual()
                .start(
                        () -> {
                            try (var lines =
                                    new BufferedReader(
                                            new InputStreamReader(from, StandardCharsets.UTF_8))) {
                                for (String line = lines.readLine();
                                        line != null;
                                        line = lines.readLine()) {
                                    to.println(prefix + line);
                                }
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
    }

    private void sayEnd(Process ended, PrintStream err) {
        err.printf("%s: pid=%d has ended with status %d%n", name, ended.pid(), ended.exitValue());
    }

    void askToStop() {
        process.destroy();
    }

    /// Kills it when it does not end by itself.
    void awaitEnd() {
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
