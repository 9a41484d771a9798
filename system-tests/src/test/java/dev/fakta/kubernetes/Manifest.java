// SPDX-License-Identifier: Apache-2.0
package dev.fakta.kubernetes;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One object of a manifest's file.
record Manifest(String file, JsonNode object) {

    /// The version of the API that each kind is written for.
    private static final Map<String, String> VERSIONS =
            Map.ofEntries(
                    Map.entry("Namespace", "v1"),
                    Map.entry("ConfigMap", "v1"),
                    Map.entry("Service", "v1"),
                    Map.entry("ServiceAccount", "v1"),
                    Map.entry("Role", "rbac.authorization.k8s.io/v1"),
                    Map.entry("RoleBinding", "rbac.authorization.k8s.io/v1"),
                    Map.entry("StatefulSet", "apps/v1"),
                    Map.entry("Deployment", "apps/v1"),
                    Map.entry("HorizontalPodAutoscaler", "autoscaling/v2"),
                    Map.entry("PodDisruptionBudget", "policy/v1"),
                    Map.entry("NetworkPolicy", "networking.k8s.io/v1"));

    private static final String MODELS = "io.kubernetes.client.openapi.models.V";
    private static final Path FOLDER = repository().resolve("docs/operating/kubernetes");
    static final String KUSTOMIZATION = "kustomization.yaml";

    static Path repository() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
                .filter(above -> Files.exists(above.resolve("fakta")))
                .findFirst()
                .orElseThrow();
    }

    /// All objects of all files.
    static List<Manifest> all() throws IOException {
        List<Manifest> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.sorted().toList()) {
                all.addAll(parse(file.getFileName().toString(), Files.readString(file)));
            }
        }
        return all;
    }

    /// @throws org.yaml.snakeyaml.error.YAMLException when it is no YAML, or has a key twice
    static List<Manifest> parse(String file, String yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        List<Manifest> objects = new ArrayList<>();
        for (Object object : new Yaml(new SafeConstructor(options)).loadAll(yaml)) {
            objects.add(new Manifest(file, JsonMapper.shared().valueToTree(object)));
        }
        return objects;
    }

    /// Fails on an unknown field, a missing one, and one of a wrong type. The models are found by
    /// name: their annotations are of libraries that nobody needs here, which javac warns of.
    ///
    /// @throws IllegalArgumentException naming what the API would not take
    void check() {
        String version = VERSIONS.get(kind());
        if (version == null || !version.equals(text("/apiVersion"))) {
            throw new IllegalArgumentException(
                    "no schema of " + text("/apiVersion") + " " + kind());
        }
        try {
            Class.forName(MODELS + version.charAt(version.length() - 1) + kind())
                    .getMethod("validateJsonElement", JsonElement.class)
                    .invoke(null, JsonParser.parseString(object.toString()));
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(this + ": " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no model of " + kind(), e);
        }
    }

    String kind() {
        return text("/kind");
    }

    String name() {
        return text("/metadata/name");
    }

    JsonNode at(String pointer) {
        return object.at(pointer);
    }

    String text(String pointer) {
        return object.at(pointer).asString("");
    }

    @Override
    public String toString() {
        return file + ": " + kind() + " " + name();
    }
}
