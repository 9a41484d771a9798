// SPDX-License-Identifier: Apache-2.0
package dev.fakta.prometheus;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.gateway.Authenticator.Verdict;
import dev.fakta.gateway.Caller;
import dev.fakta.gateway.CallerRole;
import dev.fakta.gateway.Gateway;
import dev.fakta.gateway.GatewaySettings;
import dev.fakta.gateway.ServedMicrosystem;
import dev.fakta.gateway.Webhooks;
import dev.fakta.log.EventLog;
import dev.fakta.log.LogDirectory;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.orders.OrderManagement;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The alert rules, the dashboard and the page about metrics, held against the metrics of a node
/// that takes orders, by a real Prometheus.
final class PrometheusTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String KEY = "key-of-prometheus";
    private static final String SHOP_KEY = "key-of-the-shop";
    private static final Path OPERATING = root().resolve("docs/operating");
    private static final Path ALERTS = OPERATING.resolve("prometheus/alerts.yml");
    private static final Pattern METRIC = Pattern.compile("\\b(fakta|jvm)_\\w+");
    private static final Pattern SAMPLE =
            Pattern.compile("^(\\w+)(\\{.*})? \\S+$", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("\\{\\{(\\w+)}}");
    private static final String PRODUCT =
            """
            {"name":"Tea","weightGrams":500,"prices":[{"minor":100,"currency":"USD"}]}""";
    private static final String ORDER =
            """
            {"customerId":"ada","email":"ada@example.org","currency":"USD",\
            "lines":[{"sku":"tea","quantity":1}],"shipping":{"method":"pickup","address":\
            {"name":"Ada","line1":"1 Main St","city":"Portland","region":"OR","postalCode":"97201",\
            "country":"US"}},"payment":{"method":"card","token":"tok_ok"}}""";

    private static PrometheusPrograms programs;
    private static Gateway gateway;
    private static PrometheusServer prometheus;
    private static final Deque<AutoCloseable> OPENED = new ArrayDeque<>();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /// An expression of the dashboard, with where it stands.
    private record Panel(String title, String expression, String legend) {
        /// Whether a series has what its legend names; the zero of an empty answer need not.
        void hasLabels(JsonNode series) {
            Set<String> named =
                    LABEL.matcher(legend).results().map(found -> found.group(1)).collect(toSet());
            if (!expression.endsWith("or vector(0)")) {
                assertThat(series.path("metric").propertyNames()).as("%s", this).containsAll(named);
            }
        }
    }

    private static Path root() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
                .filter(above -> Files.exists(above.resolve("docs/operating/metrics.md")))
                .findFirst()
                .orElseThrow();
    }

    @BeforeAll
    static void open(@TempDir Path folder) throws IOException, InterruptedException {
        programs = PrometheusPrograms.find(Path.of("target").toAbsolutePath());
        List<ServedMicrosystem> served = new ArrayList<>(OrderManagement.SERVED);
        if (!served.contains(Webhooks.SERVED)) {
            served.add(Webhooks.SERVED);
        }
        Microsystems all =
                new Microsystems(served.stream().map(ServedMicrosystem::definition).toList());
        EventLog log =
                LogDirectory.open(
                        folder.resolve("log"), all.streams(), SegmentLogSettings.defaults());
        OPENED.push(log);
        Node node = Node.start(NodeSettings.embedded(folder), all, log, InstantSource.system());
        OPENED.push(node);
        gateway =
                Gateway.start(
                        node,
                        GatewaySettings.onLoopback(0)
                                .authenticating((given, _) -> caller(given.bearer())),
                        http -> served.forEach(one -> one.routes().accept(http)));
        OPENED.push(gateway);
        prometheus = PrometheusServer.start(programs, folder, ALERTS, gateway.port(), KEY);
        OPENED.push(prometheus);
        assertThat(send("PUT", "/products/tea", SHOP_KEY, PRODUCT).statusCode()).isEqualTo(200);
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> placed = send("POST", "/orders", SHOP_KEY, ORDER);
            assertThat(placed.statusCode()).as(placed.body()).isEqualTo(201);
        }
    }

    private static Verdict caller(@Nullable String key) {
        if (KEY.equals(key)) {
            return new Verdict.Known(Caller.named("prometheus", CallerRole.OPERATOR));
        }
        return SHOP_KEY.equals(key)
                ? new Verdict.Known(Caller.named("shop", CallerRole.STAFF))
                : new Verdict.OfAnotherKind();
    }

    @AfterAll
    static void close() throws Exception {
        CLIENT.close();
        while (!OPENED.isEmpty()) {
            OPENED.pop().close();
        }
    }

    private static HttpResponse<String> send(String method, String path, String key, String body)
            throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                        .header("Authorization", "Bearer " + key)
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static String scrape() throws IOException, InterruptedException {
        HttpResponse<String> answer = send("GET", "/metrics", KEY, "");
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void the_metrics_are_as_prometheus_wants_them() throws IOException, InterruptedException {
        programs.promtool(root(), scrape(), "check", "metrics");
        assertThat(send("GET", "/metrics", "key-of-nobody", "").statusCode()).isEqualTo(401);
    }

    @Test
    void each_alert_fires_when_it_should_and_is_silent_otherwise(@TempDir Path folder)
            throws IOException, InterruptedException {
        programs.promtool(folder, "", "check", "rules", ALERTS.toString());
        String cases = resource("alerts-test.yml");
        Files.copy(ALERTS, folder.resolve("alerts.yml"));
        Files.writeString(folder.resolve("alerts-test.yml"), cases);
        programs.promtool(folder, "", "test", "rules", "alerts-test.yml");
        Set<String> fired =
                Pattern.compile("alertname=\"(\\w+)\"}', value: 1")
                        .matcher(cases)
                        .results()
                        .map(found -> found.group(1))
                        .collect(toSet());
        assertThat(fired)
                .containsExactlyInAnyOrderElementsOf(
                        alerts().stream().map(one -> (String) one.get("alert")).toList());
    }

    @Test
    @SuppressWarnings("unchecked")
    void each_alert_says_what_helps_and_where_it_stands() throws IOException {
        for (Map<String, Object> alert : alerts()) {
            Map<String, String> texts = (Map<String, String>) alert.get("annotations");
            assertThat(texts).as("%s", alert).containsKeys("summary", "description", "runbook");
            assertThat(alert).containsKeys("for", "labels");
            String[] runbook = texts.getOrDefault("runbook", "").split("#", 2);
            Set<String> sections =
                    Files.readAllLines(root().resolve(runbook[0])).stream()
                            .filter(line -> line.startsWith("#"))
                            .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
                            .map(line -> line.replace(' ', '-'))
                            .collect(toSet());
            assertThat(sections).as("%s", alert).contains(runbook[1]);
        }
    }

    @Test
    void prometheus_evaluates_every_rule_and_a_node_that_is_well_fires_none() throws IOException {
        int rules = alerts().size();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(prometheus.rules())
                                        .hasSize(rules)
                                        .allSatisfy(PrometheusTest::isEvaluated));
        assertThat(prometheus.query("ALERTS{alertstate=\"firing\"}")).isEmpty();
    }

    private static void isEvaluated(JsonNode rule) {
        assertThat(rule.path("health").asString()).as("%s", rule).isEqualTo("ok");
        assertThat(rule.path("state").asString()).as("%s", rule).isEqualTo("inactive");
    }

    @Test
    void every_panel_of_the_dashboard_answers() throws IOException {
        List<Panel> panels = panels();
        assertThat(panels).hasSizeGreaterThan(30);
        for (Panel panel : panels) {
            String expression =
                    panel.expression
                            .replace("$__rate_interval", "1m")
                            .replace("$job", "fakta")
                            .replace("$instance", ".*");
            await(panel.title)
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .untilAsserted(
                            () ->
                                    assertThat(prometheus.query(expression))
                                            .as("%s: %s", panel.title, expression)
                                            .isNotEmpty()
                                            .noneMatch(PrometheusTest::isNoNumber)
                                            .allSatisfy(panel::hasLabels));
        }
    }

    private static boolean isNoNumber(JsonNode series) {
        return series.path("value").path(1).asString().equals("NaN");
    }

    @Test
    void the_dashboard_has_the_variables_that_it_uses() throws IOException {
        assertThat(dashboard().path("templating").path("list"))
                .extracting(variable -> variable.path("name").asString())
                .containsExactly("datasource", "job", "instance");
        assertThat(panels())
                .allSatisfy(
                        panel ->
                                assertThat(panel.expression)
                                        .contains("{job=\"$job\",instance=~\"$instance\""));
    }

    @Test
    void the_page_lists_the_metrics_of_a_node_and_no_others()
            throws IOException, InterruptedException {
        String page = Files.readString(OPERATING.resolve("metrics.md"));
        assertThat(Metric.onThePage(page)).isEqualTo(Metric.exposed(scrape()));
    }

    @Test
    void rules_and_dashboard_name_metrics_that_there_are() {
        System.gc(); // its pauses are a metric once there was one
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(exposed())
                                        .containsAll(metrics(Files.readString(ALERTS)))
                                        .containsAll(metrics(dashboard().toString())));
    }

    private static Set<String> exposed() throws IOException, InterruptedException {
        return SAMPLE.matcher(scrape()).results().map(found -> found.group(1)).collect(toSet());
    }

    private static Set<String> metrics(String text) {
        return METRIC.matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(toCollection(TreeSet::new));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> alerts() throws IOException {
        Map<String, List<Map<String, Object>>> rules =
                new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(ALERTS));
        return (List<Map<String, Object>>)
                rules.getOrDefault("groups", List.of()).getFirst().get("rules");
    }

    private static JsonNode dashboard() throws IOException {
        return JsonMapper.shared()
                .readTree(Files.readString(OPERATING.resolve("prometheus/dashboard.json")));
    }

    private static List<Panel> panels() throws IOException {
        List<Panel> panels = new ArrayList<>();
        for (JsonNode panel : dashboard().path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                panels.add(
                        new Panel(
                                panel.path("title").asString(),
                                target.path("expr").asString(),
                                target.path("legendFormat").asString()));
            }
        }
        return panels;
    }

    private static String resource(String name) throws IOException {
        return Files.readString(
                root().resolve("system-tests/src/test/resources/prometheus").resolve(name));
    }
}
