// SPDX-License-Identifier: Apache-2.0
package dev.fakta.script;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A folder with the real script, a few modules, and stand-ins for what the script calls: a Maven
/// wrapper that makes a jar and notes that it was called, and JDKs whose `java` prints its
/// arguments. The PATH has the tools that the script needs, and nothing else: no java, no mvn.
final class Checkout {

    /// All that the script may call; the list is part of what the tests promise.
    private static final List<String> TOOLS =
            List.of(
                    "basename",
                    "cat",
                    "chmod",
                    "cksum",
                    "cut",
                    "dirname",
                    "find",
                    "grep",
                    "head",
                    "ln",
                    "ls",
                    "mkdir",
                    "mv",
                    "nice",
                    "readlink",
                    "rm",
                    "sed",
                    "sleep",
                    "sort",
                    "tail",
                    "touch",
                    "unzip");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final Path root;
    private final Path bin;
    private final Map<String, String> environment = new HashMap<>();

    Checkout(Path folder) throws IOException {
        this.folder = folder;
        root = Files.createDirectories(folder.resolve("a checkout"));
        bin = Files.createDirectories(folder.resolve("bin"));
        for (String tool : TOOLS) {
            lend(tool);
        }
        Files.copy(
                repository().resolve("fakta"),
                root.resolve("fakta"),
                StandardCopyOption.COPY_ATTRIBUTES);
        write("pom.xml", "<project>\n  <version>1.2.3</version>\n</project>\n");
        write("orders/pom.xml", "<project/>\n");
        write("orders/src/main/java/Main.java", "class Main {}\n");
        write("benchmarks/pom.xml", "<project/>\n");
        write("benchmarks/peers/spring-jpa/pom.xml", "<project/>\n");
        write("benchmarks/peers/pekko-jdbc/pom.xml", "<project/>\n");
        age();
        maven("mvnw", root.resolve("mvnw"));
        environment.put("PATH", bin.toString());
        environment.put("HOME", folder.toString());
        environment.put("FAKTA_JDK_DIRS", folder.resolve("jdks").toString());
        environment.put("FAKTA_AOT", "off");
    }

    Path root() {
        return root;
    }

    /// Puts a stand-in for `mvn` on the PATH.
    void installMvn() throws IOException {
        maven("mvn", bin.resolve("mvn"));
    }

    /// A JDK of this release in a folder; `java` prints its own process id and its arguments.
    Path jdk(String path, String version) throws IOException {
        Path home = folder.resolve(path);
        write(home.resolve("release"), "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\n");
        executable(
                home.resolve("bin/java"),
                """
                #!/bin/sh
                echo "pid $$"
                echo "java %s"
                for argument in "$@"; do
                    echo "<$argument>"
                    case $argument in
                    -XX:AOTCacheOutput=*)
                        [ -z "${TRAINABLE-}" ] || echo x >"${argument#*=}"
                        [ -z "${BUILT_MEANWHILE-}" ] || { sleep 0.1; touch '%s/target/app/orders/lib/kit-1.jar'; }
                        ;;
                    esac
                done
                """
                        .formatted(version, root));
        executable(home.resolve("bin/javac"), "#!/bin/sh\n");
        return home;
    }

    /// Makes the PATH's `java` a link into this JDK, as package managers do.
    void onThePath(Path jdk) throws IOException {
        Files.createSymbolicLink(bin.resolve("java"), jdk.resolve("bin/java"));
    }

    Checkout with(String variable, Object value) {
        environment.put(variable, value.toString());
        return this;
    }

    void write(String path, String text) throws IOException {
        write(root.resolve(path), text);
    }

    /// How often a stand-in of Maven was called to build, and its arguments.
    List<String> builds() throws IOException {
        Path calls = root.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    Run run(String... arguments) throws IOException, InterruptedException {
        return started(arguments).end();
    }

    Started started(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(root.resolve("fakta").toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.directory(folder.toFile());
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        return new Started(builder.start(), out, err);
    }

    /// A run of the script that may not have ended.
    record Started(Process process, Path out, Path err) {
        Run end() throws IOException, InterruptedException {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the script hangs; it said " + Files.readString(err));
            }
            return new Run(
                    process.pid(),
                    process.exitValue(),
                    Files.readAllLines(out),
                    Files.readString(err));
        }
    }

    /// A run of the script that has ended.
    record Run(long pid, int status, List<String> out, String err) {}

    /// The root of the repository that the tests run in.
    private static Path repository() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
                .filter(above -> Files.exists(above.resolve("fakta")))
                .findFirst()
                .orElseThrow();
    }

    /// Makes all sources older than any build.
    private void age() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.fromMillis(0));
            }
        }
    }

    private void maven(String name, Path file) throws IOException {
        executable(
                file,
                """
                #!/bin/sh
                [ -z "${BROKEN_%1$s-}" ] || { echo "no network" >&2; exit 1; }
                [ "$1" != --version ] || exit 0
                echo "%1$s $JAVA_HOME $*" >>'%2$s/calls'
                case $* in *verify*) exit 0 ;; esac
                [ -z "${BROKEN_CODE-}" ] || { echo '[INFO] x'; echo '[ERROR] a fault'; exit 1; }
                while [ "$1" != -pl ]; do shift; done
                case $2 in benchmarks/peers/*) app=peer-${2##*/} ;; *) app=$2 ;; esac
                mkdir -p "$2/target/dependency"
                echo jar >"$2/target/fakta-$app-1.jar"
                echo jar >"$2/target/dependency/kit-1.jar"
                """
                        .formatted(name, root));
    }

    private void lend(String tool) throws IOException {
        for (String bins : List.of("/usr/bin/", "/bin/")) {
            if (Files.isExecutable(Path.of(bins + tool))) {
                executable(bin.resolve(tool), "#!/bin/sh\nexec " + bins + tool + " \"$@\"\n");
                return;
            }
        }
    }

    private static void executable(Path file, String text) throws IOException {
        write(file, text);
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot make executable: " + file);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
