// SPDX-License-Identifier: Apache-2.0
package dev.fakta.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fakta.gateway.Gateway;
import dev.fakta.gateway.GatewaySettings;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.orders.Main;
import dev.fakta.orders.OrderManagement;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Role;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.databind.JsonNode;

/// The manifests are what the API takes, fit each other, and fit the program.
final class ManifestsTest {

    /// What a node takes after its notice: requests under way 10 s, leaving 10 s, ending 15 s, and
    /// the batches of its views, with a reserve.
    private static final int SECONDS_TO_LEAVE = 60;

    private static final Pattern VARIABLE = Pattern.compile("\\$\\((\\w+)\\)");

    private static List<Manifest> manifests;

    @BeforeAll
    static void read() throws IOException {
        manifests = Manifest.all();
    }

    static Stream<Manifest> objects() {
        return manifests.stream().filter(one -> !one.file().equals(Manifest.KUSTOMIZATION));
    }

    static Stream<Workload> workloads() {
        return Workload.of(manifests);
    }

    private static Stream<Manifest> kind(String kind) {
        return manifests.stream().filter(one -> one.kind().equals(kind));
    }

    private static Workload selected(JsonNode selector) {
        Map<String, String> wanted = Workload.texts(selector);
        assertThat(wanted).isNotEmpty();
        List<Workload> found =
                workloads()
                        .filter(one -> one.labels().entrySet().containsAll(wanted.entrySet()))
                        .toList();
        assertThat(found).as("pods with %s", wanted).hasSize(1);
        return found.getFirst();
    }

    @ParameterizedTest
    @MethodSource("objects")
    void the_api_would_take(Manifest manifest) {
        manifest.check();
    }

    @Test
    void what_the_api_would_not_take_is_found() {
        String good =
                """
                apiVersion: v1
                kind: Service
                metadata: {name: a}
                spec: {ports: [{port: 1}]}
                """;
        assertThat(Manifest.parse("good", good)).singleElement().satisfies(Manifest::check);
        for (String bad :
                List.of(
                        good.replace("{port: 1}", "{prot: 1, port: 1}"),
                        good.replace("{port: 1}", "{name: a}"),
                        good.replace("[{port: 1}]", "80"),
                        good.replace("kind: Service", "kind: Servant"))) {
            assertThatThrownBy(() -> Manifest.parse("bad", bad).getFirst().check())
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Manifest.parse("bad", good + "kind: Service\n"))
                .isInstanceOf(YAMLException.class);
    }

    @Test
    void the_kustomization_has_every_file() {
        Manifest kustomization = kind("Kustomization").findFirst().orElseThrow();
        assertThat(kustomization.at("/resources"))
                .extracting(JsonNode::asString)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        new TreeSet<>(objects().map(Manifest::file).toList()));
        assertThat(kustomization.text("/namespace"))
                .isEqualTo(kind("Namespace").findFirst().orElseThrow().name());
        assertThat(workloads())
                .allSatisfy(
                        one ->
                                assertThat(one.container().at("/image").asString())
                                        .isEqualTo(kustomization.text("/images/0/name")));
    }

    @Test
    void together_the_nodes_have_all_roles() {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        workloads().forEach(one -> roles.addAll(Role.parse(one.option("--roles"))));
        assertThat(roles).containsExactlyInAnyOrder(Role.values());
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void the_program_takes_the_arguments(Workload workload) {
        var parsed = Main.commandLine().parseArgs(workload.arguments().toArray(String[]::new));
        assertThat(parsed.subcommand().commandSpec().name()).isEqualTo("run");
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void what_the_arguments_name_is_there(Workload workload) {
        Set<String> variables = new TreeSet<>();
        workload.container().at("/env").forEach(env -> variables.add(env.at("/name").asString()));
        assertThat(variables).contains("PGPASSWORD");
        for (String argument : workload.arguments()) {
            assertThat(VARIABLE.matcher(argument).results().map(found -> found.group(1)))
                    .isSubsetOf(variables);
            String value = argument.substring(argument.indexOf('=') + 1);
            if (value.startsWith("/")) {
                assertThat(workload.mounts().values())
                        .as("a volume for %s", argument)
                        .anyMatch(value::startsWith);
            }
        }
        assertThat(workload.pod().at("/volumes"))
                .extracting(volume -> volume.at("/name").asString())
                .containsExactlyInAnyOrderElementsOf(workload.mounts().keySet());
        JsonNode discovered = workload.manifest().at("/spec/template/metadata/labels/app");
        assertThat(workload.option("--discover"))
                .isEqualTo("kubernetes:app=" + discovered.asString());
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void ports_are_those_that_the_program_is_told(Workload workload) {
        assertThat(workload.ports())
                .containsOnly(
                        Map.entry("http", Integer.valueOf(workload.option("--port"))),
                        Map.entry("cluster", Integer.valueOf(workload.option("--cluster-port"))));
        Map<String, String> scraping =
                Workload.texts(workload.manifest().at("/spec/template/metadata/annotations"));
        assertThat(scraping)
                .containsEntry("prometheus.io/port", workload.option("--port"))
                .containsEntry("prometheus.io/path", "/metrics");
        assertThat(Workload.list(workload.container().at("/args"))).contains("--host=0.0.0.0");
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void a_workload_selects_its_own_pods(Workload workload) {
        assertThat(selected(workload.manifest().at("/spec/selector/matchLabels")))
                .isEqualTo(workload);
        workload.pod()
                .at("/topologySpreadConstraints")
                .forEach(
                        spread ->
                                assertThat(selected(spread.at("/labelSelector/matchLabels")))
                                        .isEqualTo(workload));
    }

    @Test
    void services_lead_to_a_port_of_pods() {
        assertThat(kind("Service"))
                .hasSize(2)
                .allSatisfy(
                        service ->
                                assertThat(selected(service.at("/spec/selector")).ports())
                                        .containsKey(service.text("/spec/ports/0/targetPort")));
        Manifest set = kind("StatefulSet").findFirst().orElseThrow();
        assertThat(kind("Service").map(Manifest::name)).contains(set.text("/spec/serviceName"));
    }

    @Test
    void each_workload_has_a_disruption_budget() {
        assertThat(
                        kind("PodDisruptionBudget")
                                .map(one -> selected(one.at("/spec/selector/matchLabels"))))
                .containsExactlyInAnyOrderElementsOf(workloads().toList());
    }

    @Test
    void nodes_reach_nodes_on_any_port_and_others_reach_http_only() {
        int http = Integer.parseInt(workloads().findFirst().orElseThrow().option("--port"));
        assertThat(kind("NetworkPolicy").flatMap(one -> one.at("/spec/ingress").valueStream()))
                .hasSize(3)
                .allSatisfy(
                        rule -> {
                            Map<String, String> peers =
                                    Workload.texts(rule.at("/from/0/podSelector/matchLabels"));
                            if (peers.isEmpty()) {
                                assertThat(rule.at("/ports/0/port").asInt()).isEqualTo(http);
                                assertThat(rule.at("/ports")).hasSize(1);
                            } else {
                                assertThat(workloads())
                                        .allMatch(
                                                one ->
                                                        one.labels()
                                                                .entrySet()
                                                                .containsAll(peers.entrySet()));
                                assertThat(rule.has("ports")).isFalse();
                            }
                        });
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void a_pod_has_the_time_to_leave(Workload workload) {
        assertThat(workload.pod().at("/terminationGracePeriodSeconds").asInt())
                .isGreaterThanOrEqualTo(
                        Integer.parseInt(workload.option("--notice")) + SECONDS_TO_LEAVE);
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void a_pod_keeps_the_restricted_standard(Workload workload) {
        JsonNode pod = workload.pod().at("/securityContext");
        assertThat(pod.at("/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/runAsUser").asInt()).isPositive();
        assertThat(pod.at("/seccompProfile/type").asString()).isEqualTo("RuntimeDefault");
        JsonNode container = workload.container().at("/securityContext");
        assertThat(container.at("/readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(container.at("/allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(Workload.list(container.at("/capabilities/drop"))).containsExactly("ALL");
        assertThat(workload.mounts()).containsValues("/tmp", workload.option("--data"));
        assertThat(workload.container().at("/resources/limits/memory"))
                .isEqualTo(workload.container().at("/resources/requests/memory"));
    }

    @Test
    void a_node_may_list_pods_and_nothing_else() {
        Manifest role = kind("Role").findFirst().orElseThrow();
        assertThat(role.at("/rules")).hasSize(1);
        assertThat(Workload.list(role.at("/rules/0/resources"))).containsExactly("pods");
        assertThat(Workload.list(role.at("/rules/0/verbs"))).containsExactly("get", "list");
        Manifest binding = kind("RoleBinding").findFirst().orElseThrow();
        assertThat(binding.text("/roleRef/name")).isEqualTo(role.name());
        assertThat(workloads())
                .allSatisfy(
                        one ->
                                assertThat(one.pod().at("/serviceAccountName").asString())
                                        .isEqualTo(binding.text("/subjects/0/name"))
                                        .isEqualTo(
                                                kind("ServiceAccount")
                                                        .findFirst()
                                                        .orElseThrow()
                                                        .name()));
        assertThat(binding.text("/subjects/0/namespace"))
                .isEqualTo(kind("Namespace").findFirst().orElseThrow().name());
    }

    @Test
    void the_autoscaler_scales_what_is_there_by_what_is_measured() throws IOException {
        Manifest autoscaler = kind("HorizontalPodAutoscaler").findFirst().orElseThrow();
        Manifest target = kind("Deployment").findFirst().orElseThrow();
        assertThat(autoscaler.text("/spec/scaleTargetRef/name")).isEqualTo(target.name());
        assertThat(target.at("/spec/replicas").isMissingNode()).isTrue();
        assertThat(target.at("/spec/template/spec/containers/0/resources/requests/cpu").asString())
                .isNotEmpty(); // the base of a utilization
        String page = Files.readString(Manifest.repository().resolve("docs/operating/metrics.md"));
        List<String> metrics =
                autoscaler
                        .at("/spec/metrics")
                        .valueStream()
                        .map(metric -> metric.at("/pods/metric/name").asString(""))
                        .filter(name -> !name.isEmpty())
                        .toList();
        assertThat(metrics)
                .isNotEmpty()
                .allSatisfy(metric -> assertThat(page).contains("| `" + metric + "` | gauge |"));
    }

    @Test
    void probes_ask_what_a_node_answers(@TempDir Path directory) throws Exception {
        Set<String> paths = new TreeSet<>();
        workloads()
                .forEach(
                        one ->
                                List.of("startupProbe", "livenessProbe", "readinessProbe")
                                        .forEach(probe -> paths.add(probed(one, probe))));
        try (EventLog log = MemoryLog.create(1);
                Node node =
                        Node.start(
                                NodeSettings.embedded(directory),
                                OrderManagement.MICROSYSTEMS,
                                log,
                                InstantSource.system());
                Gateway gateway =
                        Gateway.start(
                                node,
                                GatewaySettings.onLoopback(0).trusting(),
                                OrderManagement::routes);
                HttpClient client = HttpClient.newHttpClient()) {
            for (String path : paths) {
                URI uri = URI.create("http://127.0.0.1:" + gateway.port() + path);
                var answer =
                        client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(path).isIn(200, 503);
                assertThat(answer.body()).contains("\"status\":");
            }
        }
    }

    private static String probed(Workload workload, String probe) {
        JsonNode asked = workload.container().at("/" + probe + "/httpGet");
        assertThat(asked.at("/port").asString()).isEqualTo("http");
        return asked.at("/path").asString();
    }
}
