// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import dev.fakta.orders.Main;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/// What the servers of these tests load until they are ready, read and checked once: the JVM's
/// class data archive (JEP 350). Most of what a server's start costs is to load and check the same
/// classes, and there are some forty starts in a run of the tests.
///
/// An archive takes classes from jars only, so what Maven has compiled is put into jars first. Made
/// once per JVM of tests, by the first server that is started.
final class StartArchive {

    private static final int PATIENCE_SECONDS = 240;

    private static final class Made {
        private static final List<String> OPTIONS = make();
    }

    private StartArchive() {}

    /// The options of a JVM for the class path of these tests: with the archive, or without when it
    /// could not be made, which is said on `System.err`.
    static List<String> options() {
        return Made.OPTIONS;
    }

    private static List<String> make() {
        String plain = System.getProperty("java.class.path");
        try {
            Path directory = emptied(Path.of("target", "start-archive"));
            String jars = jars(plain, directory);
            Path archive = directory.resolve("server.jsa");
            train(jars, archive, directory);
            if (Files.exists(archive)) {
                return List.of("-XX:SharedArchiveFile=" + archive.toAbsolutePath(), "-cp", jars);
            }
            System.err.println("servers start without an archive: the JVM has written none");
        } catch (IOException e) {
            System.err.println("servers start without an archive: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.of("-cp", plain);
    }

    private static Path emptied(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
        return Files.createDirectories(directory);
    }

    private static String jars(String classPath, Path directory) throws IOException {
        List<String> jars = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            Path path = Path.of(entry);
            jars.add(Files.isDirectory(path) ? jar(path, directory, jars.size()) : entry);
        }
        return String.join(File.pathSeparator, jars);
    }

    private static String jar(Path classes, Path directory, int number) throws IOException {
        Path jar = directory.resolve(number + ".jar").toAbsolutePath();
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> all = Files.walk(classes)) {
            for (Path each : all.filter(Files::isRegularFile).sorted().toList()) {
                String name = classes.relativize(each).toString().replace(File.separatorChar, '/');
                out.putNextEntry(new JarEntry(name));
                Files.copy(each, out);
                out.closeEntry();
            }
        }
        return jar.toString();
    }

    /// A server that is started and stopped again: the JVM writes the archive at its end.
    private static void train(String jars, Path archive, Path directory)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(ServerProcess.jvm());
        command.addAll(List.of("-XX:ArchiveClassesAtExit=" + archive, "-Xlog:disable"));
        command.addAll(List.of("-cp", jars, Main.class.getName(), "run", "--port", "0"));
        command.addAll(List.of("--data", directory.resolve("data").toString()));
        Process server = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread reading = Thread.startVirtualThread(() -> stopWhenReady(server));
        if (!server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            server.destroyForcibly().waitFor();
            Files.deleteIfExists(archive); // it may be half of one
        }
        reading.join();
    }

    private static void stopWhenReady(Process server) {
        try (BufferedReader lines = server.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("ready ")) {
                    server.destroy();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
