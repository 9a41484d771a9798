// SPDX-License-Identifier: Apache-2.0
package dev.fakta.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// A base image made of this machine's Java and C library, since none can be pulled: for tests, not
/// for use (nobody brings its C library up to date).
final class LocalBase {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern LIBRARY = Pattern.compile("\\s(/\\S+)");
    private static final String MODULES =
            "java.sql,java.naming,java.management,java.net.http,java.security.jgss,jdk.unsupported,"
                    + "jdk.crypto.ec,jdk.httpserver,jdk.management,jdk.jfr";

    private LocalBase() {}

    /// Makes it as `docker save` does.
    static Path make(Path folder) throws Exception {
        Path root = Files.createDirectories(folder.resolve("base-root"));
        Path java = root.resolve("opt/java");
        Files.createDirectories(java.getParent());
        Shell.run(
                folder,
                PATIENCE,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "jlink").toString(),
                        "--add-modules",
                        MODULES,
                        "--no-header-files",
                        "--no-man-pages",
                        "--output",
                        java.toString()));
        for (String library : libraries(folder, java)) {
            Path copy = root.resolve(library.substring(1));
            Files.createDirectories(copy.getParent());
            Files.copy(Path.of(library).toRealPath(), copy);
        }
        Files.createDirectory(root.resolve("dev"));
        Files.createDirectory(root.resolve("proc"));
        Files.createDirectory(root.resolve("tmp"));
        Shell.run(folder, PATIENCE, List.of("chmod", "1777", root.resolve("tmp").toString()));
        return packed(folder, root);
    }

    private static Set<String> libraries(Path folder, Path java) throws Exception {
        String said =
                Shell.run(
                        folder,
                        PATIENCE,
                        List.of(
                                "ldd",
                                java.resolve("bin/java").toString(),
                                java.resolve("lib/server/libjvm.so").toString()));
        Set<String> libraries = new TreeSet<>();
        LIBRARY.matcher(said)
                .results()
                .map(found -> found.group(1))
                .filter(path -> !path.startsWith(folder.toString()))
                .forEach(libraries::add);
        return libraries;
    }

    private static Path packed(Path folder, Path root) throws Exception {
        Path image = Files.createDirectory(folder.resolve("base-image"));
        Path layer = image.resolve("layer.tar");
        tar(layer, root, ".");
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        Files.writeString(
                image.resolve("config.json"),
                """
                {"architecture": "%s", "os": "linux", "config": {"Env": ["PATH=/opt/java/bin"]},
                 "rootfs": {"type": "layers", "diff_ids": ["sha256:%s"]}}"""
                        .formatted(architecture, sha256(layer)));
        Files.writeString(
                image.resolve("manifest.json"),
                """
                [{"Config": "config.json", "RepoTags": ["local:test"], "Layers": ["layer.tar"]}]""");
        Path tar = folder.resolve("base.tar");
        tar(tar, image, "manifest.json", "config.json", "layer.tar");
        return tar;
    }

    private static void tar(Path tar, Path from, String... names)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("tar", "-cf", tar.toString(), "-C", from.toString()));
        command.addAll(List.of(names));
        Shell.run(from, PATIENCE, command);
    }

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = Files.newInputStream(file);
                OutputStream out =
                        new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            in.transferTo(out);
        }
        return "%064x".formatted(new BigInteger(1, digest.digest()));
    }
}
