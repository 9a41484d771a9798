// SPDX-License-Identifier: Apache-2.0
package dev.fakta.servers;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/// The options of a server's JVM that lives for a minute: no better compiler, the collector that
/// has no threads, and the JVM's class data archive (JEP 350). Most of what a start costs is to
/// load and check the same classes, and there are some fifty starts in a run of the tests.
///
/// The archive is made by the first JVM of tests that starts a server, while those of other modules
/// wait for it: once for all of them, as long as no class of a server changes. An archive takes
/// classes from jars only, so what Maven has compiled is put into jars first.
public final class QuickStart {

    private static final int PATIENCE_SECONDS = 240;
    private static final String LOCK = "lock";
    private static final String SERVER = "dev.fakta.orders.Main";
    private static final List<String> LITTLE_COMPILING =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    private static final List<String> ALLOWED =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private static final class Made {
        private static final List<String> OPTIONS = make();
    }

    private QuickStart() {}

    /// The options, with a class path: a server's, followed by what else is on that of this JVM.
    /// Without the archive when it could not be made, which is said on `System.err`.
    public static List<String> options() {
        return Made.OPTIONS;
    }

    private static List<String> make() {
        String own = System.getProperty("java.class.path");
        List<String> options = new ArrayList<>(LITTLE_COMPILING);
        try {
            List<String> server = classPath();
            Path home = home();
            try (FileChannel channel =
                            FileChannel.open(
                                    home.resolve(LOCK),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    FileLock _ = channel.lock()) {
                Path made = home.resolve(Long.toHexString(fingerprint(server)));
                List<String> jars = jars(server, made);
                Path archive = made.resolve("server.jsa");
                if (!Files.exists(archive)) {
                    empty(home);
                    Files.createDirectories(made);
                    pack(server, jars);
                    train(String.join(File.pathSeparator, jars), archive);
                }
                options.add("-XX:SharedArchiveFile=" + archive);
                List<String> all = new ArrayList<>(jars);
                Stream.of(own.split(File.pathSeparator))
                        .filter(entry -> !server.contains(entry))
                        .forEach(all::add);
                own = String.join(File.pathSeparator, all);
            }
        } catch (IOException e) {
            System.err.println("servers start without an archive: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        options.addAll(List.of("-cp", own));
        return List.copyOf(options);
    }

    /// As Maven has put it beside this class.
    private static List<String> classPath() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(QuickStart.class.getResourceAsStream("/class-path"))) {
            String line = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            return List.of(line.split(File.pathSeparator));
        }
    }

    /// Beside the classes of this module, or their jar: the same for all modules.
    private static Path home() throws IOException {
        try {
            Path here =
                    Path.of(
                            QuickStart.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            return Files.createDirectories(here.resolveSibling("start-archive"));
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /// Of names, sizes and times of all files.
    private static long fingerprint(List<String> classPath) throws IOException {
        CRC32C sum = new CRC32C();
        for (String entry : classPath) {
            try (Stream<Path> all = Files.walk(Path.of(entry))) {
                for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                    String line =
                            "%s %d %s%n"
                                    .formatted(
                                            file,
                                            Files.size(file),
                                            Files.getLastModifiedTime(file).toMillis());
                    sum.update(line.getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        return sum.getValue();
    }

    private static void empty(Path home) throws IOException {
        try (Stream<Path> all = Files.walk(home)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                if (!each.equals(home) && !each.equals(home.resolve(LOCK))) {
                    Files.delete(each);
                }
            }
        }
    }

    /// A folder of classes becomes a jar; a jar stays what it is.
    private static List<String> jars(List<String> classPath, Path directory) {
        List<String> jars = new ArrayList<>();
        for (String entry : classPath) {
            jars.add(
                    Files.isDirectory(Path.of(entry))
                            ? directory.resolve(jars.size() + ".jar").toString()
                            : entry);
        }
        return jars;
    }

    private static void pack(List<String> classPath, List<String> jars) throws IOException {
        for (int i = 0; i < jars.size(); i++) {
            if (!jars.get(i).equals(classPath.get(i))) {
                pack(Path.of(classPath.get(i)), Path.of(jars.get(i)));
            }
        }
    }

    private static void pack(Path classes, Path jar) throws IOException {
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
    }

    /// A server that is started and stopped again: the JVM writes the archive at its end.
    private static void train(String jars, Path archive) throws IOException, InterruptedException {
        Path data = archive.resolveSibling("data");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(LITTLE_COMPILING);
        command.addAll(ALLOWED);
        command.addAll(List.of("-XX:ArchiveClassesAtExit=" + archive, "-Xlog:disable"));
        command.addAll(List.of("-cp", jars, SERVER, "run", "--port", "0", "--data"));
        command.add(data.toString());
        Process server = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread reading = Thread.startVirtualThread(() -> stopWhenReady(server));
        boolean isOver = server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        server.destroyForcibly().waitFor();
        reading.join();
        if (!isOver || !Files.exists(archive)) {
            Files.deleteIfExists(archive); // it may be half of one
            throw new IOException("the JVM has written none");
        }
    }

    private static void stopWhenReady(Process server) {
        try (BufferedReader lines = server.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("ready ")) {
                    server.destroy(); // which closes what is read here
                    return;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
