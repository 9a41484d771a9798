// SPDX-License-Identifier: Apache-2.0
package dev.fakta.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What runs pods: their template, and its one container.
record Workload(Manifest manifest) {

    static Stream<Workload> of(List<Manifest> manifests) {
        return manifests.stream()
                .filter(one -> one.kind().equals("StatefulSet") || one.kind().equals("Deployment"))
                .map(Workload::new);
    }

    JsonNode pod() {
        return manifest.at("/spec/template/spec");
    }

    JsonNode container() {
        return pod().at("/containers/0");
    }

    Map<String, String> labels() {
        return texts(manifest.at("/spec/template/metadata/labels"));
    }

    static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new TreeMap<>();
        object.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asString()));
        return texts;
    }

    static List<String> list(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(one -> texts.add(one.asString()));
        return texts;
    }

    List<String> arguments() {
        return list(container().at("/args"));
    }

    /// The value of an option; empty when it is not given.
    String option(String name) {
        return arguments().stream()
                .filter(argument -> argument.startsWith(name + "="))
                .map(argument -> argument.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }

    /// The numbers of the container's ports by their names.
    Map<String, Integer> ports() {
        Map<String, Integer> ports = new TreeMap<>();
        container()
                .at("/ports")
                .forEach(
                        port ->
                                ports.put(
                                        port.at("/name").asString(),
                                        port.at("/containerPort").asInt()));
        return ports;
    }

    /// Where volumes are mounted, by the volumes' names.
    Map<String, String> mounts() {
        Map<String, String> mounts = new TreeMap<>();
        container()
                .at("/volumeMounts")
                .forEach(
                        mount ->
                                mounts.put(
                                        mount.at("/name").asString(),
                                        mount.at("/mountPath").asString()));
        return mounts;
    }

    @Override
    public String toString() {
        return manifest.toString();
    }
}
