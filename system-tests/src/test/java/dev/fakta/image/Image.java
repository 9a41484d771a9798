// SPDX-License-Identifier: Apache-2.0
package dev.fakta.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An image in a tar, unpacked: what it says of itself, and the files of all its layers.
record Image(JsonNode config, Path root) {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    static Image unpack(Path tar, Path folder) throws IOException, InterruptedException {
        Path parts = Files.createDirectories(folder.resolve("parts"));
        Path root = Files.createDirectories(folder.resolve("root"));
        untar(tar, parts);
        JsonNode manifest =
                JsonMapper.shared().readTree(parts.resolve("manifest.json").toFile()).at("/0");
        for (JsonNode layer : manifest.at("/Layers")) {
            untar(parts.resolve(layer.asString()), root);
        }
        Path config = parts.resolve(manifest.at("/Config").asString());
        return new Image(JsonMapper.shared().readTree(config.toFile()), root);
    }

    private static void untar(Path tar, Path folder) throws IOException, InterruptedException {
        Shell.run(
                folder, PATIENCE, List.of("tar", "-xpf", tar.toString(), "-C", folder.toString()));
    }

    List<String> texts(String pointer) {
        List<String> texts = new ArrayList<>();
        config.at(pointer).forEach(text -> texts.add(text.asString()));
        return texts;
    }

    /// Entry point and arguments.
    List<String> command() {
        List<String> command = new ArrayList<>(texts("/config/Entrypoint"));
        command.addAll(texts("/config/Cmd"));
        return command;
    }
}
